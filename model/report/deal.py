"""One member's deal: what it gives, what it gets, what it pays, and why it bears more or less than another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.language.faults import SolverError
from model.report.buying import best_of, round_amount_said
from model.solve.alone import alone
from model.solve.engine import Watch
from model.solve.nearby import Nearby
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.tables import spent_on
from model.wording import words

if TYPE_CHECKING:
    import pandas as pd

_NOTHING = 1e-9


@dataclass(frozen=True)
class Alone:
    """A member by itself: the risk it would face as it perceives it (fraction of 1), and what it would then spend.

    ``cost`` is discounted; None where even its own pledges are beyond it.
    """

    risk: float
    cost: float | None


def on_its_own(plan: Plan, member: str, watch: Watch | None = None) -> Alone:
    """What a member could do with its own forces and money only. Raises SolverError where that could not be settled."""
    found = Problem(alone(plan.scenario, member)).solve(("risk", "cost"), watch=watch)
    if found.status == "infeasible":
        return Alone(1.0, None)
    if not found.found:
        raise SolverError(f"What {member} would face alone could not be settled. {found.message}")
    return Alone(found.measures["risk"], found.measures["cost"])


def carried(plan: Plan) -> pd.DataFrame:
    """The part of each task that rests on each member: a row a member and task, all fractions of 1.

    ``part`` is the mean over capabilities and periods, by importance, of its contribution over the requirement, so that the
    parts of all members add up to the coverage of the task without risk bands. ``matters`` is the task's part in the risk as
    the member perceives it if nothing at all were there; ``fair_share`` the member's part of the burden key.
    """
    import pandas as pd

    d = plan.data
    found = {(m, k): 0.0 for m in plan.scenario.sets["member"] for k in plan.scenario.sets["task"]}
    for (m, k, c, t), sent in plan.values["contributed"].items():
        if d.span[k] > 0:
            found[m, k] += d.importance[c] * sent / d.required[k, c, t] / d.span[k]
    rows = [(m, k, part, d.own_part[m, k] * d.span[k], d.fair_share[m]) for (m, k), part in found.items()]
    return pd.DataFrame(rows, columns=["member", "task", "part", "matters", "fair_share"])


def given(plan: Plan, member: str) -> pd.DataFrame:
    """What a member sends to each task, in effective units: in the first and last period, and as a part of the requirement.

    ``part_of_requirement`` is the mean over periods, a fraction of 1.
    """
    import pandas as pd

    d, found = plan.data, dict[tuple[str, str], dict[int, float]]()
    for m, k, c, t, value in plan.records("contributions").pick("member", "task", "capability", "year", "value"):
        if m == member:
            found.setdefault((k, c), {})[t] = value
    first, last = d.sets["period"][0], d.sets["period"][-1]
    rows = []
    for (k, c), by in found.items():
        part = sum(value / d.required[k, c, t] for t, value in by.items()) / len(by)
        if part > 1e-6:
            rows.append(
                (k, c, by.get(first, 0.0), by.get(last, 0.0), part, f"effective {words.unit_of(plan.scenario, c)}")
            )
    rows.sort(key=lambda row: -row[4])
    years = [words.period(t, d.step) for t in (first, last)]
    return pd.DataFrame(
        rows, columns=["task", "capability", f"sent_{years[0]}", f"sent_{years[1]}", "part_of_requirement", "unit"]
    )


def paid(plan: Plan, member: str) -> pd.DataFrame:
    """What a member spends by period and kind, with what it offers under the kind ``offered``: money of the period, not discounted."""
    import pandas as pd

    rows = []
    for record in plan.records("spending").keep("member", lambda name: name == member).frame().to_dict("records"):
        years = words.period(int(record["year"]), plan.data.step)
        rows += [(years, kind, record[kind]) for kind in spent_on(plan)]
        rows.append((years, "offered", record["budget"]))
    return pd.DataFrame(rows, columns=["years", "kind", "value"])


@dataclass(frozen=True)
class Means:
    """What makes a member's burden: its economy over the horizon, the part it offers, and the part of that which is used.

    ``burden``, ``offered`` and ``economy`` are discounted money; their quotients are fractions of 1.
    """

    burden: float
    offered: float
    economy: float
    fair_share: float
    share: float

    @property
    def effort(self) -> float:
        """The burden as a part of GDP."""
        return self.burden / self.economy if self.economy > 0 else 0.0

    @property
    def times(self) -> float | None:
        """The burden over its fair share; None where nothing is owed."""
        return self.share / self.fair_share if self.fair_share > 0 else None


def means(plan: Plan) -> dict[str, Means]:
    """The means of every member, by name in the workbook's order."""
    d, s = plan.data, plan.scenario
    borne = plan.records("burdens").by("member")
    found = {}
    for m in s.sets["member"]:
        years = ((t, (1 + d.gdp_growth[m]) ** (t - d.sets["period"][0])) for t in d.sets["period"])
        economy = sum(d.discount[t] * d.step * d.gdp[m] * growth for t, growth in years)
        row = borne[m]
        found[m] = Means(row["burden"], row["offered"], economy, row["fair_share"], row["share"])
    return found


def answer(plan: Plan, member: str, by_itself: Alone) -> str:
    """The deal in a sentence: what it pays for what fall of the risk it perceives."""
    mine = means(plan)[member]
    seen = plan.quantity("perceived_risk")[member]
    times = f", {words.times(mine.times)} its fair share" if mine.times is not None else ""
    pays = f"{member} bears {_money(plan, mine.burden)} ({words.percent(mine.share)} of the alliance's cost{times})"
    change = "falls" if by_itself.risk > seen else "goes"
    alone, together = words.percents_apart(by_itself.risk, seen)
    if alone == together:
        return f"{pays}; the risk it perceives is {alone}, alone as in the alliance."
    return f"{pays}; the risk it perceives {change} from {alone} alone to {together} in the alliance."


def compared(plan: Plan, member: str, by_itself: Alone) -> pd.DataFrame:
    """The member in the plan, at its fair share, and alone: discounted burden, and risk as it perceives it (fraction of 1)."""
    import pandas as pd

    mine, total = means(plan)[member], sum(one.burden for one in means(plan).values())
    seen = plan.quantity("perceived_risk")[member]
    rows = [
        ("In this plan", mine.burden, mine.effort, seen),
        ("At exactly its fair share of the cost", mine.fair_share * total, _part(mine.fair_share * total, mine), None),
        ("All that it offers", mine.offered, _part(mine.offered, mine), None),
        ("Alone, with its own forces and money", by_itself.cost, _part(by_itself.cost, mine), by_itself.risk),
    ]
    return pd.DataFrame(rows, columns=["case", "burden", "part_of_GDP", "risk_it_perceives"]).astype(
        {"burden": float, "part_of_GDP": float, "risk_it_perceives": float}
    )


def _part(amount: float | None, mine: Means) -> float | None:
    return amount / mine.economy if amount is not None and mine.economy > 0 else None


def why_more(plan: Plan, one: str, other: str) -> list[str]:
    """Why one member bears more than another, in sentences: three factors that multiply to the ratio, then what sets each."""
    every = means(plan)
    high, low = (one, other) if every[one].burden >= every[other].burden else (other, one)
    more, less = every[high], every[low]
    said = [f"{high} bears {_money(plan, more.burden)}, {low} {_money(plan, less.burden)}."]
    if less.burden > _NOTHING and less.offered > _NOTHING and less.economy > _NOTHING:
        said[0] = (
            f"{said[0][:-1]}: {words.number(more.burden / less.burden, 3)} times as much, which three things explain."
        )
        said += _factors(high, low, more, less)
    elif less.burden <= _NOTHING:
        said.append(
            f"{low} bears nothing: "
            + ("it offers nothing." if less.offered <= _NOTHING else "the plan uses none of its offer.")
        )
    said.append(_against_shares(high, low, more, less))
    said += _worth(plan, high, low)
    said += [_spends(plan, m) for m in (high, low)]
    return said


def _factors(high: str, low: str, more: Means, less: Means) -> list[str]:
    """Economy, offer and use: each a ratio, and their product."""
    ratios = (
        more.economy / less.economy,
        more.offered / more.economy / (less.offered / less.economy),
        more.burden / more.offered / (less.burden / less.offered),
    )
    texts = [words.number(ratio, 3) for ratio in ratios]
    offers = [words.percent(one.offered / one.economy) for one in (more, less)]
    uses = [words.percent(one.burden / one.offered) for one in (more, less)]
    return [
        f"Economy: that of {high} is {texts[0]} times that of {low} (GDP over the horizon, discounted).",
        f"Offer: {high} offers {offers[0]} of its GDP to shared capabilities, {low} {offers[1]}: {texts[1]} times as much.",
        f"Use: the plan spends {uses[0]} of what {high} offers and {uses[1]} of what {low} offers: {texts[2]} times as much.",
        f"Multiplied, up to rounding: {' × '.join(texts)} = {words.number(more.burden / less.burden, 3)}.",
    ]


def _against_shares(high: str, low: str, more: Means, less: Means) -> str:
    said = []
    for name, one in ((high, more), (low, less)):
        times = (
            "owes nothing under the burden key"
            if one.times is None
            else f"bears {words.number(one.times)} times its fair share"
        )
        said.append(f"{name} {times} and {words.percent(one.effort)} of its GDP")
    return f"{'; '.join(said)}."


def _worth(plan: Plan, *members: str) -> list[str]:
    """What a round amount more of their money would do in the years where it would do most, solved again."""
    if plan.stage().measure != "risk":
        return []
    near, amount, said = Nearby(plan, plan.stage()), round_amount_said(plan), list[str]()
    for m in members:
        best = best_of(plan, near, m)
        if best is None:
            said.append(f"what {amount} more from {m} would do was not settled")
        elif best[0] > 1e-9:
            years = words.period(best[1], plan.data.step)
            said.append(f"{amount} more from {m} in {years} would lower risk by {words.number(100 * best[0])} points")
        else:
            said.append(f"more money from {m} would not lower risk: something else holds it back")
    return [words.capital("; ".join(said)) + "."]


def _spends(plan: Plan, member: str) -> str:
    """On what a member's money goes."""
    kinds = spent_on(plan)
    rows = list(plan.records("spending").keep("member", lambda name: name == member).pick(*kinds))
    totals: Mapping[str, float] = dict(zip(kinds, map(sum, zip(*rows, strict=True)), strict=True))
    whole = sum(totals.values())
    if whole <= _NOTHING:
        return f"{member} spends nothing."
    parts = [
        f"{words.percent(value / whole)} on {kind.replace('_', ' ')}"
        for kind, value in sorted(totals.items(), key=lambda item: -item[1])
        if value > 0.005 * whole
    ]
    return f"{member} spends {words.joined(parts)}."


def _money(plan: Plan, value: float) -> str:
    return words.money(value, words.currency_of(plan.scenario))
