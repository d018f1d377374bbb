"""Partners from outside, solved by hand: payments, their conditions and ceilings, and forces lent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from model.scenario.scenario import Scenario
from model.solve.compared import risk_alone
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.uncertain import Uncertain
from tests.random_layers import with_partners
from tests.scenarios import scenario, tiny_scenario
from tests.solve.second_solver import glpk_optimum
from tests.uncertain import uncertain

ROW = ("UN", "tank", "defend")


def helped(s: Scenario | None = None, **changed: Any) -> Scenario:
    """The tiny scenario (see its docstring) with one partner, the UN; ``changed``: its cells by the scenario's column names."""
    cells = {"partner_money": None, "partner_from": None, "partner_to": None, "members_part": 0.0}
    support = {"reimbursement": None, "lendable": None, "lending_price": 0.0}
    found = s or tiny_scenario()
    for column, blank in cells.items():
        found = found.with_values(column, {"UN": changed.get(column, blank)})
    for column, blank in support.items():
        found = found.with_values(column, {changed.get("row", ROW): changed.get(column, blank)})
    return replace(found, sets={**found.sets, "partner": ("UN",)})


def solved(s: Scenario, **how: Any) -> Plan:
    """The certified plan."""
    plan = Problem(s, **how).solve()
    assert plan.found, plan.message
    return plan


def test_payments_relax_budgets_and_lower_cost() -> None:
    """The UN pays 0.5 for each effective tank.

    Northland keeps 4 and buys n: 4 + 2n - 0.5 (4 + n) <= 10, so up to 16/3. Southland: 4n - 0.5n <= 4, so up to 8/7.
    Together more than the 10 required, so risk is 0. At least cost, Northland buys all it can, 16/3, for 10 of its own
    money; Southland the missing 2/3 for 3.5 x 2/3 = 7/3. The UN pays 5. Fair burdens of 37/3 are 74/9 and 37/9, so
    10 - 74/9 = 16/9 would have to change hands.
    """
    plan = solved(helped(reimbursement=0.5))
    assert plan.measures["risk"] == pytest.approx(0, abs=1e-9)
    assert plan.measures["cost"] == pytest.approx(37 / 3)
    assert plan.measures["unfairness"] == pytest.approx(16 / 9)
    assert plan.quantity("spend")["Northland", 2026] == pytest.approx(10)
    assert plan.quantity("partner_payment")["UN", 2026] == pytest.approx(5)
    assert plan.quantity("received")["Southland", 2026] == pytest.approx(1 / 3)


def test_one_more_unit_of_outside_money_is_worth_what_it_buys() -> None:
    """With 2 to give, all goes to Northland, where it buys one tank: 9 of 10. Each further unit buys half a tank: 0.05 less risk."""
    plan = solved(helped(reimbursement=0.5, partner_money=2.0))
    assert plan.measures["risk"] == pytest.approx(0.1)
    assert plan.quantity("received")["Northland", 2026] == pytest.approx(2)
    assert plan.gains("partner_money_suffices")["UN", 2026] == pytest.approx(0.05)
    more = solved(helped(reimbursement=0.5, partner_money=2.1))
    assert more.measures["risk"] == pytest.approx(0.1 - 0.1 * 0.05)


def test_members_bear_the_agreed_part() -> None:
    """Half of what is covered at 0.5 a tank: at most 0.25 for each of the c covered.

    All of it, G, goes to Northland: c = 8 + G/2 and G = c/4, so G = 16/7 and c = 64/7: risk 6/70.
    """
    plan = solved(helped(reimbursement=0.5, members_part=0.5))
    assert plan.measures["risk"] == pytest.approx(6 / 70)
    assert plan.quantity("partner_payment")["UN", 2026] == pytest.approx(16 / 7)
    assert solved(helped(reimbursement=0.5, members_part=0.5), off=("members_bear_their_part",)).measures[
        "risk"
    ] == pytest.approx(0, abs=1e-9)


def two_capabilities() -> Scenario:
    """Northland holds 4 tanks, at 0.25 a year each, of which 3 are required, and the one ship required, at 4 a year."""
    return scenario(
        {"Northland": {}},
        {"tank": {"sustainment_cost": 0.25}, "ship": {"sustainment_cost": 4.0}},
        {"attack": (1.0, None)},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 3.0, ("defend", "ship", None): 1.0},
        holding={("Northland", "tank"): 4.0, ("Northland", "ship"): 1.0},
    )


def test_what_is_not_needed_is_not_paid_for() -> None:
    """At 0.5 a tank, the fourth would earn 0.25 more than it costs; but only the 3 required are paid for.

    So 4 + 0.75 is spent and 1.5 comes back: cost 3.25. Without the rules all 4 are kept and paid for: 5 - 2 = 3.
    """
    s = helped(two_capabilities(), reimbursement=0.5)
    assert solved(s).measures["cost"] == pytest.approx(3.25)
    unruled = solved(s, off=("members_bear_their_part", "share_is_limited"))
    assert unruled.measures["cost"] == pytest.approx(3.0)


def test_nobody_makes_a_profit() -> None:
    """At 5 a tank, 15 would be paid for tanks and a ship that cost 4.75 to keep: only 4.75 is."""
    plan = solved(helped(two_capabilities(), reimbursement=5.0))
    assert plan.measures["cost"] == pytest.approx(0, abs=1e-9)
    assert plan.quantity("partner_payment")["UN", 2026] == pytest.approx(plan.quantity("received")["Northland", 2026])
    assert plan.quantity("received")["Northland", 2026] == pytest.approx(4.75)


def test_forces_lent_stand_in_for_members() -> None:
    """Members provide 8 of 10; 1.5 lent for nothing leave 0.5 short.

    At 2 a tank they cost Northland 2, so one tank, and Southland 1, so a quarter: 8 - 1.25 + 1.5 = 8.25.
    """
    assert solved(helped(lendable=1.5)).measures["risk"] == pytest.approx(0.05)
    plan = solved(helped(lendable=1.5, lending_price=2.0))
    assert plan.measures["risk"] == pytest.approx(0.175)
    assert plan.values["lent"]["UN", "defend", "tank", 2026] == pytest.approx(1.5)
    assert plan.quantity("hire")["Northland", 2026] == pytest.approx(2)
    assert plan.quantity("provided")["defend", "tank", 2026] == pytest.approx(8.25)
    assert plan.gains("loan_is_limited")["UN", "defend", "tank", 2026] == pytest.approx(0.1 * (1 - 2 / 3 - 1 / 6))


def test_members_provide_the_agreed_part() -> None:
    """Members provide 8 and nine tenths of what is covered: a tenth of 80/9 is lent, risk 1/9."""
    plan = solved(helped(lendable=5.0, members_part=0.9))
    assert plan.measures["risk"] == pytest.approx(1 / 9)
    assert plan.values["lent"]["UN", "defend", "tank", 2026] == pytest.approx(8 / 9)


@pytest.mark.parametrize(("years", "helps"), [((None, 2025), False), ((2027, None), False), ((2026, 2026), True)])
def test_a_partner_helps_in_its_years(years: tuple[int | None, int | None], helps: bool) -> None:
    """Only where a period begins in them: 1.5 tanks lent, or none."""
    plan = solved(helped(lendable=1.5, partner_from=years[0], partner_to=years[1]))
    assert plan.measures["risk"] == pytest.approx(0.05 if helps else 0.2)


def test_a_row_for_a_task_stands_in_place_of_the_row_for_all() -> None:
    """1.5 tanks for every task, but none for the defence."""
    every = helped(lendable=1.5, row=("UN", "tank", None))
    assert solved(every).measures["risk"] == pytest.approx(0.05)
    none = every.with_values("lendable", {("UN", "tank", None): 1.5, ROW: None})
    assert solved(none).measures["risk"] == pytest.approx(0.2)


def test_alone_a_member_has_no_partners() -> None:
    """Northland by itself: 7 of 10, whatever is lent to the alliance."""
    assert risk_alone(helped(lendable=1.5, reimbursement=0.5), "Northland") == pytest.approx(0.3)


@pytest.mark.parametrize("seed", range(4))
def test_partners_pay_and_lend_once_the_case_is_known(seed: int) -> None:
    """Orders are common to all cases; payments and loans are each case's own. A second solver finds the same."""
    problem = Uncertain(with_partners(uncertain(seed), seed))
    plan = problem.solve()
    assert plan.found, plan.message
    assert plan.stages[0].value == pytest.approx(glpk_optimum(problem.linked.lp, "expected_risk"), rel=1e-6, abs=1e-9)
    views = list(plan.plans.values())
    assert all(view.values["ordered"] == views[0].values["ordered"] for view in views)
    assert any(view.values["paid"] != views[0].values["paid"] for view in views)
