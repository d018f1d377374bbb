"""A step of a burden key in words, as it came out for these members."""

from __future__ import annotations

from model.layers.burden_keys.recipes import FIGURES, Rule
from model.layers.burden_keys.steps import State

NAMED = 3
"""So many members are named; of more, the first ones and how many more."""


def said(rule: Rule, before: State, after: State) -> str:
    """What a step did: its rule with its figures, and whom it moved most where that is not everybody."""
    return f"{_rule_said(rule)}{_aside(rule, before, after)}"


def percent(value: float | None) -> str:
    """0.22 as ``22 %``."""
    return f"{100 * (value or 0.0):.6g} %"


def _rule_said(rule: Rule) -> str:
    amount = percent(rule.amount)
    limit = f"{'' if rule.limit == 1 else f'{rule.limit or 0.0:g} times '}the mean income per head"
    pooled = f"members above {percent(rule.limit)} of all by {rule.by} pay {amount} together"
    group = rule.group or f"members below {limit}"
    phrases = {
        "start": f"shares by {rule.by}{_figure(rule.by)}" + (f", of {rule.group} only" if rule.group else ""),
        "mix": f"{amount} of these shares replaced by shares by {rule.by}{_figure(rule.by)}",
        "relieve debt": f"{amount} of its debt taken off the income of whoever is below {limit}",
        "relieve low income": f"whoever is below {limit} pays less, by {amount} of the distance",
        "floor": f"{_nobody(rule)} pays less than {amount}",
        "ceiling": f"{_nobody(rule)} pays more than {amount}",
        "set": f"{rule.group} pays {amount}",
        "discount": f"{amount} off for {group}, borne by {rule.borne_by or 'the others'}",
        "pool equally": f"{pooled}, in equal parts",
        "pool in proportion": f"{pooled}, in proportion",
        "level the largest": _level_said(rule),
        "join": f"{rule.group} joins at its shares by {rule.by}, the others pay less in proportion",
    }
    return phrases[rule.what]


def _figure(name: str | None) -> str:
    return f" ({FIGURES[name]})" if name is not None and name in FIGURES else ""


def _nobody(rule: Rule) -> str:
    return f"nobody in the group {rule.group}" if rule.group else "nobody"


def _level_said(rule: Rule) -> str:
    how = f"both pay {percent(rule.amount)}" if rule.amount is not None else "the second largest's share"
    spared = f"; {rule.group} pays no more than before" if rule.group else ""
    return f"the largest payer comes down to the second largest: {how}{spared}"


def _aside(rule: Rule, before: State, after: State) -> str:
    """What stands in for what, whose group is empty, which limit had to be loosened, and who was fixed."""
    asides = []
    if rule.by == "income" and before.who.without_income:
        asides.append(f"gdp stands in for the income of {before.who.without_income} of {len(before.who.names)}")
    asides += [f"nobody is in {group}" for group in (rule.group, rule.borne_by) if group and not before.who.of(group)]
    fixed = sorted(after.held - before.held)
    if rule.what in ("floor", "ceiling", "set", "pool equally", "pool in proportion") and fixed:
        asides.append(f"{'reached by' if rule.what in ('floor', 'ceiling') else 'these are'} {_some(fixed)}")
        asides += _loosened(rule, after, fixed)
    if rule.what == "discount" and (who := sorted(after.discounted - before.discounted)):
        asides.append(f"given to {_some(who)}")
    return f" [{'; '.join(asides)}]" if asides else ""


def _loosened(rule: Rule, after: State, fixed: list[str]) -> list[str]:
    """A floor or ceiling that so few members could not keep as it stands."""
    at = after.shares[fixed[0]]
    if rule.what not in ("floor", "ceiling") or abs(at - (rule.amount or 0.0)) <= 1e-9:
        return []
    return [f"so few members cannot keep it: {percent(at)} instead"]


def _some(members: list[str]) -> str:
    more = f" and {len(members) - NAMED} more" if len(members) > NAMED + 1 else ""
    return ", ".join(members[: NAMED if more else NAMED + 1]) + more
