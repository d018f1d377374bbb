"""What would have to change for one member's apportionment to change, for the page Sensitivity."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model.questions.sensitivity.tipping import tipping
from model.report.charts.base import PALETTE
from model.report.charts.ranges import intervals
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import words
from ui import show
from ui.asking import asked, counted, quiet, titled
from ui.state import Session

_LEVERS = {
    "cost_factor": "Its own price of the capability",
    "budget": "Its budget",
    "requirement": "What is required of the capability",
}
"""The levers that are pulled, as they are called on the page."""

_KINDS = {
    "a turning point on both sides": PALETTE[0],
    "no turning point on one side": PALETTE[4],
    "none found": PALETTE[7],
}


def turning_points(session: Session) -> str:
    """Whose, the picture, the table; gives the answer in a sentence."""
    held = {(member, capability) for member, capability, _, _ in session.plan.values["held"]}
    columns, sets = st.columns(2), session.scenario.sets
    member = columns[0].selectbox("Whose apportionment", sets["member"], key="turning member")
    may = [capability for capability in sets["capability"] if (member, capability) in held]
    if not may:
        return f"{member} neither holds nor may order anything."
    capability = columns[1].selectbox("Of which capability", may, key="turning capability")
    found = asked(
        session, f"tipping {member} {capability}", "Look for turning points",
        "Three levers are pulled down and up, further and further, until the apportionment changes: up to fifty solves, some minutes "
        "on a large scenario.",
        lambda problem, plan, watch: _found(problem, plan, member, capability, watch),
    )  # fmt: skip
    if found is None:
        return f"What would change what {member} is asked to hold of {capability} is found by solving again."
    return _drawn(found, member, capability)


def _found(problem: Problem, plan: Plan, member: str, capability: str, watch: Watch) -> pd.DataFrame:
    return tipping(problem, plan, member, capability, tell=counted(watch), watch=quiet(watch)).table


def _drawn(table: pd.DataFrame, member: str, capability: str) -> str:
    records = []
    for lever, rows in table.groupby("lever", sort=False):
        low, high = (rows.iloc[place] for place in (0, 1))
        ends = [_end(row) for row in (low, high)]
        turns = sum(_turns(row) for row in (low, high))
        label = _LEVERS.get(str(lever).partition("[")[0], titled(str(lever)))
        says = f"{_says(low, 'lower')}; {_says(high, 'higher')}"
        records.append((label, 100 + ends[0], 100 + ends[1], 100.0, list(_KINDS)[2 - turns], says))
    frame = pd.DataFrame.from_records(records, columns=["label", "low", "high", "at", "kind", "says"])
    title = f"Within these bars {member} is asked for the same amounts of {capability}"
    chart = intervals(frame, _KINDS, title, "The lever, as a part of what it is (%)", "as it is")
    st.altair_chart(chart, width="stretch", key="turning chart", alt=title)
    show.note(
        "Every end is found by solving again; a bar ends where the stock of some year moves, or where no further pull was tried."
    )
    shown = pd.DataFrame(
        {
            "lever": [_LEVERS.get(str(lever).partition("[")[0], str(lever)) for lever in table["lever"]],
            "still the same at (%)": table["same_at"].astype(float) * 100,
            "changed at (%)": pd.to_numeric(table["changed_at"]) * 100,
            "year": pd.to_numeric(table["year"]).astype("Int64"),
            f"was ({table['unit'].iloc[0]})": pd.to_numeric(table["was"]),
            f"becomes ({table['unit'].iloc[0]})": pd.to_numeric(table["becomes"]),
            "remark": table["remark"],
        }
    )
    show.table(shown, key="turning table", decimals=2)
    return _answer(table, member, capability)


def _turns(row: pd.Series) -> bool:
    return bool(pd.notna(row["changed_at"]))


def _end(row: pd.Series) -> float:
    """Percent by which the lever is pulled where the apportionment changes, or as far as was looked."""
    return 100 * float(row["changed_at"] if _turns(row) else row["same_at"])


def _says(row: pd.Series, way: str) -> str:
    if row["remark"]:
        return f"{way}: {row['remark']}"
    if not _turns(row):
        return f"{way}: nothing changes up to {row['same_at']:+.0%}"
    moved = f"{row['was']:.2f} to {row['becomes']:.2f} {row['unit']}"
    return f"{way}: at {row['changed_at']:+.1%} the stock in {row['year']:.0f} goes from {moved}"


def _answer(table: pd.DataFrame, member: str, capability: str) -> str:
    turned = table[table["changed_at"].notna()]
    if not len(turned):
        return f"No pull that was tried changes what {member} is asked to hold of {capability}."
    row = turned.loc[pd.to_numeric(turned["changed_at"]).abs().idxmin()]
    lever = _LEVERS.get(str(row["lever"]).partition("[")[0], str(row["lever"]))
    part, way = abs(float(row["changed_at"])), "more" if float(row["changed_at"]) > 0 else "less"
    return (
        f"What {member} holds of {capability} changes first with {lever[:1].lower()}{lever[1:]}: at {words.percent(part)} {way} "
        f"its stock in {row['year']:.0f} goes from {row['was']:.2f} to {row['becomes']:.2f} {row['unit']}."
    )
