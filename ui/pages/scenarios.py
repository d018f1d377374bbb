"""Scenarios: inputs by cell and results of what is on screen, the base, what-ifs that were kept, and scenarios that ship."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from model.language.columns import MEASURES
from model.questions.compare.chart import differences
from model.questions.compare.plans import compare_plans, rules_differ
from model.questions.compare.result import Comparison
from model.report.analysis_out import analysis_bytes
from model.solve.plan import Plan
from model.wording import words
from ui import figures, show
from ui.solved import shipped, solved_shipped
from ui.state import Session, current, durable_link

ON_SCREEN, BASE, OPENED = "On screen", "Base", "As opened"
QUESTION = "What differs between these plans, in what goes in and in what comes out?"
ABOUT = {
    "Measures": ("measure", "", False),
    "Burdens of members": ("member", "burden", False),
    "Coverage of capabilities": ("capability", "coverage", True),
    "Coverage of tasks": ("task", "coverage", True),
    "Stocks of capabilities": ("capability", "stock in the last period", False),
}
"""What results can be shown: what they are about, which figure, and whether differences are told in points."""

_MOST_BARS, _MOST_ROWS = 15, 3000
_NOTHING = 1e-7


def page() -> None:
    """The page."""
    session = current()
    options = _options(session)
    top = st.container()
    left, right = st.columns([3, 1])
    usual = [name for name in options if name in (ON_SCREEN, BASE, OPENED) or name.startswith("“")]
    labels = left.multiselect(
        "Plans to compare", list(options), usual, key=f"compared {hash(tuple(options))}", placeholder="choose two or more",
        help="What is on screen, the base, what-ifs you kept, and scenarios that ship (solved when first chosen).",
    )  # fmt: skip
    if len(labels) < 2:
        with top:
            show.head(QUESTION, "There are not yet two plans to compare.")
        st.info(
            "Move a lever in the side panel, keep what is on screen under a name, or choose another scenario that ships.",
            icon=":material/info:",
        )
    else:
        at = labels.index(BASE) if BASE in labels else 0
        baseline = right.selectbox(
            "Baseline", labels, at, key=f"baseline {hash(tuple(labels))}", help="What the others are compared with."
        )
        with st.spinner("Comparing …"):
            plans = {label: options[label]() for label in labels}
            found = _compared(session, plans, baseline)
        with top:
            show.head(QUESTION, _answer(found))
        _results(found)
        _inputs(found, plans)
        _take_away(session, found)
    _link(session)


def _options(session: Session) -> dict[str, Callable[[], Plan]]:
    """Everything that can be compared, by its label, and how to get its plan."""
    found: dict[str, Callable[[], Plan]] = {ON_SCREEN: lambda: session.plan} if session.is_changed else {}
    found[BASE] = lambda: session.base
    if session.undone:
        found[OPENED] = lambda: session.undone[0].plan
    found |= {f"“{name}”": partial(getattr, kept, "plan") for name, kept in session.kept.items()}
    others = (name for name in shipped() if name != session.source)
    return found | {f"{name}, as shipped": partial(_shipped, name) for name in others}


def _shipped(name: str) -> Plan:
    return solved_shipped(name).plan


def _compared(session: Session, plans: dict[str, Plan], baseline: str) -> Comparison:
    """The comparison, worked out once for these plans."""
    asked = (baseline, *((label, id(plan)) for label, plan in plans.items()))
    last = st.session_state.get("compared last")
    if last is None or last[0] != asked:
        last = asked, compare_plans(plans, baseline), plans
        st.session_state["compared last"] = last
    comparison: Comparison = last[1]
    return comparison


def _answer(found: Comparison) -> str:
    """Risk and cost of the others beside the baseline's."""
    told, base = [], found.item(found.baseline)
    if not base.figures:
        return f"{base.label} has no plan, so there is nothing to compare results with."
    for item in found.items[:4]:
        if item is base:
            continue
        if not item.figures:
            told.append(f"{item.label} has no plan ({item.status}).")
            continue
        risk, was = (one.figures["measure", "risk", "risk"].value for one in (item, base))
        text = f"{item.label}: risk {_part(risk)} against {_part(was)} of {base.label}"
        cost, before = (one.figures["measure", "cost", "cost"] for one in (item, base))
        if cost.unit == before.unit and before.value:
            change = figures.change(cost.value, before.value, "money")
            text += f", cost {words.money(cost.value, cost.unit)}{f' ({change})' if change else ', the same'}"
        told.append(text + ".")
    return " ".join(told)


def _results(found: Comparison) -> None:
    about = st.radio("Results", list(ABOUT), key="compare about", horizontal=True)
    what, figure, points = ABOUT[str(about)]
    table = found.table
    rows = table[(table["about"] == what) & (table["scenario"] != found.baseline)]
    rows = rows[rows["figure"] == figure] if figure else rows
    moved = rows[rows["absolute"].abs() > _NOTHING * rows[["value", "baseline"]].abs().max(axis=1).clip(lower=_NOTHING)]
    if moved.empty:
        st.info(f"{show.escaped(about)}: no result differs from the baseline.", icon=":material/info:")
    else:
        _picture(found, moved, str(about), points)
    show.heading(f"{about}: every figure")
    _table(rows, points)


def _picture(found: Comparison, rows: pd.DataFrame, about: str, points: bool) -> None:
    size = rows["absolute"] if points else rows["relative"].fillna(0.0)
    frame = rows.assign(difference=size, item=rows["item"].map(lambda name: words.capital(str(name).replace("_", " "))))
    frame["says"] = [
        f"{_said(b, u)} → {_said(v, u)}"
        for b, v, u in zip(frame["baseline"], frame["value"], frame["unit"], strict=True)
    ]
    order = [words.capital(name.replace("_", " ")) for name in MEASURES]
    if ABOUT[about][1]:
        ranked = frame.groupby("item", sort=False)["difference"].apply(lambda one: one.abs().max())
        order = list(ranked.sort_values(ascending=False, kind="stable").index[:_MOST_BARS])
    order = [name for name in order if name in set(frame["item"])]
    frame = frame[frame["item"].isin(order)][["item", "scenario", "difference", "says"]]
    labels = [item.label for item in found.items if item.label != found.baseline]
    title = "Difference in percentage points" if points else f"Difference as a part of {found.baseline} (%)"
    chart = differences(frame, order, labels, title, ABOUT[about][0].capitalize())
    st.altair_chart(chart, width="stretch", alt=f"{title}, item by item; the table below says the same in numbers.")
    left_out = f" The {_MOST_BARS} largest; all are in the table." if len(order) == _MOST_BARS else ""
    show.note(
        f"To the right: more than {found.baseline}; to the left: less. More risk is worse, more coverage better.{left_out}"
    )


def _said(value: float, unit: str) -> str:
    """A value to as many digits as differences need."""
    if value != value:
        return "none"
    return _part(value) if unit == "fraction of 1" else f"{show.plain(value)} {unit}"


def _part(value: float) -> str:
    return words.percent(value, 2)


def _table(rows: pd.DataFrame, points: bool) -> None:
    parts = rows["unit"] == "fraction of 1"
    difference = rows["absolute"].where(~parts, rows["absolute"] * 100.0)
    units = rows["unit"].where(~parts, "percentage points")
    frame = pd.DataFrame({
        "item": rows["item"].map(lambda name: words.capital(str(name).replace("_", " "))),
        "plan": rows["scenario"],
        "baseline": [_said(v, u) for v, u in zip(rows["baseline"], rows["unit"], strict=True)],
        "value": [_said(v, u) for v, u in zip(rows["value"], rows["unit"], strict=True)],
        "difference": difference,
        "unit": units,
        "relative": rows["relative"] * 100.0,
    })  # fmt: skip
    if units.nunique() > 1:
        frame["difference"] = [("+" if value > 0 else "") + show.plain(value) for value in difference]
    if points:
        frame = frame.drop(columns="relative")
    show.table(frame, {"relative": "% of the baseline"}, key="compare results")
    show.note(
        "Difference: the plan's value less the baseline's, in the unit beside it. Blank where one of the two has none."
    )


def _inputs(found: Comparison, plans: dict[str, Plan]) -> None:
    show.heading("What differs in the inputs")
    base = plans[found.baseline]
    for label, plan in plans.items():
        if (rules := rules_differ(base, plan)) and label != found.baseline:
            st.markdown("- " + show.escaped(f"{label}: {words.joined(rules)}."))
    table = found.inputs_table
    if table.empty:
        show.note("No cell differs. Ceilings and policies that are switched off are no cells of the workbook.")
        return
    for name in ("baseline", "value"):
        table[name] = [_as_typed(value) for value in table[name]]
    table["relative"] *= 100.0
    named = {"scenario": "plan", "absolute": "difference"}
    show.table(table.head(_MOST_ROWS).rename(columns=named), {"relative": "%"}, key="compare inputs")
    more = (
        f" The first {_MOST_ROWS:,} of {len(table):,} rows; all are in the download." if len(table) > _MOST_ROWS else ""
    )
    show.note(f"Cell by cell; defaults count as values. A lever scales the cells it names.{more}")


def _as_typed(value: object) -> str:
    """A cell's value; "" for a blank one."""
    if value is None or value != value:
        return ""
    return words.number(value, 6) if isinstance(value, float) else str(value)


def _take_away(session: Session, found: Comparison) -> None:
    tables = {"Results": found.table, "Inputs": found.inputs_table, "Compared": found.scenarios_table}
    show.download(
        "Download the comparison",
        lambda: analysis_bytes("Comparison", found.says, tables),
        "comparison.xlsx",
        "comparison",
    )
    with st.expander("In sentences"):
        for text in found.says:
            st.markdown("- " + show.escaped(text))


def _link(session: Session) -> None:
    show.heading("A link to what is on screen")
    address = durable_link(session, st.context.url or "http://localhost:8501/")
    if address:
        st.code(address, language=None, wrap_lines=True)
        show.note("Opens this scenario with these levers in a new session, on any server with the same scenarios.")
    else:
        show.note(
            "Your own workbook and edited tables are not in a link: they stay on this server, with your session. Send the "
            "workbook instead (page Data). The address of this page opens a copy of your session while the server remembers it."
        )


page()
