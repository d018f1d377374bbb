"""CSV, Parquet and run.json hold what the plan's tables hold."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from model.report import export
from model.report.export import as_csv, export_tables, run_record, write_run
from model.solve.plan import Plan
from model.solve.tables import TABLES, Table


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_tables(plan, tmp_path_factory.mktemp("out") / "tables")


@pytest.mark.parametrize("name", TABLES)
def test_files_equal_the_tables(plan: Plan, folder: Path, name: str) -> None:
    table = plan.table(name)
    text = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False, na_values=[""]).astype(table.dtypes)
    parquet = pq.read_table(folder / f"{name}.parquet").to_pandas()
    for found in (text, parquet):
        assert list(found.columns) == list(table.columns)
        assert len(found) == len(table)
        for column in table.columns:
            expected = [None if pd.isna(v) else v for v in table[column]]
            assert [None if pd.isna(v) else v for v in found[column]] == expected, (name, column)
    assert any(str(column).endswith("unit") for column in table.columns)


def test_same_plan_same_files(plan: Plan, folder: Path, tmp_path: Path) -> None:
    again = export_tables(plan, tmp_path / "again")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in again.iterdir()
    }


def test_no_formula_in_a_csv() -> None:
    table = Table(("member", "value"), [("=1+1", -1.5), ("NA", 2.0), ("-x", 0.1)])
    assert as_csv(table).decode("utf-8-sig") == "member,value\n'=1+1,-1.5\nNA,2.0\n'-x,0.1\n"


LIVE = (
    "=1+1",
    "+1",
    "-x",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "a;=1+1",
    "a; @x",
    "a\t=1",
    "a\r\n+1",
    '";=1',
    '=HYPERLINK("http://x")',
)


@pytest.mark.parametrize("text", LIVE)
@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_no_heading_and_no_cell_is_a_formula_whatever_parts_the_cells(text: str, comma: str) -> None:
    content = as_csv(Table(("member", text), [(text, 1.0), ("plain", -2.5)]))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=comma))
    cells = [cell for row in rows for part in row for cell in (part, *part.splitlines())]
    assert [cell for cell in cells if cell.strip().startswith(tuple("=+-@＝＋－＠")) and cell != "-2.5"] == []
    assert pd.read_csv(io.BytesIO(content)).columns[0] == "member"


@pytest.mark.parametrize(
    "text", ["Northland", "a-b", "F-35", "me@home", "1 + 1", "−3.2 %", "a; b", "Côte d'Ivoire", "'quoted'"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert list(csv.reader(io.StringIO(as_csv(Table((text,), [(text,)])).decode("utf-8-sig")))) == [[text], [text]]


def test_nothing_else_writes_a_csv() -> None:
    folders = [Path(export.__file__).parents[1], Path(export.__file__).parents[2] / "ui"]
    sources = {path: path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")}
    assert [
        path.name
        for path, text in sources.items()
        if "csv.writer(" in text or "DictWriter(" in text or ".to_csv(" in text
    ] == ["export.py"]


def test_run_record(plan: Plan, tmp_path: Path) -> None:
    record = json.loads(write_run(plan, tmp_path / "run.json", {"read": 0.5}).read_text(encoding="utf-8"))
    assert record["hash"] == plan.scenario.hash
    assert record["measures"] == pytest.approx(plan.measures)
    assert record["certificate"]["passed"] is True
    assert [stage["stage"] for stage in record["certificate"]["stages"]] == ["risk", "cost", "plan as printed"]
    assert record["seconds"]["read"] == 0.5
    assert set(record["versions"]) >= {"python", "pyomo", "highspy", "numpy", "pandas"}
    assert run_record(plan)["options"]["objectives"] == ["risk", "cost"]
