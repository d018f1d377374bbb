"""A layer is one folder: put there, its sheet is read and checked, its rule binds and is certified, its table and page are there;
taken away again, nothing of it is left."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 300.0
"""Money a year that Northland of the tutorial may spend on orders."""

FILES = {
    "__init__.py": '''
"""A limit on what a member orders in a year."""
PLACE = 85
''',
    "sheets.py": """
from model.language.columns import Column, Sheet

LIMITS = Sheet(
    "Order limits", "table", "What members may spend on orders.",
    (
        Column("member", "reference", "The member.", refers="member", required=True, example="Norland"),
        Column("most", "number", "Most it orders in a year.", unit="money/yr", field="order_limit", required=True, low=0.0, example=9),
    ),
    keys=("member",),
)
SHEETS = (LIMITS,)
""",
    "checks.py": """
from model.scenario.checks.registry import hint

@hint("order_limit", "unit_cost")
def a_limit_allows_something(s, at):
    for member, limit in s.order_limit.items():
        if limit < min(s.unit_cost.values()):
            yield at.warning(("order_limit", member), limit, "this buys no unit of anything in a year", "Raise it.")
""",
    "rules.py": '''
from itertools import product
from model.core.orders import acquired_with_others
from model.language.registry import constraint

def limited(d):
    return product(sorted(d.order_limit), d.sets["period"])

@constraint("money", over=limited, may_bend=True, source="scenario: Order limits", reason="budget",
            remedy="{member} would order for {amount} {currency} more in {years}", cells=("Order limits.most",))
def orders_are_limited(m, d, member, period):
    r"""A member orders for no more money than it may.

    .. math:: x \\le y
    """
    spent = [m.acquisition[member, period], *acquired_with_others(m, d, member, period)]
    return m.sum(spent) <= d.step * d.order_limit[member]
''',
    "second_reading.py": """
from model.certificate.columns import ABSENT
from model.certificate.rows import written

POLICIES = ("orders_are_limited",)
FIGURES = (("toy", lambda s: dict(s.values.get("order_limit", {}))),)

def rules(f, x, given):
    lines = []
    for m, member in enumerate(f.members):
        for t, period in enumerate(f.periods):
            if member in f.toy:
                terms = [(x.ordered[m, c, t], f.money.acquisition[m, c]) for c in range(len(f.capabilities))]
                lines.append(((member, period), f.years * f.toy[member], terms))
    yield written("orders_are_limited", "<=", lines)
""",
    "tables.py": '''
from model.solve.tables import Table, money_of

def order_limits(plan):
    """What members may spend on orders, and what they do."""
    spent = plan.quantity("acquisition")
    limits = plan.scenario.order_limit
    return Table(("member", "year", "value", "limit", "unit"),
                 [(m, t, spent[m, t], limits[m], money_of(plan)) for m in limits for t in plan.data.sets["period"]])

TABLES = (order_limits,)
''',
    "sheet.py": """
from model.report.pages import Page, Paragraph

AFTER, BESIDE = "Burden", "burden"

def pages_of(plan):
    return [Page("Order limits", "Limits on orders", "", (Paragraph("There are limits."),))] if plan.scenario.order_limit else []

def brief(plan):
    return []
""",
}

SCRIPT = """
import json, sys
import model.layers
if sys.argv[2] != "none":
    model.layers.__path__.append(sys.argv[2])
from model.language.faults import WorkbookError
from model.workbook.read.load import load
from model.solve.problem import Problem
from model.report.workbook_out import pages
from model.scenario.schema import SHEETS
try:
    scenario = load(sys.argv[1])
except WorkbookError as refused:
    print(json.dumps({"refused": [fault.sheet for fault in refused.faults]}))
    sys.exit()
plan = Problem(scenario).solve()
named = [sheet.name for sheet in SHEETS]
known = "Order limits" in named
said = {"known": known, "found": plan.found, "proved": all(p.passed for p in plan.certificates), "risk": plan.measures["risk"],
        "most": max(v for (m, _), v in plan.quantity("acquisition").items() if m == "Northland") / plan.data.step,
        "pages": [page.name for page in pages(plan)]}
if known and scenario.order_limit:
    said["table"] = plan.records("order_limits").column("limit")
    said["gain"] = max(plan.gains("orders_are_limited").values())
    said["off"] = Problem(scenario, off=("orders_are_limited",)).solve().measures["risk"]
    wider = scenario.scale("order_limit", 1.5)
    changed = Problem(scenario); changed.solve()
    changed = changed.changed(wider)
    said["again"] = changed.solve().measures["risk"], Problem(wider).solve().measures["risk"]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """The tutorial with a sheet of its own."""
    import openpyxl

    book = openpyxl.load_workbook(ROOT / "inputs" / "tutorial.xlsx")
    sheet = book.create_sheet("Order limits")
    sheet.append(["member", "most"])
    sheet.append(["Northland", LIMIT])
    path = tmp_path_factory.mktemp("toy") / "limited.xlsx"
    book.save(path)
    return path


def _solved(workbook, folder):
    done = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT, str(workbook), str(folder)],
        cwd=workbook.parent, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_layer_is_added_by_its_folder_and_taken_away_with_it(workbook, tmp_path):
    toy = tmp_path / "layers" / "toy"
    toy.mkdir(parents=True)
    for name, text in FILES.items():
        (toy / name).write_text(text.lstrip(), encoding="utf-8")
    tutorial = ROOT / "inputs" / "tutorial.xlsx"
    with_it, without = _solved(workbook, toy.parent), _solved(tutorial, "none")
    assert with_it["found"]
    assert with_it["proved"]
    assert with_it["most"] <= LIMIT * (1 + 1e-9) < without["most"]
    assert with_it["table"] == [LIMIT] * len(with_it["table"])
    assert with_it["gain"] > 0
    assert with_it["off"] == pytest.approx(without["risk"], rel=1e-9)
    assert with_it["risk"] > without["risk"]
    assert with_it["again"][0] == pytest.approx(with_it["again"][1], rel=1e-9)
    assert with_it["again"][0] < with_it["risk"]
    assert with_it["pages"].index("Order limits") == with_it["pages"].index("Burden") + 1

    assert _solved(tutorial, toy.parent)["risk"] == without["risk"]
    assert not without["known"]
    assert "Order limits" not in without["pages"]
    assert _solved(workbook, "none") == {"refused": ["Order limits"]}
