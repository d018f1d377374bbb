"""What the result says of kinds of threat and of consent: in the Summary, sheets, tables and the record; nothing where there is none."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from model.layers.threats.sheet import kinds
from model.report.brief import plain_text
from model.report.export import run_record
from model.report.workbook_out import pages, write_solution
from model.scenario.scenario import Scenario
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.tables import names_of
from tests.scenarios import scenario
from tests.solve.test_consensus import needy, three

TAGS = {"north": "conventional", "centre": "cyber"}


def tagged(s: Scenario, **kinds: str) -> Scenario:
    """Tasks by their kind; those not named have none."""
    return s.with_values("task_kind", {k: {**TAGS, **kinds}.get(k) for k in s.sets["task"]})


def solved(s: Scenario) -> Plan:
    problem = Problem(s)
    plan = problem.solve()
    assert plan.found
    return problem.with_alternatives(plan)


def test_by_hand_coverage_by_kind() -> None:
    """The plan of ``needy`` without consensus: nothing missing in the north (weight 0.6), 1 of 10 in the centre (0.3), all in the
    south (0.1, no kind). Cyber risk is 0.1, and 0.03 of the alliance's 0.13."""
    plan = solved(tagged(needy()))
    assert kinds(plan) == {
        "cyber": pytest.approx({"risk": 0.1, "coverage": 0.9, "weight": 0.3, "part_of_risk": 0.03}),
        "conventional": pytest.approx({"risk": 0.0, "coverage": 1.0, "weight": 0.6, "part_of_risk": 0.0}, abs=1e-9),
    }
    assert plan.quantity("kind_risk") == pytest.approx({"cyber": 0.1, "conventional": 0.0}, abs=1e-9)
    assert plan.measures["worst_kind_risk"] == pytest.approx(0.1)
    assert run_record(plan)["kinds"] == kinds(plan)
    text = plain_text(plan)
    assert "COVERAGE BY TYPE OF THREAT" in text
    assert (
        "Cyber is covered least, 90 %, conventional best, 100 %; 23 % of all risk is cyber. 1 task of no kind is left out."
        in text
    )
    assert "kinds" in names_of(plan)
    assert "Types of threat" in {page.name for page in pages(plan)}


def test_by_hand_the_worst_kind_first() -> None:
    """Two tasks of 10 tanks, weights 3 and 1, 10 tanks in all: for least risk all go to the first; by kind, 5 to each."""
    s = scenario(
        {"A": {}},
        {"tank": {"sustainment_cost": 0.0}},
        {"war": (3.0, None), "quake": (1.0, None)},
        {"fight": ("war", 1.0), "rescue": ("quake", 1.0)},
        {("fight", "tank", None): 10.0, ("rescue", "tank", None): 10.0},
        holding={("A", "tank"): 10.0},
        cost_factor={},
        bands={1.0: 1.0},
        kinds={"fight": "conventional", "rescue": "disaster"},
    )
    both = solved(s)  # two situations, of which one happens: the tanks serve either
    assert both.measures["worst_kind_risk"] == pytest.approx(0.0, abs=1e-9)
    at_once = s.with_values("task_situation", {"fight": "war", "rescue": "war"}).with_values(
        "consequence", {"fight": 3.0, "rescue": 1.0}
    )
    assert solved(at_once).measures["worst_kind_risk"] == pytest.approx(1.0)
    even = solved(at_once.with_settings(objectives=("worst_kind_risk", "risk")))
    assert even.measures["worst_kind_risk"] == pytest.approx(0.5)
    assert even.measures["risk"] == pytest.approx(0.5)
    held = Problem(at_once, {"worst_kind_risk": 0.6}).solve()
    assert held.measures["risk"] == pytest.approx((3 * 0.4 + 0.6) / 4)


def test_without_kinds_and_consensus_nothing_is_said() -> None:
    plan = solved(three())
    assert "worst_kind_risk" not in plan.measures
    assert run_record(plan)["kinds"] == run_record(plan)["consensus"] == {}
    assert "type of threat" not in plain_text(plan)
    assert not {"kinds", "consents"} & set(names_of(plan))
    assert not {"Consensus", "Kinds of threat"} & {page.name for page in pages(plan)}


def test_who_agrees_member_by_member(tmp_path: Path) -> None:
    """By voice, C is outvoted: see ``needy``; today's 7 tanks all stand in the north, so the status quo is 0.3, 1 and 1."""
    plan = solved(needy(consensus=True, consensus_voice=0.9))
    rows = plan.table("consents").set_index("member")
    assert rows["value"].to_dict() == pytest.approx({"A": 0.0, "B": 0.1, "C": 1.0}, abs=1e-7)
    assert rows["alone"].to_dict() == pytest.approx({"A": 0.0, "B": 0.8, "C": 0.5}, abs=1e-7)
    assert rows["status_quo"].to_dict() == pytest.approx({"A": 0.3, "B": 1.0, "C": 1.0}, abs=1e-7)
    assert rows["verdict"].to_dict() == {"A": "agrees", "B": "agrees", "C": "is outvoted"}
    assert run_record(plan)["consensus"]["outvoted"] == ["C"]
    text = plain_text(plan)
    assert "2 members of 3 agree, with 90 % of the voice." in text
    assert "C is outvoted: it perceives a risk of 100.0 % and compares with 50.0 %." in text
    sheet = openpyxl.load_workbook(write_solution(plan, tmp_path / "plan.xlsx"))["Consensus"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any(row[0] == "C" and "is outvoted" in row for row in cells)


@pytest.mark.parametrize("against", ["alone", "status quo"])
def test_excess_that_is_put_up_with_is_named(against: str) -> None:
    plan = solved(needy(consensus=True, consensus_excess=0.02, consensus_against=against))
    verdicts = set(plan.table("consents")["verdict"])
    assert verdicts == ({"agrees", "perceives more, which is put up with"} if against == "alone" else {"agrees"})
    assert plan.table("consents")[["alone", "status_quo"]].notna().all(axis=None)
    assert any(page.name == "Consensus" for page in pages(plan))
