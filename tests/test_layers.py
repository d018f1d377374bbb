"""The worked examples of the pages in docs/layers are what the plans give."""

from __future__ import annotations

from pathlib import Path

from model.scenario.scenario import Scenario
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.scenarios import tiny_scenario
from tests.solve.test_common_funding import pooling
from tests.solve.test_programmes import joint

PAGES = Path(__file__).parents[1] / "docs" / "layers"


def solved(s: Scenario) -> Plan:
    problem = Problem(s)
    plan = problem.solve()
    assert plan.found
    return problem.with_alternatives(plan)


def test_common_funding() -> None:
    page = (PAGES / "common-funding.md").read_text(encoding="utf-8")
    cases = {
        "no common funding": tiny_scenario(),
        "as many as are worth it": pooling(tiny_scenario()),
        "at most 3": pooling(tiny_scenario(), common_max_stock=3.0),
        "paid by GDP (2 : 1)": pooling(tiny_scenario(), common_key="gdp"),
        "at four times the list price": pooling(tiny_scenario(), common_cost_factor=4.0),
    }
    for name, s in cases.items():
        plan = solved(s)
        owned = plan.values["commonly_held"].get(("tank", 2026))
        spent = [plan.quantity("spend")[m, 2026] for m in ("Northland", "Southland")]
        cells = [
            name, f"{abs(plan.measures['risk']):.3f}", f"{plan.measures['cost']:.1f}", "–" if owned is None else f"{abs(owned):.2f}",
            *(f"{value:.1f}" for value in spent),
        ]  # fmt: skip
        assert f"| {' | '.join(cells)} |" in page
    limited = solved(cases["at most 3"])
    assert f"lower risk by {limited.gains('common_stock_is_limited')['tank', 2026]:.3f}" in page


def test_programmes() -> None:
    page = (PAGES / "programmes.md").read_text(encoding="utf-8")
    for development in (2.0, 3.0):
        plan = solved(joint(development_cost=development))
        assert plan.programmes is not None
        assert plan.alternatives is not None
        (verdict,) = plan.alternatives.verdicts
        assert verdict.when_open is not None
        assert verdict.when_closed is not None
        part = f"{plan.programmes.relaxed['risk']:.3f} ({plan.programmes.relaxed_opened['next']:.3f} of it)"
        risks = [plan.measures["risk"], verdict.when_open["risk"], verdict.when_closed["risk"]]
        cells = [f"{development:.0f}", "yes" if verdict.opened else "no", *(f"{risk:.3f}" for risk in risks), part]
        assert f"| {' | '.join(cells)} |" in page
