"""Members: one member's deal, and why it bears more or less than another."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model.questions.withdrawal.result import Withdrawals, withdrawal
from model.report import deal
from model.report.charts.base import PALETTE
from model.report.charts.members import carries, risks, spends
from model.report.heat import cells
from model.wording import words
from ui import figures, show
from ui.state import Session, current
from ui.work import failed, long_work


def page() -> None:
    """The page."""
    session = current()
    members = session.scenario.sets["member"]
    borne = session.answer("means", lambda problem, plan: deal.means(plan))
    most = members.index(max(members, key=lambda name: borne[name].burden))
    member = st.selectbox("Member", members, most, key="member shown", help="Whose deal is shown.") or members[most]
    by_itself = session.answer(f"alone {member}", lambda problem, plan: deal.on_its_own(plan, member))
    show.head(f"What does {member} give, get and pay?", deal.answer(session.plan, member, by_itself))
    _figures(session, member, by_itself)
    _gives(session, member)
    left, right = st.columns(2, gap="large")
    with left:
        _pays(session, member)
    with right:
        _gets(session, member, by_itself)
    _compared(session, member, by_itself)
    _without(session, member)
    _why_more(session, member)


def _figures(session: Session, member: str, by_itself: deal.Alone) -> None:
    """The deal in four numbers, with the difference to the base."""
    plan, base = session.plan, session.base
    now = deal.means(plan)[member]
    was = deal.means(base).get(member, now) if base.found and member in base.scenario.sets["member"] else now
    seen = plan.quantity("perceived_risk")[member]
    facts = (
        ("Burden", show.money(plan, now.burden), figures.change(now.burden, was.burden, "money"), "Spending over the horizon, discounted."),
        (
            "Burden, part of GDP", words.percent(now.effort), figures.change(now.effort, was.effort, "part"),
            "GDP over the same years, discounted.",
        ),
        (
            "Against its fair share", "owes nothing" if now.times is None else words.times(now.times),
            figures.change(now.times or 0.0, was.times or 0.0, "times"),
            f"Share of the cost ({words.percent(now.share)}) over fair share ({words.percent(now.fair_share)}); 1 is exactly fair.",
        ),
        (
            "Perceived risk removed", f"{(by_itself.risk - seen) * 100:.1f} points", "",
            "Risk alone less risk in the alliance, both by its own priorities; 100 points: from all is lost to nothing is.",
        ),
    )  # fmt: skip
    with show.tiles():
        for label, value, change, says in facts:
            show.figure(label, value, change, says=says)


def _gives(session: Session, member: str) -> None:
    show.heading("What it gives")
    sets = session.scenario.sets
    frame = session.answer("carried", lambda problem, plan: deal.carried(plan))
    colour = PALETTE[sets["member"].index(member) % len(PALETTE)]
    alt = f"Bars: the part of each task that rests on {member}. The table below has its contributions."
    st.altair_chart(carries(frame, member, colour, sets["task"]), key="carries", width="stretch", alt=alt)
    show.note(
        "Mean over the task's capabilities, by importance, and over the years, of its contribution as a part of the requirement. "
        "A fair share in everything would end at the dashed line."
    )
    given = session.answer(f"given {member}", lambda problem, plan: deal.given(plan, member))
    if given.empty:
        show.note(f"{member} sends nothing to any task.")
        return
    contributions, holdings = st.tabs(["Contributions by task", "Holdings: from today to the target"])
    with contributions:
        show.note("Effective units sent in the first and the last years; part of the requirement: mean over the years.")
        show.table(given, percent=["part_of_requirement"], key="given", decimals=2)
    with holdings:
        _holdings(session, member)


def _holdings(session: Session, member: str) -> None:
    last = session.plan.data.sets["period"][-1]
    frame = session.answer(f"cells {last}", lambda problem, plan: cells(plan, last, session.base))
    mine = frame[(frame["member"] == member) & ((frame["start"] > 1e-6) | (frame["held"] > 1e-6))]
    mine = mine.sort_values("added", ascending=False, key=abs)[["capability", "start", "held", "added", "unit"]]
    years = words.period(last, session.plan.data.step)
    show.note(f"Units held at the start, the target for {years}, and the difference, in the unit of the row.")
    shown = mine.rename(columns={"start": "held at the start", "held": f"target {years}", "added": "difference"})
    show.table(shown, key="holdings", decimals=2)


def _pays(session: Session, member: str) -> None:
    show.heading("What it pays")
    frame = session.answer(f"paid {member}", lambda problem, plan: deal.paid(plan, member))
    chart = spends(frame, words.currency_of(session.scenario), member)
    st.altair_chart(
        chart, key="spends", width="stretch", alt=f"What {member} spends by period and kind, and what it offers."
    )
    show.note(
        "Money of each period as it is spent, not discounted. Where the bars reach the line, all that it offers is used."
    )


def _gets(session: Session, member: str, by_itself: deal.Alone) -> None:
    show.heading("What it gets")
    plan, base = session.plan, session.base
    cases = [("alone", by_itself.risk), ("in the alliance", plan.quantity("perceived_risk")[member])]
    if session.is_changed and base.found and member in base.scenario.sets["member"]:
        cases.append(("in the alliance, base plan", base.quantity("perceived_risk")[member]))
    colour = PALETTE[session.scenario.sets["member"].index(member) % len(PALETTE)]
    chart = risks(pd.DataFrame(cases, columns=["case", "risk"]), colour)
    st.altair_chart(
        chart, key="risks", width="stretch", alt=f"Risk as {member} perceives it, alone and in the alliance."
    )
    show.note(
        "The risk of all tasks weighed by its own priorities (0 %: all that is required is there; 100 %: nothing is). Alone: "
        "with its own forces and budget, itself the lead of every situation, against the same requirements. The table: what each "
        "task is of all that matters to it, and what part of the task rests on it."
    )
    frame = session.answer("carried", lambda problem, plan: deal.carried(plan))
    mine = frame[frame["member"] == member].sort_values("matters", ascending=False)
    shown = pd.DataFrame(
        {"task": mine["task"], "matters to it": 100 * mine["matters"], "rests on it": 100 * mine["part"]}
    )
    units = {"matters to it": "%", "rests on it": "%"}
    show.table(shown, units, key="matters", decimals=2)


def _compared(session: Session, member: str, by_itself: deal.Alone) -> None:
    show.heading("Compared with fair share, and alone")
    frame = deal.compared(session.plan, member, by_itself)
    units = {"burden": f"{words.currency_of(session.scenario)}, discounted", "part_of_GDP": "%"}
    frame["part_of_GDP"] *= 100
    show.table(frame, units, key="compared", percent=["risk_it_perceives"])
    show.note(
        "Burden over the horizon. Risk as it perceives it; no figure where another burden leads to no plan of its own."
    )


def _without(session: Session, member: str) -> None:
    """The alliance without it: what the others lose and who makes it up."""
    show.heading(f"The alliance without {member}")
    if len(session.scenario.sets["member"]) < 2:
        show.note("There is nobody else.")
        return
    name = f"without {member}"
    if problem := failed(name):
        st.error(show.escaped(problem), icon=":material/error:")
    says = f"Solves the alliance without {member} and finds what the others would have to offer to hold their risk: some seconds."
    found: Withdrawals | None = long_work(
        session, name, f"Work it out without {member}", says,
        lambda problem, plan, watch: withdrawal(
            problem.scenario, [member], problem=problem, plan=plan, tell=watch.progress, watch=watch
        ),
    )  # fmt: skip
    if found is None:
        return
    for text in found.says[1:2]:
        st.markdown(show.escaped(text))
    tasks, makers = st.tabs(["Coverage of tasks", "Who makes it up"])
    with tasks:
        show.note("Coverage: what is there of what the task requires, shortfalls weighed by risk band.")
        show.table(
            found.tasks[["task", "before", "after", "change"]],
            percent=["before", "after", "change"],
            key="without tasks",
        )
    with makers:
        currency = words.currency_of(session.scenario)
        shown = found.makeup.drop(columns=["leaving", "unit"]).sort_values("change", ascending=False)
        show.note(
            f"Discounted spending before and after, and what would have to be offered beyond budgets to hold risk, in {currency}."
        )
        show.table(shown, dict.fromkeys(shown.columns[1:], currency), key="without makers")


def _why_more(session: Session, member: str) -> None:
    """Two members' burdens side by side, and why one is larger."""
    show.heading("Why does one bear more than another?")
    others = [name for name in session.scenario.sets["member"] if name != member]
    if not others:
        show.note("There is nobody to compare with.")
        return
    other = st.selectbox(f"Compare {show.escaped(member)} with", others, key="member compared") or others[0]
    for text in session.answer(f"why more {member} {other}", lambda problem, plan: deal.why_more(plan, member, other)):
        st.markdown(f"- {show.escaped(text)}")


page()
