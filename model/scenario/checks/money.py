"""Checks of money: budgets that are nothing, upkeep nobody can pay, units off by a thousand."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from model.language.faults import Fault
from model.scenario.checks.registry import hint
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario

_BUDGET = ("member", "gdp", "defence_share", "alliance_share")

PLAUSIBLE_GDP_PER_HEAD = (100.0, 400_000.0)
"""Money in millions, inhabitants in millions: their quotient is GDP per head; from Burundi to Monaco in USD."""
MOST_BUDGETS_A_UNIT = 100.0
"""A unit that costs this many yearly budgets of the whole alliance is a slip of the unit of money."""
MOST_TIMES_MEDIAN = 10_000.0
"""Prices further from the median price than this are a slip too: a carrier costs some hundred times a battery."""


def first_budget(s: Scenario, member: str) -> float:
    """What the member offers to shared capabilities in the first year."""
    return float(s.gdp[member] * s.defence_share[member] * s.alliance_share[member])


@hint(*_BUDGET)
def members_have_a_budget(s: Scenario, at: Places) -> Iterator[Fault]:
    """A member with no budget can neither buy nor keep anything."""
    for member in s.sets["member"]:
        zero = next((name for name in ("gdp", "defence_share", "alliance_share") if s.values[name][member] == 0), "")
        if zero:
            message = f"'{member}' has no budget because its {zero} is zero: it can neither keep nor buy anything"
            yield at.warning((zero, member), 0, message, "Check the figure.")


@hint(*_BUDGET, "capability", "holding", "cost_factor", "price_level", "sustainment_cost")
def upkeep_fits_the_budget(s: Scenario, at: Places) -> Iterator[Fault]:
    """Holdings whose upkeep exceeds the budget must be given up; what a partner pays for is left out, since who pays is open."""
    upkeep = dict.fromkeys(s.sets["member"], 0.0)
    paid_for = {capability for (_, capability, _), rate in s.reimbursement.items() if rate}
    for (member, capability), held in s.holding.items():
        if capability in paid_for:
            continue
        factor = s.cost_factor.get((member, capability), 1.0)
        upkeep[member] += held * s.sustainment_cost[capability] * s.price_level[member] * factor
    for member, cost in upkeep.items():
        budget = first_budget(s, member)
        if cost > budget > 0:
            message = (
                f"the upkeep of what '{member}' holds ({cost:.4g} a year) exceeds what it offers in the first year "
                f"({budget:.4g}), so part of it must be given up"
            )
            place = ("member", member)
            yield at.warning(place, cost, message, "Check holdings, sustainment_cost, alliance_share and their units.")


@hint("member", "gdp", "population")
def gdp_per_head_is_plausible(s: Scenario, at: Places) -> Iterator[Fault]:
    """GDP in millions and population in millions: a slip by a thousand shows in GDP per head."""
    low, high = PLAUSIBLE_GDP_PER_HEAD
    for member, people in s.population.items():
        gdp = s.gdp[member]
        if people and gdp and not low <= gdp / people <= high:
            message = f"GDP per head of '{member}' would be {gdp / people:.3g}: a unit may be off by a thousand"
            remedy = "GDP is in millions of the currency, population in millions."
            yield at.warning(("gdp", member), gdp, message, remedy)


@hint("capability", "unit_cost", *_BUDGET)
def unit_costs_are_plausible(s: Scenario, at: Places) -> Iterator[Fault]:
    """A unit that costs many times what the whole alliance offers is off by a thousand or more."""
    budget = sum(first_budget(s, member) for member in s.sets["member"])
    positive = [cost for cost in s.unit_cost.values() if cost]
    middle = median(positive) if len(positive) > 2 else 0.0
    for capability, cost in s.unit_cost.items():
        reason = ""
        if budget and cost > MOST_BUDGETS_A_UNIT * budget:
            reason = f"{cost / budget:.3g} times what the whole alliance offers in a year"
        elif middle and cost and not 1 / MOST_TIMES_MEDIAN <= cost / middle <= MOST_TIMES_MEDIAN:
            reason = f"{cost / middle:.3g} times the median price"
        if reason:
            message = f"a unit of '{capability}' costs {reason}: a unit may be off by a thousand"
            yield at.warning(("unit_cost", capability), cost, message, "Prices are in millions of the currency.")


@hint("capability", "unit_cost", "sustainment_cost")
def upkeep_is_below_the_price(s: Scenario, at: Places) -> Iterator[Fault]:
    """Keeping a unit for a year rarely costs more than buying one."""
    for capability, upkeep in s.sustainment_cost.items():
        price = s.unit_cost[capability]
        if upkeep > price > 0:
            message = f"a year's upkeep of '{capability}' costs more than a new unit ({price:g})"
            yield at.warning(
                ("sustainment_cost", capability), upkeep, message, "Check the unit: money per unit and year."
            )
