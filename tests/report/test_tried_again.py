"""What reports state about more money and lifted limits, done and solved again from nothing: no statement is contradicted."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import MappingProxyType

import pytest

from model.report.buying import best_of, next_money, round_amount
from model.report.figures import unspent
from model.report.reasons import Explainer
from model.report.unspent import unspent_because
from model.scenario.scenario import Scenario
from model.solve.coverage import by_period, over_horizon
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import words
from model.workbook.read.load import load
from tests.scenarios import random_scenario, scenario

pytestmark = pytest.mark.slow

BUDGET = "budget_is_respected"
SEEDS = (0, 1, 2, 3, 4)


@cache
def solved(seed: int) -> tuple[Problem, Plan, Explainer]:
    problem = Problem(random_scenario(seed, challenge=2.0) if seed else load("inputs/tutorial.xlsx"))
    plan = problem.solve()
    assert plan.found, plan.message
    return problem, plan, Explainer(plan)


def fall_by_money(problem: Problem, plan: Plan, member: str, year: int) -> float:
    """From nothing, with the amount added to one row of the budgets."""
    upper = problem.lp.row_upper.copy()
    upper[problem.lp.rows[BUDGET].at[member, year]] += round_amount(plan)
    answer = problem.engine.solve(replace(problem.lp, row_upper=upper), {"risk": 1e4})
    assert answer.status == "optimal"
    return plan.measures["risk"] - float((problem.lp.K @ answer.x)[problem.lp.measure("risk")])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_next_money_does_what_is_said_and_nobodys_does_more(seed: int) -> None:
    problem, plan, explainer = solved(seed)
    close = 1e-6 * plan.measures["risk"]
    truth = {key: fall_by_money(problem, plan, *key) for key in plan.lp.rows[BUDGET].keys}
    best: dict[str, float] = {}
    for (member, _), fall in truth.items():
        best[member] = max(best.get(member, 0.0), fall)
    for most in (1, 2, len(best)):
        offers = next_money(plan, explainer.near, most)
        assert [o.gain for o in offers] == sorted((o.gain for o in offers), reverse=True)
        for offer in offers:
            assert offer.gain == pytest.approx(truth[offer.member, offer.year], abs=close)
            assert offer.gain == pytest.approx(best[offer.member], abs=close)
        others = [fall for member, fall in best.items() if member not in {o.member for o in offers}]
        assert max(others, default=0.0) <= (offers[-1].gain if len(offers) == most else 0.0) + close
    for member, fall in best.items():
        found = best_of(plan, explainer.near, member)
        assert found is not None
        assert found[0] == pytest.approx(fall, abs=close)


def test_a_price_that_holds_for_little_promises_nothing_for_much() -> None:
    """Two tanks and no more are missing: 2 m of the next 3 m help, whatever the price of the first says."""
    given = scenario(
        {"Solo": {"gdp": 8.0}}, {"tank": {"unit": "tank"}}, {"attack": (1.0, "Solo")}, {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 4.5},
    )  # fmt: skip
    plan = Problem(given).solve()
    price = plan.gains(BUDGET)["Solo", 2026]
    (offer,) = next_money(plan, Explainer(plan).near, 5)
    assert offer.gain == pytest.approx(min(plan.measures["risk"], price * round_amount(plan)))
    assert offer.gain <= plan.measures["risk"]


@pytest.mark.parametrize("seed", SEEDS)
def test_money_gets_no_more_than_it_would_mend(seed: int) -> None:
    """Severity grows with what is missing, so that mending a part of a gap lowers its risk by that part or more."""
    problem, plan, explainer = solved(seed)
    free = problem.changed(off=[BUDGET]).solve(("risk",))
    booked = explainer.whole.get("budget", 0.0) * plan.measures["risk"]
    assert booked <= plan.measures["risk"] - free.measures["risk"] + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_money_and_lead_time_get_no_more_than_they_would_mend_together(seed: int) -> None:
    problem, plan, explainer = solved(seed)
    at_once = problem.scenario.with_values(
        "lead_time", MappingProxyType(dict.fromkeys(problem.scenario.lead_time, 0.0))
    )
    free = Problem(at_once, off=[BUDGET]).solve(("risk",))
    parts = explainer.whole
    booked = (parts.get("budget", 0.0) + parts.get("lead time", 0.0)) * plan.measures["risk"]
    assert booked <= plan.measures["risk"] - free.measures["risk"] + 1e-6


def early(gdp: float, **tank: float) -> Scenario:
    """Ten tanks required from the first year on, four held; an order takes two years."""
    return scenario(
        {"Solo": {"gdp": gdp}}, {"tank": {"unit": "tank", "lead_time": 2.0, **tank}}, {"attack": (1.0, "Solo")},
        {"defend": ("attack", 1.0)}, {("defend", "tank", None): 10.0}, holding={("Solo", "tank"): 4.0}, last_year=2029,
    )  # fmt: skip


def test_money_mends_nothing_that_cannot_arrive() -> None:
    """The member can keep what it holds and buy little: what is missing before anything ordered can arrive is a matter of time."""
    explainer = Explainer(Problem(early(60.0)).solve())
    assert {shortage.years[0] for shortage in explainer.each} == {2026, 2027, 2028, 2029}
    for shortage in explainer.each:
        expected = "lead time" if shortage.years[0] < 2028 else "budget"
        assert shortage.part(expected) == pytest.approx(1.0), shortage.years
        assert (", so nothing new arrives before 2028" in shortage.chief.says) == (expected == "lead time")
        assert "to buy" not in shortage.chief.says or expected == "budget"


def test_money_is_wanted_only_of_members_that_could_send_any() -> None:
    """A scenario in which nobody is kept from one more unit by money alone, and one member can neither hold nor order: it is not
    said that its money is used up."""
    given = random_scenario(7, pooling=True, joint=1, fairness_band=0.5, equipment_floor=0.1, consensus=True)
    plan = Problem(given).solve()
    assert plan.found
    explainer = Explainer(plan)
    for shortage in explainer.each:
        for reason in (one for one in shortage.reasons if one.kind == "budget"):
            assert all(plan.data.deployable.get((m, shortage.capability), 0.0) > 0 for m in reason.by_member)


def unripe(since: int | None) -> Scenario:
    """Ten tanks required and none held; orders arrive at once, but nobody can order before ``since``."""
    return scenario(
        {"Solo": {"gdp": 1000.0}}, {"tank": {"unit": "tank"}}, {"attack": (1.0, "Solo")}, {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 10.0}, last_year=2029,
        optional={"available_from": {"tank": since}, "research_cost": {"tank": None}, "early_orders": {"tank": None}},
    )  # fmt: skip


@pytest.mark.parametrize("since", [2028, None])
def test_what_cannot_be_ordered_yet_is_held_back_by_technology(since: int | None) -> None:
    """Available at once, nothing is short: so no lead time and no unnamed limit is to blame."""
    explainer = Explainer(Problem(unripe(since)).solve())
    assert {shortage.years[0] for shortage in explainer.each} == set(range(2026, since or 2030))
    assert explainer.whole == pytest.approx({"technology": 1.0})
    assert all((str(since) in shortage.chief.says) == (since is not None) for shortage in explainer.each)
    assert not Explainer(Problem(unripe(2026)).solve()).each


def test_without_risk_among_the_objectives_no_limit_is_blamed() -> None:
    given = scenario(
        {"Solo": {}}, {"tank": {}}, {"attack": (1.0, None)}, {"defend": ("attack", 1.0)}, {("defend", "tank", None): 5.0},
        objectives=("cost",),
    )  # fmt: skip
    (shortage,) = Explainer(Problem(given).solve()).each
    assert "no objective" in shortage.chief.says


def test_lead_time_mends_no_more_than_industry_can_take_on() -> None:
    """Six are missing in 2026 and industry makes two a year: a third of the gap is time's, the rest industry's."""
    explainer = Explainer(Problem(early(10_000.0, build_limit=2.0)).solve())
    (first,) = [shortage for shortage in explainer.each if shortage.years == (2026,)]
    assert first.part("lead time") == pytest.approx(2 / first.missing)
    assert first.part("industry") == pytest.approx(1 - 2 / first.missing)


def test_money_left_in_every_year_is_not_said_to_come_too_late() -> None:
    """Rich may provide half and does, Poor spends all: Rich leaves money from the first year on, and every order would arrive."""
    given = scenario(
        {"Rich": {"gdp": 1000.0}, "Poor": {"gdp": 1.0}}, {"tank": {"unit": "tank", "capability_max_share": 0.5}},
        {"attack": (1.0, "Rich")}, {"defend": ("attack", 1.0)}, {("defend", "tank", None): 10.0}, last_year=2027,
    )  # fmt: skip
    plan = Problem(given).solve()
    assert sum(unspent(plan).values()) > 0
    left = unspent_because(plan, Explainer(plan).causes, unspent(plan))
    assert "arrives after" not in left
    assert "the share rule" in left


def test_coverage_of_a_capability_is_that_of_its_worst_situation() -> None:
    """Five tanks serve ten required in one situation or five in the other: a half, not two thirds."""
    given = scenario(
        {"Solo": {}}, {"tank": {"unit": "tank"}}, {"attack": (0.5, None), "raid": (0.5, None)},
        {"defend": ("attack", 1.0), "repel": ("raid", 1.0)},
        {("defend", "tank", None): 10.0, ("repel", "tank", None): 5.0},
    )  # fmt: skip
    plan = Problem(given).solve()
    assert by_period(plan)["tank", 2026] == pytest.approx(0.5)
    assert over_horizon(plan)["tank"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("one", "other"), [(0.5, 0.4996), (0.5, 0.500001), (0.0301, 0.03005), (0.999, 0.9994), (0.25, 0.15)]
)
def test_percentages_that_are_compared_differ(one: float, other: float) -> None:
    said = words.percents_apart(one, other)
    assert said[0] != said[1]
    assert words.percents_apart(one, one) == (words.percent(one), words.percent(one))
