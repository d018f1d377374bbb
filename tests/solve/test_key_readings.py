"""Fair shares read twice, apart: what rules use and what the certificate reads are the same under every key."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from model.certificate.shares import fair_shares as read_again
from model.formulation.changes import goes_by
from model.language.faults import UsageError
from model.language.registry import PARTS
from model.layers.burden_keys.keys import fair_shares, key_names
from model.layers.burden_keys.recipes import NAMES
from model.solve.problem import Problem
from tests.key_scenarios import alliances, rows_of_a_key, with_keys
from tests.scenarios import random_scenario, tiny_scenario

OWN = {"agreed": [("start", "gdp"), ("mix", "population", 0.3), ("ceiling", None, 0.4), ("floor", None, 0.05)]}


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(alliances(), rows_of_a_key())
def test_both_readings_agree(s, rows):
    s = with_keys(s, {"k": rows})
    for name in key_names(s):
        once = fair_shares(s, name)
        assert np.allclose(read_again(s, name), [once[m] for m in s.sets["member"]], rtol=1e-9, atol=1e-12), name


@pytest.mark.parametrize("key", [*NAMES, "agreed"])
def test_a_plan_under_every_key_passes_its_certificate(key):
    s = with_keys(random_scenario(1, challenge=2.0, fairness_band=0.95), OWN).with_settings(burden_key=key)
    if key == "peacekeeping":
        s = s.with_values("groups", {m: "bearers" if m == "member 0" else "" for m in s.sets["member"]})
    plan = Problem(s).solve()
    assert plan.found
    assert all(proof.passed for proof in plan.certificates)
    assert plan.data.fair_share == pytest.approx(fair_shares(s, key))
    borne = plan.quantity("discounted_spend")
    for m, share in plan.data.fair_share.items():
        fair = share * sum(borne.values())
        assert 0.05 * fair * (1 - 1e-6) - 1e-6 <= borne[m] <= 1.95 * fair * (1 + 1e-6) + 1e-6


def test_the_certificate_refuses_shares_that_rules_got_wrong(monkeypatch):
    """With the key's shares tampered with where rules read them, no plan passes: the second reading is another one."""
    s = tiny_scenario(burden_key="nato", challenge=1.1, objectives=("risk",))
    assert Problem(s).solve().found
    wrong = {"Northland": 0.9, "Southland": 0.1}
    monkeypatch.setitem(PARTS, "shares_in_steps", replace(PARTS["shares_in_steps"], rule=lambda d: wrong))
    plan = Problem(s).solve()
    assert not plan.found
    assert plan.status == "numerical trouble"


@pytest.mark.parametrize("key", ["un", "nato", "benefit", "capacity", "k"])
def test_what_a_key_goes_by_is_noted_where_edits_are_tracked(key):
    """Every figure that moves fair shares, also one that is read deep within the engine of keys, is known to be read."""
    s = with_keys(random_scenario(2), {"k": [("start", "benefit"), ("mix", "population", 0.3)]})
    problem = Problem(s.with_settings(burden_key=key))
    assert problem.lp is not None
    reads = goes_by(problem.statement, problem.data, "fair_share")
    assert "burden_key" in reads
    for column in (
        "gdp",
        "income",
        "population",
        "border",
        "debt",
        "custom_key",
        "priority",
        "probability",
        "key_amount",
    ):
        first = next(iter(s.values[column]), None)
        moved = s.scale(column, 0.5, first) if first is not None else s
        if fair_shares(moved, key) != fair_shares(s, key):
            assert column in reads, column


@pytest.mark.parametrize("column", ["gdp", "population", "priority", "key_amount"])
def test_an_edit_under_a_key_in_steps_is_the_edited_scenario(column):
    rows = [("start", "benefit"), ("mix", "equal", 0.3)]
    s = with_keys(random_scenario(2, challenge=1.2, fairness_band=0.9), {"k": rows}).with_settings(burden_key="k")
    first = {"gdp": ("member 0",), "population": ("member 1",), "priority": (("member 0", "task 1"),)}.get(column, ())
    base = Problem(s)
    assert base.solve().found
    edited = s.scale(column, 0.6, *first)
    hot, cold = base.changed(edited), Problem(edited)
    assert hot.data.fair_share == pytest.approx(fair_shares(edited))
    assert hot.data.fair_share != pytest.approx(base.data.fair_share)
    assert hot.lp.equals(cold.lp)


def test_an_unknown_key_is_refused_by_both():
    s = tiny_scenario(burden_key="beauty")
    with pytest.raises(UsageError, match="no burden key 'beauty'"):
        fair_shares(s)
    with pytest.raises(UsageError, match="no burden key 'beauty'"):
        read_again(s, "beauty")
