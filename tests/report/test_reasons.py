"""Why something is short: small scenarios in which the cause is known beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from model.report.reasons import Explainer, Shortage
from model.scenario.scenario import Scenario
from model.solve.problem import Problem
from tests.scenarios import random_scenario, scenario, tiny_scenario

RICH = {"gdp": 10_000.0}


def explained(given: Scenario) -> list[Shortage]:
    plan = Problem(given).solve()
    assert plan.found, plan.message
    return Explainer(plan).by_requirement


def alone(tank: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """One rich member that holds 4 of the 10 tanks required."""
    given: dict[str, Any] = {"holding": {("Northland", "tank"): 4.0}, **more}
    return scenario(
        {"Northland": RICH}, {"tank": {"unit": "tank", **(tank or {})}}, {"attack": (1.0, "Northland")}, {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 10.0}, **given,
    )  # fmt: skip


def pair(north: dict[str, Any], south: dict[str, Any], tank: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """Two members, one task that requires ten tanks, led by Northland."""
    return scenario(
        {"Northland": north, "Southland": south}, {"tank": {"unit": "tank", **(tank or {})}}, {"attack": (1.0, "Northland")},
        {"defend": ("attack", 1.0)}, {("defend", "tank", None): 10.0}, **more,
    )  # fmt: skip


def only(shortages: list[Shortage]) -> Shortage:
    assert len(shortages) == 1
    return shortages[0]


def test_money() -> None:
    """Both members of the tiny scenario have spent all; two tanks of ten are missing."""
    found = only(explained(tiny_scenario()))
    assert found.missing == pytest.approx(2.0)
    assert [reason.kind for reason in found.reasons] == ["budget"]
    assert found.chief.part == pytest.approx(1.0)
    assert found.chief.by_member == pytest.approx({"Northland": 2 / 3, "Southland": 1 / 3})
    assert "Northland and Southland offer in 2026 is used up" in found.chief.says


def test_lead_time() -> None:
    """Money enough, but what is ordered in 2026 arrives in 2028; from then on nothing is short."""
    found = only(explained(alone({"lead_time": 2.0}, last_year=2029)))
    assert found.years == (2026, 2027)
    assert found.part("lead time") == pytest.approx(1.0)
    assert found.chief.says == "2026–2027 is too early: an order takes 2 years, so nothing new arrives before 2028"


def test_share_rule() -> None:
    """Northland could provide all ten but may provide half; Southland cannot acquire any."""
    given = pair(RICH, RICH, {"capability_max_share": 0.5}, holding={("Northland", "tank"): 20.0}, cost_factor={})
    found = only(explained(given))
    assert found.missing == pytest.approx(5.0)
    assert found.part("share rule") == pytest.approx(0.5)
    assert found.part("not offered") == pytest.approx(0.5)
    said = {reason.kind: reason.says for reason in found.reasons}
    assert said["share rule"] == "Northland already provides 50 % of it, the most one member may"
    assert said["not offered"] == "Southland cannot acquire more of it"


def test_reasonable_challenge() -> None:
    """As with the share rule, but the limit is the fair share."""
    given = pair(RICH, RICH, holding={("Northland", "tank"): 20.0}, cost_factor={}, challenge=1.2)
    found = only(explained(given))
    assert found.missing == pytest.approx(4.0)
    assert found.part("challenge") == pytest.approx(0.5)
    assert "1.2 times its fair share" in found.reasons[0].says + found.reasons[1].says


@pytest.mark.parametrize(("released", "word"), [(0.0, "nothing"), (0.3, "only a part")])
def test_caveat(released: float, word: str) -> None:
    """Twenty tanks in hand, none or 0.3 of them released, and no more to be had."""
    given = alone(
        holding={("Northland", "tank"): 20.0}, cost_factor={}, max_fraction={("Northland", "defend", None): released}
    )
    found = only(explained(given))
    assert found.part("caveat") == pytest.approx(1.0)
    assert f"Northland releases {word} of its force" in found.chief.says
    assert "14 of it in hand" in found.chief.says or released == 0.0


def test_industry() -> None:
    """Money enough, but industry takes on one tank a year."""
    found = only(explained(alone({"build_limit": 1.0, "life": 1e6})))
    assert found.missing == pytest.approx(5.0)
    assert found.part("industry") == pytest.approx(1.0)
    assert found.chief.says == "industry can take on no more than 1 in a period, and is full in 2026"


def test_interoperability() -> None:
    """Southland's ten tanks count for half beside a lead it has nothing in common with, and lifting them costs more than it has."""
    given = pair(
        {"gdp": 1.0}, {"gdp": 100.0}, holding={("Southland", "tank"): 10.0}, cost_factor={},
        levels={"apart": (0.5, 0.0, 0.0), "as one": (1.0, 1e6, 0.0)}, commonality={("Southland", "Northland"): 0.0},
    )  # fmt: skip
    found = only(explained(given))
    assert found.missing == pytest.approx(5.0)
    assert found.part("interoperability") == pytest.approx(1.0)
    assert found.part("budget") == pytest.approx(1.0), "enough money lifts all ten; interoperability overlaps this"
    assert "Southland most of all; if they were, the same units would count for 5 more" in found.reasons[-1].says


def test_pledge() -> None:
    """A promise to hold no more than six."""
    found = only(explained(alone(pledges={("Northland", "tank", None): (None, 6.0)})))
    assert found.part("pledge") == pytest.approx(1.0)


def test_weakest_link_is_named() -> None:
    """Southland owes half and pays nothing: it has none and cannot get any."""
    given = pair(RICH, RICH, {"sharing": "weakest link"}, holding={("Northland", "tank"): 20.0}, cost_factor={})
    found = only(explained(given))
    assert found.note == "The weakest link is Southland: in 2026 it provides 0 % of what is owed"
    assert found.chief.by_member == pytest.approx({"Southland": 1.0})


def test_nothing_is_short() -> None:
    assert explained(alone()) == []


@pytest.mark.parametrize("seed", range(6))
def test_parts_add_up(seed: int) -> None:
    """Reasons share out the whole gap, and the risk parts are the whole risk."""
    plan = Problem(random_scenario(seed, challenge=2.0)).solve()
    explainer = Explainer(plan)
    assert sum(s.risk_part for s in explainer.each) == pytest.approx(plan.measures["risk"], abs=1e-6)
    assert sum(explainer.whole.values()) == pytest.approx(1.0)
    for shortage in (*explainer.each, *explainer.by_requirement):
        parts = [reason.part for reason in shortage.reasons if reason.kind != "interoperability"]
        assert sum(parts) == pytest.approx(1.0)
        assert min(parts) >= 0.0
        assert shortage.part("other") == pytest.approx(0.0, abs=1e-6)
        assert all(reason.says for reason in shortage.reasons)


def test_a_ceiling_on_cost_is_a_reason() -> None:
    plan = Problem(alone(), ceilings={"cost": 8.0}).solve()
    assert Explainer(plan).by_requirement[0].part("other") == pytest.approx(1.0)
