"""Named what-if edits: documented functions Scenario, x -> Scenario, registered by name."""

from __future__ import annotations

from dataclasses import dataclass

from model.data.scenario import Scenario


@dataclass(frozen=True)
class Edit:
    """One lever set to a value: ``budget[Poland]=0.9``. ``targets`` are the names in brackets, in the lever's order."""

    lever: str
    targets: tuple[str, ...]
    value: float | str

    @property
    def text(self) -> str:
        """As one types it."""
        inside = f"[{', '.join(self.targets)}]" if self.targets else ""
        return f"{self.lever}{inside}={self.value}"


@dataclass(frozen=True, eq=False)
class Edited:
    """A scenario after edits, and the policies they switched off."""

    scenario: Scenario
    off: frozenset[str] = frozenset()
