"""What a step away from the plan would gain and use up, term by term: reduced-cost accounting, and nothing but that.

A step changes some columns by given amounts. Each rule it touches has a price (the fall in the stage's measure for one unit
more room), so the step's gain is the sum of what it earns and what it takes: exactly minus its reduced cost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.core.holdings import HOLDINGS, LEVEL, NESTING
from model.solve.lp import Key
from model.solve.plan import Plan
from model.solve.stages import Stage
from model.solve.worth import Worth

Step = Mapping[tuple[str, Key], float]
"""Changes by (variable, key)."""

OBJECTIVE, CEILING = "objective", "ceiling"
"""Terms that belong to no rule: the stage's own measure, and ceilings on measures (their key is the measure)."""

_CARRYING = (HOLDINGS, LEVEL, NESTING)

_PRICED = 1e-9
"""A price below this part of the largest of its rule is the solver's rounding."""


@dataclass(frozen=True)
class Term:
    """One entry of an account: ``variable`` takes ``uses`` units of room in a rule (negative: makes room) at ``price``.

    ``value`` = -uses x price: what this lowers the stage's measure by, negative where it costs.
    """

    rule: str
    key: Key
    variable: str
    uses: float
    price: float
    value: float


@dataclass(frozen=True)
class Account:
    """All terms of a step; ``gain`` is what the step would lower the stage's measure by, per unit, from its reduced costs."""

    terms: tuple[Term, ...]
    gain: float

    @property
    def size(self) -> float:
        """The largest term: what "nearly nothing" is measured against."""
        return max((abs(term.value) for term in self.terms), default=0.0)

    @property
    def even(self) -> bool:
        """Whether what the step earns is what it costs, to the accuracy of prices."""
        return abs(self.gain) <= 1e-6 * self.size


def without_carrying(account: Account) -> Account:
    """The account of what really changes hands: without the worth of units that come from nowhere, or of room left unused.

    The rules that carry units from period to period and from level to level are no policies; a step that balances them
    has no such terms, and one that leaves room in them earns nothing by it.
    """
    carried = [term for term in account.terms if term.rule in _CARRYING]
    kept = tuple(term for term in account.terms if term.rule not in _CARRYING)
    return Account(kept, account.gain - math.fsum(term.value for term in carried))


class Accounts:
    """The prices of one stage of a plan, ready to account for steps. Holds no state but what it caches."""

    def __init__(self, plan: Plan, stage: Stage) -> None:
        self.plan, self.lp, self.stage, self.worth = plan, plan.lp, stage, Worth(plan.lp, stage)

    def price(self, rule: str, key: Key) -> float:
        """What one unit more room in a rule would gain; 0 where there is no such row or only rounding is left."""
        block = self.lp.rows.get(rule)
        if block is None or key not in block.at:
            return 0.0
        largest = float(np.abs(self.worth.prices[block.places]).max(initial=0.0))
        price = float(self.worth.prices[block.at[key]])
        return price if abs(price) > _PRICED * largest else 0.0

    def amount(self, variable: str, key: Key) -> float:
        """A decision in the plan as printed; 0 where it does not exist."""
        place = self.lp.columns[variable].at.get(key)
        return 0.0 if place is None or self.plan.x is None else float(self.plan.x[place])

    def exists(self, variable: str, key: Key) -> bool:
        """Whether there is such a decision."""
        return key in self.lp.columns[variable].at

    def account(self, step: Step) -> Account:
        """Every term of a step. The terms of rules sum to its gain (to rounding): that is what optimality of prices means."""
        terms, gain = [], 0.0
        for (variable, key), amount in step.items():
            place = self.worth.place(variable, key)
            gain -= amount * self.worth.reduced(variable, key)
            terms += self._of_rows(variable, place, amount) + self._of_measures(variable, place, amount)
        return Account(tuple(_merged(terms)), gain)

    def _of_rows(self, variable: str, place: int, amount: float) -> list[Term]:
        found = []
        for entry in self.worth.entries(place):
            uses = amount * entry.uses
            found.append(Term(entry.rule, entry.key, variable, uses, entry.price, -uses * entry.price))
        return found

    def _of_measures(self, variable: str, place: int, amount: float) -> list[Term]:
        found = []
        for name, ceiling in zip(self.lp.measures, self.stage.ceiling_multipliers.tolist(), strict=True):
            weight = self.stage.weights.get(name, 0.0)
            if not weight and not ceiling:
                continue
            effect = amount * float(self.worth.measures[self.lp.measure(name), place])
            if effect and weight:
                found.append(Term(OBJECTIVE, (name,), variable, effect, weight, -effect * weight))
            if effect and ceiling:
                found.append(Term(CEILING, (name,), variable, effect, -ceiling, effect * ceiling))
        return found

    def one_more(self, member: str, capability: str, year: int, ordered: int | None) -> Step:
        """One more unit in hand in a period (ordered in ``ordered``, or given), kept for as long as keeping it pays.

        What is ordered comes at the delivery level, a gift at the level of what the member held at the start; both are
        lifted further where the prices reward it. Wear takes its part every period.
        """
        d, field = self.plan.data, (member, capability)
        levels, step = d.levels_of[member], dict[tuple[str, Key], float]()
        comes_at = d.start_level[member] if ordered is None else d.delivery_level
        if ordered is not None:
            step["ordered", (*field, ordered)] = 1.0
        before = sum(level <= comes_at for level in levels)
        for t, high in self._best_use(field, year, before).items():
            amount = d.survival[capability] ** ((t - year) // d.step)
            for i, level in enumerate(levels[:high]):
                step["held", (*field, level, t)] = amount
                if i >= before:
                    step["lifted", (*field, level, t)] = amount
            before = high
        return step

    def _best_use(self, field: tuple[str, str], year: int, before: int) -> dict[int, int]:
        """How many of the member's levels a unit is held at, by period (0: given up), so that least is lost at the prices.

        A walk through the periods, from the ``before`` levels it comes at; in the first it is held.
        """
        d = self.plan.data
        most = len(d.levels_of[field[0]])
        ways: dict[int, tuple[float, dict[int, int]]] = {before: (0.0, {})}
        for t in (t for t in d.sets["period"] if t >= year):
            amount = d.survival[field[1]] ** ((t - year) // d.step)
            found: dict[int, tuple[float, dict[int, int]]] = {}
            for high in range(1 if t == year else 0, most + 1):
                options = [
                    (loss + amount * self._loss(field, t, low, high), {**way, t: high})
                    for low, (loss, way) in ways.items()
                    if low > 0 or high == 0
                ]
                if options:
                    found[high] = min(options, key=lambda option: option[0])
            ways = found
        _, way = min(ways.values(), key=lambda option: option[0])
        return {t: high for t, high in way.items() if high > 0}

    def _loss(self, field: tuple[str, str], year: int, low: int, high: int) -> float:
        """What one unit held at ``high`` levels loses in a period, coming from ``low``: reduced costs, and priced room unused."""
        levels = self.plan.data.levels_of[field[0]]
        keys = [(*field, level, year) for level in levels]
        loss = math.fsum(self._reduced("held", key) for key in keys[:high])
        loss += math.fsum(self._reduced("lifted", key) for key in keys[low:high])
        loss += math.fsum(abs(self.price(LEVEL, key)) for key in keys[max(high, 1) : low])
        if 0 < high < len(keys):
            loss += abs(self.price(NESTING, keys[high]))
        if high == 0 < low:
            loss += abs(self.price(HOLDINGS, (*field, year)))
        return loss

    def _reduced(self, variable: str, key: Key) -> float:
        return max(0.0, self.worth.reduced(variable, key))


def _merged(terms: list[Term]) -> list[Term]:
    """Terms of the same rule, key and variable as one; those that cancel are left out."""
    found: dict[tuple[str, Key, str], list[Term]] = {}
    for term in terms:
        found.setdefault((term.rule, term.key, term.variable), []).append(term)
    merged = []
    for (rule, key, variable), same in found.items():
        uses, value = math.fsum(t.uses for t in same), math.fsum(t.value for t in same)
        if value:
            merged.append(Term(rule, key, variable, uses, same[0].price, value))
    return _without_identities(merged)


def _without_identities(terms: list[Term]) -> list[Term]:
    """Entries of one row by several variables that cancel (what is ordered is what is held) say nothing: left out."""
    rows: dict[tuple[str, Key], list[Term]] = {}
    for term in terms:
        rows.setdefault((term.rule, term.key), []).append(term)
    gone = set()
    for row, same in rows.items():
        size = max(abs(t.value) for t in same)
        if len(same) > 1 and abs(math.fsum(t.value for t in same)) <= 1e-12 * size:
            gone.add(row)
    return [term for term in terms if (term.rule, term.key) not in gone]
