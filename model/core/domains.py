"""Where each part exists: sparse lists of keys, so that nothing is created that could not matter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.core.data import Data

Key = tuple[Any, ...]


def fields(d: Data) -> Iterator[Key]:
    """(member, capability): the member holds it or may acquire it, by itself or through a programme."""
    for pair in product(d.sets["member"], d.sets["capability"]):
        if pair in d.cost_factor or d.scenario.holding.get(pair, 0) > 0 or pair in d.programmes_of:
            yield pair


def fields_in_time(d: Data) -> Iterator[Key]:
    """(member, capability, period)."""
    return ((m, c, t) for m, c in d.keys(fields) for t in d.sets["period"])


def orders(d: Data) -> Iterator[Key]:
    """(member, capability, period): may be ordered, and arrives in time."""
    for m, c, t in d.keys(fields_in_time) if d.settings["new_orders"] else ():
        ripe = (m, c) in d.cost_factor and d.can_be_ordered(c, t)
        if ripe and d.arrival(c, t) in d.position:
            yield m, c, t


def held_levels(d: Data) -> Iterator[Key]:
    """(member, level): the levels with a stock of their own; up to the member's floor, all are level 0."""
    for m in d.sets["member"]:
        yield m, 0
        yield from ((m, level) for level in d.sets["level"] if level > d.floor[m])


def stocks(d: Data) -> Iterator[Key]:
    """(member, capability, level, period)."""
    return ((m, c, level, t) for m, c in d.keys(fields) for level in d.levels_of[m] for t in d.sets["period"])


def lifted_stocks(d: Data) -> Iterator[Key]:
    """(member, capability, level, period) above the member's floor."""
    return (key for key in d.keys(stocks) if key[2] > 0)


def requirements(d: Data) -> Iterator[Key]:
    """(task, capability, period) with something required."""
    for k, c, t in product(d.sets["task"], d.sets["capability"], d.sets["period"]):
        if d.quantity_in(k, c, t) > 0:
            yield k, c, t


def pooled_requirements(d: Data) -> Iterator[Key]:
    """Requirements that are met by the sum of contributions."""
    return (key for key in d.keys(requirements) if d.sharing[key[1]] != "weakest link")


def weakest_link_requirements(d: Data) -> Iterator[Key]:
    """Requirements where the worst member decides."""
    return (key for key in d.keys(requirements) if d.sharing[key[1]] == "weakest link")


def bands(d: Data) -> Iterator[Key]:
    """(task, capability, period, band)."""
    return ((*key, b) for key in d.keys(requirements) for b in d.sets["band"])


def contributions(d: Data) -> Iterator[Key]:
    """(member, task, capability, period): a field, required, released at all, asked of the member, which takes part in the task."""
    for k, c, t in d.keys(requirements):
        owed = d.sharing[c] == "weakest link"
        for m in d.members_of_field[c]:
            takes_part = (m, k) not in d.still_counts
            if takes_part and d.release[m, k, c] > 0 and not (owed and d.task_share[m, k] <= 0):
                yield m, k, c, t


def helping_partners(d: Data) -> Iterator[Key]:
    """(partner, period): the partner helps in the period, which it does if the period begins in its years."""
    for j, t in product(d.sets["partner"], d.sets["period"]):
        first, last = d.partner_from[j], d.partner_to[j]
        if (first is None or first <= t) and (last is None or t <= last):
            yield j, t


def reimbursed_requirements(d: Data) -> Iterator[Key]:
    """(partner, task, capability, period): the partner pays for what is required."""
    for j, t in d.keys(helping_partners):
        yield from (
            (j, *key) for key in d.keys(requirements) if key[2] == t and d.support("reimbursement", j, *key) > 0
        )


def payments(d: Data) -> Iterator[Key]:
    """(partner, member, task, capability, period): the partner pays for what the member may contribute."""
    for j, *key in d.keys(reimbursed_requirements):
        yield from ((j, m, *key) for m in d.contributors[tuple(key)])


def limited_partners(d: Data) -> Iterator[Key]:
    """(partner, period): the partner pays for something, and not without limit."""
    paying = {(key[0], key[-1]) for key in d.keys(payments)}
    return (key for key in d.keys(helping_partners) if key in paying and d.partner_money[key[0]] is not None)


def loans(d: Data) -> Iterator[Key]:
    """(partner, task, capability, period): the partner offers forces for what is required and met by the sum."""
    for j, t in d.keys(helping_partners):
        yield from (
            (j, *key) for key in d.keys(pooled_requirements) if key[2] == t and d.support("lendable", j, *key) > 0
        )


def repaid_members(d: Data) -> Iterator[Key]:
    """(member, period): partners may pay the member for something."""
    return iter(sorted({(key[1], key[-1]) for key in d.keys(payments)}))


def supplies(d: Data) -> Iterator[Key]:
    """(capability, supplier): the supplier makes a part of what is ordered."""
    return iter(sorted(key for key, part in d.work_share.items() if part > 0))


def supplies_in_time(d: Data) -> Iterator[Key]:
    """(capability, supplier, period)."""
    return ((*key, t) for key in d.keys(supplies) for t in d.sets["period"])


def supplier_limits(d: Data) -> Iterator[Key]:
    """(capability, supplier, period): the supplier can make only so much of what can be ordered in the period."""
    ordered = set(d.keys(ordered_at_all))
    limited = (key for key in d.keys(supplies_in_time) if d.supplier_limit[key[:2]] is not None)
    return (key for key in limited if (key[0], key[2]) in ordered)


def employers(d: Data) -> Iterator[Key]:
    """(capability, supplier): it is known how many jobs money to the supplier gives."""
    return (key for key in d.keys(supplies) if d.jobs_per_million[key] is not None)


def returning_members(d: Data) -> Iterator[Key]:
    """(member,): a part of what the member spends on acquisition must come back."""
    return ((m,) for m in d.sets["member"] if d.juste_retour[m] is not None)


def earning_members(d: Data) -> Iterator[Key]:
    """(member, period), where the workbook says anything about industry."""
    said = d.keys(supplies) or d.keys(returning_members) or any(x is not None for x in d.multiplier.values())
    return product(d.sets["member"], d.sets["period"]) if said else iter(())


def early_periods(d: Data) -> Iterator[Key]:
    """(capability, period) in which only research lets anybody order it."""
    ordered = set(d.keys(ordered_at_all))
    for c, since in sorted(d.available_from.items()):
        if d.research_cost[c] is not None:
            yield from ((c, t) for t in d.sets["period"] if (c, t) in ordered and (since is None or t < since))


def research_periods(d: Data) -> Iterator[Key]:
    """(capability, period) in which research serves some later order."""
    early = d.keys(early_periods)
    for c in sorted({c for c, _ in early}):
        yield from ((c, t) for t in d.sets["period"] if any(k == c and s > t for k, s in early))


def researched_capabilities(d: Data) -> Iterator[Key]:
    """(capability,) that research can bring forward."""
    return iter(sorted({(c,) for c, _ in d.keys(research_periods)}))


def technical_members(d: Data) -> Iterator[Key]:
    """(member,) with a technology level."""
    return ((m,) for m in d.sets["member"] if d.technology[m] is not None)


def laggards(d: Data) -> Iterator[Key]:
    """(member,) whose technology level is below the best."""
    return ((m,) for (m,) in d.keys(technical_members) if d.behind[m] > 0)


def raisable_members(d: Data) -> Iterator[Key]:
    """(member,) below the best that can be raised, at a cost."""
    return ((m,) for (m,) in d.keys(laggards) if d.transfer_cost[m] is not None)


def transfers(d: Data) -> Iterator[Key]:
    """(member, period): below the best; where it cannot be raised, by nothing."""
    return ((m, t) for (m,) in d.keys(laggards) for t in d.sets["period"])


def limited_laggards(d: Data) -> Iterator[Key]:
    """(member,) below the best, where the gap is limited."""
    return iter(()) if d.settings["technology_limit"] is None else iter(d.keys(laggards))


def weakest_contributions(d: Data) -> Iterator[Key]:
    """Contributions where the worst member decides."""
    return (key for key in d.keys(contributions) if d.sharing[key[2]] == "weakest link")


def pooled_contributions(d: Data) -> Iterator[Key]:
    """Contributions to requirements that are met by the sum."""
    return (key for key in d.keys(contributions) if d.sharing[key[2]] != "weakest link")


def challenged_contributions(d: Data) -> Iterator[Key]:
    """Pooled contributions, where a reasonable challenge is set."""
    return iter(()) if d.settings["challenge"] is None else iter(d.keys(pooled_contributions))


def caveated_contributions(d: Data) -> Iterator[Key]:
    """Contributions of which a caveat releases only a part."""
    return (key for key in d.keys(contributions) if d.release[key[:3]] < 1)


def shared_contributions(d: Data) -> Iterator[Key]:
    """Contributions that are not used up and not limited further by a caveat."""
    return (key for key in d.keys(contributions) if d.sharing[key[2]] != "rival")


def rival_releases(d: Data) -> Iterator[Key]:
    """(member, situation, capability, period) with a task that competes for the force."""
    seen = {(m, d.situation_of[k], c, t) for m, k, c, t in d.keys(contributions) if d.sharing[c] == "rival"}
    return iter(sorted(seen))


def debts(d: Data) -> Iterator[Key]:
    """(member, task, capability, period): every member that owes a part of a weakest-link requirement."""
    for k, c, t in d.keys(weakest_link_requirements):
        yield from ((m, k, c, t) for m in d.sets["member"] if d.task_share[m, k] > 0)


def build_limits(d: Data) -> Iterator[Key]:
    """(capability, period) where industry has a limit and something can be ordered."""
    return (key for key in d.keys(ordered_at_all) if d.build_limit[key[0]] is not None)


def ordered_at_all(d: Data) -> Iterator[Key]:
    """(capability, period) in which anybody can order it: a member, the alliance, a programme's participant."""
    ordered = {(c, t) for _, c, t in d.keys(orders)} | set(d.keys(common_orders))
    ordered |= set(d.joint_orders_at)
    return (key for key in product(d.sets["capability"], d.sets["period"]) if key in ordered)


def least_pledges(d: Data) -> Iterator[Key]:
    """(member, capability, period) with a promised minimum."""
    return (key for key in d.keys(fields_in_time) if d.pledge_in("min_stock", *key) is not None)


def largest_pledges(d: Data) -> Iterator[Key]:
    """(member, capability, period) with a promised maximum."""
    return (key for key in d.keys(fields_in_time) if d.pledge_in("max_stock", *key) is not None)


def banded_members(d: Data) -> Iterator[Key]:
    """(member,) where a fairness band is set."""
    return iter(()) if d.settings["fairness_band"] is None else ((m,) for m in d.sets["member"])


def buying_members(d: Data) -> Iterator[Key]:
    """(member, period) in which it can order something that arrives in time, by itself or with others."""
    buys = {(m, t) for m, _, t in d.keys(orders)} | {(m, t) for _, m, t in d.keys(joint_orders)}
    buys |= {(m, t) for c, t in d.keys(common_orders) for m in d.sets["member"] if d.common_share[m, c] > 0}
    return (key for key in product(d.sets["member"], d.sets["period"]) if key in buys)


def renewing_members(d: Data) -> Iterator[Key]:
    """(member, period) where an equipment guideline is set and there is something to buy."""
    return iter(()) if d.settings["equipment_floor"] is None else iter(d.keys(buying_members))


def consenting_members(d: Data) -> Iterator[Key]:
    """(member,) under consensus."""
    return ((m,) for m in d.sets["member"]) if d.settings["consensus"] else iter(())


def forbearing_members(d: Data) -> Iterator[Key]:
    """(member,) under consensus that puts up with some excess."""
    return iter(()) if d.settings["consensus_excess"] is None else consenting_members(d)


def limited_excess(d: Data) -> Iterator[Key]:
    """One row, under consensus that puts up with some excess."""
    return iter([()] if d.keys(forbearing_members) else [])


def kinds(d: Data) -> Iterator[Key]:
    """(kind,) of threat that tasks are tagged with."""
    return ((kind,) for kind in d.tasks_of_kind)


def tagged_tasks(d: Data) -> Iterator[Key]:
    """(task,) with a kind."""
    return ((k,) for k in d.sets["task"] if d.task_kind[k])


def common_capabilities(d: Data) -> Iterator[Key]:
    """(capability,): the alliance may own it itself."""
    return ((c,) for c in d.sets["capability"] if c in d.common_cost_factor and d.sharing[c] != "weakest link")


def payers_in_common(d: Data) -> Iterator[Key]:
    """(member, capability): every member pays its part of what the alliance may own."""
    return ((m, c) for m in d.sets["member"] for (c,) in d.keys(common_capabilities))


def common_stocks(d: Data) -> Iterator[Key]:
    """(capability, period) of what the alliance may own."""
    return ((c, t) for (c,) in d.keys(common_capabilities) for t in d.sets["period"])


def common_orders(d: Data) -> Iterator[Key]:
    """(capability, period): the alliance may order by then, and the order arrives in time."""
    for c, t in d.keys(common_stocks) if d.settings["new_orders"] else ():
        since = d.common_from_year[c]
        if (since is None or since <= t) and d.arrival(c, t) in d.position and d.can_be_ordered(c, t):
            yield c, t


def limited_common_stocks(d: Data) -> Iterator[Key]:
    """(capability, period) where the alliance may own no more than so many."""
    return (key for key in d.keys(common_stocks) if d.common_max_stock[key[0]] is not None)


def common_contributions(d: Data) -> Iterator[Key]:
    """(task, capability, period): required, and the alliance may own it."""
    owned = {c for (c,) in d.keys(common_capabilities)}
    return (key for key in d.keys(requirements) if key[1] in owned)


def common_shared_contributions(d: Data) -> Iterator[Key]:
    """The alliance's own contributions that are not used up."""
    return (key for key in d.keys(common_contributions) if d.sharing[key[1]] != "rival")


def common_rival_releases(d: Data) -> Iterator[Key]:
    """(situation, capability, period) with a task that competes for the alliance's own units."""
    seen = {(d.situation_of[k], c, t) for k, c, t in d.keys(common_contributions) if d.sharing[c] == "rival"}
    return iter(sorted(seen))


def programmes(d: Data) -> Iterator[Key]:
    """(programme,): somebody takes part, and anything is ordered at all. Opened, it is paid for, whatever tasks require."""
    return ((g,) for g in d.sets["programme"] if d.takes_part[g] and d.settings["new_orders"])


def programmes_in_time(d: Data) -> Iterator[Key]:
    """(programme, period)."""
    return ((g, t) for (g,) in d.keys(programmes) for t in d.sets["period"])


def required_programmes(d: Data) -> Iterator[Key]:
    """(programme,) that deliver what some task requires."""
    required = {c for _, c, _ in d.keys(requirements)}
    return (key for key in d.keys(programmes) if d.programme_capability[key[0]] in required)


def joint_members(d: Data) -> Iterator[Key]:
    """(programme, member): the member takes part."""
    return ((g, m) for (g,) in d.keys(programmes) for m in d.takes_part[g])


def joint_orders(d: Data) -> Iterator[Key]:
    """(programme, member, period): early enough to arrive, late enough for the programme, and of some use to some task."""
    required = {g for (g,) in d.keys(required_programmes)}
    for g, m in d.keys(joint_members):
        c, since = d.programme_capability[g], d.earliest_year[g]
        if g in required and d.joint_effect[g, m] > 0:
            for t in d.sets["period"]:
                due = (since is None or since <= t) and d.can_be_ordered(c, t)
                if due and d.arrival(c, t) in d.position:
                    yield g, m, t


def joint_minimums(d: Data) -> Iterator[Key]:
    """(programme,) with a number of units that must be ordered together."""
    return (key for key in d.keys(programmes) if d.min_units[key[0]] > 0)
