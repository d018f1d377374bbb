"""Partners from outside: what they pay members for contributions, and the forces they lend."""

from __future__ import annotations

from typing import Any

from model.core import domains
from model.core.data import Data
from model.language.registry import bound, constraint, parameter, quantity, variable


@parameter("money", over=domains.limited_partners)
def partner_offer(d: Data, partner: str, period: int) -> float:
    """Most a partner pays to all members together in a period."""
    return float(d.step * d.partner_money[partner])


@parameter("money/effective unit", symbol="r", over=domains.reimbursed_requirements)
def payment_rate(d: Data, partner: str, task: str, capability: str, period: int) -> float:
    """What a partner pays for an effective unit contributed through a period."""
    return float(d.step * d.support("reimbursement", partner, task, capability))


@parameter("effective unit", over=domains.loans)
def offered_loan(d: Data, partner: str, task: str, capability: str, period: int) -> float:
    """Effective units a partner offers to lend to a task."""
    return float(d.support("lendable", partner, task, capability))


@parameter("money/effective unit", over=domains.loans)
def loan_price(d: Data, partner: str, task: str, capability: str, period: int) -> float:
    """What a lent effective unit costs the members for a period."""
    return float(d.step * d.support("lending_price", partner, task, capability))


@variable("money", symbol="G", over=domains.payments, by_case=True)
def paid(d: Data, partner: str, member: str, task: str, capability: str, period: int) -> None:
    """Money a partner pays a member for what it contributes to a task."""


@variable("effective unit", symbol="V", over=domains.loans, by_case=True)
def lent(d: Data, partner: str, task: str, capability: str, period: int) -> None:
    """Effective units a partner lends to a task."""


@quantity("money")
def received(m: Any, d: Data, member: str, period: int) -> Any:
    r"""Money a member gets from partners for what it contributes.

    .. math:: \sum_{j,k,c} G_{jmkct}
    """
    return m.sum([m.paid[key] for key in d.payments_to[member, period]])


@quantity("money")
def hire(m: Any, d: Data, member: str, period: int) -> Any:
    r"""A member's fair share of what the forces lent by partners cost, to tasks it takes part in.

    .. math:: \sum_{j,k,c} \kappa_{mk}\, \mathrm{price}_{jkct} V_{jkct}
    """
    return m.sum([d.task_share[member, key[1]] * d.loan_price[key] * m.lent[key] for key in d.charged_loans[period]])


@quantity("money", over=domains.helping_partners)
def partner_payment(m: Any, d: Data, partner: str, period: int) -> Any:
    r"""Money a partner pays to all members in a period.

    .. math:: \sum_{m,k,c} G_{jmkct}
    """
    return m.sum([m.paid[key] for key in d.payments_by[partner, period]])


@constraint("money", over=domains.payments)
def payment_follows_contribution(
    m: Any, d: Data, partner: str, member: str, task: str, capability: str, period: int
) -> Any:
    r"""A member is paid at most the partner's rate for each effective unit it contributes.

    .. math:: G_{jmkct} \le r_{jkct} Y_{mkct}
    """
    rate = d.payment_rate[partner, task, capability, period]
    return m.paid[partner, member, task, capability, period] <= rate * m.contributed[member, task, capability, period]


@constraint("money", over=domains.reimbursed_requirements, may_bend=True, source="scenario: Partners, own_part")
def members_bear_their_part(m: Any, d: Data, partner: str, task: str, capability: str, period: int) -> Any:
    r"""A partner pays for what is needed, and leaves the agreed part of that to the members.

    .. math:: \sum_m G_{jmkct} \le (1-\mathrm{own}_j)\, r_{jkct} \Big(R_{kct} - z_{kct} - \sum_{j'} V_{j'kct} -
        Y^{\circ}_{kct}\Big)

    What partners lend and what the alliance's own forces do is not paid for.
    """
    at = task, capability, period
    payments = [m.paid[partner, n, *at] for n in d.contributors[at]]
    loans = [m.lent[j, *at] for j in d.sets["partner"] if (j, *at) in m.lent]
    others = [*loans, m.commonly_contributed[at]] if at in m.commonly_contributed else loans
    own = d.required[at] - m.shortfall[at] - m.sum(others)
    return m.sum(payments) <= (1 - d.members_part[partner]) * d.payment_rate[partner, *at] * own


@constraint("money", over=domains.limited_partners, may_bend=True, source="scenario: Partners, money")
def partner_money_suffices(m: Any, d: Data, partner: str, period: int) -> Any:
    r"""A partner pays no more in a period than it offers.

    .. math:: \sum_{m,k,c} G_{jmkct} \le \Delta\, \mathrm{money}_j
    """
    return m.partner_payment[partner, period] <= d.partner_offer[partner, period]


@bound("effective unit", of="lent", over=domains.loans, may_bend=True, source="scenario: Partner support, quantity")
def loan_is_limited(m: Any, d: Data, partner: str, task: str, capability: str, period: int) -> Any:
    r"""A partner lends a task no more than it offers.

    .. math:: V_{jkct} \le \mathrm{quantity}_{jkc}
    """
    return d.offered_loan[partner, task, capability, period]


@constraint("effective unit", over=domains.loans, may_bend=True, source="scenario: Partners, own_part")
def members_provide_their_part(m: Any, d: Data, partner: str, task: str, capability: str, period: int) -> Any:
    r"""A partner lends for what is needed, and leaves the agreed part of that to the members.

    .. math:: V_{jkct} \le (1-\mathrm{own}_j) (R_{kct} - z_{kct})
    """
    at = task, capability, period
    return m.lent[partner, *at] <= (1 - d.members_part[partner]) * (d.required[at] - m.shortfall[at])
