"""Technology, solved by hand: capabilities that ripen, research that brings them forward, transfers that narrow the gap."""

from __future__ import annotations

from typing import Any

import pytest

from model.language.faults import UsageError
from model.scenario.scenario import Scenario
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.scenarios import scenario, tiny_scenario


def ripening(year: int | None, cost: float | None = None, early: float | None = None, budget: float = 10.0) -> Scenario:
    """One member with ``budget`` a year for three years, no tanks, and 10 required in each; a tank costs 1 and nothing to keep.

    ``year``: from when tanks can be ordered; ``cost``, ``early``: of research, and how many a year all of it allows.
    """
    return scenario(
        {"Solo": {"gdp": 10 * budget}},
        {"tank": {"sustainment_cost": 0.0, "life": 1e9}},
        {"attack": (1.0, None)},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 10.0},
        bands={1.0: 1.0},
        last_year=2028,
        discount_rate=0.0,
        optional={"available_from": {"tank": year}, "research_cost": {"tank": cost}, "early_orders": {"tank": early}},
    )


def solved(s: Scenario, **how: Any) -> Plan:
    """The certified plan."""
    plan = Problem(s, **how).solve()
    assert plan.found, plan.message
    return plan


def test_nothing_is_ordered_before_it_is_available() -> None:
    """From the start: 10 at once. From 2027 on: nothing in the first of three years. From 2029 on: never."""
    assert solved(ripening(2026)).measures["risk"] == pytest.approx(0, abs=1e-9)
    assert solved(ripening(2027)).measures["risk"] == pytest.approx(1 / 3)
    assert solved(ripening(2029)).measures["risk"] == pytest.approx(1)
    assert ("Solo", "tank", 2026) not in solved(ripening(2027)).values["ordered"]


def test_research_makes_it_available() -> None:
    """All 5 of research are paid in 2026, and 4 tanks ordered in each of the other years: 0, 4, 8 of 10. So 18 of 30 are missing.

    It costs 5 and 8.
    """
    plan = solved(ripening(None, cost=5.0, early=4.0))
    assert plan.measures["risk"] == pytest.approx(0.6)
    assert plan.measures["cost"] == pytest.approx(13)
    assert plan.values["researched"]["tank", 2026] == pytest.approx(5)


def test_research_counts_in_proportion_from_the_next_period_on() -> None:
    """With 2 a year: r of research in 2026 and q in 2027, when 0.8 r tanks may be ordered, and 0.8 (r + q) in 2028.

    All 2 go to research in 2026, which allows 1.6 tanks a year. In 2027 a unit of money buys a tank now, which is there for two
    years, or 0.8 tanks of room in 2028, which 1.6 and the 2 of 2028 leave no money for beyond 0.4. So 1.6 tanks and 0.4 of
    research in 2027, which allows 1.92 in 2028: 0, 1.6 and 3.52 of 10.
    """
    plan = solved(ripening(None, cost=5.0, early=4.0, budget=2.0))
    assert plan.measures["risk"] == pytest.approx(1 - (1.6 + 3.52) / 30)
    assert plan.values["researched"] == pytest.approx({("tank", 2026): 2.0, ("tank", 2027): 0.4})


def test_research_brings_it_forward() -> None:
    """4 in 2027 by research, as many as one likes in 2028: 0, 4, 10 of 10, for 5 and 10."""
    plan = solved(ripening(2028, cost=5.0, early=4.0))
    assert plan.measures["risk"] == pytest.approx(16 / 30)
    assert plan.measures["cost"] == pytest.approx(15)


def levels(limit: float | None = None, price: float | None = 6.0, **changed: Any) -> Scenario:
    """The tiny scenario (see its docstring), Northland at technology level 0.9, Southland at 0.4; raising it by 1 costs 6."""
    s = tiny_scenario(technology_limit=limit, **changed)
    s = s.with_values("technology", {"Northland": 0.9, "Southland": 0.4})
    return s.with_values("transfer_cost", {"Northland": None, "Southland": price})


def test_the_gap_as_an_objective() -> None:
    """Closing the gap of 0.5 takes 3: 2 of Northland's money, 1 of Southland's. What is left buys 2 and 0.75 - so 6.75 of 10.

    After risk, no money is left for it: the gap stays 0.5.
    """
    plan = solved(levels(objectives=("technology_gap", "risk")))
    assert plan.measures["technology_gap"] == pytest.approx(0, abs=1e-9)
    assert plan.measures["risk"] == pytest.approx(0.325)
    assert plan.quantity("technology_spending")["Northland", 2026] == pytest.approx(2)
    last = solved(levels(objectives=("risk", "technology_gap", "cost")))
    assert last.measures["technology_gap"] == pytest.approx(0.5, rel=5e-6)
    assert last.measures["risk"] == pytest.approx(0.2, rel=5e-6)
    assert solved(levels()).measures["technology_gap"] == pytest.approx(0.5)


def test_the_gap_as_a_limit_and_as_a_ceiling() -> None:
    """To come within 0.3, Southland is raised by 0.2 for 1.2: 0.8 and 0.4. 2.6 and 0.9 tanks are bought: 7.5 of 10.

    A unit more room would save 6: 4 of Northland's, two tanks, and 2 of Southland's, half a tank: 0.25 of risk.
    """
    plan = solved(levels(limit=0.3))
    assert plan.measures["risk"] == pytest.approx(0.25)
    assert plan.gains("technology_gap_is_limited")[("Southland",)] == pytest.approx(0.25)
    assert plan.quantity("lag")["Southland"] == pytest.approx(0.3)
    held = solved(levels(), ceilings={"technology_gap": 0.3})
    assert held.measures["risk"] == pytest.approx(0.25)
    off = solved(levels(limit=0.3), off=("technology_gap_is_limited",))
    assert off.measures["risk"] == pytest.approx(0.2)


def test_a_limit_nobody_can_meet_is_told_with_a_way_out() -> None:
    plan = Problem(levels(limit=0.3, price=None)).solve()
    assert plan.status == "infeasible"
    assert plan.diagnosis is not None
    assert [clash.rule for clash in plan.diagnosis.conflict] == ["technology_gap_is_limited"]
    assert plan.diagnosis.ways_out[0].says == ("Southland would stay 0.2 further behind in technology than agreed",)


def test_without_levels_there_is_no_such_measure() -> None:
    assert "technology_gap" not in solved(tiny_scenario()).measures
    with pytest.raises(UsageError, match="technology levels"):
        Problem(tiny_scenario()).solve(("technology_gap",))
