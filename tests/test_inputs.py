"""The scenarios that ship: workbooks and tables agree, derived tables are up to date, every figure has a source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inputs import derive, derive_alliances, make
from inputs.tables_io import FIGURES, INPUTS, TABLES, file_of, laid_over, read_tables, read_text, typed
from model.scenario.schema import SHEETS, sheet
from model.scenario.sheets_alliance import CAPABILITIES

SCENARIOS = make.scenarios()
ALLIANCES = derive_alliances.alliances()
DERIVED = ("members", "cost_factors", "pledges", "commonality", "priorities", "sources")
ORDINARY_SHEETS = [table.name for table in SHEETS if table.name != "Sources"]


def cells(path: Path) -> dict[tuple[str, str], object]:
    """Every non-empty cell of a workbook."""
    book = openpyxl.load_workbook(path)
    return {
        (page.title, cell.coordinate): cell.value
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.fixture(scope="module")
def nato() -> dict[str, list[dict[str, Any]]]:
    return read_tables("nato_2035")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.stem: path for path in make.make(tmp_path_factory.mktemp("inputs"))}


def test_scenarios_are_those_that_ship() -> None:
    assert sorted([*ALLIANCES, "nato_2035", "nato_2035_extended", "tutorial"]) == SCENARIOS
    assert {"us_japan", "france_uk", "asean"} <= set(ALLIANCES)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_workbook_is_what_its_tables_give(scenario: str, rebuilt: dict[str, Path]) -> None:
    shipped, made = cells(INPUTS / f"{scenario}.xlsx"), cells(rebuilt[scenario])
    differ = sorted(where for where in shipped.keys() | made.keys() if shipped.get(where) != made.get(where))
    assert not differ, f"run python inputs/make.py; {scenario}.xlsx differs in {differ[:10]}"


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_workbook_holds_every_value_of_the_tables(scenario: str) -> None:
    book = openpyxl.load_workbook(INPUTS / f"{scenario}.xlsx")
    for name, rows in read_tables(scenario).items():
        in_sheet = [cell for row in book[name].iter_rows(values_only=True) for cell in row]
        for row in rows:
            missing = [value for value in row.values() if value is not None and value not in in_sheet]
            assert not missing, f"{name}: {missing}"


def test_derived_tables_are_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in derive.NATO.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(derive, "NATO", tmp_path)
    derive.derive()
    for name in DERIVED:
        committed = file_of(sheet(name.replace("_", " ").capitalize()), "nato_2035")
        assert (tmp_path / f"{name}.csv").read_text() == committed.read_text(), f"run python inputs/derive.py: {name}"


def test_derived_tables_of_the_other_alliances_are_up_to_date(tmp_path: Path) -> None:
    for alliance in (*ALLIANCES, "nato_2035_extended"):
        (tmp_path / alliance).mkdir()
        for path in (TABLES / alliance).glob("*.csv"):
            (tmp_path / alliance / path.name).write_bytes(path.read_bytes())
    derive_alliances.derive(tmp_path)
    for path in tmp_path.rglob("*.csv"):
        committed = TABLES / path.relative_to(tmp_path)
        assert path.read_text() == committed.read_text(), f"run python inputs/make.py: {path.relative_to(tmp_path)}"


@pytest.mark.parametrize("alliance", ALLIANCES)
def test_members_of_an_alliance_have_their_public_figures(alliance: str) -> None:
    """What the assumptions do not replace is the public figure."""
    assumed = {row["member"]: row for row in read_text(FIGURES / alliance / "assumptions.csv")}
    members = {row["member"]: row for row in read_tables(alliance)["Members"]}
    public = read_text(FIGURES / alliance / "public.csv")
    assert list(members) == [row["member"] for row in public]
    assert set(assumed) <= {derive_alliances.EVERYBODY_ELSE, *members}
    for row in public:
        member, own = members[row["member"]], assumed.get(row["member"], {})
        assert member["population"] == pytest.approx(int(row["population"]) / 1e6, abs=5e-4)
        if not own.get("gdp"):
            assert member["gdp"] == float(row["gdp_usd_m"])
        if not own.get("defence_share"):
            assert member["defence_share"] == pytest.approx(float(row["defence_share_pct"]) / 100)


def test_nato_is_as_large_as_promised(nato: dict[str, list[dict[str, Any]]]) -> None:
    settings = {row["key"]: row["value"] for row in nato["Settings"]}
    assert (settings["first_year"], settings["last_year"], settings["years_per_period"]) == (2026, 2035, 2)
    assert len(nato["Members"]) == 32
    assert len(nato["Capabilities"]) >= 20
    assert len(nato["Tasks"]) >= 6
    assert len(nato["Situations"]) >= 4
    assert all(row["lead"] for row in nato["Situations"])
    assert {row["situation"] for row in nato["Tasks"]} == {row["situation"] for row in nato["Situations"]}
    needed = {"land", "air", "maritime", "air and missile defence", "enablers", "cyber", "space", "CBRN"}
    assert needed | {"special operations"} <= {row["domain"] for row in nato["Capabilities"]}


def test_hague_path(nato: dict[str, list[dict[str, Any]]]) -> None:
    below = {row["member"] for row in nato["Members"] if row["target_share"] < 0.035}
    assert below == {"Spain", "Iceland"}
    assert all(row["target_share"] >= row["defence_share"] and row["target_year"] == 2035 for row in nato["Members"])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_names_agree(scenario: str) -> None:
    tables = read_tables(scenario)
    defined = {"member": "Members", "capability": "Capabilities", "situation": "Situations", "task": "Tasks"}
    names = {key: [row[key] for row in tables[table]] for key, table in defined.items()}
    for name, rows in tables.items():
        if sheet(name).form == "matrix":
            assert list(rows[0])[1:] == names[sheet(name).across], name
            assert [row["member"] for row in rows] == names["member"], name
        for row in rows:
            assert all(row[key] in known for key, known in names.items() if row.get(key) is not None), (name, row)


def test_commonality_is_symmetric_and_within_its_limits(nato: dict[str, list[dict[str, Any]]]) -> None:
    matrix = {row["member"]: row for row in nato["Commonality"]}
    for one, row in matrix.items():
        assert row[one] is None
        for other in matrix.keys() - {one}:
            assert row[other] == matrix[other][one]
            assert 0.3 <= row[other] <= 0.95


def test_priorities_lie_between_the_least_and_the_most(nato: dict[str, list[dict[str, Any]]]) -> None:
    values = [value for row in nato["Priorities"] for name, value in row.items() if name != "member"]
    assert min(values) >= 0.3
    assert max(values) <= 2.0


def test_about_a_third_of_the_pairs_is_closed(nato: dict[str, list[dict[str, Any]]]) -> None:
    values = [value for row in nato["Cost factors"] for name, value in row.items() if name != "member"]
    assert 0.28 < values.count("no") / len(values) < 0.38


def test_nato_is_small_enough_to_solve_quickly(nato: dict[str, list[dict[str, Any]]]) -> None:
    assert len(nato["Capabilities"]) == 24
    assert len(nato["Tasks"]) == 8
    assert len(nato["Situations"]) == 5
    assert len({(row["task"], row["capability"]) for row in nato["Requirements"]}) <= 80


def test_levels_are_natos_and_new_equipment_comes_to_the_middle_one(nato: dict[str, list[dict[str, Any]]]) -> None:
    assert [row["level"] for row in nato["Levels"]] == ["compatible", "interchangeable", "common"]
    settings = {row["key"]: row["value"] for row in nato["Settings"]}
    assert settings["delivery_level"] == "interchangeable"
    assert {row["level"] for row in nato["Members"]} == {"compatible", "interchangeable"}


def test_every_capability_is_required_and_held(nato: dict[str, list[dict[str, Any]]]) -> None:
    required = {row["capability"] for row in nato["Requirements"]}
    for name in (row["capability"] for row in nato["Capabilities"]):
        assert name in required
        assert sum(row[name] or 0 for row in nato["Holdings"]) > 0


def test_fair_share_counts_the_largest_like_the_second(nato: dict[str, list[dict[str, Any]]]) -> None:
    key = {row["member"]: row["key"] for row in nato["Members"]}
    assert key["United States"] == key["Germany"] == max(key.values())
    for row in nato["Members"]:
        if row["member"] != "United States":
            assert row["key"] == pytest.approx(row["gdp"] / 1000, abs=0.5)


def test_growth_limits_leave_room_for_what_is_held_and_promised(nato: dict[str, list[dict[str, Any]]]) -> None:
    held = {row["member"]: row for row in nato["Holdings"]}
    limits = {(r["member"], r["capability"]): r["max_stock"] for r in nato["Pledges"] if r["max_stock"] is not None}
    assert limits
    for (member, capability), most in limits.items():
        assert most > (held[member][capability] or 0)
    for row in nato["Pledges"]:
        least = row["min_stock"]
        assert least is None or least <= limits.get((row["member"], row["capability"]), least)


def test_cyber_defence_is_open_to_everyone_since_its_weakest_link_counts(nato: dict[str, list[dict[str, Any]]]) -> None:
    weakest = [row["capability"] for row in nato["Capabilities"] if row["sharing"] == "weakest link"]
    assert weakest
    assert all(row[capability] != "no" for row in nato["Cost factors"] for capability in weakest)


def covered(table: str, column: str, sources: list[dict[str, Any]]) -> bool:
    """Whether a row of the sources speaks of all of a sheet or names the column."""
    items = [row["item"] for row in sources if row["sheet"] == table]
    whole = any(item.startswith("all") for item in items)
    return whole or any(re.search(rf"\b{re.escape(column)}\b", item) for item in items)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_column_has_a_source(scenario: str) -> None:
    tables = read_tables(scenario)
    for name in (table for table in ORDINARY_SHEETS if table in tables):
        if sheet(name).form == "matrix":
            columns = ["all"]
        elif sheet(name).form == "settings":
            columns = [str(row["key"]) for row in tables[name]]
        else:
            columns = [column for column in tables[name][0] if any(row[column] is not None for row in tables[name])]
        missing = [column for column in columns if not covered(name, column, tables["Sources"])]
        assert not missing, f"{name}: no source for {missing}"


@pytest.mark.parametrize("scenario", [*ALLIANCES, "nato_2035"])
def test_every_unit_cost_has_a_source_that_says_the_same(scenario: str) -> None:
    tables = read_tables(scenario)
    stated = {row["item"]: row["value"] for row in tables["Sources"] if row["sheet"] == CAPABILITIES.name}
    for row in tables["Capabilities"]:
        assert stated[f"unit_cost of {row['capability']}"] == f"{row['unit_cost']} USD m"


def test_totals_the_sources_state_are_those_of_the_holdings(nato: dict[str, list[dict[str, Any]]]) -> None:
    stated = {row["item"]: row["value"] for row in nato["Sources"] if row["sheet"] == "Holdings"}
    brigades = ("Heavy brigade", "Medium brigade")
    batteries = [name for name in nato["Holdings"][0] if name.endswith("air defence battery")]
    for item, kinds in (("Heavy and Medium brigade: total", brigades), ("air defence batteries: total", batteries)):
        assert float(stated[item]) == pytest.approx(sum(row[kind] or 0 for row in nato["Holdings"] for kind in kinds))


@pytest.mark.parametrize("notes", sorted(FIGURES.rglob("source_notes.csv")), ids=lambda path: path.parent.name)
def test_every_source_is_a_reference_or_an_assumption(notes: Path) -> None:
    keys = {row["key"] for row in read_text(FIGURES / "references.csv")}
    for row in read_text(notes):
        assert set(row["source"].split("; ")) <= keys | {"assumption"}, row
        named = re.findall(r"\(([a-z][a-z0-9_-]*_\d{4})[,)]", row["note"] or "")
        assert set(named) <= keys, row


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_row_of_the_sources_names_one(scenario: str) -> None:
    assert all(row["source"] for row in read_tables(scenario)["Sources"])


def test_every_reference_stands_once() -> None:
    keys = [row["key"] for row in read_text(FIGURES / "references.csv")]
    assert len(keys) == len(set(keys))


def test_keys_in_the_figures_have_a_reference() -> None:
    keys = {row["key"] for row in read_text(FIGURES / "references.csv")} | {"assumption: generally known"}
    for path in sorted(FIGURES.rglob("*.csv")):
        rows = read_text(path)
        if path.stem in ("references", "source_notes") or "source" not in rows[0]:
            continue
        used = {key for row in rows for key in row["source"].split("; ")}
        assert used <= keys, f"{path.name}: {sorted(used - keys)}"


def test_rows_lie_over_those_of_the_base_scenario() -> None:
    """Same key: the columns named are replaced; another key, or a table without keys: a row more."""
    below = [{"member": "A", "gdp": 1, "level": None}, {"member": "B", "gdp": 2, "level": None}]
    above = [{"member": "B", "groups": "fleet"}, {"member": "C", "groups": None}]
    assert laid_over(below, above, ("member",)) == [
        {"member": "A", "gdp": 1, "level": None, "groups": None},
        {"member": "B", "gdp": 2, "level": None, "groups": "fleet"},
        {"member": "C", "gdp": None, "level": None, "groups": None},
    ]
    assert laid_over([{"note": "x"}], [{"note": "x"}], ()) == [{"note": "x"}, {"note": "x"}]


def test_what_the_extended_scenario_takes_from_members_is_what_the_alliance_owns() -> None:
    """Early warning aircraft and tankers; of the airlift pool the parts of its members."""
    base, extended = (read_tables(name) for name in ("nato_2035", "nato_2035_extended"))
    owned = {row["capability"]: row["holding"] for row in extended["Common funding"]}
    for capability, units in owned.items():
        before, after = (sum(row[capability] or 0 for row in tables["Holdings"]) for tables in (base, extended))
        assert before - after == pytest.approx(units, abs=0.05), capability


def test_a_word_in_place_of_a_number_is_refused_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"some\.csv, line 7: unit_cost must be a number, found 'dear'"):
        typed(CAPABILITIES.column("unit_cost"), "dear", Path("some.csv"), 7)


def test_no_text_names_a_place_on_somebodys_machine() -> None:
    for path in INPUTS.rglob("*.csv"):
        assert not re.search(r"/work/|/tmp/|/home/|localhost|PEN0", path.read_text()), path
