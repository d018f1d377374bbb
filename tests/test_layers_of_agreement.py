"""The worked examples of the pages on threats, consensus and emphasis are what the plans give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from model.layers.threats.sheet import kinds
from model.questions.emphasis.result import emphasis
from model.scenario.scenario import Scenario
from model.solve.compared import risk_alone, risks_in_status_quo
from model.solve.problem import Problem
from tests.questions.test_emphasis import three_kinds
from tests.solve.test_consensus import needy, solved

DOCS = Path(__file__).parents[1] / "docs"


def said(page: str, *cells: str) -> None:
    """The page has a row of these cells."""
    row = f"| {' | '.join(cells)} |"
    assert row in (DOCS / page).read_text(encoding="utf-8"), row


def test_threats() -> None:
    s = three_kinds()
    ways: dict[str, Problem] = {
        "least risk": Problem(s),
        "no kind's risk above 0.5": Problem(s, {"worst_kind_risk": 0.5}),
        "least risk of the worst kind": Problem(s.with_settings(objectives=("worst_kind_risk", "risk"))),
    }
    for name, problem in ways.items():
        plan = problem.solve()
        cover = {kind: abs(one["coverage"]) for kind, one in kinds(plan).items()}
        named = [f"{round(100 * cover[kind])} %" for kind in ("conventional", "cyber", "disaster")]
        said("layers/threats.md", name, f"{plan.measures['risk']:.3f}", *named)


def _cases() -> dict[str, Scenario]:
    alone: dict[str, Any] = {"consensus": True}
    return {
        "no consensus": needy(),
        "everybody, against alone": needy(**alone),
        "everybody, against the status quo": needy(**alone, consensus_against="status quo"),
        "nine tenths of the voice, against alone": needy(**alone, consensus_voice=0.9),
        "excess of 0.02 in all, against alone": needy(**alone, consensus_excess=0.02),
        "C stays out of its own task, everybody, against alone": needy(**alone).with_values(
            "still_counts", {("C", "south"): False}
        ),
    }


@pytest.mark.slow
def test_consensus() -> None:
    for name, s in _cases().items():
        plan = solved(s)
        seen = plan.quantity("perceived_risk")
        said("layers/consensus.md", name, f"{plan.measures['risk']:.3f}", *(f"{abs(seen[m]):.1f}" for m in "ABC"))
    s = needy()
    page = (DOCS / "layers" / "consensus.md").read_text(encoding="utf-8")
    alone, today = {m: risk_alone(s, m) for m in "ABC"}, risks_in_status_quo(s)
    assert f"A would face no risk, B {alone['B']:.1f} and C {alone['C']:.1f}" in page
    assert f"{today['A']:.1f}, {today['B']:.0f} and {today['C']:.0f}" in page
    assert abs(alone["A"]) < 1e-9


def test_emphasis() -> None:
    found = emphasis(Problem(three_kinds()), (2.0, 1.5))
    for s in found.shifts:
        figures = (f"{abs(value):.4f}" for value in (s.standing_risk, s.best_risk, round(s.regret, 9)))
        said("analyses/emphasis.md", s.kind, f"{s.factor:g}", *figures, s.verdict)
    page = (DOCS / "analyses" / "emphasis.md").read_text(encoding="utf-8")
    assert f"> {next(one for one in found.says if one.startswith('With 2 times the weight on disaster'))}" in page
