"""Burden: who bears what, under which key that would be fair, how evenly it lies, and what each gets for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from model.questions.burden import inequality
from model.questions.burden.exploitation import concordance
from model.report import bearing
from model.report.charts.burden import burden_and_benefit, lorenz_curves, side_by_side
from model.report.deal import means
from model.solve.compared import risk_alone
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import words
from ui import show
from ui.burden_shown import measures, steps_of_a_key
from ui.fairness_shown import agreement, fairness
from ui.state import Session, current
from ui.work import failed, long_work

MOST_KEYS = 4
"""Keys drawn before anybody chooses."""


def page() -> None:
    """The page."""
    session = current()
    show.head(
        "Who bears the burden, and is that fair?", session.answer("bearing", lambda problem, plan: bearing.answer(plan))
    )
    tabs = st.tabs(list(VIEWS), key="burden view", on_change="rerun")
    chosen = next((at for at, tab in enumerate(tabs) if tab.open), 0)
    with tabs[chosen]:
        list(VIEWS.values())[chosen](session)


def _shares(session: Session) -> None:
    """What is borne beside the keys, how evenly it lies, and what each gets for it."""
    _keys(session)
    left, right = st.columns(2, gap="large")
    with left:
        _lorenz(session)
    with right:
        _benefit(session)
    _table(session)


def _keys(session: Session) -> None:
    """Shares under every key, beside what is borne."""
    shares = session.answer("shares", lambda problem, plan: bearing.shares(plan))
    names, chosen_key = [key for key in shares if key != bearing.BORNE], str(session.scenario.settings["burden_key"])
    usual = list(dict.fromkeys(key for key in (chosen_key, "gdp", "population", "equal") if key in names))
    keys = st.multiselect(
        "Keys to compare", names, usual[:MOST_KEYS], key="burden keys", placeholder="none",
        help="Ways to reckon fair shares. Keys whose figures the workbook lacks are left out.",
    )  # fmt: skip
    chart = side_by_side(shares, session.scenario.sets["member"], keys)
    st.altair_chart(
        chart, key="keys", width="stretch", alt="Each member's share of the cost beside its share under burden keys."
    )
    show.note(
        f"Share of the alliance's discounted spending over the horizon (%). The plan's own key is {chosen_key}; a mark right of its "
        "bar: the member bears less than that key asks."
    )
    if session.is_changed and session.base.found:
        show.note(_moved(session))


def _moved(session: Session) -> str:
    """Whose share the levers changed most."""
    was, now = means(session.base), means(session.plan)
    moved = {m: now[m].share - was[m].share for m in now if m in was}
    most = max(moved, key=lambda m: abs(moved[m]), default="")
    if not most or abs(moved[most]) < 5e-5:
        return "Against the base plan, no share of the cost moves."
    return (
        f"Against the base plan, the share of {most} moves most: from {words.percent(was[most].share)} "
        f"to {words.percent(now[most].share)}."
    )


def _lorenz(session: Session) -> None:
    """How evenly burdens lie."""
    show.heading("How evenly does it lie?")
    weights = session.answer("weights", lambda problem, plan: bearing.weights_for(plan))
    names = [name for name in ("GDP", "population", "members") if name in weights]
    over = st.segmented_control(
        "Laid over", names, default=names[0], format_func=show.escaped, key="lorenz over", required=True
    ) or names[0]  # fmt: skip
    plans = {"this plan": session.plan}
    if session.is_changed and session.base.found:
        plans["base plan"] = session.base
    curves = {name: _curve(plan, over) for name, plan in plans.items()}
    if curves["this plan"].empty:
        show.note("Nobody bears anything, so there is no curve.")
        return
    chart = lorenz_curves(curves, over)
    st.altair_chart(chart, key="lorenz", width="stretch", alt=f"Lorenz curve of the burden over {over}.")
    said = "; ".join(f"{name}: {_gini(plan, over):.2f}" for name, plan in plans.items())
    show.note(
        f"Gini coefficient ({said}): 0 where the cost is borne in proportion to {over}, towards 1 where one bears all."
    )


def _curve(plan: Plan, over: str) -> pd.DataFrame:
    amounts = {m: one.burden for m, one in means(plan).items()}
    return inequality.lorenz_by_member(amounts, bearing.weights_for(plan).get(over, {}))


def _gini(plan: Plan, over: str) -> float:
    """How unevenly the burden lies over a weight."""
    weights = {m: weight for m, weight in bearing.weights_for(plan).get(over, {}).items() if weight > 0}
    every = means(plan)
    return inequality.gini({m: every[m].burden for m in weights}, weights)


def _benefit(session: Session) -> None:
    """Burden beside benefit: what is covered at once, the fall of perceived risk once it is worked out."""
    show.heading("What does each get for it?")
    falls = session.known("falls")
    got = falls or session.answer("benefit", lambda problem, plan: bearing.benefit(plan))
    y_title = "Fall of perceived risk, alone to alliance (%)" if falls else "Covered, of all that matters to it (%)"
    every = means(session.plan)
    frame = pd.DataFrame(
        [(m, one.effort, got[m], one.share) for m, one in every.items()],
        columns=["member", "burden", "benefit", "share"],
    )
    chart = burden_and_benefit(frame, session.scenario.sets["member"], "Burden, part of GDP (%)", y_title)
    st.altair_chart(
        chart, key="benefit", width="stretch", alt="A point a member: burden as a part of GDP, and benefit."
    )
    show.note(_correlated(every, got))
    if problem := failed("falls"):
        st.error(show.escaped(problem), icon=":material/error:")
    says = "Benefit as the fall of the risk each perceives, against what it would face alone, takes a solve for each member."
    long_work(session, "falls", "Work out what each would face alone", says, _falls)


def _correlated(every: Mapping[str, object], got: Mapping[str, float]) -> str:
    """What the points say: whether those who bear more get more."""
    efforts = {m: getattr(one, "effort", 0.0) for m, one in every.items()}
    rank = concordance(efforts, got)[0].statistic
    if math.isnan(rank):
        return "Too few members, or figures all alike: no correlation is told."
    tells = "less" if rank < -0.3 else "more" if rank > 0.3 else "neither more nor less"
    return f"Members that get more bear {tells} of their GDP (rank correlation {rank:+.2f}; +1: the same order, −1: the opposite)."


def _falls(problem: Problem, plan: Plan, watch: Watch) -> dict[str, float]:
    """The fall of the risk each member perceives, from alone to the alliance (fraction of 1)."""
    seen, members = plan.quantity("perceived_risk"), problem.scenario.sets["member"]
    found = {}
    for at, member in enumerate(members):
        if watch.progress:
            watch.progress(f"{at} of {len(members)} members alone", 0.0, at)
        found[member] = risk_alone(problem.scenario, member, watch) - seen[member]
    return found


def _table(session: Session) -> None:
    """Every member in numbers."""
    show.heading("In numbers")
    plan, currency = session.plan, words.currency_of(session.scenario)
    frame = session.answer("keys table", lambda problem, plan: bearing.keys_table(plan))
    shares = [name for name in frame.columns if name not in ("member", "burden", "part_of_GDP", "per_head")]
    shown = frame.sort_values("burden", ascending=False).rename(
        columns={name: f"share: {name}" if name == bearing.BORNE else f"key: {name}" for name in shares}
    )
    percent = [*shown.columns[4:]]
    shown["part_of_GDP"] *= 100
    units = {
        "burden": f"{currency}, discounted",
        "part_of_GDP": "%",
        "per_head": f"{bearing.per_head_unit(plan)} a year",
    }
    show.table(shown, units, key="bearing", percent=percent)
    show.note(
        "Burden: spending over the horizon, discounted. Part of GDP: over GDP of the same years, discounted. Per head: for each "
        "inhabitant and year. Key: the fair share of the cost under that burden key."
    )


VIEWS: dict[str, Callable[[Session], None]] = {
    "Shares": _shares,
    "A key, step by step": steps_of_a_key,
    "Measures and tests": measures,
    "What fairness costs": fairness,
    "What could be agreed": agreement,
}
"""The parts of the page; only the one that is open is drawn."""

page()
