"""A lever by its name, its value as it takes it, and its targets as the scenario spells them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

from model.language.faults import UsageError
from model.language.names import did_you_mean, normalised, normalised_heading, parted, suggestion, unquoted
from model.scenario.levers.functions import LEVERS
from model.scenario.levers.grammar import OFF, ON, Lever
from model.scenario.scenario import Scenario

MAX_PARTS = 10
"""Most parts between commas that are tried as names, each of which may hold commas itself."""

_WORDS = {"off": OFF, "no": OFF, "none": OFF, "on": ON, "yes": ON}
_ALL = {"", "*", "all"}
_SET = re.compile(r"(?P<head>[^\[\](=]+(?:\[.*\]|\(.*\))?)\s*=(?P<value>.*)", re.DOTALL)
_HEAD = re.compile(r"\s*(?P<lever>[^\[\]()]+?)\s*(?:\[(?P<square>.*)\]|\((?P<round>.*)\))?\s*")


def head_and_value(text: str) -> tuple[str, str]:
    """What stands before and behind the equals sign that sets a lever: names hold such signs too, in brackets or as the value.

    Either is "" where there is none.
    """
    match = _SET.fullmatch(text)
    head, _, value = (match["head"], "=", match["value"]) if match else text.rpartition("=")
    return head.strip(), value.strip()


def find_lever(name: str) -> Lever:
    """The lever of that name, however it is spelt. Raises UsageError where there is none."""
    loose = {normalised_heading(known): found for known, found in LEVERS.items()}
    if (found := loose.get(normalised_heading(name))) is None:
        raise UsageError(
            f"there is no lever called {name!r}. {suggestion(name, LEVERS)}There are {', '.join(LEVERS)} (see `alliance levers`)"
        )
    return found


def lever_and_targets(text: str) -> tuple[Lever, tuple[str, ...]]:
    """A lever and the names in its brackets, square or round, as they are typed: ``budget[Poland]``.

    Raises UsageError where it does not read so, or names no lever.
    """
    match = _HEAD.fullmatch(text)
    if match is None:
        raise UsageError(f"{text.strip()!r} should read like budget[Poland]: a lever, then names in square brackets")
    inside = match["square"] or match["round"] or ""
    return find_lever(match["lever"]), parted(inside) if inside.strip() else ()


def value_of(lever: Lever, value: float | str) -> float | str:
    """The value as the lever takes it. Raises UsageError where it does not, saying what is allowed."""
    wrong = UsageError(f"{lever.name} takes {lever.allowed}, not {value!r}")
    if isinstance(value, str):
        if lever.kind == "name":
            if not value.strip():
                raise wrong
            return unquoted(value)
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


def resolved(scenario: Scenario, lever: Lever, targets: Sequence[str]) -> tuple[str | None, ...]:
    """The targets as the scenario spells them, one for each of the lever's dimensions; None stands for all.

    Names are matched without regard to case and spaces, and by their dimension: ``requirement[tanks]`` finds the
    capability. Names that hold commas are found too. Raises UsageError for a name there is not.
    """
    if targets and not lever.targets:
        raise UsageError(f"{lever.name} takes no names in brackets: {lever.form}")
    for parts in _groupings(tuple(targets)) if len(targets) <= MAX_PARTS else ():
        for places in combinations(range(len(lever.targets)), len(parts)):
            names = [found_name(scenario, lever.dimensions[at], part) for at, part in zip(places, parts, strict=True)]
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


def found_name(scenario: Scenario, dimension: str, name: str) -> str | None:
    """The scenario's spelling; None for all (unless something is called that), "" where there is no such name."""
    wanted = normalised(name)
    found = next((known for known in scenario.named(dimension) if normalised(known) == wanted), "")
    return None if not found and wanted in _ALL else found


def _no_such(scenario: Scenario, lever: Lever, targets: Sequence[str]) -> UsageError:
    text = f"{lever.name}[{', '.join(targets)}]"
    if len(targets) > len(lever.targets):
        return UsageError(f"{text!r} names too much: it should read {lever.form}")
    for at, name in enumerate(targets):
        if all(found_name(scenario, dimension, name) == "" for dimension in lever.dimensions):
            near = [d for d in dict.fromkeys(lever.dimensions) if did_you_mean(name, scenario.named(d))]
            return UsageError(f"{text!r}: {unknown_name(scenario, near or lever.dimensions[at : at + 1], name)}")
    return UsageError(f"{text!r} should name, in this order, {', '.join(lever.targets)}: {lever.form}")


def unknown_name(scenario: Scenario, dimensions: Sequence[str], name: str) -> str:
    known: list[Any] = [known for dimension in dimensions for known in scenario.named(dimension)]
    some = ", ".join(known[:40]) + (", …" if len(known) > 40 else "")
    return f"there is no {' or '.join(dimensions)} called {name!r}. {suggestion(name, known)}There are {some}"
