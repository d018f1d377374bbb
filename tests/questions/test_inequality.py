"""Indices by hand, against scipy and brute force, and their promises."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.questions.burden.inequality import (
    concentration,
    gini,
    herfindahl,
    kakwani,
    lorenz_by_member,
    lorenz_points,
    shares,
    theil,
)

amounts = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 1000.0), min_size=2)


def test_by_hand():
    """1, 2 and 3 of 6: the Gini index is 2/9, the HHI 14/36; against equal parts Theil's T is the sum of s ln(3 s)."""
    borne = {"a": 1.0, "b": 2.0, "c": 3.0}
    assert gini(borne) == pytest.approx(2 / 9)
    assert herfindahl(borne) == pytest.approx(14 / 36)
    assert theil(borne) == pytest.approx(sum(s * math.log(3 * s) for s in (1 / 6, 1 / 3, 1 / 2)))
    members, cumulated = lorenz_points(borne, borne)
    assert list(members) == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert list(cumulated) == pytest.approx([0, 1 / 6, 1 / 2, 1])


def test_one_that_bears_all():
    borne = {"a": 0.0, "b": 0.0, "c": 0.0, "d": 5.0}
    assert gini(borne) == pytest.approx(3 / 4)
    assert herfindahl(borne) == 1.0
    assert theil(borne) == pytest.approx(math.log(4))


def test_kakwani_by_hand():
    """Means 1 and 3 (Gini 1/4). All borne by the rich: concentration 1/2, Kakwani +1/4; all by the poor: -1/2 and -3/4."""
    means = {"poor": 1.0, "rich": 3.0}
    assert kakwani({"poor": 0.0, "rich": 1.0}, means) == pytest.approx(0.25)
    assert kakwani({"poor": 1.0, "rich": 0.0}, means) == pytest.approx(-0.75)


def test_among_inhabitants_a_large_poor_member_counts_as_many():
    """One inhabitant with 3, three with 1 each: the Gini index of income among the four is 1/4. A burden of 1 per head alike
    has concentration 0, so it is regressive by 1/4; the same burdens in proportion to income are neither."""
    means, people = {"rich": 3.0, "poor": 3.0}, {"rich": 1.0, "poor": 3.0}
    assert gini(means, people) == pytest.approx(0.25)
    assert kakwani({"rich": 1.0, "poor": 3.0}, means, people) == pytest.approx(-0.25)
    assert kakwani({"rich": 2.0, "poor": 2.0}, means, people) == pytest.approx(0.0)


@given(amounts)
def test_gini_is_the_mean_difference_over_twice_the_mean(borne):
    values = list(borne.values())
    difference = sum(abs(x - y) for x, y in product(values, values)) / len(values) ** 2
    assert gini(borne) == pytest.approx(difference / (2 * sum(values) / len(values)), abs=1e-12)


@given(amounts, st.floats(0.01, 100.0))
def test_a_proportional_burden_is_neutral_and_units_do_not_matter(means, factor):
    borne = {m: factor * value for m, value in means.items()}
    assert kakwani(borne, means) == pytest.approx(0.0, abs=1e-9)
    assert theil(borne, means) == pytest.approx(0.0, abs=1e-9)
    assert gini(borne) == pytest.approx(gini(means), abs=1e-9)
    assert sum(shares(borne).values()) == pytest.approx(1.0)


@given(amounts, st.sampled_from(["a", "b"]))
def test_members_of_one_rank_are_one_step(borne, name):
    """Whatever the order in which equals are listed, the curve is the same."""
    flat = dict.fromkeys(borne, 1.0)
    backwards = dict(reversed(list(borne.items())))
    assert concentration(borne, flat) == pytest.approx(0.0, abs=1e-12)
    assert concentration(backwards, flat) == pytest.approx(0.0, abs=1e-12)


def test_nothing_borne_is_no_number():
    nothing = {"a": 0.0, "b": 0.0}
    assert math.isnan(gini(nothing))
    assert math.isnan(theil(nothing))
    assert math.isnan(herfindahl(nothing))
    assert theil({"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 0.0}) == math.inf


def test_lorenz_by_member_by_hand():
    """Of 1 and 3 borne by equals a quarter lies on the first half: the area leaves a Gini index of a quarter."""
    curve = lorenz_by_member({"a": 3.0, "b": 1.0, "c": 5.0}, {"a": 1.0, "b": 1.0, "c": 0.0})
    assert list(curve["member"]) == ["", "b", "a"]
    assert list(curve["amount"]) == [0.0, 0.25, 1.0]
    assert gini({"a": 3.0, "b": 1.0}, {"a": 1.0, "b": 1.0}) == pytest.approx(0.25)
    assert gini({"a": 2.0, "b": 4.0}, {"a": 1.0, "b": 2.0}) == pytest.approx(0.0)
    assert lorenz_by_member({"a": 0.0}, {"a": 1.0}).empty
