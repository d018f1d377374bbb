"""Data: what the plan is reckoned from; edit it here, open a workbook of one's own, take everything away."""

from __future__ import annotations

import streamlit as st

from model.report import brief
from model.report.export import run_bytes, zipped_tables
from model.report.workbook_out import solution_bytes
from model.workbook.write.template import example_tables, scenario_workbook
from ui import editing, opening, show
from ui.changes import changes, counted
from ui.draft import plain_tables, to_write
from ui.solved import shipped
from ui.state import Session, current


def page() -> None:
    """The page."""
    session = current()
    show.head("What is the plan reckoned from?", _answer(session))
    edit, own, away = st.tabs(["Edit the tables", "Open a workbook", "Take away"])
    with edit:
        editing.draw(session)
    with own:
        opening.draw(session)
    with away:
        _downloads(session)


def _answer(session: Session) -> str:
    scenario = session.solved.scenario
    sizes = {kind: len(scenario.sets[kind]) for kind in ("member", "capability", "situation", "task")}
    words = {"member": "member", "capability": "capability", "situation": "situation", "task": "task"}
    plural = {**{kind: f"{word}s" for kind, word in words.items()}, "capability": "capabilities"}
    parts = [f"{count} {words[kind] if count == 1 else plural[kind]}" for kind, count in sizes.items()]
    years = f"{scenario.settings['first_year']}–{scenario.settings['last_year']}"
    title = str(scenario.settings["title"] or scenario.name)
    found = changes(session.original_tables(), plain_tables(scenario)) if scenario is not session.opened else ()
    as_opened = f"changed since it was opened ({counted(found)})" if found else "as it was opened"
    return f"{title}: {', '.join(parts)}, {years}, {as_opened}."


def _downloads(session: Session) -> None:
    """Everything that can be taken away, inputs first."""
    name = session.scenario.name
    show.heading("Inputs")
    show.note("Scenario workbooks, ready for Excel: with headings, units, drop-downs and a guide.")
    _inputs(session, name)
    show.heading("The plan on screen")
    if not session.plan.found:
        show.note(f"There is no plan to take away. {brief.no_plan(session.plan)}")
        return
    show.note(
        "With the levers as they are. The tables hold the unit in every row; run.json says how the plan was made."
    )
    _results(session, name)


def _inputs(session: Session, name: str) -> None:
    tables = session.draft.now if session.draft is not None else plain_tables(session.solved.scenario)
    edited, original, template = st.columns(3)
    with edited:
        show.download(
            "The tables as edited",
            lambda: scenario_workbook(to_write(tables)),
            f"{name}_edited.xlsx",
            "edited workbook",
        )
    with original:
        show.download("The workbook as opened", lambda: _original(session), f"{name}.xlsx", "original workbook")
    with template:
        show.download(
            "An empty workbook with an example",
            lambda: scenario_workbook(example_tables(), example=True),
            "template.xlsx",
            "template",
        )


def _results(session: Session, name: str) -> None:
    plan = session.plan
    solution, tables, record = st.columns(3)
    with solution:
        show.download(
            "The solution workbook", lambda: solution_bytes(plan), f"{name}_solution.xlsx", "solution of data"
        )
    with tables:
        show.download(
            "Every table (CSV and Parquet)",
            lambda: zipped_tables(plan),
            f"{name}_tables.zip",
            "tables",
            "application/zip",
        )
    with record:
        show.download("run.json", lambda: run_bytes(plan), f"{name}_run.json", "run record", "application/json")


def _original(session: Session) -> bytes:
    """The workbook that was opened, byte for byte where it is still held."""
    if session.source in session.uploads:
        return session.uploads[session.source].data
    if session.source in shipped():
        return shipped()[session.source].read_bytes()
    return scenario_workbook(to_write(session.original_tables()))


page()
