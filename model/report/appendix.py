"""The sheets behind the reading sheets: tidy tables, defaults applied, the inputs as read, and the record of the run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from model.language.columns import Column, Sheet
from model.language.registry import PARTS
from model.report.export import run_record
from model.report.pages import Grid, Page, rows
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS
from model.solve.own_rules import not_certified
from model.solve.plan import Plan
from model.solve.tables import Table, maker, names_of
from model.wording import words
from model.workbook.write.excel_writer import Header

_NAMES: dict[str, str] = {
    "contributions": "Contributions",
    "holdings": "Holdings",
    "requirements": "Requirements",
    "orders": "Orders",
    "upgrades": "Upgrades",
    "spending": "Spending",
    "burdens": "Burdens",
    "risks": "Risks",
    "perceptions": "Perceptions",
    "payments": "Payments",
    "loans": "Loans",
    "prices": "All prices",
    "common_contributions": "Common contributions",
    "kinds": "Types of threat",
}
"""Tables that become sheets, and the sheets' names."""

_SPARSE = ("contributions", "holdings", "orders", "upgrades", "common_contributions", "payments", "loans")
_PLACES = ("member", "situation", "task", "capability", "level", "year")
"""Columns that are blank where they do not apply; a figure is never blank."""

_NAMED = ("partner", "member", "situation", "task", "capability", "level")
_NOTHING = 1e-6
_MONEY = (
    "budget",
    "spent",
    "acquisition",
    "upgrades",
    "sustainment",
    "exercises",
    "common_funding",
    "hired",
    "technology",
    "paid_back",
    "joint_programmes",
    "burden",
    "fair_burden",
    "offered",
    "cost",
)
_WIDE = ("contributions", "holdings")
_SHARES = ("coverage", "share", "fair_share")


def tidy(plan: Plan) -> list[Page]:
    """A list sheet for each table of the plan."""
    return [_list(plan, name) for name in names_of(plan) if name in _NAMES]


def _list(plan: Plan, name: str) -> Page:
    table = _in_workbook_order(plan, plan.records(name))
    says = (maker(name).__doc__ or "").strip().partition("\n")[0]
    if name in _SPARSE:
        table = table.keep("value", lambda value: value > _NOTHING)
        says += " Rows with nothing are left out; the exported tables have them."
    if name in _WIDE:
        table = _years_across(plan, table)
        says += " The years stand side by side."
    if name == "prices":
        table = table.keep("rule", lambda rule: rule not in PARTS or PARTS[rule].listed)
        says += " The prices of single forces and requirements, thousands of them, are in the exported tables."
    headers = tuple(_header(plan, column, table) for column in table.columns)
    grid = Grid(name, "", headers, rows(table.records))
    return Page(_NAMES[name], _NAMES[name], says, (grid,))


def _years_across(plan: Plan, table: Table) -> Table:
    """One row a thing, a column a period: a fifth of the cells, and easier to read."""
    things = [column for column in table.columns if column not in ("year", "value")]
    place = {year: i for i, year in enumerate(plan.data.sets["period"])}
    wide: dict[tuple[Any, ...], list[float]] = {}
    for year, value, *thing in table.pick("year", "value", *things):
        wide.setdefault(tuple(thing), [0.0] * len(place))[place[year]] += value
    years = [words.period(year, plan.data.step) for year in place]
    return Table((*things, *years), [(*thing, *values) for thing, values in wide.items()])


def _in_workbook_order(plan: Plan, table: Table) -> Table:
    """Rows by the order in which the workbook names things; whatever else orders them stays."""
    dims = [column for column in table.columns if column in _NAMED]
    if "measure" in table.columns or not dims:
        return table
    orders = [{name: i for i, name in enumerate(plan.scenario.sets[dim])} for dim in dims]
    places = [tuple(map(dict.__getitem__, orders, names)) for names in table.pick(*dims)]
    order = sorted(range(len(places)), key=places.__getitem__)
    return Table(table.columns, [table.records[i] for i in order])


def _header(plan: Plan, column: str, table: Table) -> Header:
    values, title = table.column(column), words.capital(column.replace("_", " "))
    if column in ("year", "delivered"):
        return Header(title, "first year of the period", "year", width=13)
    if column in _PLACES or any(isinstance(value, str) for value in values):
        return Header(title, style="text")
    if column in _MONEY:
        return Header(title, words.currency_of(plan.scenario), "money")
    if column in _SHARES:
        return Header(title, "fraction of 1", "share")
    if "rule" in table.columns:
        return Header(title, "unit in the row", "residual", width=14)
    small = bool(len(values)) and max(map(abs, values)) <= 1.5
    return Header(title, "unit in the row", "number" if small else "two_decimals", width=14)


def defaults(plan: Plan) -> Page:
    """Every default that was applied."""
    texts = tuple(Header(name, style="text") for name in ("Sheet", "Item", "Column", "Default taken"))
    headers = (*texts, Header("Cells", "number", "whole"))
    records = [(d.sheet, d.item, d.column, _plain(d.value), d.cells) for d in plan.scenario.defaults]
    says = "What was blank or missing in the workbook, and what was taken instead."
    return Page("Defaults applied", "Defaults applied", says, (Grid("defaults", "", headers, rows(records)),))


def inputs(plan: Plan) -> list[Page]:
    """The scenario's tables as read, defaults filled in: a list of them, and a sheet for each."""
    grids = {sheet: _input(plan.scenario, sheet) for sheet in SHEETS}
    filled = {sheet: grid for sheet, grid in grids.items() if grid.rows}
    headers = (Header("Table", style="text"), Header("Rows", "number", "whole"), Header("What it holds", style="text"))
    records = [(f"Input {sheet.name}", len(grid.rows), sheet.says) for sheet, grid in filled.items()]
    says = "The scenario this plan was made from, defaults filled in and sources unchanged: one sheet for each table."
    contents = Page("Inputs", "Inputs", says, (Grid("inputs", "", headers, rows(records)),))
    return [contents, *(Page(f"Input {sheet.name}", sheet.name, sheet.says, (grid,)) for sheet, grid in filled.items())]


def _input(scenario: Scenario, sheet: Sheet) -> Grid:
    if sheet.form == "settings":
        settings = scenario.settings
        records = [
            (column.name, _plain(settings.get(column.name, settings.get(column.key))), column.unit)
            for column in sheet.columns
        ]
        named = (Header("key", style="text"), Header("value", style="text"), Header("unit", style="text"))
        return Grid(f"input {sheet.name}", sheet.name, named, rows(records))
    if sheet.name == "Sources":
        headers = tuple(
            Header(column.name, style="wrap", width=None if column.name in ("sheet", "item", "value") else 60)
            for column in sheet.columns
        )
        return Grid("input Sources", sheet.name, headers, scenario.sources)
    return _matrix(scenario, sheet) if sheet.form == "matrix" else _table(scenario, sheet)


def _matrix(scenario: Scenario, sheet: Sheet) -> Grid:
    column, across = sheet.columns[0], scenario.sets[sheet.across]
    values, absent = scenario.values[column.key], "no" if column.kind == "factor" else 0.0
    many, style = len(across) > 12, "factor" if column.kind == "factor" else "number"
    narrow = Header("", column.unit or "number", style, width=8.5 if many else None, upright=many)
    headers = (Header(sheet.keys[0], style="text"), *(replace(narrow, name=name) for name in across))
    records = [(m, *(values.get((m, name), absent) for name in across)) for m in scenario.sets[sheet.keys[0]]]
    return Grid(f"input {sheet.name}", sheet.name, headers, rows(records))


def _table(scenario: Scenario, sheet: Sheet) -> Grid:
    others = [column for column in sheet.columns if column.name not in sheet.keys]
    headers = tuple(_input_header(column) for column in sheet.columns)
    places = {name: at for at, name in enumerate(sheet.keys)}

    def cells(key: Any) -> Iterable[object]:
        parts = key if isinstance(key, tuple) else (key,)
        for column in sheet.columns:
            yield parts[places[column.name]] if column.name in places else _plain(scenario.values[column.key][key])

    records = [tuple(cells(key)) for key in scenario.values[others[0].key]]
    return Grid(f"input {sheet.name}", sheet.name, headers, rows(records))


def _input_header(column: Column) -> Header:
    style = "number" if column.kind in ("number", "factor") else "year" if column.kind == "year" else "text"
    return Header(column.name, column.unit or ("number" if style == "number" else ""), style)


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else value


def run(plan: Plan) -> Page:
    """The record of the run, without what differs from one run to the next (times are in run.json)."""
    record = run_record(plan)
    facts: list[tuple[object, ...]] = [
        (key.replace("_", " "), _plain(record[key])) for key in ("scenario", "title", "hash", "status", "settings_used")
    ]
    facts += [(f"version of {name}", version) for name, version in record["versions"].items()]
    facts += [
        (name.replace("_", " "), _plain(value) if not isinstance(value, dict) else _pairs(value))
        for name, value in record["options"].items()
    ]
    facts += [(name, f"{value:,}") for name, value in record["size"].items()]
    facts += [("defaults applied", record["defaults"]), ("ties", record["ties"])]
    if rules := record.get("rules"):
        facts += [("rules from outside", _plain(rules["names"])), ("file of rules", rules["file"])]
    if unread := record["certificate"]["uncertified_rules"]:
        facts += [("not certified", not_certified(unread))]
    says = "What made this plan, and the proof that it is best. The same workbook and the same versions give the same plan."
    grids = (
        Grid("facts", "Run", (Header("What", style="text", width=26), Header("Value", style="wrap")), rows(facts)),
        _measures(plan),
        certificates(plan),
    )
    return Page("Run", "Run and certificate", says, grids)


def _pairs(values: dict[str, float]) -> str:
    return ", ".join(f"{name} ≤ {limit:g}" for name, limit in values.items()) or "none"


def _measures(plan: Plan) -> Grid:
    headers = (
        Header("Measure", style="text"),
        Header("Value", "unit beside it", "number"),
        Header("Unit", style="text"),
        Header("Recomputed", "unit beside it", "number", width=16),
    )
    again = plan.certificates[-1].measures if plan.certificates else {}
    records = [
        (name, value, plan.unit_said(PARTS[name].unit), again.get(name)) for name, value in plan.measures.items()
    ]
    says = (
        "Recomputed: the same from the decisions of the plan by the definition of each measure, in the certificate's own reading "
        "of the scenario. The plan is refused where the two differ by more than one part in a million."
    )
    return Grid("run measures", "Measures", headers, rows(records), says)


def certificates(plan: Plan) -> Grid:
    """The certificate of each stage and of the plan as printed."""
    record = run_record(plan)
    numbers = (("Value", "value"), ("Best possible", "bound"), ("Gap", "gap"), ("Primal residual", "primal"), ("Dual residual", "dual"),
               ("Complementarity", "complementarity"))  # fmt: skip
    headers = (
        Header("Stage", style="text"),
        Header("Passed", style="text"),
        *(
            Header(title, "unit of the measure", "number", width=17)
            if name in ("value", "bound")
            else Header(title, "relative", "residual", width=16)
            for title, name in numbers
        ),
        Header("Tolerance", "relative", "residual"),
        Header("Bound is rigorous", style="text"),
    )
    records = [
        (c["stage"], _plain(c["passed"]), *(c[name] for _, name in numbers), c["tolerance"], _plain(c["rigorous"]))
        for c in record["certificate"]["stages"]
    ]
    says = (
        "Feasibility, optimality and gap, recomputed from the scenario by code that does not use the "
        "solver's matrix. The last row is the plan as printed, after ties were broken."
    )
    return Grid("certificates", "Certificate", headers, rows(records), says)
