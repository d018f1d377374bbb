"""Ways to share a cost: published answers to their digits, and what each must do whatever the game."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.language.faults import AllianceError, UsageError
from model.questions.cost_sharing.solutions import (
    core_excess,
    least_core,
    least_transfer,
    money_moved,
    nucleolus,
    per_capita_nucleolus,
    proportional,
    separable_costs_remaining_benefits,
    shapley,
    tau,
)
from tests.questions.published_games import (
    AIRPORT,
    ALLIANCE,
    GLOVES,
    TALMUD,
    TENNESSEE,
    bankruptcy,
    concave_game,
    game,
    random_game,
)

pytestmark = pytest.mark.slow

ALWAYS = (shapley, nucleolus, per_capita_nucleolus, least_core)
"""Rules with an answer to every game."""

EVERY = (*ALWAYS, tau, separable_costs_remaining_benefits)

PUBLISHED = [
    (TENNESSEE, shapley, {"navigation": 117829.0, "flood control": 100756.5, "power": 193998.5}, 0.05),
    (TENNESSEE, nucleolus, {"navigation": 116234, "flood control": 93540, "power": 202810}, 0.5),
    (TENNESSEE, tau, {"navigation": 117475.54, "flood control": 99157.29, "power": 195951.16}, 0.005),
    (
        TENNESSEE,
        separable_costs_remaining_benefits,
        {"navigation": 117475.54, "flood control": 99157.29, "power": 195951.16},
        0.005,
    ),
    (AIRPORT, shapley, {"1": 2, "2": 3, "3": 4, "4": 9}, 1e-9),
    (AIRPORT, nucleolus, {"1": 3.25, "2": 3.25, "3": 3.25, "4": 8.25}, 1e-9),
    (TALMUD, nucleolus, {"1": -50, "2": -75, "3": -75}, 1e-9),
    (TALMUD, shapley, {"1": -33.3333, "2": -83.3333, "3": -83.3333}, 5e-5),
    (GLOVES, shapley, {"1": -0.1667, "2": -0.6667, "3": -0.1667}, 5e-5),
    (GLOVES, nucleolus, {"1": 0, "2": -1, "3": 0}, 1e-9),
    (ALLIANCE, shapley, {"A": 75.6667, "B": 36.6667, "C": 79.6667}, 5e-5),
    (ALLIANCE, nucleolus, {"A": 78, "B": 35, "C": 79}, 1e-9),
    (ALLIANCE, tau, {"A": 77.4667, "B": 35.2667, "C": 79.2667}, 5e-5),
    (ALLIANCE, separable_costs_remaining_benefits, {"A": 77.1515, "B": 35.8182, "C": 79.0303}, 5e-5),
]


@pytest.mark.parametrize(("costs", "rule", "answer", "digits"), PUBLISHED)
def test_published_answers_to_their_digits(costs, rule, answer, digits):
    found = rule(costs)
    assert set(found) == set(answer)
    assert all(abs(found[m] - answer[m]) <= digits for m in answer)


@pytest.mark.parametrize(
    ("estate", "answer"), [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))]
)
def test_all_three_estates_of_the_talmud(estate, answer):
    """Aumann & Maschler 1985: the nucleolus is the Mishnah's division for every estate it names."""
    found = nucleolus(bankruptcy(estate, {"1": 100, "2": 200, "3": 300}))
    assert [-found[m] for m in "123"] == pytest.approx(answer)


# ---------------------------------------------------------------- what must hold whatever the game


def total(costs):
    return costs[max(costs, key=len)]


@given(st.integers(0, 10**6), st.integers(1, 6), st.floats(0.3, 1.2))
@settings(max_examples=40, deadline=None)
def test_charges_pay_the_cost(seed, members, power):
    costs = random_game(seed, members, power)
    for rule in EVERY:
        try:
            charges = rule(costs)
        except UsageError:
            assert rule in (tau, separable_costs_remaining_benefits)
            continue
        assert math.fsum(charges.values()) == pytest.approx(total(costs), rel=1e-9)
        assert set(charges) == set(max(costs, key=len))


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_members_that_add_the_same_are_charged_the_same(seed):
    rng = np.random.default_rng(seed)
    weight = {"a": 1.0, "b": 1.0, **{f"m{i}": float(w) for i, w in enumerate(rng.uniform(0.5, 3, 3))}}
    by_weight = game(weight, lambda g: sum(weight[m] for m in g) ** 0.6)
    for rule in EVERY:
        charges = rule(by_weight)
        assert charges["a"] == pytest.approx(charges["b"], abs=1e-7)


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_a_member_that_adds_only_its_own_cost_pays_just_that(seed):
    inner = concave_game(seed, 4)
    members = [*max(inner, key=len), "dummy"]
    costs = game(members, lambda g: inner.get(g - {"dummy"}, 0.0) + (1.7 if "dummy" in g else 0.0))
    for rule in (*EVERY[:3], tau, separable_costs_remaining_benefits):
        assert rule(costs)["dummy"] == pytest.approx(1.7, abs=1e-7)


@given(st.integers(0, 10**6), st.floats(0.1, 50), st.lists(st.floats(-5, 5), min_size=5, max_size=5))
@settings(max_examples=25, deadline=None)
def test_other_units_and_fixed_extras_change_charges_alike(seed, factor, extras):
    """Covariance: c' = a c + the sum of b over the group gives x' = a x + b."""
    costs = concave_game(seed, 5)
    extra = dict(zip(sorted(max(costs, key=len)), extras, strict=True))
    moved = {g: factor * c + sum(extra[m] for m in g) for g, c in costs.items()}
    for rule in EVERY:
        before, after = rule(costs), rule(moved)
        size = max(map(abs, moved.values()))
        assert all(abs(after[m] - factor * before[m] - extra[m]) <= 1e-6 * size for m in extra)


@given(st.integers(0, 10**6), st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_dearer_groups_of_a_member_never_lower_its_charge(seed, more):
    """Monotonicity of the Shapley value (Young 1985), in every group of one member, and of a dearer whole in all."""
    costs = random_game(seed, 5)
    dearer = {g: c + (more * len(g) if "m0" in g else 0.0) for g, c in costs.items()}
    assert shapley(dearer)["m0"] >= shapley(costs)["m0"] - 1e-9


@given(st.integers(0, 10**6), st.floats(0, 0.5))
@settings(max_examples=25, deadline=None)
def test_a_dearer_whole_lowers_nobodys_charge_by_shapley_or_per_head(seed, more):
    """Both share it equally: the per-capita nucleolus is monotone in the aggregate where the nucleolus is not (Young 1985)."""
    costs = concave_game(seed, 5)
    everybody = max(costs, key=len)
    dearer = {**costs, everybody: costs[everybody] + more}
    for rule in (shapley, per_capita_nucleolus):
        before, after = rule(costs), rule(dearer)
        assert all(after[m] - before[m] == pytest.approx(more / 5, abs=1e-6) for m in everybody)


@given(st.integers(0, 10**6), st.integers(2, 5))
@settings(max_examples=25, deadline=None)
def test_names_and_their_order_do_not_matter(seed, members):
    costs = random_game(seed, members)
    renamed = {frozenset(f"z{9 - int(m[1:])}" for m in g): c for g, c in reversed(costs.items())}
    for rule in ALWAYS:
        before, after = rule(costs), rule(renamed)
        assert all(after[f"z{9 - int(m[1:])}"] == pytest.approx(before[m], abs=1e-7) for m in before)


# ---------------------------------------------------------------- the core


def test_core_excess_by_hand():
    """Equal charges of 64 in the alliance on paper: B alone would pay 54, so it is charged 10 too much; A and B 4 too much."""
    group, excess = core_excess(ALLIANCE, {"A": 64.0, "B": 64.0, "C": 64.0})
    assert (group, excess) == (frozenset({"B"}), pytest.approx(10.0))


def test_in_the_core_no_group_is_charged_more_than_its_cost():
    assert core_excess(ALLIANCE, {"A": 78.0, "B": 38.0, "C": 76.0})[1] <= 1e-9


@given(st.integers(0, 10**6), st.integers(2, 5))
@settings(max_examples=25, deadline=None)
def test_nothing_beats_the_least_core(seed, members):
    """Random charges, and the nucleolus, never treat their worst group better; and its excess is the one it states."""
    costs = random_game(seed, members)
    charges = least_core(costs)
    worst = core_excess(costs, charges)[1]
    assert charges.excess == pytest.approx(worst, abs=1e-7)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        other = rng.normal(total(costs) / members, 1, members)
        other += (total(costs) - other.sum()) / members
        assert core_excess(costs, dict(zip(charges, other, strict=True)))[1] >= worst - 1e-7


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_the_least_transfer_enters_the_core_and_no_smaller_one_does(seed):
    """Moving less than the least transfer towards any point of the core leaves some group a reason to go."""
    costs = concave_game(seed, 5)
    everybody = max(costs, key=len)
    borne = {m: total(costs) * (1.0 if m == "m0" else 0.0) for m in everybody}
    near = least_transfer(costs, borne)
    assert core_excess(costs, near)[1] <= 1e-7 * total(costs)
    least = money_moved(borne, near)
    assert least > 0
    for inside in (nucleolus(costs), shapley(costs)):
        assert core_excess(costs, inside)[1] <= 1e-7
        assert money_moved(borne, inside) >= least - 1e-7
    short = {m: borne[m] + 0.99 * (near[m] - borne[m]) for m in borne}
    assert core_excess(costs, short)[1] > 0


def test_no_transfer_is_needed_inside_the_core():
    inside = nucleolus(ALLIANCE)
    assert money_moved(inside, least_transfer(ALLIANCE, inside)) == pytest.approx(0.0, abs=1e-6)


# ---------------------------------------------------------------- awkward games are answered, not crashed on


MAJORITY = game("abc", lambda g: 0.0 if len(g) == 1 else -1.0)
"""Any two of three can have it all: no core."""

DEAR_TOGETHER = game("abc", lambda g: {1: 1.0, 2: 1.5, 3: 6.0}[len(g)])
"""Together they pay more than apart."""


@pytest.mark.parametrize("costs", [MAJORITY, DEAR_TOGETHER])
def test_without_a_core_the_answer_says_so(costs):
    for rule in (nucleolus, per_capita_nucleolus, least_core):
        charges = rule(costs)
        assert charges.statement
        assert charges.excess > 0
        assert [charges[m] for m in "abc"] == pytest.approx([total(costs) / 3] * 3)
    assert shapley(costs)["a"] == pytest.approx(total(costs) / 3)
    assert least_transfer(costs, {"a": total(costs), "b": 0.0, "c": 0.0}).statement


def test_a_game_in_which_groups_had_better_stay_apart_is_answered_and_named():
    """a and b together pay 3, apart 2; the core need not be empty for that."""
    costs = game("abc", lambda g: {1: 1.0, 2: 3.0 if g == frozenset("ab") else 1.5, 3: 2.0}[len(g)])
    for rule in EVERY:
        charges = rule(costs)
        assert "not subadditive: a on the one hand and b on the other" in charges.statement
        assert sum(charges.values()) == pytest.approx(2.0)
    assert core_excess(costs, nucleolus(costs))[1] <= 1e-9
    assert shapley(ALLIANCE).statement == ""


def test_without_a_core_tau_and_remaining_benefits_say_why_there_is_no_answer():
    with pytest.raises(UsageError, match="no tau value"):
        tau(DEAR_TOGETHER)
    with pytest.raises(UsageError, match="nobody has a benefit"):
        separable_costs_remaining_benefits(DEAR_TOGETHER)


@given(st.integers(0, 10**6), st.integers(1, 5), st.floats(0.0, 3.0))
@settings(max_examples=40, deadline=None)
def test_any_game_gets_charges_or_a_sentence(seed, members, power):
    costs = random_game(seed, members, power)
    for rule in EVERY:
        said, charges = "", {}
        try:
            charges = rule(costs)
        except AllianceError as reason:
            said = str(reason)
        assert len(said) > 20 or (charges and all(math.isfinite(c) for c in charges.values()))


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ({}, "at least one member"),
        ({frozenset("a"): 1.0, frozenset("ab"): 2.0}, "no cost is given for b"),
        ({frozenset("a"): float("nan")}, "finite"),
        ({("a",): 1.0}, "frozenset"),
        ({frozenset({f"m{i}"}): 1.0 for i in range(20)}, "too many to list"),
    ],
)
def test_an_incomplete_game_is_refused_with_a_sentence(costs, said):
    for rule in EVERY:
        with pytest.raises(UsageError, match=said):
            rule(costs)


def test_wrong_allocations_and_keys_are_refused():
    with pytest.raises(UsageError, match="allocation is for"):
        core_excess(ALLIANCE, {"A": 1.0})
    with pytest.raises(UsageError, match="finite"):
        core_excess(ALLIANCE, {"A": 1.0, "B": math.inf, "C": 1.0})
    for weights in ({"A": 1.0}, {"A": 0.0, "B": 0.0, "C": 0.0}, {"A": -1.0, "B": 1.0, "C": 1.0}):
        with pytest.raises(UsageError):
            proportional(ALLIANCE, weights)


def test_proportion_by_key_and_by_cost_alone():
    assert proportional(ALLIANCE, {"A": 1, "B": 1, "C": 2}) == pytest.approx({"A": 48.0, "B": 48.0, "C": 96.0})
    assert proportional(ALLIANCE)["B"] == pytest.approx(192 * 54 / 232)


def test_one_member_pays_it_all():
    costs = {frozenset({"a"}): 7.0}
    assert all(rule(costs) == {"a": pytest.approx(7.0)} for rule in ALWAYS)
    assert core_excess(costs, {"a": 7.0}) == (frozenset({"a"}), 0.0)
