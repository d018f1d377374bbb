"""Checks of what is required, held, released and promised."""

from __future__ import annotations

import math
from collections.abc import Iterator

from model.language.faults import Fault
from model.layers.programmes.participants import participants
from model.scenario.checks.registry import HORIZON, check, hint, some
from model.scenario.checks.years import horizon_is_sound, in_force
from model.scenario.ledger import HEADING, Places
from model.scenario.scenario import Scenario, Values

_FIELDS = ("member", "capability", "holding", "cost_factor", "programme_capability", "participants", "groups")
_TOLERANCE = 1e-9


def is_field(s: Scenario, member: str, capability: str) -> bool:
    """Whether the member holds or may acquire the capability, by itself or through a programme."""
    if (member, capability) in s.holding or (member, capability) in s.cost_factor:
        return True
    through = [g for g, delivered in s.programme_capability.items() if delivered == capability]
    return any(member in participants(s, g) for g in through)


@check("task", "capability", "quantity")
def something_is_required(s: Scenario, at: Places) -> Iterator[Fault]:
    """Without any requirement there is no risk to reduce."""
    if s.quantity and not any(s.quantity.values()):
        message = "every required quantity is zero, so there is nothing to plan"
        yield at.error(("quantity", HEADING), 0, message, "Fill in what the tasks require.")


@hint("task", "quantity")
def every_task_requires_something(s: Scenario, at: Places) -> Iterator[Fault]:
    """A task without requirements changes nothing."""
    required = {task for (task, _, _), quantity in s.quantity.items() if quantity}
    for task in s.sets["task"]:
        if task not in required and required:
            message = f"the task '{task}' requires nothing"
            yield at.warning(("task", task), task, message, "Add rows to Requirements, or remove the task.")


@hint("capability", "quantity")
def every_capability_is_required(s: Scenario, at: Places) -> Iterator[Fault]:
    """A capability that no task requires only costs."""
    required = {capability for (_, capability, _), quantity in s.quantity.items() if quantity}
    for capability in s.sets["capability"]:
        if capability not in required and required:
            message = f"no task requires the capability '{capability}'"
            yield at.warning(("capability", capability), capability, message, "Add it to Requirements, or remove it.")


@hint("situation", "task_situation")
def every_situation_has_tasks(s: Scenario, at: Places) -> Iterator[Fault]:
    """A situation without tasks is a situation without risk."""
    used = set(s.task_situation.values())
    for situation in s.sets["situation"]:
        if situation not in used and used:
            message = f"the situation '{situation}' has no tasks"
            yield at.warning(("situation", situation), situation, message, "Add tasks to it, or remove it.")


@hint(
    *_FIELDS, "task", "quantity", "max_fraction", "member_availability", "capability_availability",
    "capability_max_share", "sharing", "still_counts",
)  # fmt: skip
def somebody_can_field_what_is_required(s: Scenario, at: Places) -> Iterator[Fault]:
    """A requirement that no member may meet, or that max_share keeps from being met, stays short whatever is paid."""
    for (task, capability, year), quantity in s.quantity.items():
        if not quantity:
            continue
        able = [m for m in s.sets["member"] if is_field(s, m, capability) and _releases(s, m, task, capability)]
        share = min(1.0, len(able) * (s.capability_max_share[capability] or 0.0))
        place = ("quantity", (task, capability, year))
        if not able:
            message = f"no member can field '{capability}' for '{task}': none holds, may acquire and releases it"
            remedy = "Check Holdings, Cost factors, Caveats, Opt-outs and availability."
            yield at.warning(place, quantity, message, remedy)
        elif share < 1 - _TOLERANCE and s.sharing[capability] != "weakest link":
            message = (
                f"at most {share:.0%} of this can be met: max_share of '{capability}' is "
                f"{s.capability_max_share[capability]:g} and only {some(able)} can field it"
            )
            yield at.warning(place, quantity, message, "Raise max_share, or let more members field it.")


def _releases(s: Scenario, member: str, task: str, capability: str) -> bool:
    """Whether anything of the member's force may be deployed for the task."""
    if (member, task) in s.still_counts:
        return False
    fractions = [s.max_fraction.get((member, task, of), 1.0) for of in (capability, None)]
    available = s.member_availability[member] * s.capability_availability[capability]
    return min(fractions) * available > 0


@check(*_FIELDS, "min_stock")
def pledges_are_of_fields(s: Scenario, at: Places) -> Iterator[Fault]:
    """Nobody can promise what it neither holds nor may acquire."""
    for (member, capability, year), least in s.min_stock.items():
        if least and not is_field(s, member, capability):
            message = f"'{member}' neither holds '{capability}' nor may acquire it, so it cannot keep this pledge"
            remedy = "Correct Holdings or Cost factors, or remove the pledge."
            yield at.error(("min_stock", (member, capability, year)), least, message, remedy)


@check("min_stock", "max_stock", "year")
def pledges_do_not_contradict_themselves(s: Scenario, at: Places) -> Iterator[Fault]:
    """A row's least is not above its most, and a row promises something."""
    for row, least in s.min_stock.items():
        most = s.max_stock[row]
        if least is None and most is None:
            message = "this pledge has neither min_stock nor max_stock, so it has no effect"
            yield at.warning(("min_stock", row), "blank", message, "Fill in one of them, or remove the row.")
        elif least is not None and most is not None and least > most:
            message = f"'min_stock' is above 'max_stock' ({most:g})"
            yield at.error(("min_stock", row), least, message, "Correct one of the two.")


Pledges = dict[tuple[str, str], dict[int | None, float]]
"""By member and capability, the limits of one kind and the years from which they hold."""


def _limits(column: Values) -> Pledges:
    limits: Pledges = {}
    for (member, capability, year), limit in column.items():
        if limit is not None:
            limits.setdefault((member, capability), {})[year] = limit
    return limits


@check("min_stock", "max_stock", "year", *HORIZON)
def pledges_do_not_contradict_each_other(s: Scenario, at: Places) -> Iterator[Fault]:
    """Limits of two rows that hold at the same time leave room for some number."""
    if not horizon_is_sound(s):
        return
    least, most = _limits(s.min_stock), _limits(s.max_stock)
    for pair in (pair for pair in least if pair in most):
        for period in s.periods:
            low, high = in_force(least[pair], period), in_force(most[pair], period)
            if low is False or high is False or low == high or least[pair][low] <= most[pair][high]:
                continue
            since = "the start" if high is None else high
            message = f"'min_stock' is above the 'max_stock' of {most[pair][high]:g} that holds from {since}"
            remedy = "Correct one of the two rows: a limit holds until a later row gives a new one."
            yield at.error(("min_stock", (*pair, low)), least[pair][low], message, remedy)
            break


@hint(*_FIELDS, *HORIZON, "min_stock", "max_stock", "year", "life", "lead_time")
def pledges_can_be_kept(s: Scenario, at: Places) -> Iterator[Fault]:
    """What must be held before anything ordered can arrive must be held already."""
    if not horizon_is_sound(s):
        return
    step = s.settings["years_per_period"]
    for (member, capability), pledged in _limits(s.min_stock).items():
        if not is_field(s, member, capability):
            continue
        left = max(0.0, 1 - step / s.life[capability])
        wait = math.ceil(s.lead_time[capability] / step - _TOLERANCE)
        may_order = (member, capability) in s.cost_factor
        for number, period in enumerate(s.periods[: wait if may_order else None]):
            year = in_force(pledged, period)
            most = s.holding.get((member, capability), 0.0) * left**number
            if year is not False and pledged[year] > most * (1 + _TOLERANCE):
                cause = f"an order takes {s.lead_time[capability]:g} years" if may_order else "it may not acquire any"
                message = f"no plan can keep this pledge: in {period} at most {most:.4g} are left, and {cause}"
                remedy = "Lower min_stock, or let it begin later."
                yield at.warning(("min_stock", (member, capability, year)), pledged[year], message, remedy)
                break
