"""Burden keys against published shares."""

from __future__ import annotations

from typing import Any

import pytest

from model.layers.burden_keys.keys import fair_shares, fold
from model.layers.burden_keys.recipes import RECIPES
from model.scenario.scenario import Scenario
from tests.data.united_nations import LEAST_DEVELOPED, SHARES
from tests.key_scenarios import by_gdp, members_only, with_keys, world


def test_the_united_nations_scale_keeps_its_ceiling_floor_and_sum():
    """2025-27 (General Assembly resolution 79/249): at most 22 %, least developed 0.01 %, at least 0.001 %, in all 100 %."""
    s = world()
    shares = fair_shares(s, "un")
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-14)
    assert max(shares.values()) == shares["state 00"] == pytest.approx(0.22, abs=1e-15)
    assert min(shares.values()) == shares["atoll"] == pytest.approx(0.00001, abs=1e-15)
    least_developed = [shares[m] for m in shares if "Least" in s.groups[m]]
    assert max(least_developed) <= 0.0001 + 1e-15


LIMITS = [
    ("floor", None, 0.00001),
    ("ceiling", None, 0.0001, None, "least developed"),
    ("ceiling", None, 0.22),
]
"""The limits of the key `un`, as rows of the sheet Keys: the steps its recipe ends with."""


def nations(shares: dict[str, float]) -> Scenario:
    """The members of the United Nations with these shares as their negotiated ones."""
    poor = dict.fromkeys(LEAST_DEVELOPED, "least developed")
    people = {m: {"gdp": 1.0, "custom_key": share, "groups": poor.get(m)} for m, share in shares.items()}
    return with_keys(members_only(people), {"limits": [("start", "custom"), *LIMITS]})


def test_limits_are_those_of_the_recipe():
    assert [(rule.what, rule.by, rule.amount, rule.limit, rule.group) for rule in RECIPES["un"][3:]] == [
        (*row, *(None,) * (5 - len(row))) for row in LIMITS
    ]


def test_the_published_scale_of_2025_27_keeps_the_limits_of_the_key():
    """As published: the sum is 100 %, only the United States is at 22 %, 28 members are at 0.001 %, and of the 44 least developed
    none is above 0.01 %. The limits of the key leave every one of the 193 shares as it is."""
    assert len(SHARES) == 193
    assert sum(round(100_000 * share) for share in SHARES.values()) == 100_000
    assert [m for m, share in SHARES.items() if share >= 0.22] == ["United States"]
    assert min(SHARES.values()) == 0.00001
    assert len([m for m in SHARES if SHARES[m] == 0.00001]) == 28
    assert max(SHARES[m] for m in LEAST_DEVELOPED) == 0.0001
    assert fair_shares(nations(SHARES), "limits") == pytest.approx(SHARES, rel=1e-12)


@pytest.mark.parametrize("largest", [0.225, 0.25, 0.3])
def test_the_limits_of_the_key_lead_back_to_the_published_scale(largest):
    """Before limits the largest payer was above 22 %, the least developed at the cap above it, the smallest below the floor. From such
    shares the key must come to the published scale, since what a limit frees or takes is borne in proportion by all it does not fix:
    relative to each other, these stand as published. (How far above and below they were is not published and does not matter.)"""
    before = dict(SHARES)
    before["United States"] = largest
    before |= {m: 3 * SHARES[m] for m in LEAST_DEVELOPED if SHARES[m] == 0.0001}
    before |= {m: 0.2 * share for m, share in SHARES.items() if share == 0.00001}
    assert fair_shares(nations(before), "limits") == pytest.approx(SHARES, rel=1e-9)


def test_low_income_relief_by_hand():
    """Rich has 80 for 1 head, Poor 20 for 1: the mean is 50. Poor is 60 % below it and has 80 % of that taken off,
    20 % x (1 - 0.48) = 10.4 %; Rich bears the rest. Debt first: an eighth of 40 is 5, so Poor has 15 left of 95."""
    s = members_only({"Rich": {"gdp": 80.0}, "Poor": {"gdp": 20.0}})
    assert fair_shares(s, "capacity") == pytest.approx({"Rich": 0.896, "Poor": 0.104})
    owing = members_only({"Rich": {"gdp": 80.0}, "Poor": {"gdp": 20.0, "debt": 40.0}})
    steps = fold(owing, "un")
    assert steps[1].shares == pytest.approx({"Rich": 80 / 95, "Poor": 15 / 95})
    assert steps[2].shares["Poor"] == pytest.approx(15 / 95 * (1 - 0.8 * 0.7))


def test_income_takes_the_place_of_gdp_where_it_is_given_and_the_step_says_so():
    s = members_only({"A": {"gdp": 80.0, "income": 60.0}, "B": {"gdp": 20.0}})
    assert fair_shares(s, "income") == pytest.approx({"A": 0.75, "B": 0.25})
    assert "gdp stands in for the income of 1 of 2" in fold(s, "income")[0].says


def test_peacekeeping_discounts_are_borne_by_the_bearers_alone():
    """Discounts of 90 % (least developed) and 80 % (below the mean income per head); who has none pays the scale's share."""
    people: dict[str, dict[str, Any]] = {
        f"P{i}": {"gdp": 100.0, "population": 10.0, "groups": "bearers"} for i in range(5)
    }
    people |= {f"rich {i}": {"gdp": 230.0, "population": 1.0} for i in range(4)}
    people["average"] = {"gdp": 20.0, "population": 1.0}
    people["poorest"] = {"gdp": 1.0, "population": 1.0, "groups": "least developed"}
    s = members_only(people)
    scale, shares = fair_shares(s, "un"), fair_shares(s, "peacekeeping")
    assert shares["poorest"] == pytest.approx(0.1 * scale["poorest"])
    assert shares["average"] == pytest.approx(0.2 * scale["average"])
    for i in range(4):
        assert shares[f"rich {i}"] == pytest.approx(scale[f"rich {i}"])
    taken = 0.9 * scale["poorest"] + 0.8 * scale["average"]
    assert sum(shares[f"P{i}"] - scale[f"P{i}"] for i in range(5)) == pytest.approx(taken)


def african_union() -> Scenario:
    """Five members above 4 % of all GDP, four between 1 and 4 %, thirty below."""
    sizes = {"Nigeria": 22.0, "South Africa": 15.0, "Egypt": 15.0, "Algeria": 9.0, "Angola": 6.0}
    sizes |= {f"middle {i}": 3.0 for i in range(4)} | {f"small {i:02d}": 0.7 for i in range(30)}
    return members_only({m: {"gdp": gdp, "population": 10.0 + gdp} for m, gdp in sizes.items()})


def test_african_union_2016_2018():
    """Assembly/AU/Dec.578(XXV): the five of tier 1 pay 60 % in equal parts, 12 % each, which is the ceiling as well."""
    shares = fair_shares(african_union(), "au")
    large = ("Nigeria", "South Africa", "Egypt", "Algeria", "Angola")
    assert {m: shares[m] for m in large} == pytest.approx(dict.fromkeys(large, 0.12))
    assert sum(shares[m] for m in shares if m not in large) == pytest.approx(0.40)
    assert max(shares[m] for m in shares if m not in large) < 0.12


def test_angola_pays_eight_per_cent_and_the_lower_tiers_the_four_it_is_let_off():
    """EX.CL/Dec.916(XXVIII): Angola from 12 to 8 %; the shortfall is shared by tiers 2 and 3, nobody else of tier 1 moves."""
    rows = [("start", "capacity"), ("pool equally", "gdp", 0.6, 0.04), ("set", None, 0.08, None, "Angola")]
    s = with_keys(african_union(), {"au 2017": rows})
    before, after = fair_shares(s, "au"), fair_shares(s, "au 2017")
    assert after["Angola"] == pytest.approx(0.08)
    assert after["Egypt"] == pytest.approx(0.12)
    lower = [m for m in before if m.startswith(("middle", "small"))]
    assert sum(after[m] for m in lower) == pytest.approx(0.44)
    assert {m: after[m] / before[m] for m in lower} == pytest.approx(dict.fromkeys(lower, 1.1))


def nato_2020() -> Scenario:
    """Shares of 2018-20: the United States 22.1 %, Germany 14.8 %, the others together the rest, each below these."""
    return by_gdp(US=22.1, DE=14.8, FR=10.5, GB=10.5, **{f"other {i}": 42.1 / 6 for i in range(6)})


def test_nato_as_proposed_in_2019():
    """Both largest at 22.1 and 14.8 % brought to one level with everybody else rising in proportion gives 15.97 % each,
    the 15.9 % of the proposal reported in September 2019."""
    shares = fair_shares(nato_2020(), "nato")
    assert shares["US"] == shares["DE"] == pytest.approx(14.8 / (100 - 22.1 + 14.8))
    assert shares["US"] == pytest.approx(0.1597, abs=5e-5)


def test_nato_as_agreed_for_2021():
    """As agreed in November 2019, 22.1 and 14.8 % both become 16.35 %: the others rise together from 63.1 to 67.3 %."""
    s = with_keys(nato_2020(), {"agreed": [("start", "gdp"), ("level the largest", None, 0.1635)]})
    shares = fair_shares(s, "agreed")
    assert shares["US"] == pytest.approx(0.1635)
    assert shares["DE"] == pytest.approx(0.1635)
    others = [m for m in shares if m not in ("US", "DE")]
    assert sum(shares[m] for m in others) == pytest.approx(0.673)
    assert shares["FR"] == pytest.approx(0.105 * 67.3 / 63.1)


def test_nato_level_when_some_do_not_take_part():
    """A group that keeps its share: of the rest, the second rises as all that take part. With 22.99 % of the budget kept,
    the level is the 16.35 % agreed."""
    rows = [("start", "gdp"), ("level the largest", None, None, None, "stay")]
    sizes = {"US": 22.1, "DE": 14.8, **{f"in {i}": 40.11 / 4 for i in range(4)}}
    out = {f"out {i}": {"gdp": 22.99 / 2, "groups": "stay"} for i in range(2)}
    s = members_only({**{m: {"gdp": size} for m, size in sizes.items()}, **out})
    shares = fair_shares(with_keys(s, {"k": rows}), "k")
    assert shares["US"] == shares["DE"] == pytest.approx(0.1635, abs=5e-6)
    assert shares["out 0"] == pytest.approx(0.2299 / 2)
    assert 4 * shares["in 0"] / 0.4011 == pytest.approx(shares["DE"] / 0.148)


def test_accession_dilutes_the_others_in_proportion():
    """Shares were negotiated at 50, 30, 20; a newcomer of a tenth of all GDP pays a tenth and everybody else nine tenths."""
    s = members_only(
        {
            "A": {"gdp": 50.0, "custom_key": 50.0},
            "B": {"gdp": 20.0, "custom_key": 30.0},
            "C": {"gdp": 20.0, "custom_key": 20.0},
            "New": {"gdp": 10.0, "custom_key": 0.0},
        }
    )
    s = with_keys(s, {"k": [("start", "custom"), ("join", "gdp", None, None, "New")]})
    assert fair_shares(s, "k") == pytest.approx({"A": 0.45, "B": 0.27, "C": 0.18, "New": 0.1})


def test_plain_keys_and_mixtures():
    s = members_only(
        {
            "A": {"gdp": 30.0, "population": 1.0, "custom_key": 2.0, "border": 1.0},
            "B": {"gdp": 10.0, "population": 3.0, "custom_key": 3.0, "border": 4.0},
        },
        priority={("A", "watch"): 3.0, ("B", "watch"): 1.0},
    )
    expected = {"gdp": 0.75, "population": 0.25, "equal": 0.5, "custom": 0.4, "border": 0.2, "exposure": 0.75}
    assert {name: fair_shares(s, name)["A"] for name in expected} == pytest.approx(expected)
    assert fair_shares(s, "benefit")["A"] == pytest.approx((0.75 + 0.25 + 0.75) / 3)
    mixed = with_keys(s, {"mixed": [("start", "gdp"), ("mix", "equal", 0.4)]})
    assert fair_shares(mixed, "mixed")["A"] == pytest.approx(0.6 * 0.75 + 0.4 * 0.5)


def test_two_tiers_of_unequal_pools():
    """Above 30 %: half the whole in equal parts; above 10 %: 30 % in proportion; the rest of 20 % to the others."""
    rows = [("start", "gdp"), ("pool equally", "gdp", 0.5, 0.3), ("pool in proportion", "gdp", 0.3, 0.1)]
    s = with_keys(by_gdp(a=40.0, b=25.0, c=15.0, d=10.0, e=10.0), {"k": rows})
    shares = fair_shares(s, "k")
    assert shares == pytest.approx({"a": 0.5, "b": 0.3 * 25 / 40, "c": 0.3 * 15 / 40, "d": 0.1, "e": 0.1})
