"""The plan for machines: tidy CSV and Parquet with the unit in the row, and the record of the run as JSON."""

from __future__ import annotations

import csv
import io
import platform
import re
import zipfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from model.files.atomic import write_bytes
from model.files.plain_json import json_bytes
from model.files.together import alone_in, write_together
from model.language.collector import uncollected
from model.language.faults import UsageError
from model.layers import asked
from model.report.run_files import make_folder
from model.scenario.source import as_records
from model.solve.plan import Plan
from model.solve.tables import Table, names_of
from model.solve.ties import RULE
from model.version import __version__

_PACKAGES = ("pyomo", "highspy", "numpy", "scipy", "pandas", "pyarrow", "XlsxWriter")
_LIVE = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
"""Where text would be a live formula in a spreadsheet that opens the CSV: at the beginning, also in full-width letters, and after what
a spreadsheet of another country takes for the next cell."""


def export_tables(plan: Plan, folder: str | Path) -> Path:
    """Every table as ``<name>.csv`` and ``<name>.parquet`` in ``folder``, which is made if need be; returns the folder.

    The same plan gives the same bytes. Text that a spreadsheet would take for a formula gets an apostrophe in front in
    the CSV; the Parquet holds it as it is. Raises UsageError where there is no plan, OutputError where writing fails.
    """
    files = table_files(plan)
    make_folder(target := Path(folder))
    with alone_in(target):
        write_together(target, files)
    return target


def table_files(plan: Plan) -> dict[str, bytes]:
    """The files of every table by their names; the same plan gives the same bytes. Raises UsageError where there is no plan."""
    if not plan.found:
        raise UsageError(f"There is no plan to export. {plan.message}")
    writers = {"csv": as_csv, "parquet": as_parquet}
    with uncollected():
        return {
            f"{name}.{ending}": writer(table)
            for name in names_of(plan)
            for table in [plan.records(name)]
            for ending, writer in writers.items()
        }


def zipped_tables(plan: Plan) -> bytes:
    """What :func:`export_tables` writes, as one zip archive; the same plan gives the same bytes. Raises UsageError."""
    stream, files = io.BytesIO(), table_files(plan)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def as_csv(table: Table) -> bytes:
    """The one way to write a CSV: UTF-8 with the mark by which Excel knows it, a header, numbers with every digit they have, a blank
    for what is missing. Headings and cells that a spreadsheet would take for formulas get an apostrophe in front."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(map(_cell, table.columns))
    writer.writerows(map(_cell, record) for record in table.records)
    return stream.getvalue().encode("utf-8-sig")


def as_parquet(table: Table) -> bytes:
    """Parquet with plain column types (text, whole numbers, numbers)."""
    stream = io.BytesIO()
    columns = [_column(table.column(name)) for name in table.columns]
    pq.write_table(pa.Table.from_arrays(columns, list(table.columns)), stream, compression="zstd")
    return stream.getvalue()


def _column(values: list[Any]) -> pa.Array:
    """Laid out by hand: pyarrow's own ``array`` loads pandas first, which takes longer than writing every table."""
    there = [value is not None for value in values]
    valid = None if all(there) else pa.py_buffer(np.packbits(there, bitorder="little").tobytes())
    kinds = set(map(type, values)) - {type(None)}
    if str in kinds or not kinds:
        texts = [value.encode() if value is not None else b"" for value in values]
        ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
        return pa.Array.from_buffers(
            pa.string(), len(values), [valid, pa.py_buffer(ends.tobytes()), pa.py_buffer(b"".join(texts))]
        )
    kind, dtype = (pa.int64(), np.int64) if kinds <= {int} else (pa.float64(), np.float64)
    plain = np.array([value or 0 for value in values], dtype=dtype)
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(plain.tobytes())])


def _cell(value: object) -> object:
    if value is None or value != value:
        return ""
    return _LIVE.sub(r"\1'", value) if isinstance(value, str) else value


def versions() -> dict[str, str]:
    """What the plan was made with."""
    found = {"python": platform.python_version(), "alliance-model": __version__}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def run_record(plan: Plan, seconds: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Everything about a run that is not in the tables; also for a run without a plan.

    ``seconds`` adds times the plan does not know (reading, writing).
    """
    times = {**plan.seconds, **(seconds or {})}
    scenario, lp = plan.scenario, plan.lp
    limits = zip(lp.measures, lp.ceilings.tolist(), strict=True)
    return {
        "scenario": scenario.name,
        "title": str(scenario.settings["title"] or ""),
        "hash": scenario.hash,
        "workbook": scenario.source.record if scenario.source else None,
        "warnings": as_records(scenario.source.warnings) if scenario.source else [],
        "status": plan.status,
        "message": plan.message,
        "versions": versions(),
        "options": {
            "objectives": [stage.measure for stage in plan.stages] or list(scenario.settings["objectives"]),
            "ceilings": {name: limit for name, limit in limits if np.isfinite(limit)},
            "switched_off": sorted(lp.off),
        },
        **(
            {"rules": {"file": rules.file, "names": [part.name for part in rules]}} if (rules := scenario.rules) else {}
        ),
        "settings_used": plan.settings,
        "measures": dict(plan.measures),
        "stages": [
            {"measure": stage.measure, "value": stage.value, "held": dict(stage.ceilings)} for stage in plan.stages
        ],
        "certificate": certificate_record(plan),
        "size": plan.size,
        "seconds": {name: round(float(value), 3) for name, value in times.items()},
        "iterations": plan.iterations,
        "defaults": sum(default.cells for default in scenario.defaults),
        "ties": RULE if plan.ties_broken else "",
        **{name: value for record in asked("sheet", "record", plan) for name, value in record.items()},
    }


def certificate_record(plan: Plan) -> dict[str, Any]:
    """The certificates: all together, and one for each stage and for the plan as printed (after ties were broken); and every
    measure worked out once more, by its definition from the plan's decisions. Where there is no plan, the proof of that: by what
    part of its size the sum of all rules, at prices, asks for more than any plan can give. ``uncertified_rules`` were taken as they
    were stated, since they have no second reading: what passed is the rest, and the plan under these rules as the solver had them."""
    names = [stage.measure for stage in plan.stages]
    names += ["plan as printed"] * (len(plan.certificates) - len(names))
    found: list[dict[str, Any]] = [
        {
            "stage": name, "passed": c.passed, "value": c.objective, "bound": c.bound, "gap": c.gap, "primal": c.primal, "dual": c.dual,
            "complementarity": c.complementarity, "rigorous": c.rigorous, "tolerance": c.tolerance, "failures": list(c.failures),
        }
        for name, c in zip(names, plan.certificates, strict=True)
    ]  # fmt: skip
    worst = {kind: max((c[kind] for c in found), default=None) for kind in ("gap", "primal", "dual", "complementarity")}
    recomputed = plan.certificates[-1].measures if plan.certificates else {}
    proof = plan.refutation
    return {
        "passed": proof.passed if proof else bool(found) and all(c["passed"] for c in found),
        "uncertified_rules": list(plan.uncertified_rules),
        **worst,
        "stages": found,
        "measures_recomputed": {name: recomputed[name] for name in plan.measures if name in recomputed},
        **(
            {"no_plan": {"passed": proof.passed, "margin": proof.margin, "tolerance": proof.tolerance}} if proof else {}
        ),
    }


def write_run(plan: Plan, path: str | Path, seconds: Mapping[str, float] | None = None) -> Path:
    """``run.json``: the record of a run, whole or not at all."""
    return write_bytes(path, run_bytes(plan, seconds))


def run_bytes(plan: Plan, seconds: Mapping[str, float] | None = None) -> bytes:
    """The record of a run as JSON in UTF-8."""
    return json_bytes(run_record(plan, seconds))
