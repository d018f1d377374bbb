"""Named what-if edits: read as they are typed, and applied to a scenario.

The levers themselves are in :mod:`model.scenario.levers.functions`. Each target of a lever may be left out, or be ``*``, for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from model.language.faults import UsageError
from model.language.names import normalised_heading, suggestion
from model.layers import gather
from model.scenario.checks import run_checks
from model.scenario.levers.functions import LEVERS
from model.scenario.levers.grammar import OFF, ON, Lever
from model.scenario.levers.names import (
    find_lever,
    found_name,
    head_and_value,
    lever_and_targets,
    resolved,
    unknown_name,
    value_of,
)
from model.scenario.scenario import Scenario

gather("levers")  # the layers' register theirs

_EXAMPLES = (
    "budget[Poland]=0.9, requirement[task, capability]=1.2, withdraw=Canada or rule[challenge_is_reasonable]=off"
)


__all__ = [
    "LEVERS", "OFF", "ON", "Edit", "Edited", "Lever", "apply_edits", "as_edits", "edit_scenario", "find_lever", "head_and_value",
    "lever_and_targets", "parse_edit", "resolved", "value_of", "whole_names",
]  # fmt: skip


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
        value = f"{self.value:.10g}" if isinstance(self.value, float) else self.value
        return f"{self.lever}{inside}={value}"


@dataclass(frozen=True, eq=False)
class Edited:
    """A scenario after edits, and the policies they switched off and on.

    ``joined`` are members the edits call new: the alliance before the edits is the workbook's without them.
    """

    scenario: Scenario
    off: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    joined: tuple[str, ...] = ()


def parse_edit(text: str) -> Edit:
    """The edit written as ``budget[Poland]=0.9``; a factor may be written as a change: ``budget[Poland]=-10%``.

    Raises UsageError where it does not read so, names no lever, or has a value its lever does not take.
    """
    head, value = head_and_value(text)
    if not head:
        raise UsageError(f"{text!r} is no edit: it should read like {_EXAMPLES}")
    found, targets = lever_and_targets(head)
    return Edit(found.name, targets, value_of(found, value))


def as_edits(edits: str | Edit | Iterable[str | Edit]) -> tuple[Edit, ...]:
    """Edits as objects, whether they are typed as text or made: one, or several. Raises UsageError for a text that is none."""
    several = (edits,) if isinstance(edits, str | Edit) else edits
    return tuple(parse_edit(edit) if isinstance(edit, str) else edit for edit in several)


@dataclass
class _Policies:
    """Which policies the edits so far switched off or on, and which there are (none known: any name is taken)."""

    known: Sequence[str]
    off: set[str] = field(default_factory=set)
    on: set[str] = field(default_factory=set)

    def switch(self, name: str, value: str) -> None:
        at = {normalised_heading(policy): policy for policy in self.known}
        if self.known and normalised_heading(name) not in at:
            raise UsageError(
                f"there is no policy called {name!r}. {suggestion(name, self.known)}There are {', '.join(self.known)}"
            )
        rule = at.get(normalised_heading(name), name)
        chosen, other = (self.off, self.on) if value == OFF else (self.on, self.off)
        chosen.add(rule)
        other.discard(rule)


def apply_edits(scenario: Scenario, edits: str | Edit | Iterable[str | Edit], policies: Sequence[str] = ()) -> Edited:
    """The scenario after the edits, as text or made, in their order. ``policies`` are the rules that ``rule[…]`` may name.

    Raises UsageError for an unknown lever, target or policy, a value out of range, an edit that would change nothing
    because there is nothing of its kind, and edits after which the scenario could not be planned for.
    """
    rules, joined, edited = _Policies(policies), [], scenario
    for edit in as_edits(edits):
        found = find_lever(edit.lever)
        value = value_of(found, edit.value)
        if found.name == "rule":
            if len(edit.targets) != 1:
                raise UsageError(f"{edit.text!r} should name one policy: rule[challenge_is_reasonable]=off")
            rules.switch(edit.targets[0], str(value))
            continue
        if found.kind == "name":
            value = _known(edited, found.unit, str(value), edit.text)
        if found.name == "join":
            joined.append(str(value))
        edited = found.function(edited, value, *resolved(edited, found, edit.targets))
    if edited is not scenario:
        _check_sound(edited)
    _check_joined(scenario, joined)
    return Edited(edited, frozenset(rules.off), frozenset(rules.on), tuple(joined))


def whole_names(scenario: Scenario, edit: Edit) -> Edit:
    """The edit with names that hold commas in one piece, as the scenario spells them; any other edit as it is."""
    if not any("," in name for lever_of in find_lever(edit.lever).dimensions for name in scenario.named(lever_of)):
        return edit
    named = tuple(name for name in resolved(scenario, find_lever(edit.lever), edit.targets) if name is not None)
    return replace(edit, targets=named) if len(named) < len(edit.targets) and "*" not in edit.targets else edit


def edit_scenario(scenario: Scenario, name: str, value: float | str, *targets: str) -> Scenario:
    """One lever pulled: the scenario, x -> scenario form of a lever by its name."""
    return apply_edits(scenario, [Edit(name, targets, value)]).scenario


def _check_sound(scenario: Scenario) -> None:
    wrong = next((fault for fault in run_checks(scenario, warnings=False) if fault.severity == "error"), None)
    if wrong is not None:
        raise UsageError(f"after these edits there would be nothing sound to plan: {wrong.message}")


def _check_joined(scenario: Scenario, joined: Sequence[str]) -> None:
    if joined and set(joined) == set(scenario.sets["member"]):
        raise UsageError("every member cannot join: there must be an alliance to join")


def _known(scenario: Scenario, dimension: str, name: str, text: str) -> str:
    found = found_name(scenario, dimension, name)
    if not found:
        raise UsageError(f"{text!r}: {unknown_name(scenario, (dimension,), name)}")
    return found
