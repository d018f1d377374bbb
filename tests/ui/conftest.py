"""Every test of the front end begins with the scenario that is solved in a tenth of a second."""

import pytest

from ui import state


@pytest.fixture(autouse=True)
def _tutorial_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions begin with the tutorial."""
    monkeypatch.setattr(state, "FIRST", "tutorial")
