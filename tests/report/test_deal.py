"""One member's deal, shares under keys, and what standardising would bring: figures that can be checked by another way."""

from __future__ import annotations

import math

import pytest

from model.report import bearing, deal, heat, standardising
from model.scenario.levers.edits import apply_edits, parse_edit
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.scenarios import random_scenario


def test_parts_carried_add_up_to_what_is_provided(plan: Plan) -> None:
    """With weakest links left out, whose contributions do not add up."""
    d = plan.data
    pooled = [
        k for k in d.sets["task"] if all(d.sharing[c] != "weakest link" for task, c, _ in d.required if task == k)
    ]
    frame = deal.carried(plan)
    assert len(frame) == len(d.sets["member"]) * len(d.sets["task"])
    for k in pooled:
        wanted = sum(
            d.importance[c] * plan.quantity("provided")[task, c, t] / required / d.span[k]
            for (task, c, t), required in d.required.items()
            if task == k
        )
        assert frame[frame["task"] == k]["part"].sum() == pytest.approx(wanted)
    assert frame.groupby("member")["matters"].sum().to_numpy() == pytest.approx(1.0)


def test_means_multiply_to_the_burden(tutorial: Plan) -> None:
    every = deal.means(tutorial)
    assert sum(one.burden for one in every.values()) == pytest.approx(tutorial.measures["cost"])
    north = every["Northland"]
    assert north.economy == pytest.approx(6 * 1_000_000)  # no growth, no discount, three periods of two years
    assert north.offered == pytest.approx(0.002 * north.economy)
    assert north.times == pytest.approx(north.share / (4 / 7))


def test_why_more_names_the_larger_first_whoever_asks(tutorial: Plan) -> None:
    assert deal.why_more(tutorial, "Midland", "Northland") == deal.why_more(tutorial, "Northland", "Midland")
    assert deal.why_more(tutorial, "Midland", "Northland")[0].startswith(
        "Northland bears 8.62 bn USD, Midland 3.89 bn USD"
    )


def test_why_more_stands_where_one_bears_nothing() -> None:
    edits = apply_edits(
        random_scenario(3, members=4), [parse_edit("budget[member 0]=0"), parse_edit("rule[pledge_is_kept]=off")]
    )
    found = Problem(edits.scenario, off=edits.off).solve()
    assert found.found, found.message
    said = " ".join(deal.why_more(found, "member 0", "member 1"))
    assert "member 0 bears nothing: it offers nothing." in said
    assert "nan" not in said
    assert "inf" not in said


def test_alone_is_what_consensus_reckons_with(tutorial: Plan) -> None:
    from model.solve.compared import risk_alone

    found = deal.on_its_own(tutorial, "Midland")
    assert found.risk == pytest.approx(risk_alone(tutorial.scenario, "Midland"), abs=1e-9)
    assert found.cost is not None
    assert 0 < found.cost <= deal.means(tutorial)["Midland"].offered + 1e-6


def test_shares_sum_to_one_under_every_key(tutorial: Plan) -> None:
    every = bearing.shares(tutorial)
    assert [*every][:2] == [bearing.BORNE, "gdp"]
    for shares in every.values():
        assert math.fsum(shares.values()) == pytest.approx(1.0)
    frame = bearing.keys_table(tutorial).set_index("member")
    assert frame.at["Northland", "per_head"] == pytest.approx(8620.8 / 20 / 6)
    assert bearing.per_head_unit(tutorial) == "USD"


def test_cells_say_what_the_plan_says(tutorial: Plan) -> None:
    frame = heat.cells(tutorial, 2030).set_index(["member", "capability"])
    at = "Northland", "Brigade"
    assert frame.at[at, "held"] == pytest.approx(tutorial.values["held"][*at, 0, 2030])
    assert frame.at[at, "change"] == pytest.approx(6.76 / 4 - 1)
    assert frame.at[at, "moved"] == pytest.approx(0.0)
    assert frame.groupby("capability")["part_held"].sum().to_numpy() == pytest.approx(1.0)
    new = "Midland", "Air defence battery"
    assert frame.at[new, "start"] == 0
    assert frame.at[new, "change"] == 1.0


@pytest.mark.parametrize("seed", [2, 7, 8])
def test_worth_of_commonality_is_what_a_small_step_brings(seed: int) -> None:
    """The prices against solving again, one pair at a time, where the step is small enough for prices to hold."""
    scenario = random_scenario(seed, members=5)
    problem = Problem(scenario)
    plan, step, checked = problem.solve(("risk",)), 1e-5, 0
    worth, d = standardising.worth_of_commonality(plan), plan.data
    lead = next(m for m in scenario.lead.values() if m is not None)
    total = math.fsum(d.gdp.values())
    for m in scenario.sets["member"]:
        if m == lead:
            continue
        weight = d.gdp[lead] / (total - d.gdp[m])
        leads = {p: who for p, who in scenario.lead.items() if who in (lead, None)}
        moves = {p: weight if who is None else 1.0 for p, who in leads.items()}
        room = {p: min(standardising.STEP, 1.0 - d.commonality_with_lead[m, p]) for p in moves}
        wanted = sum(worth.get((m, p), 0.0) / room[p] * step * move for p, move in moves.items() if room[p] > 0)
        raised = {**scenario.commonality, (m, lead): scenario.commonality[m, lead] + step}
        after = problem.changed(scenario.with_values("commonality", raised)).solve(("risk",))
        assert plan.measures["risk"] - after.measures["risk"] == pytest.approx(wanted, rel=0.02, abs=2e-9)
        checked += wanted > 1e-8
    assert checked


def test_what_a_step_buys_is_said_with_units(tutorial: Plan) -> None:
    problem = Problem(tutorial.scenario)
    base = problem.solve()
    ways = standardising.steps(tutorial.scenario)
    found = standardising.tried(problem, base, ways["Upgrades at half their cost"])
    said = standardising.said(base, "Upgrades at half their cost", found)
    assert said.startswith("Upgrades at half their cost: risk falls by 0.061 points")
    assert "bn USD" in said or "m USD" in said
