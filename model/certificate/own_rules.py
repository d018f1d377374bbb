"""Second readings of rules from outside: plain loops over the scenario's cells, handed in with the rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from model.certificate.columns import Columns, Key
from model.certificate.figures import Figures
from model.certificate.members import Spending
from model.certificate.rows import Rule
from model.language.cached import cached_property
from model.language.outside import second_reading, wrong_row
from model.scenario.scenario import Scenario

Row = tuple[Key, str, float, Mapping[int, float]]
"""Key, sense ("<=", ">=" or "="), right-hand side, coefficients by column."""


@dataclass(frozen=True, eq=False)
class Reader:
    """What a second reading is given: the scenario's cells, and where each decision stands among the columns.

    It gives rows: :data:`Row`.
    """

    scenario: Scenario
    figures: Figures
    columns: Columns
    spent: Spending

    def column(self, variable: str, *key: Any) -> int | None:
        """The number of a decision's column, None where there is no such decision. Raises ValueError for an unknown variable."""
        if variable not in self._at:
            raise ValueError(f"there is no decision called {variable!r}; there are {', '.join(self.columns.keys)}")
        return self._at[variable].get(key)

    def spending(self, member: str, period: int) -> dict[int, float]:
        """All that a member spends in a period, as {column: coefficient}."""
        return dict(self._spending.get((member, period), {}))

    def budget(self, member: str, period: int) -> float:
        """The money that a member offers in a period."""
        f = self.figures
        return float(f.money.budget[f.members.index(member), f.periods.index(period)])

    @cached_property
    def _at(self) -> dict[str, dict[Key, int]]:
        c = self.columns
        return {name: {key: c.start[name] + i for i, key in enumerate(keys)} for name, keys in c.keys.items()}

    @cached_property
    def _spending(self) -> dict[tuple[str, int], dict[int, float]]:
        periods, found = self.figures.periods, dict[tuple[str, int], dict[int, float]]()
        for row, column, amount in zip(*(part.tolist() for part in self.spent.total), strict=True):
            terms = found.setdefault((self.figures.members[row // len(periods)], periods[row % len(periods)]), {})
            terms[column] = terms.get(column, 0.0) + amount
        return found


def own_rules(reader: Reader, off: frozenset[str]) -> Iterator[Rule]:
    """Every rule from outside that has a second reading and is not switched off. Raises UsageError where one fails."""
    for part in reader.scenario.rules:
        if part.second_reading is not None and part.name not in off:
            rows = second_reading(part, reader)
            for row in rows:
                _check(part, row, reader.columns.size)
            if {sense for _, sense, *_ in rows} > {"="}:
                raise wrong_row(part, (), "it has equations and limits: make two rules of it")
            yield rule_of(part.name, rows)


def rule_of(name: str, rows: Sequence[Row]) -> Rule:
    """Rows of one rule, limits from below turned round where there are others from above."""
    senses = {sense for _, sense, *_ in rows}
    turned = len(senses) > 1
    sign = np.array([-1.0 if turned and sense == ">=" else 1.0 for _, sense, *_ in rows])
    height = [len(terms) for *_, terms in rows]
    column = np.array([c for *_, terms in rows for c in terms], dtype=np.int64)
    amount = np.array([a for *_, terms in rows for a in terms.values()], dtype=float)
    right = np.array([right for _, _, right, _ in rows], dtype=float)
    entries = np.repeat(np.arange(len(rows)), height), column, amount * np.repeat(sign, height)
    sense: Any = "<=" if turned or not senses else next(iter(senses))
    return Rule(name, tuple(key for key, *_ in rows), sense, right * sign, entries)


def _check(part: Any, row: Any, size: int) -> None:
    if not isinstance(row, tuple) or len(row) != 4 or not isinstance(row[0], tuple):
        raise wrong_row(part, (), "a row is (key, sense, right-hand side, {column: coefficient}), and its key a tuple")
    key, sense, right, terms = row
    if sense not in ("<=", ">=", "="):
        raise wrong_row(part, key, f"its sense is {sense!r}, and can be <=, >= or =")
    if not isinstance(terms, Mapping) or not all(isinstance(c, int) and 0 <= c < size for c in terms):
        raise wrong_row(part, key, "its terms are not {column: coefficient} with columns that the reader gave")
    if not all(isinstance(a, int | float) and isfinite(a) for a in (right, *terms.values())):
        raise wrong_row(part, key, "it holds something that is no finite number")
