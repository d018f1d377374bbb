"""Where the money of orders goes: whose industry earns it, the jobs it gives, what must come back, and what suppliers can make."""

from __future__ import annotations

import math
from typing import Any

from model.core.data import Data
from model.core.decisions import Decisions
from model.core.domains import Key
from model.core.orders import acquired_with_others, orders_of, paid_for_orders, units_ordered
from model.language.names import normalised
from model.language.registry import constraint, derived, parameter, quantity
from model.layers.industry import domains as here


@derived
def supplies_of(d: Data) -> dict[str, list[Key]]:
    """What each member's industry makes, as keys of supplies; a supplier is a member's industry if it has its name."""
    found: dict[str, list[Key]] = {m: [] for m in d.sets["member"]}
    known = {normalised(m): m for m in d.sets["member"]}
    for key in d.keys(here.supplies):
        if (member := known.get(normalised(key[1]))) is not None:
            found[member].append(key)
    return found


@parameter("fraction of 1", symbol="w", over=here.supplies)
def order_share(d: Data, capability: str, supplier: str) -> float:
    """Part of every order of a capability that a supplier makes."""
    return float(d.work_share[capability, supplier])


@parameter("fraction of 1", symbol=r"w^{\text{home}}")
def home_share(d: Data, capability: str) -> float:
    r"""Part of every order of a capability that is made in the buyer's own country: what named suppliers leave.

    .. math:: 1 - \sum_f w_{cf}
    """
    named = [d.work_share[key] for key in d.keys(here.supplies) if key[0] == capability]
    return max(0.0, 1.0 - math.fsum(named)) if named else 1.0


@parameter("unit", over=here.supplier_limits)
def supplier_capacity(d: Data, capability: str, supplier: str, period: int) -> float:
    """Units a supplier can make in a period for the whole alliance."""
    return float(d.step * d.supplier_limit[capability, supplier])


@parameter("job-years/money", over=here.employers)
def jobs_of_money(d: Data, capability: str, supplier: str) -> float:
    """Job-years that a million paid to a supplier gives."""
    return float(d.jobs_per_million[capability, supplier])


@quantity("money", over=here.supplies_in_time)
def sold(m: Decisions, d: Data, capability: str, supplier: str, period: int) -> Any:
    r"""Money a supplier gets for its part of all orders of a capability: members', through programmes, the alliance's own.

    .. math:: w_{cf}\, O_{ct}, \qquad O_{ct} = \sum_m \Big(a_{mc} A_{mct} +
        \sum_{g:\,c(g)=c} (1-\delta_g)\, a_{mc} J_{gmt}\Big) + a^{\circ}_c A^{\circ}_{ct}
    """
    return m.sum([d.order_share[capability, supplier] * paid for paid in paid_for_orders(m, d, capability, period)])


@quantity("money", over=here.earning_members)
def kept_at_home(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money of a member's orders, and of its part of the alliance's, that stays in its own country because no supplier is named.

    .. math:: \sum_c w^{\text{home}}_c\, O_{mct}, \qquad O_{mct} = a_{mc} A_{mct} +
        \sum_{g:\,c(g)=c} (1-\delta_g)\, a_{mc} J_{gmt} + \kappa_{mc} a^{\circ}_c A^{\circ}_{ct}
    """
    return m.sum([order for c in d.sets["capability"] for order in orders_of(m, d, member, c, period, d.home_share[c])])


@quantity("money", over=here.earning_members)
def earned(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member's own industry earns from all orders.

    .. math:: \sum_c \big(w_{cm}\, O_{ct} + w^{\text{home}}_c\, O_{mct}\big)
    """
    return m.sum([*(m.sold[*key, period] for key in d.supplies_of[member]), m.kept_at_home[member, period]])


@quantity("money", over=here.earning_members)
def gdp_effect(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""What the money its industry earns adds to a member's GDP, where the workbook gives a multiplier.

    .. math:: \mathrm{multiplier}_m \cdot \mathrm{earned}_{mt}
    """
    return (d.multiplier[member] or 0.0) * m.earned[member, period]


@quantity("job-years", over=here.earning_members)
def jobs(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Job-years in a member's industry, from money to suppliers whose jobs the workbook states.

    .. math:: \sum_c \mathrm{jobs}_{cm}\, w_{cm}\, O_{ct}
    """
    keys = [key for key in d.supplies_of[member] if key in d.jobs_of_money]
    return m.sum([d.jobs_of_money[key] * m.sold[*key, period] for key in keys])


@constraint(
    "money",
    over=here.returning_members,
    may_bend=True,
    source="European Space Agency: geographical return",
    remedy="{member} would have {amount} {currency} less come back to its industry than agreed",
    cells=("Members.juste_retour",),
    reason="return",
)
def industry_gets_its_return(m: Decisions, d: Data, member: str) -> Any:
    r"""Over the horizon, at least the agreed part of what a member spends on acquisition comes back to its own industry.

    .. math:: \sum_t \mathrm{earned}_{mt} \ge \mathrm{juste\_retour}_m \sum_{t,c} O_{mct}

    What members pay for developing a programme, for research and for transfers is not routed.
    """
    spent = [m.acquisition[member, t] for t in d.sets["period"]]
    spent += [paid for t in d.sets["period"] for paid in acquired_with_others(m, d, member, t)]
    back = m.sum([m.earned[member, t] for t in d.sets["period"]])
    return back >= d.juste_retour[member] * m.sum(spent)


@constraint(
    "unit",
    over=here.supplier_limits,
    may_bend=True,
    source="scenario: Industry, limit",
    remedy="{supplier} would have to make {amount} more of {capability} ({unit}) in {years}",
    cells=("Industry.limit",),
    reason="supplier",
    limit="what {supplier} can make of {capability} in {year}",
)
def supplier_keeps_up(m: Decisions, d: Data, capability: str, supplier: str, period: int) -> Any:
    r"""A supplier is asked for no more than it can make.

    .. math:: w_{cf} \Big(\sum_m \big(A_{mct} + \sum_{g:\,c(g)=c} J_{gmt}\big) + A^{\circ}_{ct}\Big) \le \Delta\, \mathrm{limit}_{cf}
    """
    part = d.order_share[capability, supplier]
    return (
        m.sum([part * order for order in units_ordered(m, d, capability, period)])
        <= d.supplier_capacity[capability, supplier, period]
    )
