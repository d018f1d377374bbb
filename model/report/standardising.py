"""What friction costs and what standardising would bring: by the prices of a plan, and by solving again with a lever pulled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.core.contributions import caveat_is_respected, forces_are_used_once, shared_forces_suffice
from model.language.faults import SolverError
from model.report.interoperability import friction
from model.report.reasons import lost
from model.scenario.levers.edits import Edit, apply_edits
from model.scenario.scenario import Scenario
from model.solve.plan import Plan
from model.wording import words

if TYPE_CHECKING:
    import pandas as pd

    from model.solve.engine import Watch
    from model.solve.problem import Problem

_NOTHING = 1e-9
STEP = 0.1
"""The step in commonality that is priced."""


def worth_of_commonality(plan: Plan) -> dict[tuple[str, str], float]:
    """By how much 0.1 more commonality would lower the first objective's measure, by member and situation.

    Commonality with the situation's lead (without one, with all the others), up to 1 at most. By the prices of the plan, so
    for a small step; in the measure's unit (risk: fraction of 1). Only pairs where it would bring anything.
    """
    d, found, lacking = plan.data, dict[tuple[str, str], float](), _lacking(plan)
    for m, situation, c, t, price in _prices(plan):
        step = min(STEP, 1.0 - d.commonality_with_lead[m, situation])
        if price > 0 and step > 0:
            found[m, situation] = found.get((m, situation), 0.0) + price * step * lacking.get((m, c, t), 0.0)
    return {pair: gain for pair, gain in found.items() if gain > _NOTHING}


def _prices(plan: Plan) -> Iterator[tuple[str, str, str, int, float]]:
    """What one more effective unit of a member's force would bring: member, situation, capability, period, price."""
    d = plan.data
    once, shared, caveat = (
        rule.__name__ for rule in (forces_are_used_once, shared_forces_suffice, caveat_is_respected)
    )
    if once in plan.lp.rows:
        for (m, p, c, t), price in plan.gains(once).items():
            yield m, p, c, t, price
    for rule, released in ((shared, False), (caveat, True)):
        if rule in plan.lp.rows:
            for (m, k, c, t), price in plan.gains(rule).items():
                yield m, d.situation_of[k], c, t, price * (d.release[m, k, c] if released else 1.0)


def _lacking(plan: Plan) -> dict[tuple[str, str, int], float]:
    """Effective units that deployable forces lack for want of level alone (1 less plain effect), by member, capability, period."""
    found, plain = dict[tuple[str, str, int], float](), plan.scenario.effectiveness
    for m, c, level, t, units in plan.records("holdings").pick("member", "capability", "level", "year", "value"):
        found[m, c, t] = found.get((m, c, t), 0.0) + plan.data.deployable[m, c] * units * (1.0 - plain[level])
    return found


def taken(plan: Plan) -> tuple[float, float]:
    """What friction takes of the full worth of the forces sent, at list price: in the first and the last period (fractions of 1)."""
    sent, price, d = plan.values["contributed"], plan.scenario.unit_cost, plan.data
    gone, full = dict.fromkeys(d.sets["period"], 0.0), dict.fromkeys(d.sets["period"], 0.0)
    for key in d.required:
        missing = lost(plan, key)
        for member in d.contributors[key]:
            value = price[key[1]] or 1.0
            gone[key[2]] += missing.get(member, 0.0) * value
            full[key[2]] += (sent[member, *key] + missing.get(member, 0.0)) * value
    parts = [gone[t] / full[t] if full[t] > 0 else 0.0 for t in (d.sets["period"][0], d.sets["period"][-1])]
    return parts[0], parts[1]


def answer(plan: Plan) -> str:
    """How much friction takes, and where most, in a sentence."""
    first, last = taken(plan)
    if max(first, last) <= 1e-6:
        return "Friction takes nothing: every unit that is sent counts in full."
    d, by_capability = plan.data, friction(plan)[0]
    start, end = (words.period(d.sets["period"][at], d.step) for at in (0, -1))
    worst = max(by_capability, key=lambda at: (by_capability[at], at[1]))
    then, later = words.percents_apart(first, last)
    return (
        f"Friction takes {then} of the full worth of the forces sent in {start} and {later} in {end}; "
        f"it takes most of {worst[0]} ({words.percent(by_capability[worst])} in {words.period(worst[1], d.step)})."
    )


def steps(scenario: Scenario) -> dict[str, tuple[Edit, ...]]:
    """Ways to standardise that can be tried, as levers, by what they say."""
    members, found = scenario.sets["member"], dict[str, tuple[Edit, ...]]()
    if len(members) > 1:
        found["All members have everything in common"] = (Edit("commonality", (), 1.0),)
    if any(cost for cost in scenario.values["upgrade_cost"].values()):
        found["Upgrades at half their cost"] = (Edit("upgrade_cost", (), 0.5),)
    if any(cost for cost in scenario.values["exercise_cost"].values()):
        found["Exercises at half their cost"] = (Edit("exercise_cost", (), 0.5),)
    if len(members) > 1:
        for m in members:
            found[f"{m} has everything in common with all others"] = (Edit("commonality", (m,), 1.0),)
    return found


def tried(problem: Problem, plan: Plan, edits: tuple[Edit, ...], watch: Watch | None = None) -> pd.DataFrame:
    """Risk (fraction of 1), cost and unfairness (money) before and after a step, solved again; empty where no plan can be.

    Raises SolverError where that could not be settled.
    """
    import pandas as pd

    after = problem.changed(apply_edits(problem.scenario, edits).scenario).solve(watch=watch)
    columns = ["measure", "before", "after"]
    if not after.found and after.status != "infeasible":
        raise SolverError(f"What this step buys could not be settled. {after.message}")
    if not after.found:
        return pd.DataFrame([], columns=columns)
    names = ("risk", "cost", "unfairness")
    return pd.DataFrame([(name, plan.measures[name], after.measures[name]) for name in names], columns=columns)


def said(plan: Plan, name: str, found: pd.DataFrame) -> str:
    """What a step buys, in a sentence."""
    if found.empty:
        return f"{name}: no plan satisfies the policies then."
    rows = found.set_index("measure")
    risk, cost = (rows.at[measure, "after"] - rows.at[measure, "before"] for measure in ("risk", "cost"))
    parts = []
    if abs(risk) > 1e-7:
        parts.append(f"risk {'falls' if risk < 0 else 'rises'} by {words.number(abs(100 * risk))} points")
    if abs(cost) > 5e-6 * max(1.0, rows.at["cost", "before"]):
        money = words.money(abs(cost), words.currency_of(plan.scenario))
        parts.append(f"the plan costs {money} {'less' if cost < 0 else 'more'}")
    return f"{name}: {' and '.join(parts) if parts else 'nothing changes'}."
