"""The readings of several cases as one: what is common to all stands once, everything else once for each case.

Written from the idea alone: a plan over cases orders, lifts and holds the same whatever comes, and everything else may differ.
It shares no code with the linking of compiled problems.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from model.certificate.cells import Cells
from model.certificate.columns import ON_DEMAND, Key, Layout, label
from model.certificate.figures import Array, Whole
from model.certificate.measures import Measured, tail_mean
from model.certificate.reading import Measure, Reading
from model.certificate.rows import Entries, Rule, joined

BY_CASE = ("contributed", "commonly_contributed", "paid", "lent", "short", "gap", "excess", *ON_DEMAND)
"""What is decided, or reckoned, once it is known which case comes. Everything else is common to all cases."""

GIVEN = "acquisitions_are_given"
"""The rule that holds what is common at given amounts."""


@dataclass(frozen=True, eq=False)
class Over(Layout):
    """Columns over all cases; those of worst cases and tails are looked at where they are asked for."""

    graded: tuple[str, ...]

    @property
    def on_demand(self) -> tuple[str, ...]:
        """Those of a single case, and those of worst cases and tails."""
        return (*ON_DEMAND, *self.graded)


@dataclass(frozen=True)
class Chance:
    """One case as it was read, and how likely it is."""

    name: str
    probability: float
    reading: Reading


def over_cases(chances: Sequence[Chance], graded: str, level: float) -> Reading:
    """One reading of all cases: common columns merged, every rule once for each case, measures made of each case's.

    For the measure ``graded`` there are also its worst case and the mean of its worst part, at ``level``.
    """
    columns, places = _columns(chances, graded)
    made = _Measures(chances, places, columns, graded, level)
    rules = [_rule(name, chances, places) for name in _rule_names(chances)]
    faults = [f"in the case {chance.name}: {fault}" for chance in chances for fault in chance.reading.faults]
    return Reading(
        columns=columns,
        rules=(*rules, *made.rules()),
        measures=made.measures(),
        off=chances[0].reading.off,
        accepted={(chance.name, m): risk for chance in chances for m, risk in chance.reading.accepted.items()},
        measured=partial(_measured, tuple(chances), places, graded, level),
        faults=(*faults, *_unlike(chances)),
    )


def _measured(chances: Sequence[Chance], places: Mapping[str, Whole], graded: str, level: float, x: Array) -> Measured:
    """Every measure over cases, from each case's own by its definition."""
    each = {chance.name: chance.reading.measured(x[places[chance.name]]) for chance in chances}
    likely = np.array([chance.probability for chance in chances])

    def values(name: str) -> Array:
        return np.array([own.measures[name] for own in each.values()])

    known = list(chances[0].reading.measures)
    measures = {f"expected_{name}": float(likely @ values(name)) for name in known}
    measures |= {f"{name} in {case}": own.measures[name] for case, own in each.items() for name in known}
    measures |= {
        f"worst_{graded}": float(values(graded).max()),
        f"cvar_{graded}": tail_mean(values(graded), likely, level),
    }
    case, worst = max(each.items(), key=lambda item: item[1].astray)
    return Measured(measures, worst.astray, f"{worst.where} in the case {case}")


def given(reading: Reading, amounts: Mapping[str, Cells]) -> Reading:
    """A reading in which the variables named hold given amounts and no others."""
    keys: list[Key] = []
    column: list[Whole] = []
    right: list[Array] = []
    for name, cells in amounts.items():
        known = reading.columns.keys[name]
        keys += [(name, *key) for key in known]
        column.append(reading.columns.start[name] + np.arange(len(known)))
        right.append(cells.ordered(known))
    columns = np.concatenate(column)
    entries = np.arange(len(columns)), columns, np.ones(len(columns))
    rule = Rule(GIVEN, tuple(keys), "=", np.concatenate(right), entries)
    return replace(reading, rules=(*reading.rules, rule))


def _unlike(chances: Sequence[Chance]) -> list[str]:
    """A sentence for each thing that keeps the cases from being read as one."""
    first, found = chances[0].reading, []
    for chance in chances[1:]:
        found += [
            f"{label(name, key)} is not there in every case"
            for name in first.columns.keys
            if name not in BY_CASE
            for key in sorted(set(first.columns.keys[name]) ^ set(chance.reading.columns.keys[name]), key=str)[:1]
        ]
        found += ["the cases were read under different policies"] if chance.reading.off != first.off else []
    return found


def _columns(chances: Sequence[Chance], graded: str) -> tuple[Over, dict[str, Whole]]:
    """Labels, bounds and sizes of all columns, and by case where each of its own stands."""
    keys: dict[str, tuple[Key, ...]] = {}
    start: dict[str, int] = {}
    places = {chance.name: np.zeros(chance.reading.columns.size, dtype=np.int64) for chance in chances}
    size = 0
    for name in chances[0].reading.columns.keys:
        start[name] = size
        keys[name] = _keys(name, chances)
        at = {key: size + i for i, key in enumerate(keys[name])}
        for chance in chances:
            own, first = chance.reading.columns.keys[name], chance.reading.columns.start[name]
            called = [(chance.name, *key) for key in own] if name in BY_CASE else own
            places[chance.name][first : first + len(own)] = [at[key] for key in called]
        size += len(keys[name])
    made = _graded_columns(chances, graded)
    for name, more in made.items():
        start[name], keys[name] = size, more
        size += len(more)
    upper, reach = np.full(size, np.inf), np.zeros(size)
    for chance in chances:
        np.minimum.at(upper, places[chance.name], chance.reading.columns.upper)
        np.maximum.at(reach, places[chance.name], chance.reading.columns.reach)
    natural = max(chance.reading.measures[graded].natural for chance in chances)
    return Over(keys, start, upper, np.where(reach > 0, reach, natural or 1.0), tuple(made)), places


def _keys(name: str, chances: Sequence[Chance]) -> tuple[Key, ...]:
    """The labels of one variable over all cases."""
    if name in BY_CASE:
        return tuple((chance.name, *key) for chance in chances for key in chance.reading.columns.keys[name])
    return tuple(dict.fromkeys(key for chance in chances for key in chance.reading.columns.keys[name]))


def _graded_columns(chances: Sequence[Chance], graded: str) -> dict[str, tuple[Key, ...]]:
    every = tuple((chance.name,) for chance in chances)
    return {
        f"worst_{graded}_of_cases": ((),),
        f"tail_{graded}_of_cases": ((),),
        f"{graded}_beyond_tail": every,
    }


def _rule_names(chances: Sequence[Chance]) -> list[str]:
    return list(dict.fromkeys(rule.name for chance in chances for rule in chance.reading.rules))


def _rule(name: str, chances: Sequence[Chance], places: Mapping[str, Whole]) -> Rule:
    """One rule over all cases: every case's rows, one after the other."""
    keys: list[Key] = []
    right, parts, found = [], [], []
    for chance in chances:
        for rule in chance.reading.rules:
            if rule.name == name:
                row, column, amount = rule.entries
                parts.append((row + len(keys), places[chance.name][column], amount))
                keys += [(chance.name, *key) for key in rule.keys]
                right.append(rule.right)
                found.append(rule)
    serves = _serves(found, [chance.name for chance in chances])
    return Rule(name, tuple(keys), found[0].sense, np.concatenate(right), joined(*parts), serves)


def _serves(rules: Sequence[Rule], cases: Sequence[str]) -> frozenset[str]:
    """The measures over cases that call for a rule; none where it holds always in some case."""
    if not all(rule.serves for rule in rules):
        return frozenset()
    measures = {name for rule in rules for name in rule.serves}
    over = {f"{aim}_{name}" for name in measures for aim in ("expected", "cvar", "worst")}
    return frozenset(over | {f"{name} in {case}" for name in measures for case in cases})


@dataclass(frozen=True, eq=False)
class _Measures:
    """What is made of every measure over cases."""

    chances: Sequence[Chance]
    places: Mapping[str, Whole]
    columns: Layout
    graded: str
    level: float

    def one(self, name: str, chance: Chance) -> Measure:
        """A measure of one case, over all columns."""
        own = chance.reading.measures[name]
        return replace(own, column=self.places[chance.name][own.column])

    def mean(self, name: str) -> Measure:
        """A measure's mean over cases, and its mean natural size."""
        each = [(chance.probability, self.one(name, chance)) for chance in self.chances]
        return Measure(
            np.concatenate([own.column for _, own in each]),
            np.concatenate([likely * own.coefficient for likely, own in each]),
            sum(likely * own.natural for likely, own in each),
        )

    def measures(self) -> dict[str, Measure]:
        """By name: means, every measure in every case, and the worst case and the worst part of one."""
        known = list(self.chances[0].reading.measures)
        found = {f"expected_{name}": self.mean(name) for name in known}
        for chance in self.chances:
            found |= {f"{name} in {chance.name}": self.one(name, chance) for name in known}
        natural, one = found[f"expected_{self.graded}"].natural, np.ones(1)
        worst, tail, beyond = self._starts()
        found[f"worst_{self.graded}"] = Measure(np.array([worst]), one, natural)
        if self.level >= 1:
            found[f"cvar_{self.graded}"] = Measure(np.array([tail]), one, natural)
            return found
        likely = np.array([chance.probability for chance in self.chances])
        column = np.concatenate([[tail], beyond + np.arange(len(likely))])
        found[f"cvar_{self.graded}"] = Measure(column, np.concatenate([one, likely / (1 - self.level)]), natural)
        return found

    def rules(self) -> tuple[Rule, Rule]:
        """The worst case is no better than any; what lies beyond the threshold counts with the excess."""
        worst, tail, beyond = self._starts()
        count = len(self.chances)
        rows, none = np.arange(count), np.zeros(count)
        keys = tuple((chance.name,) for chance in self.chances)
        at_worst: Entries = rows, np.full(count, worst), np.ones(count)
        at_tail: Entries = rows, np.full(count, tail), np.ones(count)
        excess: Entries = rows, beyond + rows, np.full(count, float(self.level < 1))
        less = []
        for row, chance in enumerate(self.chances):
            own = self.one(self.graded, chance)
            less.append((np.full(len(own.column), row), own.column, -own.coefficient))
        name = self.graded
        return (
            Rule(
                f"worst_{name}_of_cases_counts", keys, ">=", none, joined(at_worst, *less), frozenset({f"worst_{name}"})
            ),
            Rule(
                f"tail_{name}_of_cases_counts",
                keys,
                ">=",
                none,
                joined(at_tail, excess, *less),
                frozenset({f"cvar_{name}"}),
            ),
        )

    def _starts(self) -> tuple[int, int, int]:
        names = (f"worst_{self.graded}_of_cases", f"tail_{self.graded}_of_cases", f"{self.graded}_beyond_tail")
        one, two, three = (self.columns.start[name] for name in names)
        return one, two, three
