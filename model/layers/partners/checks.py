"""Checks of the sheets about partners: their years, what they pay for and what they lend."""

from __future__ import annotations

from collections.abc import Iterator

from model.language.faults import Fault
from model.language.names import normalised
from model.scenario.checks.registry import HORIZON, check, hint
from model.scenario.checks.years import horizon_is_sound
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario

_SUPPORT = ("partner", "capability", "task", "reimbursement", "lendable")


@check("partner", "member")
def partners_are_from_outside(s: Scenario, at: Places) -> Iterator[Fault]:
    """A member cannot be a partner of its own alliance."""
    members = {normalised(member): member for member in s.sets["member"]}
    for partner in s.sets["partner"]:
        if normalised(partner) in members:
            message = f"'{partner}' is a member, and partners are from outside the alliance"
            yield at.error(("partner", partner), partner, message, "Remove it here, or on Members.")


@check("partner", "partner_from", "partner_to", *HORIZON)
def partners_help_in_some_period(s: Scenario, at: Places) -> Iterator[Fault]:
    """The first year of a partner's help is not after the last, and some period begins between them."""
    for partner in s.sets["partner"]:
        first, last = s.partner_from[partner], s.partner_to[partner]
        if first is not None and last is not None and first > last:
            message = f"'from_year' is after 'to_year' ({last})"
            yield at.error(("partner_from", partner), first, message, "Correct one of the two.")
        elif horizon_is_sound(s) and not any((first or t) <= t <= (last or t) for t in s.periods):
            message = "no period begins in the years in which this partner helps, so it never does"
            place = ("partner_from" if first is not None else "partner_to", partner)
            remedy = f"Correct the years: periods begin in {', '.join(map(str, s.periods[:8]))}."
            yield at.warning(place, first if first is not None else last or "", message, remedy)


@check(*_SUPPORT, "sharing")
def partners_lend_what_adds_up(s: Scenario, at: Places) -> Iterator[Fault]:
    """Where the weakest link counts each member owes its own part, which nobody else can provide."""
    for row, quantity in s.lendable.items():
        if quantity and s.sharing[row[1]] == "weakest link":
            message = f"'{row[1]}' is shared as a weakest link: each member owes its own part, so none can be lent"
            yield at.error(("lendable", row), quantity, message, "Leave the cell blank, or change sharing.")


@hint(*_SUPPORT)
def support_does_something(s: Scenario, at: Places) -> Iterator[Fault]:
    """A row should pay or lend something."""
    for row, rate in s.reimbursement.items():
        if not rate and not s.lendable[row]:
            message = "this row neither pays nor lends anything"
            remedy = "Fill in reimbursement or quantity, or remove the row."
            yield at.warning(("Partner support.capability", row), row[1], message, remedy)


@hint(*_SUPPORT, "quantity")
def support_goes_where_something_is_required(s: Scenario, at: Places) -> Iterator[Fault]:
    """Support for what no task requires is never called for."""
    required = {key[:2] for key, quantity in s.quantity.items() if quantity}
    for row in s.reimbursement:
        _, capability, task = row
        if not any(c == capability and task in (None, k) for k, c in required):
            what = f"'{task}' requires no '{capability}'" if task else f"no task requires '{capability}'"
            remedy = "Correct the names, or add the requirement."
            message = f"{what}, so this support is never called for"
            yield at.warning(("Partner support.capability", row), capability, message, remedy)


@hint("partner", "members_part", "reimbursement", "lendable")
def partners_are_of_use(s: Scenario, at: Places) -> Iterator[Fault]:
    """A partner without rows of support, or that leaves everything to the members, changes nothing."""
    helping = {row[0] for row in s.reimbursement}
    for partner in s.sets["partner"]:
        if partner not in helping:
            message = f"'{partner}' pays for nothing and lends nothing"
            remedy = "Add rows to Partner support, or remove the partner."
            yield at.warning(("partner", partner), partner, message, remedy)
        elif s.members_part[partner] == 1:
            message = "members are to bear everything themselves, so this partner never helps"
            yield at.warning(("members_part", partner), 1.0, message, "Lower own_part, or remove the partner.")
