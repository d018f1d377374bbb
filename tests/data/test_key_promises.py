"""What every burden key promises, step by step."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.language.faults import UsageError
from model.layers.burden_keys.keys import fair_shares, fold, key_names, lacks, side_by_side
from model.layers.burden_keys.recipes import FIGURES, NAMES, NEEDS, RECIPES, RULES
from model.layers.burden_keys.steps import STEPS, in_proportion, settled
from tests.key_scenarios import alliances, by_gdp, fractions, members_only, rows_of_a_key, with_keys, world

pytestmark = pytest.mark.slow


@settings(max_examples=150, deadline=None)
@given(alliances(), rows_of_a_key())
def test_shares_are_never_negative_and_sum_to_one_after_every_step(s, rows):
    s = with_keys(s, {"k": rows})
    for name in key_names(s):
        for step in fold(s, name):
            assert sum(step.shares.values()) == pytest.approx(1.0, abs=1e-9)
            assert min(step.shares.values()) >= 0
            assert step.says


@settings(max_examples=60, deadline=None)
@given(alliances(), rows_of_a_key(), st.randoms())
def test_names_and_their_order_do_not_matter(s, rows, random):
    order = list(s.sets["member"])
    random.shuffle(order)
    other = members_only(
        {
            m: {
                key: s.values[key][m]
                for key in ("gdp", "population", "income", "debt", "custom_key", "border", "groups")
            }
            for m in order
        }
    )
    for name in ("k", *NAMES):
        before = fair_shares(with_keys(s, {"k": rows}), name)
        assert fair_shares(with_keys(other, {"k": rows}), name) == pytest.approx(before, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(alliances(), st.floats(0.01, 100.0))
def test_money_in_another_unit_changes_no_share(s, factor):
    scaled = s.scale("gdp", factor).scale("income", factor).scale("debt", factor)
    for name in NAMES:
        assert fair_shares(scaled, name) == pytest.approx(fair_shares(s, name), abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(alliances(), fractions, fractions)
def test_ceiling_and_floor_hold_as_nearly_as_they_can(s, high, low):
    count = len(s.sets["member"])
    keyed = with_keys(
        s, {"high": [("start", "gdp"), ("ceiling", None, high)], "low": [("start", "gdp"), ("floor", None, low)]}
    )
    paying = sum(value > 0 for value in fair_shares(s, "gdp").values())
    assert max(fair_shares(keyed, "high").values()) <= max(high, 1 / paying) + 1e-9
    assert min(fair_shares(keyed, "low").values()) >= min(low, 1 / count) - 1e-9


@settings(max_examples=60, deadline=None)
@given(alliances())
def test_relief_never_raises_the_share_of_the_poor_nor_lowers_that_of_the_rich(s):
    plain, relieved = fair_shares(s, "income"), fair_shares(s, "capacity")
    income = {m: s.gdp[m] if s.income[m] is None else s.income[m] for m in plain}
    mean = sum(income.values()) / sum(s.population.values())
    for m in plain:
        if income[m] / s.population[m] < mean * (1 - 1e-9):
            assert relieved[m] <= plain[m] + 1e-12
        elif income[m] / s.population[m] > mean * (1 + 1e-9):
            assert relieved[m] >= plain[m] - 1e-12


def test_a_member_that_has_nothing_changes_nothing_under_keys_by_size():
    s = members_only(
        {"A": {"gdp": 70.0}, "B": {"gdp": 30.0}, "Nobody": {"gdp": 0.0, "population": 0.0, "custom_key": 0.0}}
    )
    for name in ("gdp", "income", "population", "nato", "capacity"):
        shares = fair_shares(s, name)
        assert shares["Nobody"] == 0
        assert {m: shares[m] for m in "AB"} == pytest.approx(fair_shares(s.without("Nobody"), name))


def test_what_is_shared_out_spares_whom_a_step_fixed_as_long_as_it_can():
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    assert settled(shares, {"a": 0.3}, {"b"}) == pytest.approx({"a": 0.3, "b": 0.3, "c": 0.4})
    assert settled(shares, {"a": 0.3, "c": 0.2}, {"b"}) == pytest.approx({"a": 0.3, "b": 0.5, "c": 0.2})
    assert settled(shares, {"a": 0.2, "b": 0.2, "c": 0.1}, ()) == pytest.approx({"a": 0.4, "b": 0.4, "c": 0.2})


def test_shares_too_small_to_divide_by_are_shared_out_all_the_same():
    """Dividing by the least number there is gives infinity."""
    least = 5e-324
    assert settled({"a": 0.5, "b": least, "c": least}, {"a": 0.5}, ()) == pytest.approx(
        {"a": 0.5, "b": 0.25, "c": 0.25}
    )
    s = by_gdp(A=1.0, B=0.0)
    steps = fold(with_keys(s, {"k": [("start", "equal"), ("ceiling", None, least, None, "A")]}), "k")
    assert all(sum(step.shares.values()) == pytest.approx(1.0) for step in steps)


def test_limits_few_members_cannot_keep_are_loosened_and_said():
    s = by_gdp(A=60.0, B=30.0, C=10.0)
    assert fair_shares(s, "un") == pytest.approx(dict.fromkeys("ABC", 1 / 3))
    assert "so few members cannot keep it: 33.3333 % instead" in fold(s, "un")[-1].says


def test_side_by_side_leaves_out_keys_without_figures():
    s = members_only({"A": {"population": None}, "B": {"population": 2.0}})
    assert lacks(s, "population") == ("population",)
    assert lacks(s, "un") == ("population",)
    assert set(lacks(s, "peacekeeping")) == {"population", "groups"}
    assert set(side_by_side(s)) == {"gdp", "exposure", "equal", "nato"}
    assert "income" in side_by_side(s.with_values("income", {"A": 3.0, "B": None}))


def test_every_rule_can_be_done_said_and_says_what_it_needs():
    assert set(RULES) == set(STEPS) == set(NEEDS)
    assert not set(RECIPES) & set(FIGURES)
    for name in RECIPES:
        for before, after in pairwise(fold(world(), name)):
            assert before.place + 1 == after.place
    assert in_proportion({"a": 0.0, "b": 0.0}) == {"a": 0.5, "b": 0.5}


def test_an_unknown_key_and_a_circle_are_refused_in_words():
    s = with_keys(by_gdp(A=1.0), {"one": [("start", "two")], "two": [("start", "one")]})
    with pytest.raises(UsageError, match=r"no burden key 'gpd'.*Did you mean 'gdp'"):
        fair_shares(s, "gpd")
    with pytest.raises(UsageError, match="goes by itself"):
        fair_shares(s, "one")


def test_keys_that_go_by_keys_many_times_over_take_no_time():
    """Each of forty keys goes by the next one ten times: 10 to the power of 40 ways down, one reckoning of each."""
    keys = {f"k{i}": [("start", f"k{i + 1}"), *[("mix", f"k{i + 1}", 0.5)] * 9] for i in range(39)}
    s = with_keys(by_gdp(A=3.0, B=1.0), {**keys, "k39": [("start", "gdp")]})
    assert fair_shares(s, "k0") == pytest.approx({"A": 0.75, "B": 0.25})
    with pytest.raises(UsageError, match="at most 40"):
        fair_shares(with_keys(s, {**keys, "k39": [("start", "gdp")], "k40": [("start", "gdp")]}), "gdp")
