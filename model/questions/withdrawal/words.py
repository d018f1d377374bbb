"""Departures in sentences a planner can repeat: what goes, who makes it up, what it takes to hold risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.wording.amounts import currency_of
from model.wording.figures import goes

if TYPE_CHECKING:
    from model.questions.withdrawal.result import Departure

NAMED = 3
"""Departures told in words, and members named in each; the tables have them all."""

MOST = 0.9
"""Part of the way back to the risk of before that is priced where no money goes all the way."""


def sentence(d: Departure) -> str:
    """One departure that has a plan."""
    money = currency_of(d.before.scenario)
    said = f"Without {d.name}, {goes('risk', d.risk_before, d.risk_after)}; {d.money_gone:,.0f} {money} goes with it"
    if d.makers_up:
        more = sum(now - was for was, now in d.burdens.values())
        named = ", ".join(d.makers_up[:NAMED])
        change = f"spend {more:,.0f} {money} more" if more >= 0 else f"spend {-more:,.0f} {money} less"
        said += f", and the others together {change} (increases: {named} first)"
    return said + (_to_hold(d, money) if d.hold is not None else ".")


def _to_hold(d: Departure, money: str) -> str:
    """What it takes to hold risk where it was, or how near money gets."""
    assert d.hold is not None
    if d.hold.found:
        return f". To hold risk where it was they would have to offer {d.hold.total:,.0f} {money} beyond their budgets."
    said = ". No money holds risk where it was, because other limits (deliveries, industry, shares, caveats) stand in the way"
    if d.least_risk is not None:
        said += f"; the least risk that any money reaches is {100 * d.least_risk:.1f} %"
    if d.most_of_the_way is not None:
        said += f", and {MOST:.0%} of the way there takes {d.most_of_the_way.total:,.0f} {money} beyond the budgets"
    return said + "."
