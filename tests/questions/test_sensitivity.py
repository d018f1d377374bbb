"""Ranges of prices: by hand, and against re-solves inside and outside of them."""

from dataclasses import replace

import numpy as np
import pytest

from model.language.faults import UsageError
from model.questions.sensitivity.result import POLICIES, sensitivity
from model.solve.problem import Problem
from model.solve.ranging import _held, price_ranges
from model.workbook.read.load import load
from tests.scenarios import random_scenario, tiny_scenario


def _solved(scenario):
    problem = Problem(scenario)
    return problem, problem.solve()


def test_ranges_of_the_tiny_problem_by_hand():
    """Northland needs 4 to keep what it has and could use money until 9 tanks stand beside Southland's one; Southland buys from its
    first coin on, until its three fill the requirement."""
    found = sensitivity(*_solved(tiny_scenario()))
    rows = {(row.rule, row.member): row for row in found.table.itertuples()}
    north = rows["budget_is_respected", "Northland"]
    assert (north.limit, north.holds_from, north.holds_to) == pytest.approx((10.0, 4.0, 14.0))
    assert north.value == pytest.approx(0.05)
    south = rows["budget_is_respected", "Southland"]
    assert (south.limit, south.holds_from, south.holds_to) == pytest.approx((4.0, 0.0, 12.0))
    required = next(row for row in found.table.itertuples() if row.rule == "requirement_is_met")
    assert (required.limit, required.holds_from, required.holds_to) == pytest.approx((10.0, 8.0, 18.0))
    assert "from 4 to 14 USD m" in " ".join(found.says)


def test_outside_its_range_a_price_of_the_tiny_problem_is_another():
    """Northland's money is worth a twentieth of risk in ten up to 14, and nothing beyond; below 4 every tank costs but 1."""
    problem = Problem(tiny_scenario())
    place = problem.lp.rows["budget_is_respected"].at["Northland", 2026]
    risk = {
        limit: _optimum(problem, _with_limit(problem.lp, place, False, limit), "risk") for limit in (3, 4, 10, 14, 15)
    }
    assert risk[10] - risk[14] == pytest.approx(4 * 0.05)
    assert risk[15] == pytest.approx(risk[14])
    assert risk[4] - risk[10] == pytest.approx(6 * 0.05)
    assert risk[3] - risk[4] == pytest.approx(0.1)


def _limits(lp, rule):
    """Place, whether it is a least, and the limit of each row of a rule."""
    if rule not in lp.rows:
        return []
    block = lp.rows[rule]
    places = range(block.start, block.stop)
    return [
        (i, np.isfinite(lp.row_lower[i]), lp.row_lower[i] if np.isfinite(lp.row_lower[i]) else lp.row_upper[i])
        for i in places
    ]


def _with_limit(lp, place, least, value):
    lower, upper = lp.row_lower.copy(), lp.row_upper.copy()
    (lower if least else upper)[place] = value
    return replace(lp, row_lower=lower, row_upper=upper)


def _optimum(problem, lp, measure):
    answer = problem.engine.solve(lp, {measure: 1.0})
    return float((lp.K @ answer.x)[lp.measure(measure)]) if answer.status == "optimal" else None


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["risk", "cost"])
@pytest.mark.parametrize("seed", [0, 2])
def test_a_price_predicts_the_re_solve_inside_its_range_and_flatters_outside(seed, measure):
    problem, plan = _solved(random_scenario(seed, challenge=2.0))
    lp = _held(problem.lp, problem, plan.stage(measure))
    base, tried = _optimum(problem, lp, measure), 0
    size = float(lp.whole[lp.measure(measure)])
    for rule in POLICIES:
        table = price_ranges(problem, plan, [rule], measure)
        for row, (place, least, limit) in zip(table.itertuples(), _limits(lp, rule), strict=True):
            assert row.holds_from - 1e-6 <= limit <= row.holds_to + 1e-6
            room = -1.0 if least else 1.0
            ends = [max(row.holds_from, limit - 10.0), min(row.holds_to, limit + 10.0)]
            for part in (0.3, 0.95) if tried < 10 else ():
                for end in ends:
                    at = limit + part * (end - limit)
                    now = _optimum(problem, _with_limit(lp, place, least, at), measure)
                    assert now == pytest.approx(base - row.value * room * (at - limit), abs=1e-6 * size)
            for end in (row.holds_from - 0.5, row.holds_to + 0.5) if row.value > 1e-9 and tried < 10 else ():
                now = _optimum(problem, _with_limit(lp, place, least, end), measure)
                assert now is None or now >= base - row.value * room * (end - limit) - 1e-6 * size
            tried += row.value > 1e-9
    assert tried > 0


def test_prices_are_those_of_the_plan():
    problem, plan = _solved(random_scenario(3))
    table = price_ranges(problem, plan, ["budget_is_respected"])
    assert table["value"].tolist() == pytest.approx(list(plan.gains("budget_is_respected").values()), abs=1e-12)


def test_bounds_have_ranges_too():
    """Northland holds 7 and may give 5: the price holds up to 7; below 4 it would buy nothing, which is another basis."""
    problem, plan = _solved(tiny_scenario().with_values("capability_max_share", {"tank": 0.5}))
    table = price_ranges(problem, plan, ["share_is_limited"])
    north = table[table["member"] == "Northland"].iloc[0]
    assert north["value"] == pytest.approx(0.1)
    assert (north["holds_from"], north["holds_to"]) == pytest.approx((4.0, 7.0))


def test_what_is_no_policy_is_refused():
    with pytest.raises(UsageError, match="no policy"):
        sensitivity(*_solved(tiny_scenario()), rules=["holdings_carry_over"])


def test_one_unit_more_is_promised_only_where_the_price_holds_for_all_of_it():
    """The tutorial's pledge of batteries, one lower: what its price promises for a whole unit is more than comes of it."""
    scenario = load("inputs/tutorial.xlsx")
    problem = Problem(scenario)
    plan = problem.solve()
    found = sensitivity(problem, plan)
    (said,) = (text for text in found.says if "pledge of" in text)
    rows = found.table[found.table["rule"] == "pledge_is_kept"]
    row = rows.loc[rows["value"].idxmax()]
    lower = {
        **scenario.min_stock,
        **{k: 1.0 for k in scenario.min_stock if k[:2] == (row["member"], row["capability"])},
    }
    fall = plan.measures["risk"] - Problem(scenario.with_values("min_stock", lower)).solve().measures["risk"]
    assert fall < row["value"] - 1e-5
    assert "at most" in said


def test_one_unit_more_towards_a_requirement_is_one_more_to_be_had():
    """A partner that lends one battery for nothing lowers risk by what is said; lowering the requirement would do something else."""
    scenario = load("inputs/tutorial.xlsx")
    problem = Problem(scenario)
    plan = problem.solve()
    found = sensitivity(problem, plan, rules=("requirement_is_met",))
    row = found.table.loc[found.table["value"].idxmax()]
    place = problem.lp.rows["requirement_is_met"].at[row["task"], row["capability"], row["year"]]
    helped = _with_limit(problem.lp, place, True, row["limit"] - 1.0)
    assert plan.measures["risk"] - _optimum(problem, helped, "risk") == pytest.approx(row["value"])
    assert "from whomever" in found.says[1]
