"""Trade-off curves: by hand, against fresh solves under ceilings, and what must hold of any front."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from model.language.faults import SolverError, UsageError
from model.questions.price_of.ready_made import EXCESS, OUT, VOICE
from model.questions.price_of.result import CURVES, price_of
from model.questions.trade_off.front import Effort, Support, meeting
from model.questions.trade_off.result import trade_off
from model.questions.trade_off.surface import surface
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.scenarios import random_scenario, tiny_scenario
from tests.scenarios import scenario as make
from tests.solve.test_consensus import needy
from tests.solve.test_opt_outs import two_tasks

pytestmark = pytest.mark.slow

TUTORIAL = Path(__file__).resolve().parents[2] / "inputs" / "tutorial.xlsx"

SMALL = {"members": 3, "capabilities": 3, "tasks": 2, "periods": 2, "levels": 2}


@pytest.fixture(scope="module")
def tutorial():
    return trade_off(Problem(load(TUTORIAL)), exact=True)


def _points(found):
    return [(point.first, point.second) for point in found.front.points]


@pytest.mark.parametrize("exact", [True, False])
def test_the_tiny_front_by_hand(exact):
    """Keep 4 tanks at 1 each (0.1 risk for 1), Northland buys 3 at 2 each (for 2), Southland one at 4 (for 4)."""
    found = trade_off(Problem(tiny_scenario()), exact=exact)
    assert found.complete
    assert found.gap == 0
    assert np.allclose(_points(found), [(1.0, 0.0), (0.6, 4.0), (0.3, 10.0), (0.2, 14.0)], atol=1e-5)
    assert np.allclose(found.table["price_beyond"][:-1], [10, 20, 40], rtol=1e-4)
    assert [round(bend.first, 6) for bend in found.bends] == [0.6, 0.3]
    assert any("a point of risk costs 0.2 m USD, before it 0.1 m USD" in text for text in found.says)


def test_who_takes_over_at_a_bend_of_the_tiny_front():
    first, second = trade_off(Problem(tiny_scenario()), exact=True).bends
    assert ("holdings_carry_over", "takes over") in {(change.rule, change.role) for change in first.changes}
    assert first.payer == "Northland"
    budget = next(change for change in second.changes if change.rule == "budget_is_respected")
    assert (budget.key, budget.role, budget.before) == (("Northland", 2026), "takes over", 0.0)
    assert budget.after == pytest.approx(0.25)
    """A unit of money buys half a tank, 0.05 less risk, and costs 1/40 of risk at the price of 40: 0.025, times 10."""
    assert second.payer == "Southland"
    assert second.buys == ("defend", "tank", 2026)


def test_the_order_of_the_measures_does_not_matter_where_one_is_money():
    problem = Problem(tiny_scenario())
    assert trade_off(problem, ("cost", "risk"), exact=True).measures == ("risk", "cost")


@pytest.mark.parametrize("pair", [("risk", "cost"), ("risk", "unfairness"), ("worst_perceived_risk", "risk")])
@pytest.mark.parametrize("seed", [1, 5])
def test_exact_points_are_what_fresh_solves_under_ceilings_find(seed, pair):
    scenario = random_scenario(seed, **SMALL)
    found = trade_off(Problem(scenario), pair, exact=True)
    first, second = pair
    assert found.complete
    rng = np.random.default_rng(seed)
    paid = [point.second for point in found.front.points]
    bought = [point.first for point in found.front.points]
    for limit in [*rng.choice(paid[1:], min(3, len(paid) - 1)), *rng.uniform(paid[0], paid[-1], 3)]:
        plan = Problem(scenario, {second: float(limit)}).solve((first,))
        assert plan.measures[first] == pytest.approx(
            np.interp(limit, paid, bought), rel=1e-9, abs=3e-6 * (bought[0] - bought[-1])
        )


@pytest.mark.parametrize("seed", range(2))
def test_a_front_is_convex_and_falls_and_its_slope_is_the_price_on_the_ceiling(seed):
    scenario = random_scenario(seed, **SMALL)
    front = trade_off(Problem(scenario), exact=True).front
    assert all(p.first > q.first and p.second < q.second for p, q in pairwise(front.points))
    assert all(one.price < other.price for one, other in pairwise(front.edges))
    longest = sorted(front.edges, key=lambda edge: edge.start.second - edge.end.second)[:3]
    for edge in longest:
        middle = 0.5 * (edge.start.second + edge.end.second)
        plan = Problem(scenario, {"cost": middle}).solve(("risk",))
        gain = -plan.stage("risk").ceiling_multipliers[plan.lp.measure("cost")]
        assert edge.price == pytest.approx(1 / gain, rel=1e-4)


def test_every_edge_is_proved_by_a_line_nothing_gets_below(tutorial):
    front = tutorial.front
    assert front.complete
    assert len(front.points) > 20
    for edge in front.edges:
        line = edge.support
        values = [line.first * point.first + line.second * point.second for point in front.points]
        assert min(values) >= line.value - 1e-6 * abs(line.value)


def test_fewer_points_bound_what_they_do_not_know(tutorial):
    problem = Problem(load(TUTORIAL))
    paid, bought = zip(*((point.second, point.first) for point in tutorial.front.points), strict=True)
    for found in (
        trade_off(problem, points=9),
        trade_off(problem, exact=True, effort=Effort(most_solves=12)),
    ):
        assert not found.complete
        assert found.gap > 0
        for edge in found.front.edges:
            for part in (0.25, 0.5, 0.75):
                at = edge.start.second + part * (edge.end.second - edge.start.second)
                drawn = edge.start.first + part * (edge.end.first - edge.start.first)
                true = np.interp(at, paid, bought)
                assert true - 1e-6 <= drawn <= true + edge.low + 1e-6
    assert found.front.solves == 12


def test_bends_between_sampled_points_are_marked_as_inferred():
    found = trade_off(Problem(load(TUTORIAL)), points=9)
    assert found.bends
    assert any(not bend.exact for bend in found.bends)
    assert any(text.startswith("Near ") for text in found.says)
    assert list(found.curve.columns) == ["cost", "risk", "unit"]
    assert np.all(np.diff(found.curve["risk"]) <= 1e-12)


def test_more_money_shifts_the_front_down_never_up():
    scenario = random_scenario(3, **SMALL)
    richer = scenario.scale("gdp", 1.2)
    for point in trade_off(Problem(scenario), points=6).front.points:
        assert Problem(richer, {"cost": point.second}).solve(("risk",)).measures["risk"] <= point.first + 1e-5


def test_no_conflict_is_said_and_not_drawn():
    found = trade_off(Problem(tiny_scenario(), {"cost": 0.0}), exact=True)
    assert len(found.front.points) == 1
    assert found.complete
    assert "There is no trade-off" in found.says[0]
    assert found.bends_table.empty
    assert len(found.table) == 1


def test_two_lines_meet_once_or_never():
    assert meeting(Support(1, 1, 2), Support(1, -1, 0)) == (1, 1)
    assert meeting(Support(1, 2, 2), Support(2, 4, 5)) is None


@pytest.mark.parametrize(
    ("between", "points"),
    [(("risk", "risk"), 5), (("risk", "glory"), 5), (("glory", "cost"), 5), (("risk", "cost"), 1)],
)
def test_wrong_words_are_a_sentence(between, points):
    with pytest.raises(UsageError):
        trade_off(Problem(tiny_scenario()), between, points)


def test_no_plan_and_no_time_are_said():
    impossible = Problem(tiny_scenario(), {"cost": 1.0, "risk": 0.1})
    with pytest.raises(UsageError):
        trade_off(impossible)
    with pytest.raises(SolverError):
        trade_off(Problem(tiny_scenario()), effort=Effort(time_limit=0.0))


def test_a_surface_agrees_with_fresh_solves_and_falls_with_both_ceilings():
    scenario = random_scenario(2, **SMALL)
    found = surface(Problem(scenario), ("risk", "cost", "unfairness"), 3)
    table = found.table
    assert len(table) == 9
    for spot in found.spots:
        plan = Problem(scenario, {"cost": spot.ceilings[0] * (1 + 1e-7), "unfairness": spot.ceilings[1] + 1e-6}).solve(
            ("risk",)
        )
        assert (plan.status == "optimal") or spot.status != "optimal"
        if spot.status == "optimal":
            assert spot.values[0] == pytest.approx(plan.measures["risk"], abs=1e-5)
    grid = found.grid.iloc[:, 1:].to_numpy()
    for axis in (0, 1):
        steps = np.diff(grid, axis=axis)
        assert np.all(steps[np.isfinite(steps)] <= 1e-6)
    assert found.says


def test_a_surface_wants_three_measures():
    with pytest.raises(UsageError):
        surface(Problem(tiny_scenario()), ("risk", "cost", "cost"))


@pytest.mark.parametrize("what", list(CURVES))
def test_every_ready_made_curve_is_what_fresh_solves_say(what):
    scenario = random_scenario(4, **SMALL)
    found = price_of(Problem(scenario), what)
    for step in found.steps:
        asked, tolerance = (step.setting.scenario, step.setting.ceilings, step.setting.off), step.setting.tolerance
        fresh = Problem(*asked)
        if tolerance is not None:
            accepted = {member: min(1.0, tolerance * risk) for member, risk in fresh.accepted.items()}
            fresh = Problem(*asked, accepted=accepted)
        plan = fresh.solve(step.setting.aim)
        assert step.status == plan.status
        if plan.found:
            assert step.measures["risk"] == pytest.approx(plan.measures["risk"], abs=1e-6)
    assert len(found.says) == len(found.series)
    assert {"series", "strength", "risk", "extra_risk", "status", "unit"} <= set(found.table.columns)


@pytest.mark.parametrize("what", ["fairness", "share", "challenge", "consensus"])
def test_a_tighter_rule_never_lowers_risk(what):
    found = price_of(Problem(load(TUTORIAL)), what)
    for _, rows in found.table.groupby("series"):
        assert np.all(np.diff(rows["risk"].dropna()) >= -1e-7)
        assert rows["extra_risk"].iloc[0] == 0


def test_better_interoperability_never_raises_risk():
    table = price_of(Problem(load(TUTORIAL)), "interoperability").table
    for series in ("commonality", "cost of upgrades and exercises"):
        assert np.all(np.diff(table[table["series"] == series]["risk"]) <= 1e-7)


def test_the_level_of_deliveries_by_hand():
    """Units come at "bare" and count for half; being "fit" (counting in full) costs half a unit's price more.

    As it is: Northland has 4 tanks at 1 a year to keep, and 6 left: each further tank costs 1 + 1 and counts for half, or 2.5 made
    fit and counts for one. It lifts as many as pays. Every new tank at "fit" costs 1.5 + 1: that choice was there before, so the
    curve cannot be better than the base; and nothing but new tanks changes price, so it is no worse than unit prices 50 % up.
    """
    scenario = _levelled()
    table = price_of(Problem(scenario), "interoperability").table
    rows = table[table["series"] == "level of deliveries"]
    assert rows["setting"].tolist() == [
        "new units delivered at bare",
        "new units delivered at fit (unit prices up by 50 %)",
    ]
    dear = (
        Problem(scenario.with_settings(delivery_level="fit").scale("unit_cost", 1.5)).solve(("risk",)).measures["risk"]
    )
    assert rows["risk"].iloc[0] - 1e-9 <= rows["risk"].iloc[1] <= dear + 1e-9
    upgraded = rows["risk"].iloc[1]
    assert upgraded == pytest.approx(_fit_only_by_hand(), abs=1e-6)


def _fit_only_by_hand():
    """Every new tank fit. Northland: 10 to spend, 4 old tanks at 1 each count 0.5 for 1, or 1 for 1.5 when lifted; a new one counts
    1 for 2.5. Best value first: keep 4 (2 effective, 4 spent), lift them (2 more, 2 spent), then 4 left buy 1.6: 5.6 effective.
    Southland pays double: 4 left for 5 each, 0.8 effective. Together 6.4 of 10."""
    return 1 - 6.4 / 10


def _levelled():
    """The tiny scenario with two levels, no lead and nothing in common."""
    members = {
        "Northland": {},
        "Southland": {"gdp": 50.0, "defence_share": 0.08, "target_share": 0.08, "price_level": 2.0},
    }
    return make(
        members,
        {"tank": {"unit": "tank"}},
        {"attack": (1.0, None)},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 10.0},
        holding={("Northland", "tank"): 4.0},
        levels={"bare": (0.5, 0.0, 0.0), "fit": (1.0, 0.5, 0.0)},
        commonality={("Northland", "Southland"): 0.0, ("Southland", "Northland"): 0.0},
        bands={1.0: 1.0},
    )


def test_a_lower_level_of_deliveries_is_never_better():
    scenario = random_scenario(5, **SMALL)
    top = scenario.with_settings(delivery_level=scenario.sets["level"][-1])
    table = price_of(Problem(top), "interoperability").table
    assert "level of deliveries" not in set(table["series"])
    rows = table[table["series"] == "lower level of deliveries"]
    assert len(rows) == len(scenario.sets["level"])
    assert rows["as_given"].tolist() == [True, *[False] * (len(rows) - 1)]
    assert np.all(np.diff(rows["risk"]) >= -1e-7)


def test_the_worst_placed_member_is_lifted_step_by_step():
    """A scenario in which a lower risk for the worst placed member costs the alliance something."""
    found = price_of(Problem(random_scenario(1, members=4, capabilities=3, periods=2)), "consensus")
    table = found.table
    worst = table[table["series"] == "worst placed member"]
    assert len(worst) == 6
    assert np.all(np.diff(worst["strength"].dropna()) < 0)
    assert np.all(np.diff(worst["risk"]) >= -1e-7)
    assert worst["extra_risk"].iloc[-1] > 1e-6
    promise = table[table["series"] == "consensus"]
    assert promise["strength"].iloc[1] == 1.0
    assert promise["strength"].iloc[2] < 1.0
    assert promise["extra_risk"].tolist() == pytest.approx([0.0] * 3, abs=1e-6)


def test_consensus_that_binds_comes_in_steps():
    """A scenario in which one member is better off alone: what it perceives together is lowered step by step, at a price."""
    found = price_of(Problem(random_scenario(17, members=3, capabilities=2, periods=2)), "consensus")
    rows = found.table[found.table["series"] == "consensus"]
    strengths = rows["strength"].tolist()[1:]
    assert strengths[0] > 1
    assert strengths[-1] == 1.0
    assert len(strengths) >= 4
    assert np.all(np.diff(strengths) < 0)
    solved = rows[rows["status"] == "optimal"]
    assert solved["extra_risk"].iloc[-1] > 1e-4
    assert np.all(np.diff(solved["risk"]) >= -1e-7)


def test_slopes_are_the_rise_between_neighbours():
    found = price_of(Problem(tiny_scenario()), "share")
    table = found.table.set_index("strength")
    slopes = found.slopes("share rule")
    assert slopes[0].start.setting.strength == 1.0
    for slope in slopes:
        one, other = slope.start.setting.strength, slope.end.setting.strength
        rise = (table.loc[other, "risk"] - table.loc[one, "risk"]) / (100 * (one - other))
        assert slope.risk == pytest.approx(rise)
        assert table.loc[other, "slope_risk"] == pytest.approx(rise)
    assert np.isnan(table["slope_risk"].iloc[0])
    assert "The curve is steepest" in found.says[0]
    assert "each percentage point less from one member means" in found.says[0]


@pytest.mark.parametrize("what", list(CURVES))
@pytest.mark.parametrize("scenario", ["tutorial", "random"])
def test_every_ready_made_price_is_a_curve(what, scenario):
    made = load(TUTORIAL) if scenario == "tutorial" else random_scenario(1, members=3, capabilities=2, periods=2)
    found = price_of(Problem(made), what)
    assert not found.stopped
    curves = [found.curve(series) for series in found.series]
    assert max(int(curve["risk"].notna().sum()) for curve in curves) >= 3
    assert all(len(said) for said in found.says)


def test_the_cut_in_budgets_that_does_as_much_is_an_upper_bound():
    """Cutting every budget by the stated part must do at least as much harm as the rule."""
    scenario = load(TUTORIAL)
    rows = price_of(Problem(scenario), "challenge").table.dropna(subset=["budget_cut_at_most"])
    assert len(rows)
    for cut, risk in zip(rows["budget_cut_at_most"], rows["risk"], strict=True):
        assert Problem(scenario.scale("alliance_share", 1 - cut)).solve(("risk",)).measures["risk"] >= risk - 1e-7


def test_the_cut_that_is_said_to_do_as_much_is_near_the_true_one():
    """The bound by prices of the equal key's last step is 72 %; solved again, a quarter does as much."""
    scenario = load(TUTORIAL)
    found = price_of(Problem(scenario), "fairness")
    step = [step for step in found.steps if step.setting.series == "equal key"][-1]
    low, high = step.cut
    assert 0 < low < high < 1.1 * low
    risks = [
        Problem(scenario.scale("alliance_share", 1 - cut)).solve(("risk",)).measures["risk"] for cut in (low, high)
    ]
    assert risks[0] - 1e-7 <= step.measures["risk"] <= risks[1] + 1e-7


def test_ends_of_a_sampled_front_are_said_to_be_averages():
    problem = Problem(load(TUTORIAL))
    assert "on average" in trade_off(problem, points=5).says[1]
    assert "on average" not in trade_off(Problem(tiny_scenario()), exact=True).says[1]


def test_the_share_rule_by_hand():
    """At most half of the 10 tanks from one member: 5 from Northland, 1 from Southland, risk 0.4 instead of 0.2."""
    table = price_of(Problem(tiny_scenario()), "share").table.set_index("strength")
    assert table.loc[0.5, "risk"] == pytest.approx(0.4)
    assert table.loc[0.5, "extra_risk"] == pytest.approx(0.2)
    assert table.loc[0.5, "binds"] == "Northland"


@pytest.mark.parametrize(
    ("rule", "series", "risks"),
    [
        ({"consensus_voice": 0.9}, VOICE, [0.13, 0.13, 0.13, 0.13, 0.13, 0.23]),
        ({"consensus_excess": 0.02}, EXCESS, [0.13, 0.15, 0.19, 0.21, 0.23]),
    ],
)
def test_what_softer_consensus_costs_by_hand(rule, series, risks):
    """See ``needy``: C, with a tenth of the voice, may be outvoted up to nine tenths; each hundredth of excess less takes a tank from B.

    Excess 0.04 in all: C may perceive 0.9, one tank is left to it and B has 8: 0.3 x 0.2 + 0.1 x 0.9. With 0.01, 0.6 and 5.
    """
    found = price_of(Problem(needy(consensus=True, **rule)), "consensus")
    rows = found.table[found.table["series"] == series]
    assert rows["risk"].tolist() == pytest.approx(risks, abs=1e-6)
    assert rows.loc[rows["as_given"], "strength"].tolist() == [next(iter(rule.values()))]
    assert not found.table.loc[found.table["series"] == "consensus", "as_given"].any()


def test_what_opt_outs_cost_by_hand():
    """C's ship would cover half of a task of two: see ``two_tasks``."""
    table = price_of(Problem(two_tasks(True)), "consensus").table
    assert table.loc[table["series"] == OUT, "risk"].tolist() == pytest.approx([0.25, 0.5])


def test_an_unknown_price_is_a_sentence():
    with pytest.raises(UsageError, match="fairness"):
        price_of(Problem(tiny_scenario()), "love")
