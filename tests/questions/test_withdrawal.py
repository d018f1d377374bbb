"""Leaving and joining: by hand on the tiny scenario, against fresh solves, and what must hold whatever the scenario."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from model.language.faults import UsageError
from model.questions.withdrawal.accession import accession
from model.questions.withdrawal.result import withdrawal
from model.solve.extremes import least_extra_money
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.scenarios import random_scenario, tiny_scenario

pytestmark = pytest.mark.slow


def tiny(**changed):
    """The tiny scenario without a lead, so that nobody's effectiveness depends on who leaves."""
    made = tiny_scenario(**changed)
    return made.with_values("lead", {"attack": None})


def test_by_hand_who_leaves_the_tiny_alliance():
    """Northland provides 7 of 10 tanks and Southland 1, at 4 apiece; a tank of Northland's costs 2, one it has 1.

    Without Southland risk is 0.3: one tank is missing that was there; Northland buys it with 2 beyond its budget. Without
    Northland Southland provides 1, risk is 0.9: seven tanks are missing that were there, 28.
    """
    found = withdrawal(tiny())
    assert found.before.measures["risk"] == pytest.approx(0.2)
    rows = found.table.set_index("leaving")
    assert rows["risk_before"].tolist() == pytest.approx([0.2, 0.2])
    assert rows["risk_after"].to_dict() == pytest.approx({"Northland": 0.9, "Southland": 0.3})
    assert rows["rise"].to_dict() == pytest.approx({"Northland": 0.7, "Southland": 0.1})
    assert rows["money_gone"].to_dict() == pytest.approx({"Northland": 10.0, "Southland": 4.0})
    assert rows["extra_offer_to_hold_risk"].to_dict() == pytest.approx({"Northland": 28.0, "Southland": 2.0}, rel=1e-5)
    losses = found.losses.set_index("leaving")
    assert losses["lost"].to_dict() == pytest.approx({"Northland": 7.0, "Southland": 1.0})
    assert losses["gone"].to_dict() == pytest.approx({"Northland": 7.0, "Southland": 1.0})
    resilience = found.resilience.iloc[0]
    assert (resilience["before"], resilience["n_minus_1"]) == pytest.approx((0.8, 0.1))
    assert resilience["worst_departure"] == "Northland"


def test_by_hand_others_make_up_what_they_can():
    """Southland offers 40: alone it could buy 10 tanks. Together with Northland's 7 it buys 3; left alone, all 10."""
    richer = tiny().scale("gdp", 10.0, "Southland")
    found = withdrawal(richer, ["Northland"])
    loss = found.losses.iloc[0]
    assert (loss["lost"], loss["made_up"], loss["gone"]) == pytest.approx((7.0, 7.0, 0.0))
    change = found.makeup.iloc[0]
    assert (change["before"], change["after"]) == pytest.approx((12.0, 40.0))
    assert found.departures[0].makers_up == ["Southland"]
    assert found.departures[0].rise == pytest.approx(0.0, abs=1e-9)
    assert found.table["extra_offer_to_hold_risk"][0] == pytest.approx(0.0)


def test_by_hand_no_money_helps_where_industry_cannot_deliver():
    """At most 3 tanks a year are built: without Northland's 4, risk falls to 0.7 at best, for 3 x 4 = 12, 8 beyond its 4."""
    limited = tiny().with_values("build_limit", {"tank": 3.0})
    found = withdrawal(limited, ["Northland"])
    departure = found.departures[0]
    assert departure.hold is not None
    assert not departure.hold.found
    assert departure.least_risk == pytest.approx(0.7)
    # nine tenths of the way from 0.9 to 0.7 is 0.72: 2.8 tanks, 11.2, of which 4 are there
    assert departure.most_of_the_way is not None
    assert departure.most_of_the_way.total == pytest.approx(7.2, rel=1e-5)
    assert "No money holds risk" in " ".join(found.says)


def test_a_leaving_lead_leaves_no_lead_and_requirements_stay():
    scenario = tiny_scenario()
    after = withdrawal(scenario, ["Northland"], hold=False).departures[0].after
    assert after.scenario.lead == {"attack": None}
    assert after.scenario.quantity == scenario.quantity
    assert after.data.fair_share["Southland"] == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(3))
def test_departures_are_those_of_fresh_solves(seed):
    scenario = random_scenario(seed)
    found = withdrawal(scenario, hold=False)
    for departure in found.departures:
        fresh = Problem(scenario.without(*departure.members)).solve()
        assert departure.after.status == fresh.status
        if fresh.found:
            assert departure.after.measures["risk"] == pytest.approx(fresh.measures["risk"], abs=1e-7)
            assert departure.after.measures["cost"] == pytest.approx(fresh.measures["cost"], rel=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_the_money_to_hold_risk_is_enough_and_no_less_would_do(seed):
    """Against SciPy on the rules with room in every budget, and against plans under freed budgets."""
    scenario = random_scenario(seed, members=3, capabilities=3, tasks=3, periods=2)
    for departure in withdrawal(scenario).departures:
        ceiling = {"risk": departure.risk_before + 1e-7}
        problem = Problem(scenario.without(*departure.members), ceiling)
        least = _extra_by_scipy(problem)
        extra = departure.hold
        assert extra is not None
        assert extra.found == (least is not None)
        free = Problem(problem.scenario, ceiling, off=["budget_is_respected"]).solve(("cost",))
        assert free.found == extra.found
        if least is not None:
            size = departure.before.measures["cost"]
            assert extra.total == pytest.approx(least, rel=1e-4, abs=1e-4 * size)
            assert extra.broken < 1e-6
        if extra.burden:
            assert sum(extra.burden.values()) >= free.measures["cost"] * (1 - 1e-6)


def _extra_by_scipy(problem):
    """The least discounted money beyond the budgets; None where no money suffices."""
    lp, discount = problem.lp, problem.data.discount
    budgets = lp.rows["budget_is_respected"]
    room = np.zeros((lp.A.shape[0], len(budgets.keys)))
    room[np.arange(budgets.start, budgets.stop), np.arange(len(budgets.keys))] = -1.0
    A = np.hstack([lp.A.toarray(), room])
    over, under = np.isfinite(lp.row_upper), np.isfinite(lp.row_lower)
    risk = np.r_[lp.K.toarray()[lp.measure("risk")], np.zeros(len(budgets.keys))]
    sides = [*zip(lp.lower, lp.upper_bounds(), strict=True), *[(0.0, None)] * len(budgets.keys)]
    done = linprog(
        np.r_[np.zeros(lp.A.shape[1]), [discount[key[1]] for key in budgets.keys]],
        A_ub=np.vstack([A[over], -A[under], risk]),
        b_ub=np.r_[lp.row_upper[over], -lp.row_lower[under], problem.ceilings["risk"]],
        bounds=sides,
        method="highs-ipm",
    )
    return done.fun if done.status == 0 else None


@pytest.mark.parametrize("seed", range(4))
def test_extra_money_falls_as_the_ceiling_rises(seed):
    problem = Problem(random_scenario(seed))
    plan = problem.solve()
    at = [least_extra_money(problem, {"risk": factor * plan.measures["risk"]}) for factor in (0.9, 0.95, 1.0001)]
    found = [extra.total for extra in at if extra.found]
    assert found == sorted(found, reverse=True)
    assert at[-1].total == pytest.approx(0.0, abs=1e-6 * plan.measures["cost"])


def test_a_member_that_has_and_wants_nothing_is_not_missed():
    members = tiny()
    nobody = members.scale("gdp", 0.0, "Southland")
    departure = withdrawal(nobody, ["Southland"]).departures[0]
    assert departure.rise == pytest.approx(0.0, abs=1e-9)
    assert departure.money_gone == pytest.approx(0.0)
    assert departure.hold is not None
    assert departure.hold.total == 0.0


def test_a_pair_is_a_group_of_two_and_its_order_does_not_matter():
    scenario = load("inputs/tutorial.xlsx")
    found = withdrawal(scenario, groups=[["Southland", "Midland"]], pairs=True, hold=False)
    assert len(found.departures) == 3 + 1 + 3
    rows = found.table.set_index("leaving")
    assert rows.loc["Southland and Midland", "risk_after"] == pytest.approx(
        rows.loc["Midland and Southland", "risk_after"], abs=1e-7
    )
    beyond = rows["rise"]["Midland and Southland"] - rows["rise"]["Midland"] - rows["rise"]["Southland"]
    assert rows["rise_beyond_one_by_one"]["Midland and Southland"] == pytest.approx(beyond)


def test_top_limits_pairs_to_those_who_matter_most():
    found = withdrawal(load("inputs/tutorial.xlsx"), pairs=True, top=2, hold=False)
    assert [d.name for d in found.departures if len(d.members) == 2] == ["Northland and Midland"]
    assert "Pairs were tried" in found.says[-1]


def test_what_is_lost_is_made_up_or_gone():
    found = withdrawal(load("inputs/tutorial.xlsx"), hold=False)
    losses = found.losses
    assert (losses["lost"] - losses["made_up"] - losses["gone"]).abs().max() < 1e-9


def test_a_departure_nobody_can_follow_is_said():
    found = withdrawal(tiny())
    broke = replace(found.departures[0].after, status="infeasible", x=None, message="Nothing goes.")
    departure = replace(found.departures[0], after=broke, hold=None)
    without = replace(found, departures=(departure,))
    assert any("there is no plan: Nothing goes." in text for text in without.says)
    assert without.table["status"].tolist() == ["infeasible"]
    assert without.table["risk_after"].isna().all()
    assert all(len(without.tables[name]) == 0 for name in ("resilience", "tasks", "makeup", "losses"))


@pytest.mark.parametrize(
    "arguments",
    [
        {"members": ["Atlantis"]},
        {"groups": [["Northland", "Southland"]]},
        {"groups": [[]]},
        {"top": 1},
        {"members": []},
    ],
    ids=str,
)
def test_nonsense_is_refused(arguments):
    with pytest.raises(UsageError):
        withdrawal(tiny(), **arguments)


def test_no_plan_without_the_joiner_is_an_answer():
    """Risk may be 0.25 at most: 0.2 with both, 0.3 without Southland."""
    found = accession(tiny(), "Southland", Problem(tiny(), {"risk": 0.25}))
    assert not found.found
    assert found.joined.found
    assert found.without.status == "infeasible"
    assert found.says[0].startswith("Without Southland there is no plan")


def test_accession_is_withdrawal_backwards():
    scenario = load("inputs/tutorial.xlsx")
    left, came = withdrawal(scenario, ["Midland"]).departures[0], accession(scenario, "Midland")
    assert came.fall == pytest.approx(left.rise, abs=1e-9)
    assert came.without.measures["risk"] == pytest.approx(left.risk_after, abs=1e-9)


def test_by_hand_southland_joins():
    """Northland alone provides 7 of 10 for 10. With Southland, 8; at risk 0.3 Northland still gives all 7, being cheaper."""
    came = accession(tiny(), "Southland")
    assert came.fall == pytest.approx(0.1)
    assert came.saved == pytest.approx(0.0, abs=1e-4)
    assert came.brings["new"].tolist() == pytest.approx([1.0])
    assert any("Southland" in text for text in came.says)
    cheap = accession(tiny().scale("price_level", 0.3, "Southland"), "Southland")
    # at 0.6 + 0.6 a tank Southland gives the three that Northland would buy at 2; keeping the other four costs 1 each
    assert cheap.saved == pytest.approx(6.0, rel=1e-4)


def test_a_stranger_cannot_join():
    with pytest.raises(UsageError):
        accession(tiny(), "Atlantis")
