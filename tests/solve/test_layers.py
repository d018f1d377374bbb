"""What must be true of scenarios with partners, industry and technology: other units, other orders of rows, more help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from model.scenario.scenario import Scenario
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.random_layers import with_layers
from tests.scenarios import random_scenario
from tests.solve.test_determinism import shuffled
from tests.solve.test_metamorphic import SMALL, counted_in, dearer, forces, no_worse

pytestmark = pytest.mark.slow

MONEY = ("partner_money", "reimbursement", "lending_price", "research_cost", "transfer_cost")
FORCES = ("lendable", "supplier_limit", "early_orders")


def layered(seed: int, **changed: Any) -> Scenario:
    return with_layers(random_scenario(seed, **{**SMALL, "pooling": seed % 2 == 1, **changed}), seed)


def solved(s: Scenario, *objectives: str) -> Plan:
    plan = Problem(s).solve(objectives or None)
    assert plan.found, plan.message
    return plan


def scaled(s: Scenario, columns: tuple[str, ...], factor: float) -> Scenario:
    for column in columns:
        s = s.scale(column, factor)
    return s


def in_thousandths(s: Scenario) -> Scenario:
    """Money in thousandths, and so jobs a thousandth as many for each of it."""
    return scaled(scaled(dearer(s), MONEY, 1000.0), ("jobs_per_million",), 1e-3)


def in_quarters(s: Scenario) -> Scenario:
    """Forces in quarters, those of the alliance, of partners and of suppliers too; each is paid for with a quarter."""
    s = scaled(counted_in(4.0)(s), (*FORCES, "common_holding", "common_max_stock"), 4.0)
    return scaled(s, ("reimbursement", "lending_price"), 0.25)


@pytest.mark.parametrize(("change", "money", "amount"), [(in_thousandths, 1000.0, 1.0), (in_quarters, 1.0, 4.0)])
@pytest.mark.parametrize("seed", range(6))
def test_other_units_change_nothing(
    change: Callable[[Scenario], Scenario], money: float, amount: float, seed: int
) -> None:
    s = layered(seed)
    before, after = solved(s), solved(change(s))
    rates = {"cost": money, "unfairness": money}
    expected = {name: value * rates.get(name, 1.0) for name, value in before.measures.items()}
    assert after.measures == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert {k: v / amount for k, v in forces(after).items()} == pytest.approx(forces(before), rel=1e-6, abs=1e-6)
    assert {k: v / amount for k, v in after.values["lent"].items()} == pytest.approx(before.values["lent"], abs=1e-6)
    assert after.quantity("jobs") == pytest.approx(before.quantity("jobs"), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_the_same_plan_in_any_order_of_rows(seed: int) -> None:
    s = layered(seed, joint=seed % 2)
    first, second = solved(s), solved(shuffled(s, seed))
    assert np.array_equal(first.x, second.x)
    assert first.scenario.hash == second.scenario.hash


MORE: dict[str, Callable[[Scenario], Scenario]] = {
    "money of partners": lambda s: s.scale("partner_money", 1.4),
    "rates of partners": lambda s: s.scale("reimbursement", 1.4),
    "loans": lambda s: s.scale("lendable", 1.4),
    "cheaper loans": lambda s: s.scale("lending_price", 0.6),
    "a smaller part of the members' own": lambda s: s.scale("members_part", 0.6),
    "limits of suppliers": lambda s: s.scale("supplier_limit", 1.4),
    "a smaller return": lambda s: s.scale("juste_retour", 0.6),
    "cheaper research": lambda s: s.scale("research_cost", 0.6),
    "more early orders": lambda s: s.scale("early_orders", 1.4),
    "cheaper transfers": lambda s: s.scale("transfer_cost", 0.6),
    "a wider gap": lambda s: s.with_settings(technology_limit=None),
}


@pytest.mark.parametrize("what", MORE)
@pytest.mark.parametrize("seed", [1, 3])
def test_more_help_never_raises_risk(what: str, seed: int) -> None:
    s = layered(seed)
    assert no_worse(solved(MORE[what](s), "risk").measures["risk"], solved(s, "risk").measures["risk"])


WIDER: dict[str, Callable[[Scenario, float], Scenario]] = {
    "partner_money_suffices": lambda s, by: s.scale("partner_money", 1 + by),
    "supplier_keeps_up": lambda s, by: s.scale("supplier_limit", 1 + by),
    "loan_is_limited": lambda s, by: s.scale("lendable", 1 + by),
    "industry_gets_its_return": lambda s, by: s.scale("juste_retour", 1 - by),
}
"""What gives a part more room in all limits of a policy."""


def rooms(plan: Plan, rule: str) -> dict[Any, float]:
    """What the limits of a policy are; of a return, what must come back of what is spent."""
    d = plan.data
    if rule != "industry_gets_its_return":
        return {"partner_money_suffices": d.partner_offer, "supplier_keeps_up": d.supplier_capacity}.get(
            rule, d.offered_loan
        )
    paid = plan.records("returns").pick("member", "paid")
    found = dict.fromkeys(((m,) for m in d.sets["member"]), 0.0)
    for member, money in paid:
        found[member,] += (d.juste_retour[member] or 0.0) * money
    return found


@pytest.mark.parametrize("rule", WIDER)
def test_a_price_predicts_a_small_change(rule: str) -> None:
    """A thousandth more room in all limits: risk falls by what the prices say, or less where another limit stops it."""
    by, said_so_far = 1e-3, 0.0
    for seed in range(8):
        s = layered(seed).scale("partner_money", 0.05)
        s = s.with_values("juste_retour", dict.fromkeys(s.sets["member"], 0.95))
        plan = solved(s, "risk")
        limits = rooms(plan, rule)
        said = sum(gain * by * limits[key] for key, gain in plan.gains(rule, "risk").items())
        fell = plan.measures["risk"] - solved(WIDER[rule](s, by), "risk").measures["risk"]
        assert 0.5 * said - 1e-9 <= fell <= 1.02 * said + 1e-9
        said_so_far += said
    assert said_so_far > 1e-7
