"""The levers: each a small function that changes one thing about a scenario and nothing else.

A target that is None means all of its dimension. To add a lever, write a function here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model.language.faults import UsageError
from model.layers.burden_keys.recipes import NAMES
from model.scenario.levers.grammar import LEVERS, OFF, ON, lever
from model.scenario.scenario import Scenario

__all__ = ["LEVERS"]

Target = str | None
MOST = 100.0
"""Largest factor: more than that is a slip of the keyboard."""


def _changed(s: Scenario, column: str, change: Callable[[Any], Any], *targets: Target) -> Scenario:
    """One column changed at the rows whose keys begin with these targets (None: any). Blanks stay blank."""
    old, rows = s.values[column], set()
    for key in old:
        parts = key if isinstance(key, tuple) else (key,)
        if all(target is None or part == target for part, target in zip(parts, targets, strict=False)):
            rows.add(key)
    if not any(old[row] is not None for row in rows):
        named = ", ".join(target for target in targets if target is not None) or "all"
        raise UsageError(f"the workbook has no {column.replace('_', ' ')} of {named} that could be changed")
    return s.with_values(column, {k: change(v) if k in rows and v is not None else v for k, v in old.items()})


def scaled(s: Scenario, column: str, x: float, *targets: Target) -> Scenario:
    """One column multiplied at these targets."""
    return _changed(s, column, lambda value: x * value, *targets)


def change_to(s: Scenario, column: str, x: object, *targets: Target) -> Scenario:
    """One column set at these targets."""
    return _changed(s, column, lambda _: x, *targets)


def _setting(s: Scenario, name: str, x: float | str) -> Scenario:
    return s.with_settings(**{name: None if x == OFF else x})


# ---------------------------------------------------------------- money


@lever("factor", 0.0, MOST)
def budget(s: Scenario, x: float, member: Target) -> Scenario:
    """Money a member offers to shared capabilities, in every period.

    Scales the offered part of the defence budget (``alliance_share``), which touches nothing but the budget: GDP, and
    with it fair shares, stay. The part may pass 1: the member then offers more than its whole defence budget of today.
    """
    return scaled(s, "alliance_share", x, member)


@lever("factor", 0.0, MOST)
def gdp(s: Scenario, x: float, member: Target) -> Scenario:
    """A member's GDP in the first year: its budget, and its fair share where the burden key is GDP."""
    return scaled(s, "gdp", x, member)


@lever("value", -0.5, 0.5, unit="fraction of 1 per year")
def growth(s: Scenario, x: float, member: Target) -> Scenario:
    """Real growth of a member's GDP."""
    return change_to(s, "gdp_growth", x, member)


@lever("value", 0.0, 1.0, unit="fraction of GDP")
def defence_share(s: Scenario, x: float, member: Target) -> Scenario:
    """Defence spending in the first year, as a part of GDP; it still moves to the target share by the target year."""
    return change_to(s, "defence_share", x, member)


@lever("value", 0.0, 1.0, unit="fraction of GDP")
def target_share(s: Scenario, x: float, member: Target) -> Scenario:
    """Defence spending in the target year, as a part of GDP; it moves there in a straight line and stays."""
    return change_to(s, "target_share", x, member)


@lever("year", 1900, 2200)
def target_year(s: Scenario, x: float, member: Target) -> Scenario:
    """Year in which a member reaches its target share; one not after the first year puts it there from the start."""
    return change_to(s, "target_year", int(x), member)


@lever("value", 0.0, MOST, above=True, unit="ratio to the list price")
def price_level(s: Scenario, x: float, member: Target) -> Scenario:
    """What units cost a member to buy and to keep, against the list price."""
    return change_to(s, "price_level", x, member)


@lever("value", 0.0, 1.0, unit="fraction of 1 per year")
def discount_rate(s: Scenario, x: float) -> Scenario:
    """Yearly rate at which later money weighs less."""
    return _setting(s, "discount_rate", x)


# ---------------------------------------------------------------- capabilities and forces


@lever("factor", 0.0, MOST)
def unit_cost(s: Scenario, x: float, capability: Target) -> Scenario:
    """Price of a unit, for every member; upgrades and exercises cost parts of it and follow."""
    return scaled(s, "unit_cost", x, capability)


@lever("factor", 0.0, MOST)
def sustainment_cost(s: Scenario, x: float, capability: Target) -> Scenario:
    """Yearly cost of keeping a unit, for every member."""
    return scaled(s, "sustainment_cost", x, capability)


@lever("factor", 0.0, MOST, above=True)
def cost_factor(s: Scenario, x: float, member: Target, capability: Target) -> Scenario:
    """What a capability costs one member to buy and to keep; who may not acquire it still may not."""
    return scaled(s, "cost_factor", x, member, capability)


@lever("value", 0.0, 100.0, unit="years")
def lead_time(s: Scenario, x: float, capability: Target) -> Scenario:
    """Years from order to delivery, rounded up to whole periods."""
    return change_to(s, "lead_time", x, capability)


@lever("value", 0.0, 1000.0, above=True, unit="years")
def life(s: Scenario, x: float, capability: Target) -> Scenario:
    """Years a unit lasts."""
    return change_to(s, "life", x, capability)


@lever("factor", 0.0, MOST)
def build_limit(s: Scenario, x: float, capability: Target) -> Scenario:
    """What industry can deliver to the whole alliance in a year, where the workbook limits it."""
    return scaled(s, "build_limit", x, capability)


@lever("factor", 0.0, MOST)
def holding(s: Scenario, x: float, member: Target, capability: Target) -> Scenario:
    """Units a member holds when the first period starts."""
    changed = scaled(s, "holding", x, member, capability)
    return changed.with_values("holding", {pair: held for pair, held in changed.holding.items() if held > 0})


@lever("value", 0.0, 1.0, unit="fraction of 1")
def availability(s: Scenario, x: float, member: Target) -> Scenario:
    """Part of a member's forces that can be deployed."""
    return change_to(s, "member_availability", x, member)


@lever("value", 0.0, 1.0, unit="fraction of 1")
def capability_availability(s: Scenario, x: float, capability: Target) -> Scenario:
    """Part of what is held of a capability that can be deployed."""
    return change_to(s, "capability_availability", x, capability)


@lever("value", 0.0, 1.0, unit="fraction of 1")
def commonality(s: Scenario, x: float, member: Target, other: Target) -> Scenario:
    """How much two members have in common (both ways); with one named, that member with every other."""
    pair = {member, other} - {None}
    if member is not None and member == other:
        raise UsageError(f"commonality[{member}, {other}]: a member has everything in common with itself")
    old = s.commonality
    return s.with_values(
        "commonality", {key: x if key[0] != key[1] and pair <= set(key) else value for key, value in old.items()}
    )


@lever("factor", 0.0, MOST)
def upgrade_cost(s: Scenario, x: float, level: Target) -> Scenario:
    """One-off cost of lifting a unit to an interoperability level from the one below."""
    return scaled(s, "upgrade_cost", x, level)


@lever("factor", 0.0, MOST)
def exercise_cost(s: Scenario, x: float, level: Target) -> Scenario:
    """Yearly cost of the exercises that keep a unit at an interoperability level."""
    return scaled(s, "exercise_cost", x, level)


# ---------------------------------------------------------------- what is needed, and what matters


@lever("factor", 0.0, MOST)
def requirement(s: Scenario, x: float, task: Target, capability: Target) -> Scenario:
    """What a task requires of a capability, in every period."""
    return scaled(s, "quantity", x, task, capability)


@lever("factor", 0.0, MOST)
def probability(s: Scenario, x: float, situation: Target) -> Scenario:
    """Relative weight of a situation; only ratios between situations count."""
    return scaled(s, "probability", x, situation)


@lever("factor", 0.0, MOST)
def consequence(s: Scenario, x: float, task: Target) -> Scenario:
    """How much it matters if a task fails; only ratios between tasks count."""
    return scaled(s, "consequence", x, task)


@lever("factor", 0.0, MOST)
def emphasis(s: Scenario, x: float, kind: Target) -> Scenario:
    """How much it matters if tasks of a type of threat fail; only ratios between tasks count."""
    tasks = [k for k, own in s.task_kind.items() if own and kind in (None, own)]
    if not tasks:
        raise UsageError("no task has a kind: fill in the column kind on the sheet Tasks")
    return s.scale("consequence", x, *tasks)


@lever("factor", 0.0, MOST)
def importance(s: Scenario, x: float, capability: Target) -> Scenario:
    """Weight of a shortfall in a capability; only ratios between capabilities count."""
    return scaled(s, "importance", x, capability)


@lever("factor", 0.0, MOST)
def priority(s: Scenario, x: float, member: Target, task: Target) -> Scenario:
    """How much a task matters to a member (threat perception)."""
    return scaled(s, "priority", x, member, task)


# ---------------------------------------------------------------- agreements


@lever("value", 0.0, 1.0, unit="fraction of the force released", words="off on")
def caveat(s: Scenario, x: float | str, member: Target, task: Target, capability: Target) -> Scenario:
    """National caveat: off lifts it, on releases nothing, a number is the part of the deployable force released."""
    if x == OFF:
        return _without_caveat(s, member, task, capability)
    if member is None:
        raise UsageError("a caveat is a member's own: name it, as in caveat[member, task]=on")
    part = 0.0 if x == ON else x
    rows = {(member, k, capability): part for k in s.sets["task"] if task is None or k == task}
    return s.with_values("max_fraction", {**s.max_fraction, **rows})


def _without_caveat(s: Scenario, member: Target, task: Target, capability: Target) -> Scenario:
    """Caveats lifted; one on all capabilities, lifted for one of them, stays on the others."""
    left: dict[Any, Any] = {}
    lifted = False
    for (m, k, c), part in s.max_fraction.items():
        if member not in (None, m) or task not in (None, k) or (capability is not None and c not in (None, capability)):
            left[m, k, c] = min(part, left.get((m, k, c), 1.0))
            continue
        lifted = True
        if capability is not None and c is None:
            for other in s.sets["capability"]:
                if other != capability:
                    left[m, k, other] = min(part, left.get((m, k, other), 1.0))
    if not lifted:
        named = ", ".join(name for name in (member, task, capability) if name) or "anybody"
        raise UsageError(f"there is no caveat of {named} to lift")
    return s.with_values("max_fraction", left)


@lever("value", 0.0, 1.0, above=True, unit="fraction of 1")
def max_share(s: Scenario, x: float, capability: Target) -> Scenario:
    """Largest part of a requirement one member may provide."""
    return change_to(s, "capability_max_share", x, capability)


@lever("value", 0.0, 1000.0, above=True, unit="times fair share", words="off")
def challenge(s: Scenario, x: float | str) -> Scenario:
    """Reasonable challenge: at most this many times its fair share of any requirement is asked of a member."""
    return _setting(s, "challenge", x)


@lever("value", 0.0, 1.0, unit="fraction of 1", words="off")
def fairness_band(s: Scenario, x: float | str) -> Scenario:
    """Each burden stays within this fraction of its fair share."""
    return _setting(s, "fairness_band", x)


@lever("value", 0.0, 1.0, unit="fraction of 1", words="off")
def equipment_floor(s: Scenario, x: float | str) -> Scenario:
    """Least part of spending that goes into acquisition and upgrades."""
    return _setting(s, "equipment_floor", x)


@lever("value", 0.0, 1.0, unit="fraction of 1")
def weakest_link_weight(s: Scenario, x: float) -> Scenario:
    """How much the worst member decides where the weakest link counts."""
    return _setting(s, "weakest_link_weight", x)


@lever("word", words=" ".join(NAMES))
def burden_key(s: Scenario, x: str) -> Scenario:
    """The key by which fair shares are reckoned."""
    return _setting(s, "burden_key", x)


@lever("word", words="equal gdp population")
def voice(s: Scenario, x: str) -> Scenario:
    """Whose priorities count how much."""
    return _setting(s, "voice", x)


@lever("switch", words="on off")
def consensus(s: Scenario, x: str) -> Scenario:
    """Nobody may perceive more risk in the alliance than it would face alone."""
    return s.with_settings(consensus=x == ON)


@lever("switch", words="on off")
def rule(s: Scenario, x: str, policy: Target) -> Scenario:
    """Switches a policy of the formulation off or on again, by its name, such as budget_is_respected."""
    return s


@lever("name", unit="member")
def withdraw(s: Scenario, x: str) -> Scenario:
    """A member leaves, with its forces, its money and its voice; situations it leads are left without a lead."""
    if len(s.sets["member"]) == 1:
        raise UsageError(f"{x} is the last member: an alliance of nobody cannot be planned for")
    return s.without(x)


@lever("name", unit="member")
def join(s: Scenario, x: str) -> Scenario:
    """A member the workbook describes joins: it is compared with the alliance without that member."""
    return s
