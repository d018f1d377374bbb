"""Partners from outside: what they pay members for contributions, and the forces they lend."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from model.core.data import Data
from model.core.decisions import Decisions
from model.core.domains import Key
from model.language.registry import additions, adds_to, bound, constraint, derived, parameter, quantity, variable
from model.layers.partners import domains as here
from model.layers.partners.domains import support


@derived
def payments_to(d: Data) -> dict[Key, list[Key]]:
    """What partners may pay each (member, period) for, as keys of payments."""
    found: dict[Key, list[Key]] = {key: [] for key in product(d.sets["member"], d.sets["period"])}
    for key in d.keys(here.payments):
        found[key[1], key[-1]].append(key)
    return found


@derived
def payments_by(d: Data) -> dict[Key, list[Key]]:
    """What each (partner, period) may pay for, as keys of payments."""
    found: dict[Key, list[Key]] = {key: [] for key in d.keys(here.helping_partners)}
    for key in d.keys(here.payments):
        found[key[0], key[-1]].append(key)
    return found


@derived
def charged_loans(d: Data) -> dict[int, list[Key]]:
    """The loans of each period that cost the members something."""
    found: dict[int, list[Key]] = {t: [] for t in d.sets["period"]}
    for j, k, c, t in d.keys(here.loans):
        if support(d, "lending_price", j, k, c) > 0:
            found[t].append((j, k, c, t))
    return found


@parameter("money", over=here.limited_partners)
def partner_offer(d: Data, partner: str, period: int) -> float:
    """Most a partner pays to all members together in a period."""
    return float(d.step * d.partner_money[partner])


@parameter("money/effective unit", symbol="r", over=here.reimbursed_requirements)
def payment_rate(d: Data, partner: str, task: str, capability: str, period: int) -> float:
    """What a partner pays for an effective unit contributed through a period."""
    return float(d.step * support(d, "reimbursement", partner, task, capability))


@parameter("effective unit", over=here.loans)
def offered_loan(d: Data, partner: str, task: str, capability: str, period: int) -> float:
    """Effective units a partner offers to lend to a task."""
    return float(support(d, "lendable", partner, task, capability))


@parameter("money/effective unit", over=here.loans)
def loan_price(d: Data, partner: str, task: str, capability: str, period: int) -> float:
    """What a lent effective unit costs the members for a period."""
    return float(d.step * support(d, "lending_price", partner, task, capability))


@variable("money", symbol="G", over=here.payments, by_case=True)
def paid(d: Data, partner: str, member: str, task: str, capability: str, period: int) -> None:
    """Money a partner pays a member for what it contributes to a task."""


@variable("effective unit", symbol="V", over=here.loans, by_case=True)
def lent(d: Data, partner: str, task: str, capability: str, period: int) -> None:
    """Effective units a partner lends to a task."""


@quantity("money")
def received(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member gets from partners for what it contributes.

    .. math:: \sum_{j,k,c} G_{jmkct}
    """
    return m.sum([m.paid[key] for key in d.payments_to[member, period]])


@quantity("money")
def hire(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""A member's fair share of what the forces lent by partners cost, to tasks it takes part in.

    .. math:: \sum_{j,k,c} \kappa_{mk}\, \mathrm{price}_{jkct} V_{jkct}
    """
    return m.sum([d.task_share[member, key[1]] * d.loan_price[key] * m.lent[key] for key in d.charged_loans[period]])


@quantity("money", over=here.helping_partners)
def partner_payment(m: Decisions, d: Data, partner: str, period: int) -> Any:
    r"""Money a partner pays to all members in a period.

    .. math:: \sum_{m,k,c} G_{jmkct}
    """
    return m.sum([m.paid[key] for key in d.payments_by[partner, period]])


@constraint("money", over=here.payments)
def payment_follows_contribution(
    m: Decisions, d: Data, partner: str, member: str, task: str, capability: str, period: int
) -> Any:
    r"""A member is paid at most the partner's rate for each effective unit it contributes.

    .. math:: G_{jmkct} \le r_{jkct} Y_{mkct}
    """
    rate = d.payment_rate[partner, task, capability, period]
    return m.paid[partner, member, task, capability, period] <= rate * m.contributed[member, task, capability, period]


@constraint(
    "money",
    over=here.reimbursed_requirements,
    may_bend=True,
    source="scenario: Partners, own_part",
    remedy="{partner} would pay {amount} {currency} of the members' part for {capability} in {task} in {years}",
    cells=("Partners.own_part",),
    reason="other",
)
def members_bear_their_part(m: Decisions, d: Data, partner: str, task: str, capability: str, period: int) -> Any:
    r"""A partner pays for what is needed, and leaves the agreed part of that to the members.

    .. math:: \sum_m G_{jmkct} \le (1-\mathrm{own}_j)\, r_{jkct} \Big(R_{kct} - z_{kct} - \sum_{j'} V_{j'kct} -
        Y^{\circ}_{kct}\Big)

    What partners lend and what the alliance's own forces do is not paid for.
    """
    at = task, capability, period
    payments = [m.paid[partner, n, *at] for n in d.contributors[at]]
    own = d.required[at] - m.shortfall[at] - m.sum(additions("provided", m, d, *at))
    return m.sum(payments) <= (1 - d.members_part[partner]) * d.payment_rate[partner, *at] * own


@constraint(
    "money",
    over=here.limited_partners,
    may_bend=True,
    source="scenario: Partners, money",
    remedy="{partner} would pay {amount} {currency} more than it offers in {years}",
    cells=("Partners.money",),
    reason="other",
    limit="what {partner} offers in {year}",
)
def partner_money_suffices(m: Decisions, d: Data, partner: str, period: int) -> Any:
    r"""A partner pays no more in a period than it offers.

    .. math:: \sum_{m,k,c} G_{jmkct} \le \Delta\, \mathrm{money}_j
    """
    return m.partner_payment[partner, period] <= d.partner_offer[partner, period]


@bound(
    "effective unit",
    of="lent",
    over=here.loans,
    may_bend=True,
    source="scenario: Partner support, quantity",
    remedy="{partner} would lend {amount} more of {capability} ({unit}) to {task} than it offers in {years}",
    cells=("Partner support.quantity",),
    reason="other",
)
def loan_is_limited(m: Decisions, d: Data, partner: str, task: str, capability: str, period: int) -> Any:
    r"""A partner lends a task no more than it offers.

    .. math:: V_{jkct} \le \mathrm{quantity}_{jkc}
    """
    return d.offered_loan[partner, task, capability, period]


@constraint(
    "effective unit",
    over=here.loans,
    may_bend=True,
    source="scenario: Partners, own_part",
    remedy="{partner} would lend {amount} of the members' part of {capability} ({unit}) for {task} in {years}",
    cells=("Partners.own_part",),
    reason="other",
)
def members_provide_their_part(m: Decisions, d: Data, partner: str, task: str, capability: str, period: int) -> Any:
    r"""A partner lends for what is needed, and leaves the agreed part of that to the members.

    .. math:: V_{jkct} \le (1-\mathrm{own}_j) (R_{kct} - z_{kct})
    """
    at = task, capability, period
    return m.lent[partner, *at] <= (1 - d.members_part[partner]) * (d.required[at] - m.shortfall[at])


@adds_to("spend")
def _paid(m: Decisions, d: Data, member: str, period: int) -> list[Any]:
    """What lent forces cost, less what partners pay back."""
    hired = [m.hire[member, period]] if d.charged_loans[period] else []
    return [*hired, -m.received[member, period]] if d.payments_to[member, period] else hired


@adds_to("provided")
def _lent(m: Decisions, d: Data, task: str, capability: str, period: int) -> list[Any]:
    keys = [(j, task, capability, period) for j in d.sets["partner"]]
    return [m.lent[key] for key in keys if key in m.lent]


@adds_to("repaid_members")
def _repaid(d: Data) -> Iterator[Key]:
    return ((key[1], key[-1]) for key in d.keys(here.payments))
