"""What a price is made of: follow the worth of one more unit from rule to rule to the policies that withhold it.

At an optimum the worth of a column is used up by the rows it needs: its multipliers times its coefficients. An identity
among those rows (holdings carry over) passes the worth on to the column that could loosen it (an earlier order); a policy
ends the walk and is the cause.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.core.holdings import HOLDINGS, LEVEL, NESTING
from model.language.faults import UsageError
from model.language.registry import PARTS
from model.solve.lp import LP, Key
from model.solve.plan import Plan
from model.solve.stages import Stage
from model.solve.worth import Worth

Parts = dict[str, float]
"""Cause -> part of the whole, summing to 1 (or empty)."""

LEAD_TIME, NOT_OFFERED, NOT_RELEASED, NOT_DEPLOYABLE = "lead_time", "not_offered", "not_released", "not_deployable"
OPTED_OUT = "opted_out"
NOT_AVAILABLE, CEILING, UNEXPLAINED = "not_available", "ceiling", "other"
"""Causes beside the names of rules."""

_REASONS = {
    LEAD_TIME: "lead time",
    NOT_OFFERED: "not offered",
    NOT_RELEASED: "caveat",
    NOT_DEPLOYABLE: "not offered",
    OPTED_OUT: "opt-out",
    NOT_AVAILABLE: "technology",
}
"""The kind of reason each of these is, where it is none of the others; a rule carries its own."""

RISKS = ("risk", "tail_risk", "worst_perceived_risk")
"""Measures that fall as shortfalls close."""

_TINY = 1e-15


class Causes:
    """The prices of one stage of a plan, or of a neighbour of it, ready to be asked about single contributions. Holds no state but
    what it caches."""

    def __init__(self, plan: Plan, neighbour: tuple[LP, Stage] | None = None) -> None:
        self.lp, stage = neighbour or (plan.lp, pricing_stage(plan))
        self.plan, self.worth = plan, Worth(self.lp, stage)
        self._cache: dict[tuple[str, Key], Parts] = {}

    def withheld(self, member: str, task: str, capability: str, year: int) -> Parts:
        """Why the member does not contribute one more effective unit: cause -> part of the price, summing to 1."""
        key = (member, task, capability, year)
        if ("withheld", key) not in self._cache:
            self._cache["withheld", key] = self._withheld(key)
        return self._cache["withheld", key]

    def _withheld(self, key: Key) -> Parts:
        d, (member, _, capability, year) = self.plan.data, key
        contributed = self.lp.columns["contributed"]
        if key[:2] in d.still_counts:
            return {OPTED_OUT: 1.0}
        if key not in contributed.at:
            return {NOT_RELEASED if d.release.get(key[:3], 1.0) == 0 else NOT_OFFERED: 1.0}
        spent = self._spent("contributed", key)
        parts: Parts = {}
        for rule, worth in spent.items():
            if rule in PARTS and PARTS[rule].physical:
                _add(parts, self.force(member, capability, year), worth)
            else:
                _add(parts, {rule: 1.0}, worth)
        return _whole(parts)

    def force(self, member: str, capability: str, year: int) -> Parts:
        """Why the member does not hold one more unit in a period."""
        key = (member, capability, year)
        if ("force", key) not in self._cache:
            self._cache["force", key] = self._force(*key)
        return self._cache["force", key]

    def _force(self, member: str, capability: str, year: int) -> Parts:
        d = self.plan.data
        if d.deployable[member, capability] <= 0:
            return {NOT_DEPLOYABLE: 1.0}
        parts: Parts = {}
        for rule, worth in self._spent("held", (member, capability, 0, year)).items():
            if rule == HOLDINGS:
                _add(parts, self._stock(member, capability, year), worth)
            elif rule not in (LEVEL, NESTING):
                _add(parts, {rule: 1.0}, worth)
        return _whole(parts)

    def _stock(self, member: str, capability: str, year: int) -> Parts:
        """Why no more units arrive in a period: nothing to order, no time, or the policies that limit the order."""
        d = self.plan.data
        if (member, capability) not in d.cost_factor:
            return {NOT_OFFERED: 1.0}
        when = d.ordered_for(capability, year)
        key = (member, capability, when)
        if when is not None and not d.can_be_ordered(capability, when):
            return {NOT_AVAILABLE: 1.0}
        if when is None or key not in self.lp.columns["ordered"].at:
            return {LEAD_TIME: 1.0}
        spent = self._spent("ordered", key)
        return _whole({rule: worth for rule, worth in spent.items() if self._withholds(rule)})

    def _withholds(self, rule: str) -> bool:
        """Whether the walk ends at a rule: it is decided, or gives a reason of its own."""
        return rule == CEILING or self.lp.rows[rule].may_bend or bool(rule in PARTS and PARTS[rule].reason)

    def _spent(self, variable: str, key: Key) -> Parts:
        """Where the worth of a column goes: rule -> worth taken up, positive entries only."""
        place, found = self.worth.place(variable, key), Parts()
        for entry in self.worth.entries(place):
            found[entry.rule] = found.get(entry.rule, 0.0) + entry.takes
        found[CEILING] = -float(self.worth.ceilings[place])
        if variable == "contributed":
            found |= self._bounds(variable, key)
        return {rule: worth for rule, worth in found.items() if worth > _TINY}

    def _bounds(self, variable: str, key: Key) -> Parts:
        """What the limits on a contribution take up: the tightest of them, and of equal ones each its part."""
        lp, worth, place = self.lp, -self.worth.reduced(variable, key), self.worth.place(variable, key)
        if worth <= _TINY:
            return {}
        limits = {
            name: float(limit[place])
            for name, limit in lp.bounds.items()
            if name not in lp.off and np.isfinite(limit[place])
        }
        tightest = min(limits.values(), default=0.0)
        binding = [name for name, limit in limits.items() if limit <= tightest * (1 + 1e-12)]
        return {name: worth / len(binding) for name in binding}


def reason_of(plan: Plan, cause: str) -> str:
    """The kind of reason a cause is; a rule, from outside too, says its own."""
    part = plan.parts.get(cause)
    return _REASONS.get(cause) or (part.reason if part else "") or UNEXPLAINED


def pricing_stage(plan: Plan) -> Stage:
    """The stage whose prices tell why something is short: the one that lowered risk, else the first."""
    by_name = {stage.measure: stage for stage in plan.stages}
    for measure in RISKS:
        if measure in by_name:
            return by_name[measure]
    return plan.stage()


def gains(plan: Plan, rule: str) -> Mapping[Key, float]:
    """The gains of a rule in the stage that lowered risk; nothing where the rule is not part of this problem."""
    try:
        found = plan.gains(rule, pricing_stage(plan).measure)
    except UsageError:
        return {}
    return {key: value for key, value in found.items() if value > _TINY}


def _add(parts: Parts, more: Mapping[str, float], worth: float) -> None:
    for cause, part in more.items():
        parts[cause] = parts.get(cause, 0.0) + part * worth


def _whole(parts: Parts) -> Parts:
    total = sum(parts.values())
    return {cause: part / total for cause, part in parts.items()} if total > _TINY else {UNEXPLAINED: 1.0}
