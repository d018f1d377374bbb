"""Named what-if edits: read as they are typed, and applied to a scenario.

The levers themselves are in :mod:`model.data.lever_functions`. Each target of a lever may be left out, or be ``*``, for all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Any

from model.data.checks import run_checks
from model.data.faults import UsageError
from model.data.lever_functions import LEVERS
from model.data.lever_grammar import OFF, ON, Lever
from model.data.names import did_you_mean, normalised, normalised_heading, suggestion
from model.data.scenario import Scenario

MAX_PARTS = 10
"""Most parts between commas that are tried as names, each of which may hold commas itself."""

_WORDS = {"off": OFF, "no": OFF, "none": OFF, "on": ON, "yes": ON}
_ALL = {"", "*", "all"}
_FORM = re.compile(r"\s*(?P<lever>[^\[\]=]+?)\s*(?:\[(?P<inside>.*)\])?\s*=\s*(?P<value>[^=]*?)\s*")
_EXAMPLES = (
    "budget[Poland]=0.9, requirement[task, capability]=1.2, withdraw=Canada or rule[challenge_is_reasonable]=off"
)


__all__ = ["LEVERS", "OFF", "ON", "Edit", "Edited", "Lever", "apply_edits", "edit_scenario", "find_lever", "parse_edit"]


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
    match = _FORM.fullmatch(text)
    if match is None:
        raise UsageError(f"{text!r} is no edit: it should read like {_EXAMPLES}")
    found = find_lever(match["lever"])
    targets = tuple(part.strip() for part in match["inside"].split(",")) if (match["inside"] or "").strip() else ()
    return Edit(found.name, targets, value_of(found, match["value"]))


def find_lever(name: str) -> Lever:
    """The lever of that name, however it is spelt. Raises UsageError where there is none."""
    loose = {normalised_heading(known): found for known, found in LEVERS.items()}
    if (found := loose.get(normalised_heading(name))) is None:
        raise UsageError(
            f"there is no lever called {name!r}. {suggestion(name, LEVERS)}There are {', '.join(LEVERS)} (see `alliance levers`)"
        )
    return found


def value_of(lever: Lever, value: float | str) -> float | str:
    """The value as the lever takes it. Raises UsageError where it does not, saying what is allowed."""
    wrong = UsageError(f"{lever.name} takes {lever.allowed}, not {value!r}")
    if isinstance(value, str):
        if lever.kind == "name":
            if not value.strip():
                raise wrong
            return value.strip()
        word = _WORDS.get(normalised(value), normalised(value))
        if word in lever.words:
            return word
        value = _number(value, lever.kind == "factor", wrong)
    if lever.kind in ("switch", "word", "name") or not math.isfinite(value):
        raise wrong
    if value < lever.low or value > lever.high or (lever.above and value == lever.low):
        raise wrong
    if lever.kind == "year" and value != int(value):
        raise wrong
    return float(value)


def _number(text: str, factor: bool, wrong: UsageError) -> float:
    """A number, or a percentage; a signed percentage of a factor is a change of it."""
    try:
        if not text.endswith("%"):
            return float(text)
        part = float(text[:-1]) / 100.0
        return 1.0 + part if factor and text[0] in "+-" else part
    except ValueError as failure:
        raise wrong from failure


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


def apply_edits(scenario: Scenario, edits: Iterable[Edit], policies: Sequence[str] = ()) -> Edited:
    """The scenario after the edits, in their order. ``policies`` are the rules that ``rule[…]`` may name.

    Raises UsageError for an unknown lever, target or policy, a value out of range, an edit that would change nothing
    because there is nothing of its kind, and edits after which the scenario could not be planned for.
    """
    rules, joined, edited = _Policies(policies), [], scenario
    for edit in edits:
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


def resolved(scenario: Scenario, lever: Lever, targets: Sequence[str]) -> tuple[str | None, ...]:
    """The targets as the scenario spells them, one for each of the lever's dimensions; None stands for all.

    Names are matched without regard to case and spaces, and by their dimension: ``requirement[tanks]`` finds the
    capability. Names that hold commas are found too. Raises UsageError for a name there is not.
    """
    if targets and not lever.targets:
        raise UsageError(f"{lever.name} takes no names in brackets: {lever.form}")
    for parts in _groupings(tuple(targets)) if len(targets) <= MAX_PARTS else ():
        for places in combinations(range(len(lever.targets)), len(parts)):
            names = [_find(scenario, lever.dimensions[at], part) for at, part in zip(places, parts, strict=True)]
            if all(name != "" for name in names):
                found: dict[int, str | None] = dict(zip(places, names, strict=True))
                return tuple(found.get(at) for at in range(len(lever.targets)))
    raise _no_such(scenario, lever, targets)


def _groupings(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The parts as they are, then with neighbours joined again, for names that hold commas themselves."""
    for count in range(len(parts), 0, -1) if parts else (0,):
        for cuts in combinations(range(1, len(parts)), max(0, count - 1)):
            ends = (0, *cuts, len(parts))
            yield tuple(", ".join(parts[a:b]) for a, b in pairwise(ends)) if parts else ()


def _find(scenario: Scenario, dimension: str, name: str) -> str | None:
    """The scenario's spelling; None for all, "" where there is no such name."""
    if normalised(name) in _ALL:
        return None
    return next((known for known in scenario.sets[dimension] if normalised(known) == normalised(name)), "")


def _known(scenario: Scenario, dimension: str, name: str, text: str) -> str:
    found = _find(scenario, dimension, name)
    if not found:
        raise UsageError(f"{text!r}: {_unknown(scenario, (dimension,), name)}")
    return found


def _no_such(scenario: Scenario, lever: Lever, targets: Sequence[str]) -> UsageError:
    text = f"{lever.name}[{', '.join(targets)}]"
    if len(targets) > len(lever.targets):
        return UsageError(f"{text!r} names too much: it should read {lever.form}")
    for at, name in enumerate(targets):
        if all(_find(scenario, dimension, name) == "" for dimension in lever.dimensions):
            near = [d for d in dict.fromkeys(lever.dimensions) if did_you_mean(name, scenario.sets[d])]
            return UsageError(f"{text!r}: {_unknown(scenario, near or lever.dimensions[at : at + 1], name)}")
    return UsageError(f"{text!r} should name, in this order, {', '.join(lever.targets)}: {lever.form}")


def _unknown(scenario: Scenario, dimensions: Sequence[str], name: str) -> str:
    known: list[Any] = [known for dimension in dimensions for known in scenario.sets[dimension]]
    some = ", ".join(known[:40]) + (", …" if len(known) > 40 else "")
    return f"there is no {' or '.join(dimensions)} called {name!r}. {suggestion(name, known)}There are {some}"
