"""Every test of the front end begins with the scenario that is solved in a tenth of a second."""

import pytest

from ui import state, work


@pytest.fixture(autouse=True)
def _tutorial_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions begin with the tutorial, and pages wait for what goes on beside them, however busy the machine is."""
    monkeypatch.setattr(state, "FIRST", "tutorial")
    monkeypatch.setattr(work, "MOMENT", 60.0)
