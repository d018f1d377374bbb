"""The game of a scenario: by hand on the tiny one, against fresh solves, and what theory promises of its prices."""

import numpy as np
import pytest

from model.language.faults import SolverError, UsageError
from model.questions.cost_sharing.coalition_core import CoreCheck
from model.questions.cost_sharing.coalitions import AllianceGame, group_scenario, left_out
from model.questions.cost_sharing.solutions import core_excess, least_transfer, money_moved, proportional, shapley
from model.questions.cost_sharing.work import side_by_side
from model.solve.compared import risk_alone
from model.solve.engine import Watch
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.random_layers import with_industry, with_partners, with_technology
from tests.scenarios import random_scenario, tiny_scenario

pytestmark = pytest.mark.slow


def game_of(seed, value=1.0, **changed):
    """The game of a random scenario; the value of risk 1 in budgets of all members."""
    scenario = random_scenario(seed, **{"members": 4, "capabilities": 4, "tasks": 3, **changed})
    lp = Problem(scenario).lp
    return AllianceGame(scenario, value * float(lp.whole[lp.measure("cost")]))


def test_by_hand_what_each_group_of_the_tiny_alliance_pays():
    """Risk 1 is worth 100, half of it to each: a missing tank costs each 5, both 10.

    Northland alone keeps 4 tanks at 1 and buys 3 at 2: 10, and 3 missing, 15: **25**. Southland alone buys one for 4, and 9 missing,
    45: **49**. Together 8 tanks for 14, and 2 missing at 10 each: **34**.
    """
    game = AllianceGame(tiny_scenario(), 100.0, "equal")
    north, south = frozenset({"Northland"}), frozenset({"Southland"})
    assert game.costs() == pytest.approx({north: 25.0, south: 49.0, north | south: 34.0})
    assert game.spent == pytest.approx({"Northland": 10.0, "Southland": 4.0})
    assert game.lost == pytest.approx({"Northland": 10.0, "Southland": 10.0})


def test_by_hand_owen_charges_of_the_tiny_alliance():
    """A tank is worth 10. Each wants 10 tanks at 5. Northland's 7 tanks earn 70 and cost it 10: 50 - 70 + 10; Southland's 50 - 10 + 4."""
    game = AllianceGame(tiny_scenario(), 100.0, "equal")
    assert game.owen == pytest.approx({"Northland": -10.0, "Southland": 44.0})


def test_by_hand_a_value_by_gdp_is_two_thirds_northlands():
    """Alone a missing tank costs Northland 6.67 and Southland 3.33, less than the 4 it would pay: it buys none and loses 33.33."""
    costs = AllianceGame(tiny_scenario(), 100.0).costs()
    assert costs[frozenset({"Northland"})] == pytest.approx(10 + 3 * 100 / 15)
    assert costs[frozenset({"Southland"})] == pytest.approx(100 / 3)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("value", [0.3, 10.0])
def test_hot_costs_are_those_of_each_groups_own_scenario_solved_afresh(seed, value):
    game = game_of(seed, value, challenge=2.0, fairness_band=0.9)
    for group, cost in game.costs().items():
        assert cost == pytest.approx(game.cold_cost(group), rel=1e-6)


def test_two_at_a_time_give_the_same_as_one():
    one, two = (game_of(3).costs(workers=workers) for workers in (1, 2))
    assert one == two


@pytest.mark.parametrize("seed", range(6))
def test_owen_charges_pay_the_cost_and_are_in_the_core(seed):
    game = game_of(seed, (0.3, 1.0, 10.0)[seed % 3])
    charges = game.owen
    assert sum(charges.values()) == pytest.approx(game.total, rel=1e-7)
    assert core_excess(game.costs(), charges)[1] <= 1e-6 * game.total


@pytest.mark.parametrize("seed", range(4))
def test_the_prices_of_any_group_bound_every_other_and_are_exact_for_itself(seed):
    game = game_of(seed)
    costs = game.costs()
    for group, cost in costs.items():
        bound = game.bound(group, game.answer(group))
        assert bound is not None
        assert bound[game.truths(group)].sum() == pytest.approx(cost, rel=1e-6)
        for other, its in costs.items():
            assert bound[game.truths(other)].sum() <= its + 1e-6 * game.total


def test_what_everybody_bears_as_the_plan_falls_is_the_total():
    game = game_of(1)
    assert sum(game.borne.values()) == pytest.approx(game.total)
    burden = game.plan.table("burdens").set_index("member")["burden"]
    assert game.spent == pytest.approx(burden.to_dict())


def test_the_same_rules_hold_in_every_group_and_need_no_promise():
    """Rules that divide a burden are off, also where a scenario sets them: a group alone could never keep a largest share."""
    scenario = random_scenario(2, challenge=1.5, fairness_band=0.1, consensus=True, max_share=0.4)
    edited = group_scenario(scenario, ["member 0"])
    assert edited.settings["challenge"] is None
    assert edited.settings["fairness_band"] is None
    assert not edited.settings["consensus"]
    assert set(edited.capability_max_share.values()) == {1.0}
    assert all(np.isfinite(c) for c in AllianceGame(scenario).costs().values())


def test_a_group_has_its_own_part_of_industry_and_fair_shares_of_the_alliance():
    scenario = random_scenario(2)
    edited = group_scenario(scenario, ["member 0", "member 1"])
    part = sum(scenario.gdp[m] for m in ("member 0", "member 1")) / sum(scenario.gdp.values())
    limited = {c: v for c, v in scenario.build_limit.items() if v is not None}
    assert limited
    assert {c: edited.build_limit[c] for c in limited} == pytest.approx({c: v * part for c, v in limited.items()})
    before, after = Problem(scenario).data.fair_share, Problem(edited).data.fair_share
    assert after == pytest.approx(before)


def test_what_belongs_to_no_member_is_left_out_and_said():
    """With something to own in common, and a partner that lends, every group pays what it pays without."""
    plain = random_scenario(2, members=3, capabilities=3, tasks=2, periods=2)
    pooled = random_scenario(2, members=3, capabilities=3, tasks=2, periods=2, pooling=True)
    task, capability, _ = next(iter(pooled.quantity))
    helped = pooled.with_sets({**pooled.sets, "partner": ("Helper",)})
    for key, value in {"partner_money": None, "partner_from": None, "partner_to": None, "members_part": 0.0}.items():
        helped = helped.with_values(key, {"Helper": value})
    lent = {"reimbursement": None, "lendable": 1e6, "lending_price": 0.0}
    for key, value in lent.items():
        helped = helped.with_values(key, {("Helper", capability, task): value})
    assert Problem(helped).solve().measures["risk"] < Problem(plain).solve().measures["risk"]
    assert AllianceGame(helped).costs() == pytest.approx(AllianceGame(plain).costs())
    said = " ".join(side_by_side(helped).says)
    assert "what the alliance owns together and partners from outside" in said
    assert "belongs to no member" not in " ".join(side_by_side(plain).says)


def test_a_member_with_nothing_that_wants_nothing_changes_nothing():
    scenario = random_scenario(1, members=4)
    poor = "member 3"
    for key in ("holding", "cost_factor"):
        scenario = scenario.with_values(key, {k: v for k, v in scenario.values[key].items() if k[0] != poor})
    scenario = scenario.scale("gdp", 0.0, poor)
    game = AllianceGame(scenario, 1000.0)
    costs = game.costs()
    assert costs[frozenset({poor})] == pytest.approx(0.0, abs=1e-9)
    for group, cost in costs.items():
        if poor in group and len(group) > 1:
            assert cost == pytest.approx(costs[group - {poor}], rel=1e-7)
    assert game.owen[poor] == pytest.approx(0.0, abs=1e-6)
    assert shapley(costs)[poor] == pytest.approx(0.0, abs=1e-6)


def test_a_higher_value_never_lowers_what_a_group_pays():
    low, high = (game_of(2, value).costs() for value in (0.5, 2.0))
    assert all(high[group] >= cost * (1 - 1e-9) for group, cost in low.items())


def test_money_in_thousands_gives_costs_in_thousands():
    scenario = random_scenario(3)
    thousand = scenario
    for key in ("gdp", "unit_cost", "sustainment_cost"):
        thousand = thousand.scale(key, 1000.0)
    one, other = AllianceGame(scenario, 500.0).costs(), AllianceGame(thousand, 500_000.0).costs()
    assert {g: c / 1000 for g, c in other.items()} == pytest.approx(one, rel=1e-6)


def test_a_member_alone_and_leading_itself_is_what_consensus_reckons_with():
    """Against ``model.solve.alone``: at a very high value, cost is value x own part x the risk it would face alone."""
    scenario = load("inputs/tutorial.xlsx")
    scenario = scenario.with_values("build_limit", dict.fromkeys(scenario.build_limit))
    game = AllianceGame(scenario, 1e9, "equal")
    span = game.problem.data.span
    for member in game.members:
        at = game.members.index(member)
        part = sum(wish[at] * span[k] for k, wish in game.groups.wanted.items())
        assert game.own_command(member) == pytest.approx(1e9 * part * risk_alone(scenario, member), rel=1e-3)


# ---------------------------------------------------------------- the core by row generation


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("value", [0.5, 10.0])
def test_row_generation_finds_the_group_that_enumeration_finds(seed, value):
    game = game_of(seed, value, members=5)
    costs = game.costs()
    everybody = max(costs, key=len)
    check = CoreCheck(game_of(seed, value, members=5))
    equal = dict.fromkeys(everybody, game.total / 5)
    one_pays = {m: game.total * (m == "member 1") for m in everybody}
    for charges in (game.owen, game.borne, equal, one_pays, proportional(costs)):
        found, (_, worst) = check.ask(charges), core_excess(costs, charges)
        assert found.proved
        assert found.excess == pytest.approx(worst, abs=2e-6 * game.total)
        assert found.in_core == (worst <= found.tolerance)
        assert sum(charges[m] for m in found.group) - costs[found.group] == pytest.approx(
            found.excess, abs=1e-6 * game.total
        )


def test_without_time_the_bound_is_still_true():
    game = game_of(2, members=5)
    costs = game.costs()
    for charges in (game.borne, dict.fromkeys(game.members, game.total / 5)):
        found = CoreCheck(game_of(2, members=5)).ask(charges, seconds=0.0)
        assert found.bound >= core_excess(costs, charges)[1] - 1e-6 * game.total


def test_with_32_members_no_group_drawn_at_random_contradicts_what_is_proved():
    """Too many groups to list (four thousand million)."""
    scenario = random_scenario(1, members=32, capabilities=3, tasks=2, periods=1, levels=1)
    game = AllianceGame(scenario)
    check, rng = CoreCheck(game), np.random.default_rng(0)
    drawn = [frozenset(m for m in game.members if rng.random() < part) for part in (0.1, 0.5, 0.8) for _ in range(6)]
    by_gdp = proportional_to({m: game.plan.data.gdp[m] for m in game.members}, game.total)
    for charges, seconds in ((by_gdp, 5.0), (game.borne, 2.0)):
        found = check.ask(charges, seconds, worst=False)
        assert found.bound >= found.excess
        if found.group:
            gain = sum(charges[m] for m in found.group) - game.cost(found.group)
            assert gain == pytest.approx(found.excess, abs=2 * found.tolerance)
        for group in (one for one in drawn if 0 < len(one) < 32):
            assert sum(charges[m] for m in group) - game.cost(group) <= found.bound + 2 * found.tolerance


def proportional_to(weights, total):
    """The total in proportion to weights."""
    return {m: total * weight / sum(weights.values()) for m, weight in weights.items()}


def test_owen_is_known_to_be_in_the_core_without_solving_a_group():
    found = CoreCheck(game_of(0)).ask(game_of(0).owen, worst=False)
    assert found.in_core
    assert found.solves == 0


@pytest.mark.parametrize("seed", range(4))
def test_least_transfer_by_row_generation_is_that_of_enumeration(seed):
    game = game_of(seed, 0.4, members=5)
    costs = game.costs()
    borne = {m: game.total * (m == "member 0") for m in game.members}
    found, near = CoreCheck(game).least_transfer(borne), least_transfer(costs, borne)
    assert found.moved == pytest.approx(money_moved(borne, near), rel=1e-4)
    assert found.least == found.moved
    assert core_excess(costs, found.charges)[1] <= 3e-6 * game.total


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_least_transfer_without_enough_time_is_still_in_the_core_and_has_a_lower_limit(seconds, monkeypatch):
    game = game_of(1, 0.4)
    costs = game_of(1, 0.4).costs()
    borne = {m: game.total * (m == "member 0") for m in game.members}
    monkeypatch.setattr(CoreCheck, "_solve", lambda self, members, left: False)
    found = CoreCheck(game).least_transfer(borne, seconds=seconds)
    best = money_moved(borne, least_transfer(costs, borne))
    assert found.least <= best * (1 + 1e-6)
    assert found.moved >= best * (1 - 1e-6)
    assert money_moved(borne, found.charges) == pytest.approx(found.moved)
    assert core_excess(costs, found.charges)[1] <= 2e-6 * game.total


def test_allocations_that_do_not_pay_are_refused():
    game = game_of(0)
    with pytest.raises(UsageError, match="add up"):
        CoreCheck(game).ask(dict.fromkeys(game.members, 0.0))
    with pytest.raises(UsageError, match="members of the game"):
        CoreCheck(game).ask({"Atlantis": game.total})


# ---------------------------------------------------------------- side by side


def test_side_by_side_pays_the_total_by_every_method_and_says_who_would_leave():
    scenario = random_scenario(1, members=4)
    found = side_by_side(scenario, 300.0)
    assert len(found.answered) >= 9
    for method in found.answered:
        assert sum(method.charges.values()) == pytest.approx(found.game.total, rel=1e-6), method.name
        group, excess = core_excess(found.costs, method.charges)
        assert (method.worst.group, method.worst.excess) == (group, pytest.approx(excess))
    least = next(method for method in found.answered if method.name.startswith("least core"))
    assert all(least.worst.excess <= method.worst.excess + 1e-6 * found.game.total for method in found.answered)
    assert "no charges give the least of them more" in least.statement
    payments = found.payments.groupby("method")["pays_to_others"].sum()
    assert (payments.abs() < 1e-5 * found.game.total).all()
    gains = found.payments.set_index(["method", "member"])["gain_over_alone"]
    shapley_gain = found.alone["member 0"] - shapley(found.costs)["member 0"]
    assert gains["Shapley value", "member 0"] == pytest.approx(shapley_gain)
    leaving = [m.name for m in found.answered if not m.worst.in_core]
    said = " ".join(found.says)
    assert all(any(name[1:] in text and "by leaving" in text for text in found.says) for name in leaving)
    assert "going together is worth" in said


def test_a_game_too_large_to_list_is_looked_into_by_prices_samples_and_groups():
    scenario = random_scenario(1, members=13, capabilities=2, tasks=2, periods=1, levels=1)
    found = side_by_side(scenario, samples=2, separable=True, seconds=3.0)
    assert found.costs is None
    names = [method.name for method in found.methods]
    assert "separable costs-remaining benefits" in names
    assert any(name.startswith("Shapley value from 4 random orders") for name in names)
    assert set(found.sampled.margin) == set(found.game.members)
    owen = next(method for method in found.methods if method.name.startswith("Owen"))
    assert owen.worst.in_core
    for method in found.answered:
        assert sum(method.charges.values()) == pytest.approx(found.game.total, rel=1e-6)
    assert "somewhat too narrow" in " ".join(found.says)
    assert found.transfer.least <= found.transfer.moved * (1 + 1e-9)


def test_when_the_time_is_up_there_is_no_half_truth():
    scenario = random_scenario(1, members=6)
    with pytest.raises(SolverError, match="no plan for everybody"):
        side_by_side(scenario, watch=Watch(0.0))


def test_an_enumeration_cut_short_leaves_out_what_needs_it(monkeypatch):
    watch = Watch(1e9)

    def stop(self, tell, workers):
        object.__setattr__(watch, "time_limit", 0.0)
        raise SolverError("The cost of a group could not be settled: time limit.")

    monkeypatch.setattr(AllianceGame, "costs", stop)
    found = side_by_side(random_scenario(1, members=4), watch=watch)
    assert "time limit was reached" in found.stopped
    assert found.costs is None
    assert {m.name for m in found.methods} >= {"as the plan falls", "Owen charges"}
    assert "Shapley value" not in {m.name for m in found.methods}
    assert found.says


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: AllianceGame(s, -1.0), "positive amount"),
        (lambda s: AllianceGame(s, float("nan")), "positive amount"),
        (lambda s: AllianceGame(s, voice="loudest"), "gdp, population, equal"),
        (lambda s: AllianceGame(s).cost(["Atlantis"]), "no member"),
        (lambda s: AllianceGame(s).cost([]), "at least one member"),
        (lambda s: side_by_side(s, samples=1), "two samples"),
        (lambda s: side_by_side(s, seconds=-1.0), "zero or more"),
        (lambda s: AllianceGame(random_scenario(0, members=13, periods=1, levels=1)).costs(), "too many groups"),
    ],
)
def test_wrong_use_is_refused_with_a_sentence(call, said):
    with pytest.raises(UsageError, match=said):
        call(tiny_scenario())


@pytest.mark.parametrize("seed", range(3))
def test_what_a_member_no_longer_counts_is_no_loss_to_anybody(seed):
    scenario = random_scenario(seed, members=4, capabilities=3, tasks=4, periods=2)
    rows = {("member 1", "task 0"): False, ("member 0", "task 1"): False, ("member 2", "task 1"): True}
    scenario = scenario.with_values("still_counts", rows)
    game = AllianceGame(scenario)
    assert sum(game.borne.values()) == pytest.approx(game.total, rel=1e-9)
    costs = game.costs()
    for group, cost in costs.items():
        assert cost == pytest.approx(game.cold_cost(group), rel=1e-6)
    assert core_excess(costs, game.owen)[1] <= 2e-6 * sum(map(abs, game.owen.values()))


SMALL = {"members": 3, "capabilities": 3, "tasks": 2, "periods": 2}


@pytest.mark.parametrize(
    ("scenario", "what"),
    [
        (random_scenario(1, **SMALL, pooling=True), "what the alliance owns together"),
        (random_scenario(1, **SMALL, joint=1), "joint programmes"),
        (with_partners(random_scenario(1, **SMALL), 1), "partners from outside"),
        (with_industry(random_scenario(1, **SMALL), 1), "limits of suppliers"),
        (with_technology(random_scenario(1, **SMALL), 0), "research paid together"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_belongs_to_no_group_is_left_out_said_and_the_theory_holds(scenario, what):
    game = AllianceGame(scenario)
    assert left_out(scenario) == [what]
    assert left_out(random_scenario(1, **SMALL)) == []
    costs = game.costs()
    for group, cost in costs.items():
        assert cost == pytest.approx(game.cold_cost(group), rel=1e-6)
    assert sum(game.owen.values()) == pytest.approx(game.total, rel=1e-6)
    assert core_excess(costs, game.owen)[1] <= 2e-6 * sum(map(abs, game.owen.values()))
    assert f"because it belongs to no member: {what}." in " ".join(side_by_side(scenario).says)
