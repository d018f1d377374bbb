"""The sentence for each reason why something is short: names and numbers, nothing that the plan does not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from model.layers import gather
from model.report.causes import RISKS, UNEXPLAINED, gains, pricing_stage
from model.solve.lp import Key
from model.solve.nearby import BUDGET
from model.solve.plan import Plan
from model.wording import words

NAMED = 3
"""Members named in a sentence before it says how many others there are."""

By = Mapping[str, float]

Says = Callable[[Plan, By, Sequence[Key]], str]


@dataclass(frozen=True)
class Kind:
    """A kind of reason: what it is called, what limits there ("lead times"), and its sentence of a plan."""

    label: str
    limit: str
    says: Says
    after: str = ""


_KINDS: dict[str, Kind] = {}


def kind(name: str, label: str, limit: str, after: str = "") -> Callable[[Says], Says]:
    """Registers the sentence of a kind of reason. A layer's stands ``after`` another."""

    def register(says: Says) -> Says:
        _KINDS[name] = Kind(label, limit, says, after)
        return says

    return register


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of reason by the name that rules give as theirs, in the order in which they are told."""
    gather("reasons")
    order = [name for name, found in _KINDS.items() if not found.after]
    for name, found in _KINDS.items():
        if found.after:
            order.insert(order.index(found.after) + 1, name)
    return {name: _KINDS[name] for name in order}


def known(name: str) -> str:
    """The kind of reason of that name; the general one where a rule from outside names one that there is not."""
    return name if name in kinds() else UNEXPLAINED


def reason(plan: Plan, kind: str, by: By, keys: Sequence[Key]) -> str:
    """The sentence of one kind of reason; ``by`` is the part of the gap it explains, by member."""
    return kinds()[known(kind)].says(plan, by, keys)


def friction(plan: Plan, extra: float, part: float, by: By, keys: Sequence[Key]) -> str:
    """The sentence about interoperability."""
    reach = "all that is missing" if part >= 1 else f"{words.percent(part)} of what is missing"
    return (
        f"the forces sent are not fully interchangeable with the lead, {most(by)} most of all; if they "
        "were, the same units would count for "
        f"{words.number(extra / len(keys))} more, {reach}"
    )


def weakest(plan: Plan, keys: Sequence[Key]) -> str:
    """Who the weakest link is, and how much of its debt it pays, in the worst of the periods."""
    key, gaps = max(((key, debts(plan, key)) for key in keys), key=lambda found: max(found[1].values(), default=0.0))
    worst = max(gaps.values(), default=0.0)
    names = [m for m, gap in gaps.items() if gap >= worst - 1e-6]
    verb = "it provides" if len(names) == 1 else "they provide"
    when = words.period(key[2], plan.data.step)
    return (
        f"The weakest link is {words.joined(names, NAMED)}: in {when} {verb} {words.percent(1 - worst)} of what is owed"
    )


def debts(plan: Plan, key: Key, sent: Mapping[Key, float] | None = None) -> dict[str, float]:
    """Weakest link: the part of its debt each member leaves unpaid, in the workbook's order; with what is sent in a neighbour."""
    d, sent = plan.data, plan.values["contributed"] if sent is None else sent
    owing = [m for m in plan.scenario.sets["member"] if d.task_share[m, key[0]] > 0]
    return {m: max(0.0, 1.0 - sent.get((m, *key), 0.0) / (d.task_share[m, key[0]] * d.required[key])) for m in owing}


def most(by: By) -> str:
    """Members that matter for it, the one that matters most first."""
    names = sorted(by, key=lambda member: -by[member])
    top = by[names[0]] if names else 0.0
    return words.joined([name for name in names if by[name] >= 0.02 * top], NAMED)


def _years(plan: Plan, keys: Sequence[Key]) -> str:
    return words.periods((key[2] for key in keys), plan.data.step)


def has(by: By, one: str, several: str) -> str:
    return one if len(by) == 1 else several


@kind("budget", "Money", "money of other years that is used up")
def _budget(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    d, capability = plan.data, keys[0][1]
    first = max(by, key=lambda member: by[member])
    used_up = gains(plan, BUDGET)
    money_years = {t for key in keys for t in (key[2], d.ordered_for(capability, key[2])) if t is not None}
    years = [t for t in money_years if any((member, t) in used_up for member in by)]
    when = f" in {words.periods(years, d.step)}" if years else ""
    return f"what {most(by)} {has(by, 'offers', 'offer')}{when} is used up{_price_of_gap(plan, first, keys)}"


def _price_of_gap(plan: Plan, member: str, keys: Sequence[Key]) -> str:
    """What it costs to buy what is missing in the worst period in which something ordered can be there, at one member's prices."""
    d, short, (task, capability, _) = plan.data, plan.quantity("shortfall"), keys[0]
    in_time = [
        key for key in keys if (member, capability, d.ordered_for(capability, key[2])) in plan.lp.columns["ordered"].at
    ]
    if not in_time:
        return ""
    fit = d.effect[member, d.situation_of[task], max(d.floor[member], d.delivery_level)]
    effect, price = d.deployable[member, capability] * fit, d.acquisition_cost[member, capability]
    if effect <= 0 or price <= 0:
        return ""
    worst = max(in_time, key=lambda key: short[key])
    cost = words.money(short[worst] / effect * price, words.currency_of(plan.scenario))
    missing = f"the {words.number(short[worst])} missing in {words.period(worst[2], d.step)}"
    return f"; {missing} cost about {cost} to buy at the prices of {member}, before upkeep"


@kind("lead time", "Lead time", "lead times")
def _lead_time(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    d, capability = plan.data, keys[0][1]
    first = d.arrival(capability, d.sets["period"][0])
    years = words.number(d.lead_time[capability])
    early = [key for key in keys if key[2] < first]
    if not early:
        return f"nothing that may be ordered arrives in {_years(plan, keys)}"
    takes = f"{years} {'year' if years == '1' else 'years'}"
    whole = (
        f", in whole periods {int(d.delay[capability]) * d.step}"
        if d.delay[capability] * d.step > d.lead_time[capability] + 1e-9
        else ""
    )
    return f"{_years(plan, early)} is too early: an order takes {takes}{whole}, so nothing new arrives before {first}"


@kind("share rule", "Share rule", "the share rule")
def _share(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    limit = plan.data.capability_max_share[keys[0][1]]
    part = words.percent(limit)
    if not _provides(plan, by, keys, lambda key, member: limit):
        return f"{most(by)} may provide no more than {part} of it, however much money there is"
    return f"{most(by)} already {has(by, 'provides', 'provide')} {part} of it, the most one member may"


@kind("challenge", "Reasonable challenge", "the reasonable challenge")
def _challenge(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    d, times = plan.data, plan.data.settings["challenge"]
    limit, share = words.number(times), has(by, "its", "their")
    if not _provides(plan, by, keys, lambda key, member: times * d.task_share[member, key[0]]):
        return f"{most(by)} may be asked for no more than {limit} times {share} fair share, however much money there is"
    return (
        f"{most(by)} already {has(by, 'provides', 'provide')} {limit} times {share} "
        "fair share, the most that may reasonably be asked"
    )


def _provides(plan: Plan, by: By, keys: Sequence[Key], limit: Callable[[Key, str], float]) -> bool:
    """Whether each of them is at a limit (a part of the requirement) in some of the periods, as the plan stands."""
    sent, required = plan.values["contributed"], plan.data.required
    return all(any(sent.get((m, *key), 0.0) >= (1 - 1e-6) * limit(key, m) * required[key] for key in keys) for m in by)


@kind("caveat", "Caveats", "caveats")
def _caveat(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    d, force = plan.data, plan.quantity("force")
    task, capability, _ = keys[0]
    kept = [
        sum(
            (1.0 - d.release.get((m, task, capability), 1.0)) * force.get((m, d.situation_of[task], capability, t), 0.0)
            for m in by
        )
        for _, _, t in keys
    ]
    held_back = sum(kept) / len(kept)
    what = f", {words.number(held_back)} of it in hand" if held_back > 0 else ""
    nothing = all(d.release.get((m, task, capability), 1.0) == 0 for m in by)
    return (
        f"{most(by)} {has(by, 'releases', 'release')} {'nothing' if nothing else 'only a part'} of "
        f"{has(by, 'its', 'their')} force for this task{what}"
    )


@kind("opt-out", "Opt-outs", "tasks they stay out of")
def _opt_out(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    return f"{most(by)} {has(by, 'stays', 'stay')} out of this task"


@kind("industry", "Industry", "what industry can take on")
def _industry(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    d, capability = plan.data, keys[0][1]
    most = d.step * (d.build_limit[capability] or 0.0)
    wanted = {when for key in keys if (when := d.ordered_for(capability, key[2])) is not None}
    full = [t for t in sorted(wanted) if _ordered(plan, capability, t) >= (1 - 1e-6) * most]
    said = f"industry can take on no more than {words.number(most)} in a period"
    return (
        f"{said}, and is full in {words.periods(full, d.step)}"
        if full
        else f"{said}, and with more money would be full"
    )


def _ordered(plan: Plan, capability: str, year: int) -> float:
    """Units of a capability that everybody orders in a period."""
    d, values = plan.data, plan.values
    own = sum(values["ordered"].get((m, capability, year), 0.0) for m in d.members_of_field[capability])
    joint = sum(
        v for (g, _, t), v in values["jointly_ordered"].items() if t == year and d.programme_capability[g] == capability
    )
    return own + joint + values["commonly_ordered"].get((capability, year), 0.0)


@kind("not offered", "Cannot acquire", "capabilities they cannot acquire")
def _not_offered(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    unfit = all(plan.data.deployable.get((m, keys[0][1]), 1.0) <= 0 for m in by)
    return f"none of what {most(by)} could hold can be deployed" if unfit else f"{most(by)} cannot acquire more of it"


@kind("pledge", "Pledges", "promises to hold no more")
def _pledge(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    return f"{most(by)} {has(by, 'has', 'have')} promised to hold no more than so much of it"


@kind("fairness", "Fairness band", "the fairness band or the equipment guideline")
def _fairness(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    return f"the fairness band or the equipment guideline holds {most(by)} back"


@kind("other", "Other limits", "other limits")
def _other(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    names = most(by)
    if pricing_stage(plan).measure not in RISKS:
        return f"no objective of this plan rewards coverage, so that {names} {has(by, 'is', 'are')} asked for no more"
    if held := [name.replace("_", " ") for name in pricing_stage(plan).ceilings]:
        return f"holding {words.joined(held)} where an earlier objective or a ceiling puts it, or no one limit, keeps {names} from more"
    return f"other policies together, not one limit, keep {names} from more"
