"""Fairness bands, divergence and bargains: by hand, and what must hold between the plans."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from model.language.faults import UsageError
from model.questions.bargaining.nash import Losses
from model.questions.bargaining.result import NASH, PLAIN, WORST_PLACED, bargaining, mean_gain
from model.questions.fairness.result import BAND, BANDS, PARTS, UNFAIRNESS, chosen_keys, price_of_fairness
from model.scenario.scenario import Scenario
from model.solve.compared import risk_alone
from model.solve.engine import Watch
from model.solve.problem import Problem
from tests.scenarios import random_scenario, scenario, tiny_scenario

pytestmark = pytest.mark.slow


def two_tasks(**changed: object) -> Scenario:
    """North cares for its own task only, South for its own; both have 10 to spend on one kind of tank at 1 + 1 each.

    Each task requires 20 tanks at the same time (they are used up), 10 can be had, and any of them can go to either task.
    Alone a member has 5 of the 20 it wants: risk 0.75. Together, any split (x, 10 - x) gives the risks 1 - x/20 and
    1 - (10 - x)/20: gains x/20 - 1/4 and (10 - x)/20 - 1/4 are both above 0 for no x, and 0 for x = 5.
    """
    return scenario(
        {"North": {}, "South": {}},
        {"tank": {}},
        {"war": (1.0, None)},
        {"hold north": ("war", 1.0), "hold south": ("war", 1.0)},
        {("hold north", "tank", None): 20.0, ("hold south", "tank", None): 20.0},
        priority={("North", "hold south"): 0.0, ("South", "hold north"): 0.0},
        bands={1.0: 1.0},
        **changed,
    )


def shared_lot(voice: str = "gdp") -> Scenario:
    """As above, but South has nothing of its own and is a fifth of North: alone North has 5 of 20, South none.

    Losses are in a straight trade: with 5 tanks in all and x of them for South, the risks are 1 - (5 - x)/20 and 1 - x/20, so
    North loses whatever South gains over being alone: there is no gain for both.
    """
    base = two_tasks(voice=voice)
    return base.with_values("alliance_share", {"North": 1.0, "South": 0.0}).with_values(
        "gdp", {"North": 100.0, "South": 20.0}
    )


def test_a_bargain_without_any_gain_is_said_to_be_none():
    found = bargaining(Problem(shared_lot()))
    assert NASH not in found.plans
    assert "better off than alone" in found.unmade[NASH]
    assert any("no plan Nash" in text for text in found.says)


def complementary(voice: str) -> Scenario:
    """North makes tanks only, South ships only; each cares twice as much for its own task as for the other's. Both tasks happen at
    once and need 10 tanks and 10 ships each. Each member spends 10 at 1 + 1: there are 5 tanks and 5 ships, for either task.
    """
    return scenario(
        {"North": {"gdp": 300.0, "alliance_share": 1 / 3}, "South": {}},
        {"tank": {}, "ship": {}},
        {"war": (1.0, None)},
        {"hold north": ("war", 1.0), "hold south": ("war", 1.0)},
        {(k, c, None): 10.0 for k in ("hold north", "hold south") for c in ("tank", "ship")},
        cost_factor={("North", "tank"): 1.0, ("South", "ship"): 1.0},
        priority={("North", "hold south"): 0.5, ("South", "hold north"): 0.5},
        bands={1.0: 1.0},
        voice=voice,
    )


def test_nash_splits_by_hand():
    """Each member gives its own task 2/3 and the other's 1/3. With x of the 5 tanks and ships for North's task, losses are
    L1 = 2 - x/5 and L2 = 1 + x/5 (two capabilities, of 2): North perceives (2 L1 + L2)/6 = (5 - x/5)/6, South (4 + x/5)/6.
    Alone each has 5 of one thing and puts it on its own task: (2 x 1.5 + 2)/6 = 5/6. Gains are x/30 and (1 - x/5)/6 =
    (5 - x)/30: the product is largest at x = 2.5, a gain of 1/12 for both. By voices, North counting three times as much, the plain
    plan gives all to North's task; the worst placed is placed best at x = 2.5 as well."""
    found = bargaining(Problem(complementary("gdp")))
    assert found.alone == pytest.approx({"North": 5 / 6, "South": 5 / 6})
    assert found.perceived[PLAIN] == pytest.approx({"North": 4 / 6, "South": 5 / 6})
    assert found.perceived[NASH] == pytest.approx({"North": 0.75, "South": 0.75}, abs=1e-5)
    assert found.perceived[WORST_PLACED] == pytest.approx({"North": 0.75, "South": 0.75}, abs=1e-6)
    assert found.bargain is not None
    assert found.bargain.mean_gain == pytest.approx(1 / 12, rel=1e-5)
    assert found.bargain.error <= 2e-6
    assert found.divergence.ideal == pytest.approx({"North": 4 / 6, "South": 4 / 6})
    assert found.divergence.lost == pytest.approx(0.25 * (5 / 6 - 4 / 6))
    assert found.votes["North"] == PLAIN
    assert found.votes["South"] in (WORST_PLACED, NASH)


@pytest.fixture(scope="module", params=[2, 5])
def varied(request):
    s = random_scenario(request.param, members=4, voice="gdp")
    problem = Problem(s)
    return problem, bargaining(problem)


def test_every_plan_is_certified_and_best_at_what_it_is_for(varied):
    _, found = varied
    assert set(found.plans) == {PLAIN, WORST_PLACED, NASH}
    for plan in found.plans.values():
        assert plan.found
        assert all(proof.passed for proof in plan.certificates)
    risk = {name: plan.measures["risk"] for name, plan in found.plans.items()}
    worst = {name: max(seen.values()) for name, seen in found.perceived.items()}
    gain = {name: mean_gain(found.alone, seen) for name, seen in found.perceived.items()}
    assert risk[PLAIN] <= min(risk.values()) + 1e-7
    assert worst[WORST_PLACED] <= min(worst.values()) + 1e-7
    assert gain[NASH] >= max(value for value in gain.values() if value is not None) * (1 - 1e-5)


def test_nobody_does_better_than_its_ideal_and_the_loss_is_the_mean_by_voice(varied):
    _, found = varied
    for seen in found.perceived.values():
        for m, least in found.divergence.ideal.items():
            assert seen[m] >= least - 1e-7
    lost = sum(
        found.divergence.voice[m] * (found.perceived[PLAIN][m] - found.divergence.ideal[m]) for m in found.members
    )
    assert found.divergence.lost == pytest.approx(lost)
    assert lost >= -1e-9


def test_no_mixture_of_random_plans_beats_the_bargain(varied):
    """Plans of 40 random weights of tasks, and mixtures of them, gain no more in the geometric mean than the bound says."""
    problem, found = varied
    losses, d, rng = Losses(problem), problem.data, np.random.default_rng(1)
    points = np.array(
        [
            losses.least(dict(zip(losses.tasks, rng.exponential(size=len(losses.tasks)), strict=True)))[1]
            for _ in range(40)
        ]
    )
    mixed = np.vstack([points, rng.dirichlet(np.ones(len(points)), 200) @ points])
    feels = np.array([[d.own_part[m, k] for k in losses.tasks] for m in found.members])
    gains = np.array([found.alone[m] for m in found.members]) - mixed @ feels.T
    better = gains[(gains > 0).all(axis=1)]
    assert len(better)
    assert found.bargain is not None
    assert np.exp(np.log(better).mean(axis=1)).max() <= found.bargain.mean_gain * (1 + found.bargain.error) + 1e-9


def test_common_priorities_lose_nothing():
    s = random_scenario(4, members=3)
    tasks = {k: 1.0 + i for i, k in enumerate(s.sets["task"])}
    alike = s.with_values("priority", {(m, k): tasks[k] for m in s.sets["member"] for k in tasks})
    found = bargaining(Problem(alike))
    assert found.divergence.lost == pytest.approx(0.0, abs=1e-7)
    assert "Priorities cost nothing" in found.says[0]
    assert found.perceived[NASH] == pytest.approx(found.perceived[PLAIN], abs=2e-6)


def test_what_a_member_faces_alone_is_the_consensus_figure(varied):
    problem, found = varied
    m = found.members[0]
    assert found.alone[m] == pytest.approx(risk_alone(problem.scenario, m))


def test_no_time_gives_what_is_there_and_says_so():
    problem = Problem(tiny_scenario())
    plan = problem.solve()
    found = bargaining(problem, plan, Watch(0.0))
    assert list(found.plans) == [PLAIN]
    assert found.stopped
    assert len(found.table) == 2


# ---------------------------------------------------------------- the price of fairness


def test_a_tighter_limit_never_lowers_risk_and_is_kept():
    s = random_scenario(1, members=4)
    found = price_of_fairness(Problem(s), ["gdp", "un"])
    for key in ("gdp", "un"):
        base = found.without_band(key)
        assert base is not None
        for rule, limits in ((BAND, BANDS), (UNFAIRNESS, PARTS)):
            steps = [one for one in found.settings if (one.key, one.rule) == (key, rule)]
            assert [one.limit for one in steps] == list(limits)
            there = [one for one in steps if one.risk is not None]
            assert all(later.risk >= earlier.risk - 1e-7 for earlier, later in pairwise(there))
            assert all(one.risk is None for one in steps[len(there) :])
            assert all(one.why for one in steps[len(there) :])
            for one in there if rule == UNFAIRNESS else ():
                assert one.unfairness <= one.limit * base.unfairness + 1e-6 * base.cost
    assert len(found.says) == 2
    assert list(found.curve["unfairness_left"]) == ["100%", "75%", "50%", "25%", "10%", "0%"]


def test_fairness_by_hand():
    """The tiny scenario under equal shares: Northland may spend 10 and Southland 4. Exactly fair means 4 each, 8 in all: Northland
    keeps its 4 tanks for 1 each, Southland buys one at 4. So 5 of 10 tanks: risk 0.5 at a cost of 8, against 0.2 at 14; the band
    of 0 and the limit of 0 % on unfairness ask for the same."""
    found = price_of_fairness(Problem(tiny_scenario()), ["equal"])
    base, band, limit = found.settings[0], found.settings[len(BANDS) - 1], found.settings[-1]
    assert (base.risk, base.cost, base.unfairness) == pytest.approx((0.2, 14.0, 3.0))
    assert (band.rule, band.limit, limit.rule, limit.limit) == (BAND, 0.0, UNFAIRNESS, 0.0)
    for exact in (band, limit):
        assert (exact.risk, exact.cost) == pytest.approx((0.5, 8.0), abs=1e-6)
    assert "Southland" in band.bound
    assert found.table["extra_risk"].iloc[-1] == pytest.approx(0.3, abs=1e-6)


def test_a_band_nobody_can_keep_is_told_with_its_reason_and_the_limit_goes_on():
    """Southland promises to hold a tank, which takes all of its 4; within a band of 0 under the custom key it would have to bear
    nothing. Tighter bands are not even tried; unfairness can still be halved."""
    s = tiny_scenario().with_values("custom_key", {"Northland": 1.0, "Southland": 0.0})
    s = s.with_values("min_stock", {("Southland", "tank", None): 1.0}).with_values(
        "max_stock", {("Southland", "tank", None): None}
    )
    found = price_of_fairness(Problem(s), ["custom"])
    bands = {one.limit: one for one in found.settings if one.rule == BAND}
    assert bands[1.0].status == "infeasible"
    assert "pledged" in bands[1.0].why
    assert bands[0.0].why == bands[1.0].why
    assert "every burden within 100%: no plan" in found.says[0]


def test_only_keys_that_can_be_reckoned_are_tried():
    s = tiny_scenario()
    assert chosen_keys(s, None) == ("gdp",)
    assert "border" not in chosen_keys(s, ["all"])
    with pytest.raises(UsageError, match="no burden key 'beauty'"):
        chosen_keys(s, ["beauty"])
    with pytest.raises(UsageError, match="column border"):
        chosen_keys(s, ["border"])


def test_bands_cut_short_are_left_out_and_said():
    found = price_of_fairness(Problem(tiny_scenario()), watch=Watch(0.0))
    assert found.settings == ()
    assert "0 of 12" in found.stopped
    assert math.isfinite(len(found.table))
