"""Industry and jobs, solved by hand: where money goes, what must come back, what suppliers can make."""

from __future__ import annotations

from typing import Any

import pytest

from model.scenario.scenario import Scenario
from model.solve.compared import risk_alone
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.random_layers import with_layers
from tests.scenarios import tiny_scenario
from tests.solve.variants import varied


def supplied(
    shares: dict[str, float], limits: dict[str, float] | None = None, returns: dict[str, float] | None = None
) -> Scenario:
    """The tiny scenario (see its docstring) with suppliers of the tank: parts of every order, limits, floors on returns.

    A million to Northland's industry gives 7 job-years, and adds 1.2 to its GDP.
    """
    s = tiny_scenario()
    columns: dict[str, dict[Any, Any]] = {
        "work_share": {("tank", f): part for f, part in shares.items()},
        "supplier_limit": {("tank", f): (limits or {}).get(f) for f in shares},
        "jobs_per_million": {("tank", f): 7.0 if f == "Northland" else None for f in shares},
        "juste_retour": {m: (returns or {}).get(m) for m in s.sets["member"]},
        "multiplier": {"Northland": 1.2, "Southland": None},
    }
    for column, cells in columns.items():
        s = s.with_values(column, cells)
    return s


def solved(s: Scenario, **how: Any) -> Plan:
    """The certified plan."""
    plan = Problem(s, **how).solve()
    assert plan.found, plan.message
    return plan


def test_money_flows_to_suppliers_and_the_rest_stays_at_home() -> None:
    """Northland buys 3 tanks for 3, Southland one for 2. Northland's industry makes 0.6 of each, a foreign one 0.1; 0.3 is left.

    Northland earns 0.6 x 5 + 0.3 x 3 = 3.9, Southland 0.3 x 2 = 0.6, and 0.5 leaves the alliance. Named suppliers give
    jobs: 7 x 0.6 x 5 = 21 in Northland, whose GDP gains 1.2 x 3.9 = 4.68.
    """
    plan = solved(supplied({"Northland": 0.6, "Elsewhere": 0.1}))
    assert plan.measures["risk"] == pytest.approx(0.2)
    assert plan.quantity("earned")["Northland", 2026] == pytest.approx(3.9)
    assert plan.quantity("earned")["Southland", 2026] == pytest.approx(0.6)
    assert plan.quantity("sold")["tank", "Elsewhere", 2026] == pytest.approx(0.5)
    assert plan.quantity("jobs")["Northland", 2026] == pytest.approx(21)
    assert plan.quantity("gdp_effect")["Northland", 2026] == pytest.approx(4.68)


def test_a_supplier_is_a_member_whatever_the_case_of_its_name() -> None:
    plan = solved(supplied({"NORTHLAND": 0.6}))
    assert plan.quantity("earned")["Northland", 2026] == pytest.approx(0.6 * 5 + 0.4 * 3)


def test_an_agreed_part_comes_back() -> None:
    """Northland's industry makes 0.6 of every tank, Southland's 0.2, and 0.2 stays at home; 0.8 must come back to Southland.

    Southland spends b and earns 0.2 (3 + b) + 0.2 b, at least 0.8 b: b is at most 1.5, three quarters of a tank. So 7.75 of 10.
    A unit of room lets it spend 2.5 more, 1.25 tanks: 0.125 of risk. Without the floor risk is 0.2.
    """
    s = supplied({"Northland": 0.6, "Southland": 0.2}, returns={"Southland": 0.8})
    plan = solved(s)
    assert plan.measures["risk"] == pytest.approx(0.225)
    assert plan.quantity("acquisition")["Southland", 2026] == pytest.approx(1.5)
    assert plan.quantity("earned")["Southland", 2026] == pytest.approx(1.2)
    assert plan.gains("industry_gets_its_return")[("Southland",)] == pytest.approx(0.125)
    assert solved(s, off=("industry_gets_its_return",)).measures["risk"] == pytest.approx(0.2)


def test_a_supplier_can_hold_everybody_up() -> None:
    """Northland's industry makes 0.6 of every tank and at most 1.5 tanks a year: 2.5 can be ordered. So 6.5 of 10.

    One more unit it could make allows 1/0.6 tanks more: a sixth of risk.
    """
    plan = solved(supplied({"Northland": 0.6}, limits={"Northland": 1.5}))
    assert plan.measures["risk"] == pytest.approx(0.35)
    assert plan.gains("supplier_keeps_up")["tank", "Northland", 2026] == pytest.approx(1 / 6)


def test_a_member_that_leaves_is_a_supplier_from_outside() -> None:
    """Southland without Northland: one tank for 2 of its 4, of which 0.6 goes abroad."""
    plan = solved(supplied({"Northland": 0.6}).without("Northland"))
    assert plan.quantity("sold")["tank", "Northland", 2026] == pytest.approx(1.2)
    assert plan.quantity("earned")["Southland", 2026] == pytest.approx(0.8)


def test_alone_nothing_has_to_come_back() -> None:
    """Southland by itself buys one tank of ten, though 0.4 of the money comes back to it and the alliance asks for 0.8."""
    s = supplied({"Northland": 0.6, "Southland": 0.2}, returns={"Southland": 0.8})
    assert risk_alone(s, "Southland") == pytest.approx(0.9)


@pytest.mark.parametrize("seed", range(6))
def test_every_order_is_earned_by_somebody(seed: int) -> None:
    """What members and the alliance spend on orders is what members' industries and suppliers outside get."""
    plan = solved(with_layers(varied(seed, pooling=seed % 2 == 0, joint=seed % 3), seed))
    orders = ("acquisition", "common_acquisition", "joint_acquisition")
    spent = sum(sum(plan.quantity(name).values()) for name in orders)
    own = {key for keys in plan.data.supplies_of.values() for key in keys}
    abroad = sum(money for key, money in plan.quantity("sold").items() if key[:2] not in own)
    assert sum(plan.quantity("earned").values()) + abroad == pytest.approx(spent)
