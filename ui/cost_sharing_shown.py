"""How ways to share are shown on the page Cost sharing: charges side by side, the core, and one way looked at closely."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model.questions.cost_sharing.chart import marks_beside_bars
from model.report.charts.base import PALETTE
from model.report.charts.ranges import bars
from model.wording import words
from ui import show
from ui.asking import money_step
from ui.cost_sharing import Shared

USUAL = ("as the plan falls", "Owen charges", "proportional to GDP", "Shapley value", "nucleolus")
"""Ways to share drawn before anybody chooses."""

MOST_GROUPS = 50
"""Groups shown in the table: those that save most by forming."""

_SCALES = ("money", "part of what it would pay alone")

_TITLE = "Marks: what each way to share charges; grey bars: what the member would pay alone"


def charges_of_each(found: Shared) -> None:
    """The picture: every member's charge under the ways chosen, beside its cost alone; then the table of all."""
    chosen = st.multiselect(
        "Ways to share", found.methods, [name for name in found.methods if name.startswith(USUAL)], key="game methods",
        placeholder="none",
    )  # fmt: skip
    scale = st.segmented_control("In", _SCALES, default="money", key="game scale", required=True) or "money"
    frame, alone, axis = _frames(found, chosen, scale)
    st.altair_chart(
        marks_beside_bars(frame, alone, chosen, axis, _TITLE, "Charged by"), key="charges chart", width="stretch",
        alt="What each way to share charges each member, beside what it would pay alone.",
    )  # fmt: skip
    show.note(
        "Charges hold spending and the value of a member's own losses, discounted over the horizon. A mark left of the end of "
        "its grey bar: the "
        "member gains by the alliance. A charge below zero: the others pay it for what it brings."
    )
    if found.margins:
        show.note("The Shapley value is an estimate from random orders; its margins stand in the sentences below.")
    _table(found)


def _frames(found: Shared, chosen: list[str], scale: str) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Marks, bars and the axis; members by what they would pay alone, the largest first."""
    charges = found.charges
    alone = dict(zip(charges["member"], pd.to_numeric(charges["alone"]), strict=True))
    members = sorted(alone, key=lambda m: -(alone[m] if alone[m] == alone[m] else 0.0))
    largest = pd.concat([charges[name].abs() for name in (*found.methods, "alone")]).max()
    size, unit = money_step(float(largest), found.currency)
    part = scale != "money"
    rows = []
    for name in chosen:
        charge = dict(zip(charges["member"], charges[name], strict=True))
        for m in members:
            value = 100 * charge[m] / alone[m] if part and alone[m] > 0 else charge[m] / size
            if not part or alone[m] > 0:
                rows.append((m, name, value, words.money(charge[m], found.currency)))
    known = [m for m in members if alone[m] > 0]
    bar = [(m, 100.0 if part else alone[m] / size, words.money(alone[m], found.currency)) for m in known]
    axis = "Charge, as a part of what it would pay alone (%)" if part else f"Charge ({unit})"
    return (
        pd.DataFrame(rows, columns=["member", "name", "value", "says"]),
        pd.DataFrame(bar, columns=["member", "value", "says"]),
        axis,
    )


def _table(found: Shared) -> None:
    """Everything by member: alone, what is borne anyway, and every charge."""
    shown = found.charges.drop(columns="unit").rename(
        columns={"alone_in_the_lead": "alone, leading itself", "own_loss": "own loss"}
    )
    figures = [name for name in shown.columns if name != "member"]
    shown[figures] = shown[figures].apply(pd.to_numeric)
    size, unit = money_step(float(shown[figures].abs().max().max()), found.currency)
    shown[figures] /= size
    show.table(shown, dict.fromkeys(figures, unit), key="charges table")


def in_the_core(found: Shared) -> None:
    """By way to share: whether a group would gain by leaving, which, by how much, and how much money changes hands."""
    show.heading("Would any group rather leave?")
    core = found.core
    figures = ("it_would_gain_by_leaving", "no_group_gains_more_than", "money_moved")
    numbers = core[list(figures)].apply(pd.to_numeric).replace([float("inf"), float("-inf")], float("nan"))
    size, unit = money_step(float(numbers.abs().max().max() or 0.0), found.currency)
    shown = pd.DataFrame(
        {
            "way to share": core["method"],
            "in the core": core["in_the_core"],
            "group treated worst": core["worst_treated_group"].fillna(""),
            "it would gain by leaving": numbers["it_would_gain_by_leaving"] / size,
            "no group gains more than": numbers["no_group_gains_more_than"] / size,
            "money that changes hands": numbers["money_moved"] / size,
            "remark": core["statement"].fillna(""),
        }
    )
    show.table(shown, dict.fromkeys(list(shown.columns[3:6]), unit), key="core table")
    show.note(
        "In the core: no group of members would pay less by itself. A gain below zero: even the group treated worst gains so "
        "much by "
        "staying. Money that changes hands: against the plan as it falls."
    )


def one_way(found: Shared) -> None:
    """One way to share: what each member gains by the alliance, and who pays whom beside what the plan has it bear."""
    method = st.selectbox("Look at one way to share", found.methods, key="game method")
    if method is None:
        return
    st.markdown(show.escaped(found.verdict(method)))
    left, right = st.columns(2, gap="large")
    frame = found.of(method)
    with left:
        _signed(
            found, frame, "gain_over_alone", ("gains by the alliance", "would pay less alone"),
            "Gain over going alone", "gains chart",
        )  # fmt: skip
    with right:
        _signed(
            found, frame, "pays_to_others", ("pays to others", "receives"), "Payments between members", "payments chart"
        )
    show.note(
        "Left: what a member would pay alone less its charge. Right: its charge less what the plan has it bear anyway; "
        "payments add up to nothing."
    )


def _signed(found: Shared, frame: pd.DataFrame, column: str, kinds: tuple[str, str], title: str, key: str) -> None:
    """A bar a member to either side of zero; those next to nothing are left out."""
    size, unit = money_step(float(frame[column].abs().max() or 0.0), found.currency)
    there = frame[frame[column].abs() > 1e-6 * abs(found.total)].sort_values(column, ascending=False, kind="stable")
    if not len(there):
        show.note(f"{title}: nothing." if frame[column].notna().all() else f"{title}: not known.")
        return
    drawn = pd.DataFrame(
        {
            "label": there["member"],
            "value": there[column] / size,
            "kind": [kinds[0] if value > 0 else kinds[1] for value in there[column]],
            "says": [words.money(abs(value), found.currency) for value in there[column]],
        }
    )
    colours = {kinds[0]: PALETTE[0], kinds[1]: PALETTE[5]}
    st.altair_chart(bars(drawn, title, f"{title} ({unit})", kinds=colours), width="stretch", key=key, alt=title)


def groups_table(found: Shared) -> None:
    """What groups pay by themselves, where all of them were solved."""
    if found.groups is None:
        return
    show.heading("What groups would pay by themselves")
    table = found.groups.sort_values("saved_against_alone", ascending=False, kind="stable").head(MOST_GROUPS)
    size, unit = money_step(float(table["cost"].abs().max()), found.currency)
    shown = pd.DataFrame(
        {
            "group": table["group"],
            "members": table["members (number)"],
            "cost": table["cost"] / size,
            "saved against each alone": table["saved_against_alone"] / size,
        }
    )
    show.table(shown, dict.fromkeys(("cost", "saved against each alone"), unit), key="groups table")
    if len(found.groups) > MOST_GROUPS:
        show.note(
            f"The {MOST_GROUPS} groups that save most of {len(found.groups):,}; `alliance cost-sharing` writes them all."
        )
