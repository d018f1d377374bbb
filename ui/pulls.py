"""Levers pulled down and up, one at a time, for the page Sensitivity."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from model.questions.sensitivity.tornado import default_levers, tornado
from model.report.charts.ranges import tornado_chart
from model.scenario.levers.edits import LEVERS
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import amounts, words
from ui import show
from ui.asking import asked, counted, level, measure_step, quiet, titled
from ui.state import Session

USUAL = ("budget", "requirement", "unit_cost", "holding", "capability_availability", "growth")
"""Levers pulled without being asked for: two solves each."""


@dataclass(frozen=True)
class Pulled:
    """Levers pulled: every measure at each (lever, lever_change, measure, base, value, change), and what could not be pulled."""

    scenario: Scenario
    table: pd.DataFrame
    skipped: tuple[str, ...]
    solves: int


def pulls(session: Session) -> str:
    """The levers, the picture, the table; gives the answer in a sentence."""
    by, chosen = _asked_for(session)
    if not chosen:
        return "Choose at least one lever."
    found = asked(
        session, f"tornado {by} {sorted(chosen)}", "Pull the levers",
        f"{words.count(len(chosen), 'lever')}, each down and up: {2 * len(chosen)} solves, of some seconds each on a large scenario.",
        lambda problem, plan, watch: _pulled(problem, plan, by, chosen, watch),
    )  # fmt: skip
    if found is None:
        return f"Pull {words.count(len(chosen), 'lever')} down and up to see; every bar is a plan solved again, not an estimate."
    measures = list(dict.fromkeys(found.table["measure"]))
    if not measures:
        _skipped(found)
        return "None of these levers could be pulled."
    measure = st.segmented_control(
        "What moves",
        measures,
        default=_first(session, measures),
        key="tornado measure",
        format_func=lambda name: show.escaped(titled(name)),
    )
    return _drawn(found, measure or measures[0], by)


def _first(session: Session, measures: list[str]) -> str:
    first = session.scenario.settings["objectives"][0]
    return first if first in measures else measures[0]


def _asked_for(session: Session) -> tuple[float, list[str]]:
    scenario = session.scenario
    every = default_levers(scenario, len(scenario.sets["member"]))
    columns = st.columns([1, 3])
    part = columns[0].slider(
        "Pulled down and up by", 1, 50, 10, 1, format="%d %%", key="tornado by",
        help="Each lever is set to so much less, and then to so much more, than it is; all others stay.",
    )  # fmt: skip
    chosen = columns[1].multiselect(
        "Levers", every, [name for name in USUAL if name in every], format_func=_called, key="tornado levers",
        help="A lever without a name stands for all members, capabilities or tasks at once.",
    )  # fmt: skip
    return part / 100, chosen


def _called(lever: str) -> str:
    head, _, inside = lever.partition("[")
    return titled(head) + (f": {inside.rstrip(']')}" if inside else "")


def _pulled(problem: Problem, plan: Plan, by: float, levers: list[str], watch: Watch) -> Pulled:
    found = tornado(problem, plan, by, levers, counted(watch, len(levers)), quiet(watch))
    return Pulled(problem.scenario, found.table, found.skipped, found.solves)


def _drawn(found: Pulled, measure: str, by: float) -> str:
    mine = found.table[found.table["measure"] == measure]
    size, unit = measure_step(found.scenario, measure, mine["change"].abs().max())
    unit = "points" if unit == "%" else unit
    wide = mine.pivot_table(index="lever", columns="lever_change", values="change", sort=False, dropna=False)
    order = (wide.max(axis=1).clip(lower=0) - wide.min(axis=1).clip(upper=0)).sort_values(
        ascending=False, kind="stable"
    )
    kinds = (f"{by:.0%} lower".replace("%", " %"), f"{by:.0%} higher".replace("%", " %"))
    frame = pd.DataFrame(
        [
            (
                _called(row.lever), kinds[int(row.lever_change > 0)], row.change / size,
                f"{titled(measure)} {level(found.scenario, measure, row.value)} instead of {level(found.scenario, measure, row.base)}",
                LEVERS[row.lever.partition("[")[0]].says,
            )
            for lever in order.index
            for row in mine[mine["lever"] == lever].itertuples()
        ],
        columns=["label", "kind", "value", "says", "meaning"],
    )  # fmt: skip
    what = f"change of {titled(measure).lower()}"
    chart = tornado_chart(frame, kinds, f"{words.capital(what)} with each lever", f"{words.capital(what)} ({unit})")
    answer = _answer(found, measure, order, by)
    st.altair_chart(chart, width="stretch", key="tornado chart", alt=answer)
    show.note(
        f"Every bar is a plan solved again: {found.solves} solves. A lever pulled one way may do nothing: what it limits does not bind."
    )
    _table(frame, kinds, unit, what)
    _skipped(found)
    return answer


def _answer(found: Pulled, measure: str, order: pd.Series, by: float) -> str:
    still = [_called(str(lever)) for lever in order.index if order[lever] <= 1e-9]
    most = str(order.index[0])
    if len(still) == len(order):
        return f"None of these levers, {by:.0%} lower or higher, moves {titled(measure).lower()} at all.".replace(
            "%", " %"
        )
    said = (
        f"{_called(most)} moves {titled(measure).lower()} most: {by:.0%} less to {by:.0%} more of it spans ".replace(
            "%", " %"
        )
        + f"{amounts.step(found.scenario, measure, float(order.iloc[0]))}"
    )
    second = str(order.index[1]) if len(order) > 1 and order.iloc[1] > 1e-9 else ""
    said += (
        f"; next comes {_called(second).lower()} with {amounts.step(found.scenario, measure, float(order.iloc[1]))}"
        if second
        else ""
    )
    return said + (f". No effect: {words.joined(still, 4).lower()}." if still else ".")


def _table(frame: pd.DataFrame, kinds: tuple[str, str], unit: str, what: str) -> None:
    wide = frame.pivot_table(index=["label", "meaning"], columns="kind", values="value", sort=False).reset_index()
    there = [kind for kind in kinds if kind in wide]
    names = {kind: f"{what}, lever {kind}" for kind in there}
    shown = wide[["label", *there, "meaning"]].rename(columns={"label": "lever", "meaning": "what it does", **names})
    show.table(shown, dict.fromkeys(names.values(), unit), key="tornado table")


def _skipped(found: Pulled) -> None:
    for text in found.skipped:
        show.note(f"Not pulled: {text.rstrip('.')}.")
