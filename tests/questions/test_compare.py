"""Comparisons: nothing differs from itself, one edit is found at its cell, and differences are those of fresh solves."""

from __future__ import annotations

import json
from dataclasses import replace

import openpyxl
import pytest

from model.language.faults import UsageError
from model.questions.compare.differences import differences
from model.questions.compare.result import Run, compare, load_run
from model.report.export import write_run
from model.scenario.scenario import Scenario
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.scenarios import random_scenario, tiny_scenario
from tests.workbooks import to_bytes


def edited(sheet: str, cell: str, value: object) -> Scenario:
    """The small workbook with one cell changed, read again."""

    def change(book: openpyxl.Workbook) -> None:
        book[sheet][cell] = value

    return load(to_bytes(change=change), "edited")


SMALL = load(to_bytes(), "small")


@pytest.mark.parametrize("seed", range(3))
def test_a_scenario_does_not_differ_from_itself(seed: int) -> None:
    s = random_scenario(seed)
    found = compare([s, replace(s, name="copy")])
    assert found.inputs == ()
    assert (found.table["absolute"] == 0).all()
    assert {item.status for item in found.items} == {"optimal"}
    assert any("the same inputs" in said for said in found.says)
    assert any("no result differs" in said for said in found.says)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "row", "column", "before"),
    [
        ("Settings", "B7", 2.5, "", "challenge", 3),
        ("Members", "B2", 500000, "Norland", "gdp", 480000),
        ("Capabilities", "G3", 6, "Fighter squadron", "lead_time", 4),
        ("Situations", "C3", "Southmark", "Crisis in the south", "lead", ""),
        ("Requirements", "C3", 9, "Defend the north, Armoured brigade, 2030", "quantity", 8),
        ("Holdings", "B3", 3, "Southmark, Armoured brigade", "holding", 2),
        ("Holdings", "B3", None, "Southmark, Armoured brigade", "holding", 2),
        ("Cost factors", "C4", 1.2, "NA, Fighter squadron", "factor", "no"),
        ("Commonality", "C2", 0.7, "Norland, Southmark", "commonality", 0.6),
        ("Priorities", "B3", 1.5, "Southmark, Defend the north", "priority", 1),
        ("Caveats", "D2", 0.25, "Southmark, Defend the north, Armoured brigade", "max_fraction", 0.5),
        ("Pledges", "D2", 2.5, "Norland, Armoured brigade, 2030", "min_stock", 3),
        ("Risk bands", "B2", 0.5, "0.25", "weight", 0.4),
    ],
)
def test_one_edited_cell_is_found(sheet: str, cell: str, value: object, row: str, column: str, before: object) -> None:
    (found,) = differences(SMALL, edited(sheet, cell, value))
    assert (found.sheet, found.row, found.kind, found.baseline) == (sheet, row, "changed", before)
    if sheet not in ("Holdings", "Cost factors", "Commonality", "Priorities"):
        assert found.column == column
    if sheet != "Risk bands":
        assert (found.cell or found.baseline_cell) == f"{sheet}!{cell}"
    if isinstance(value, int | float) and isinstance(before, int | float):
        assert found.absolute == pytest.approx(value - before)
        assert found.relative == pytest.approx((value - before) / before)


def test_a_new_member_and_a_new_requirement_are_rows() -> None:
    other = SMALL.without("NA")
    found = differences(SMALL, other)
    assert ("Members", "NA", "removed") in {(d.sheet, d.row, d.kind) for d in found}
    assert ("Members", "NA", "added") in {(d.sheet, d.row, d.kind) for d in differences(other, SMALL)}
    assert not [d for d in found if d.sheet in ("Holdings", "Commonality", "Cost factors", "Priorities")]
    more = SMALL.with_values("quantity", {**SMALL.quantity, ("Evacuate", "Early warning", 2030): 1.0})
    (added,) = differences(SMALL, more)
    assert (added.sheet, added.row, added.kind) == ("Requirements", "Evacuate, Early warning, 2030", "added")


def test_equal_hashes_and_no_differences_go_together() -> None:
    """Whatever the hash sees, the comparison sees."""
    for seed in range(3):
        s = random_scenario(seed)
        for key, values in s.values.items():
            for name, value in list(values.items())[:2]:
                if isinstance(value, float) and value > 0:
                    other = s.with_values(key, {**values, name: value / 2})
                    assert other.hash != s.hash
                    assert len(differences(s, other)) == 1, (key, name)


def test_differences_of_results_are_those_of_fresh_solves() -> None:
    base = random_scenario(1)
    other = replace(base.scale("alliance_share", 1.2, "member 1"), name="richer")
    found = compare([base, other])
    fresh = [Problem(s).solve() for s in (base, other)]
    rows = found.table[found.table["scenario"] == "richer"].set_index(["about", "item", "figure"])
    for name, value in fresh[1].measures.items():
        row = rows.loc[("measure", name, name)]
        before = fresh[0].measures[name]
        if name in ("risk", "cost"):
            assert row["value"] == pytest.approx(value, rel=1e-5)
            assert row["absolute"] == pytest.approx(value - before, abs=1e-5 * abs(before))
            assert row["relative"] == pytest.approx(value / before - 1, abs=1e-5)
    members = rows.loc["member"].xs("burden", level="figure")
    cost = rows.loc[("measure", "cost", "cost")]
    assert members["absolute"].sum() == pytest.approx(cost["absolute"])
    assert rows.loc["member"].xs("share", level="figure")["value"].sum() == pytest.approx(1)


def test_by_hand() -> None:
    """Northland's offer of 10 raised to 12 buys a tank more: risk 0.2 to 0.1, cost 14 to 16, Southland untouched."""
    base = tiny_scenario()
    found = compare([base, replace(base.scale("alliance_share", 1.2, "Northland"), name="more")])
    rows = found.table[found.table["scenario"] == "more"].set_index(["about", "item", "figure"])
    expected = {
        ("measure", "risk", "risk"): (0.1, 0.2, -0.1, -0.5),
        ("measure", "cost", "cost"): (16, 14, 2, 1 / 7),
        ("member", "Northland", "burden"): (12, 10, 2, 0.2),
        ("member", "Southland", "burden"): (4, 4, 0, 0),
        ("capability", "tank", "stock in the last period"): (9, 8, 1, 0.125),
        ("capability", "tank", "coverage"): (0.9, 0.8, 0.1, 0.125),
        ("task", "defend", "coverage"): (0.9, 0.8, 0.1, 0.125),
        ("holding", "Northland, tank", "stock in the last period"): (8, 7, 1, 1 / 7),
    }
    for key, values in expected.items():
        got = rows.loc[key, ["value", "baseline", "absolute", "relative"]].tolist()
        assert got == pytest.approx(values, abs=1e-6), key


def test_an_infeasible_scenario_is_a_row() -> None:
    base = tiny_scenario()
    bad = replace(base.with_values("min_stock", {("Southland", "tank", None): 99.0}), name="bad")
    bad = bad.with_values("max_stock", {("Southland", "tank", None): None})
    found = compare([base, bad])
    assert found.item("bad").status == "infeasible"
    rows = found.table[found.table["scenario"] == "bad"]
    assert len(rows)
    assert rows["value"].isna().all()
    turned = compare([base, bad], "bad")
    assert turned.table["absolute"].isna().all()
    assert any("no plan" in said for said in turned.says)


def test_baseline_by_name_and_same_names_kept_apart() -> None:
    base, other = tiny_scenario(), tiny_scenario(challenge=1.0)
    found = compare([base, other, base], "TINY (2)")
    assert [item.label for item in found.items] == ["tiny", "tiny (2)", "tiny (3)"]
    assert found.baseline == "tiny (2)"
    assert [label for label, _ in found.inputs] == ["tiny", "tiny (3)"]
    with pytest.raises(UsageError, match="no scenario called"):
        compare([base, other], "utopia")
    with pytest.raises(UsageError, match="two"):
        compare([base])


def test_inputs_only() -> None:
    found = compare([tiny_scenario(), tiny_scenario(challenge=1.0)], solve=False)
    assert found.table.empty
    assert [(d.sheet, d.column) for _, d in found.inputs] == [("Settings", "challenge")]
    assert {item.status for item in found.items} == {"not solved"}


def test_a_run_stands_in_for_a_workbook(tmp_path) -> None:
    base = tiny_scenario()
    path = write_run(Problem(base, {"cost": 12.0}).solve(), tmp_path / "run.json")
    run = load_run(path)
    assert run.hash == base.hash
    found = compare([base, replace(run, name="run")])
    rows = found.table[found.table["scenario"] == "run"].set_index(["about", "item"])
    assert rows.loc[("measure", "cost"), "absolute"] == pytest.approx(-2)
    assert rows.loc[("member", "Northland"), "value"].isna().all()
    assert "ceiling cost 12" in found.item("run").message
    assert any("Of a run only" in said for said in found.says)
    assert compare([replace(run, name="a"), Run("b", "x", "optimal", {"risk": 0.4})]).table["absolute"].notna().any()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"measures": 3}', json.dumps({"hash": 1, "options": []}), "[" * 100000]
)
def test_a_file_that_is_no_run_is_said(tmp_path, text) -> None:
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="no record of a run"):
        load_run(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError):
        load_run(path)


def test_other_currency_and_other_years_are_said() -> None:
    base = tiny_scenario()
    other = replace(base.with_settings(currency="EUR m", last_year=2027), name="other")
    found = compare([base, other])
    money = found.table[(found.table["item"] == "cost") & (found.table["scenario"] == "other")]
    assert money["absolute"].isna().all()
    assert any("another currency" in said for said in found.says)
    assert any("other years" in said for said in found.says)
