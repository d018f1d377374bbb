"""What each rule of the alliance costs: the ready-made curves, for the page Trade-offs."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from model.questions.price_of.result import CURVES, price_of
from model.questions.trade_off.chart import settings_chart
from model.questions.trade_off.front import Effort
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.problem import Problem
from model.wording import amounts, words
from ui import show
from ui.asking import asked, counted, level, measure_step, titled
from ui.state import Session

CUT = "as much as cutting every budget by at most"

_NOTHING = 1e-6
"""A difference that is less than this, or than this part of the measure, is none."""


@dataclass(frozen=True)
class Prices:
    """A ready-made curve as figures: the table of its settings and its sentences, by series."""

    scenario: Scenario
    table: pd.DataFrame
    says: dict[str, str]
    stopped: str


def rule_prices(session: Session) -> str:
    """The rule, its curve, its table; gives the answer in a sentence."""
    what = st.selectbox("Which rule", list(CURVES), format_func=lambda name: CURVES[name].title, key="rule to price")
    found = asked(
        session, f"price of {what}", "Work it out",
        "The scenario is solved with the rule switched off and at several strengths: five to twenty solves, of some seconds each "
        "on a large scenario.",
        lambda problem, plan, watch: _worked_out(problem, what, watch),
    )  # fmt: skip
    if found is None:
        return f"What is the price of a rule? {CURVES[what].title.partition(':')[0]} is one to start with."
    if found.stopped:
        st.warning(show.escaped(found.stopped))
    if not len(found.table):
        return "There is no plan under any setting of this rule."
    several = list(dict.fromkeys(found.table["series"]))
    series = several[0]
    if len(several) > 1:
        series = st.segmented_control(
            "Of which curve", several, default=several[0], key=f"series of {what}",
            format_func=lambda name: show.escaped(_called(name)),
        ) or several[0]  # fmt: skip
    table = found.table[found.table["series"] == series]
    _curve(found, table, series)
    return _answer(found, table, series)


def _called(series: str) -> str:
    return words.capital(series).replace("Gdp", "GDP")


def _answer(found: Prices, table: pd.DataFrame, series: str) -> str:
    """What the strongest setting with a plan does, against the first."""
    there = table[table["risk"].notna()]
    if len(there) < 2:
        return f"{_called(series)}: there is nothing to compare, for no two settings have a plan."
    last = there.iloc[-1]
    moved = [
        f"{amounts.step(found.scenario, measure, abs(value))} {'more' if value > 0 else 'less'}{of}"
        for measure, value, of in (("risk", last["extra_risk"], ""), ("cost", last["extra_cost"], " spent"))
        if abs(value) > _NOTHING * max(1.0, abs(last[measure]))
    ]
    said = f"means {words.joined(moved)}" if moved else "changes neither risk nor cost"
    return f"{_called(series)}: compared with “{there.iloc[0]['setting']}”, “{last['setting']}” {said}."


def _worked_out(problem: Problem, what: str, watch: Watch) -> Prices:
    found = price_of(problem, what, Effort(progress=counted(watch)))
    said = dict(zip(found.series, found.says, strict=False))
    return Prices(problem.scenario, found.table, said, found.stopped)


def _curve(found: Prices, table: pd.DataFrame, series: str) -> None:
    there = table[table["risk"].notna()].reset_index(drop=True)
    if len(there):
        columns = st.columns([3, 2])
        for column, measure, labels in zip(columns, ("risk", "cost"), (True, False), strict=True):
            size, unit = measure_step(found.scenario, measure, there[measure].abs().max())
            frame = pd.DataFrame(
                {
                    "setting": there["setting"].map(words.capital),
                    "value": there[measure] / size,
                    "given": there["as_given"],
                    "place": range(len(there)),
                    "says": [level(found.scenario, measure, value) for value in there[measure]],
                }
            )
            title = f"{titled(measure)} at each setting"
            chart = settings_chart(frame, title, f"{titled(measure)} ({unit})", labels)
            column.altair_chart(chart, width="stretch", key=f"{measure} of {series}", alt=f"{title}: {series}")
    _settings(found, table)
    with st.expander("Setting by setting, in words"):
        st.markdown(show.escaped(found.says.get(series, "").replace("Gdp", "GDP")))


def _settings(found: Prices, table: pd.DataFrame) -> None:
    size, unit = measure_step(found.scenario, "cost", table["cost"].abs().max())
    shown = pd.DataFrame(
        {
            "setting": table["setting"].map(words.capital),
            "risk": table["risk"],
            "extra_risk": table["extra_risk"] * 100,
            "cost": table["cost"] / size,
            "extra_cost": table["extra_cost"] / size,
            CUT: table["budget_cut_at_most"],
            "holds back or forces": table["binds"],
            "plan": ["there is one" if status == "optimal" else "none keeps to it" for status in table["status"]],
        }
    )
    if shown[CUT].isna().all():
        shown = shown.drop(columns=CUT)
    show.table(
        shown, {"extra_risk": "points", "cost": unit, "extra_cost": unit}, key=f"settings of {table['series'].iloc[0]}",
        percent=("risk", CUT),
    )  # fmt: skip
    show.note(
        "Extra: against the first row of the table. Risk: 0 % where all that is required is there, 100 % where nothing is. Cost: all "
        "spending over the horizon, discounted. None says that the comparison makes no sense there: no budget binds, or the "
        "rule costs more than all budgets are worth."
    )
