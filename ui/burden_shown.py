"""What the page Burden shows beside the picture of shares: a key step by step, and the measures and tests of a burden."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from model.layers.burden_keys.keys import fold, key_names, lacks
from model.questions.burden.exploitation import RATIO_WARNING
from model.questions.burden.result import burdens
from model.scenario.scenario import Scenario
from model.solve.plan import Plan
from model.wording import words
from ui import show
from ui.asking import money_step
from ui.state import Session

_BEFORE = "burden of the plan before"
"""What the analysis calls the plan to compare with; here it is the base plan."""


def steps_of_a_key(session: Session) -> None:
    """A key opened as its fold: each step in words, and every member's share after it."""
    s = session.scenario
    names = [name for name in key_names(s) if not lacks(s, name)]
    own = str(s.settings["burden_key"])
    key = st.selectbox(
        "Burden key", names, names.index(own) if own in names else 0, key="key opened",
        help="Keys that have a name, and those of the sheet Keys. Those whose figures the workbook lacks are left out.",
    )  # fmt: skip
    if key is None:
        return
    steps = fold(s, key)
    st.markdown("\n".join(f"{step.place:d}. {show.escaped(words.capital(step.says))}" for step in steps))
    shown = pd.DataFrame({"member": s.sets["member"]})
    for step in steps:
        shown[f"after step {step.place}"] = [100 * step.shares[m] for m in s.sets["member"]]
    columns = list(shown.columns[1:])
    if len(steps) > 1:
        shown["moved in all"] = shown[columns[-1]] - shown[columns[0]]
    shown = shown.sort_values(columns[-1], ascending=False, kind="stable")
    units = dict.fromkeys(columns, "%") | {"moved in all": "points"}
    show.table(shown, units, key="key steps", decimals=3)
    show.note(
        "Each step changes every member's share a little; after each, shares add up to 100 %. What a step frees or takes, the "
        "others bear in "
        "proportion. Keys of your own are written as such steps on the sheet Keys of the workbook."
    )
    missing = {name: lacks(s, name) for name in key_names(s) if lacks(s, name)}
    if missing:
        said = "; ".join(f"{name} ({words.joined(_columns(found))})" for name, found in missing.items())
        show.note(f"Left out for want of figures in these columns of Members: {said}.")


def _columns(found: tuple[str, ...]) -> list[str]:
    return ["key" if name == "custom_key" else name for name in found]


@dataclass(frozen=True)
class Measured:
    """Burdens of a plan as figures: the tables of :class:`model.questions.burden.result.Burdens` by name, and its sentences."""

    scenario: Scenario
    tables: dict[str, pd.DataFrame]
    says: tuple[str, ...]


def measures(session: Session) -> None:
    """Indices, tests with their warning, guidelines, benefits and contributions; with levers pulled, beside the base plan."""
    before = session.base if session.is_changed and session.base.found else None
    found = session.answer("burdens", lambda problem, plan: _measured(plan, before))
    if before is not None:
        show.note("With levers pulled, the base plan stands beside the plan on screen: before and after.")
    _indices(found)
    _tests(found)
    _by_member(found, before is not None)
    _guidelines(found)
    _in_kind(found)
    show.heading("In sentences")
    show.points(found.says)


def _measured(plan: Plan, before: Plan | None) -> Measured:
    found = burdens(plan, before)
    return Measured(plan.scenario, found.tables, tuple(found.says))


def _called(effort: str) -> str:
    return "base plan" if effort == _BEFORE else "this plan" if effort == "burden of the plan" else effort


def _indices(found: Measured) -> None:
    """How unequally it is borne: a row an index, a column an effort."""
    show.heading("How unequal is it?")
    table = found.tables["indices"]
    shown = table.pivot(index="index", columns="effort", values="value")
    shown = shown.loc[list(dict.fromkeys(table["index"])), list(dict.fromkeys(table["effort"]))]
    means = table.drop_duplicates("index").set_index("index")["means"]
    shown = shown.rename(columns=_called).reset_index()
    shown["how to read it"] = [means[name] for name in shown["index"]]
    show.table(shown, key="indices table", decimals=3)


def _tests(found: Measured) -> None:
    """The tests of the literature, and what must be said about them."""
    show.heading("Do the large carry the small? Do burdens follow benefits?")
    st.warning(show.escaped(f"{RATIO_WARNING} The elasticity does without the ratio."), icon=":material/report:")
    table = found.tables["tests"]
    names = list(dict.fromkeys(table["effort"]))
    effort = st.segmented_control(
        "Tested", names, default="burden of the plan", key="effort tested", required=True,
        format_func=lambda effort: show.escaped(_called(effort)),
    ) or names[0]  # fmt: skip
    mine = table[table["effort"] == effort]
    shown = pd.DataFrame(
        {
            "test": mine["test"],
            "of what": mine["question"],
            "statistic": pd.to_numeric(mine["statistic"]),
            "p, two-sided": pd.to_numeric(mine["p_two_sided"]),
            "p, one-sided": pd.to_numeric(mine["p_one_sided"]),
            "one-sided means": mine["one_sided_alternative"],
            "95 % from": pd.to_numeric(mine["low_95"]),
            "to": pd.to_numeric(mine["high_95"]),
            "members": mine["n"],
            "remark": mine["note"].where(mine["note"] != RATIO_WARNING, "mind the ratio"),
        }
    )
    show.table(shown, key="tests table", decimals=3)
    show.note(
        f"Sample: {mine['sample'].iloc[0]}, all of them; read p as how often shuffling members would do this, not as proof. "
        "Spearman and Kendall: rank "
        "correlation, −1 to 1. Elasticity: by how many per cent the burden rises with one per cent more GDP; above 1 the large "
        "bear more than in "
        "proportion. Wilcoxon: whether shares of burden lie above shares of benefit."
    )


def _by_member(found: Measured, compared: bool) -> None:
    """Burden beside benefit by member, and what it bears against every key."""
    show.heading("Burden and benefit of each member")
    table, currency = found.tables["burdens"], words.currency_of(found.scenario)
    money = table[["burden_before", "burden"]].apply(pd.to_numeric)
    size, unit = money_step(float(money.abs().max().max()), currency)
    shown = pd.DataFrame({"member": table["member"]})
    if compared:
        shown["burden, base plan"] = money["burden_before"] / size
    shown["burden"] = money["burden"] / size
    shares = {
        "of GDP": "burden_of_gdp", "share of burden": "share_of_burden", "fair share": "fair_share",
        "risk removed": "risk_removed",
        "share of benefit": "share_of_benefit", "burden less benefit": "burden_less_benefit",
    }  # fmt: skip
    for title, name in shares.items():
        shown[title] = 100 * pd.to_numeric(table[name])
    shown = shown.sort_values("burden", ascending=False, kind="stable")
    units = (
        dict.fromkeys(("burden, base plan", "burden"), unit)
        | dict.fromkeys(shares, "%")
        | {"burden less benefit": "points"}
    )
    show.table(shown, units, key="burden and benefit")
    show.note(
        "Risk removed: the part of all that matters to the member that is covered. Share of benefit: of what is removed for "
        "all, each by what it has "
        "at stake."
    )
    ratios = found.tables["observed over expected"].drop(columns="unit")
    show.heading("Observed over expected")
    show.table(ratios, key="observed over expected", decimals=2)
    show.note(
        "A member's share of the burden as a multiple of its share under every key: 1 is exactly what the key asks for."
    )


def _guidelines(found: Measured) -> None:
    """Money a year missing to each guideline: summed over those that fall short, and by member for one."""
    show.heading("What is missing to the guidelines?")
    table, currency = found.tables["guidelines"], words.currency_of(found.scenario)
    names, short = list(dict.fromkeys(table["guideline"])), table["missing"].clip(lower=0.0)
    size, unit = money_step(float(short.max()), currency)
    sums = table.assign(missing=short / size).pivot_table(
        index="guideline", columns="year", values="missing", aggfunc="sum"
    )
    shown = sums.loc[names].rename(columns=str).reset_index()
    show.table(shown, dict.fromkeys(map(str, sums.columns), f"{unit} a year"), key="guideline sums")
    chosen = st.segmented_control(
        "By member", names, default=names[0], format_func=show.escaped, key="guideline", required=True
    ) or names[0]  # fmt: skip
    mine = table[table["guideline"] == chosen].assign(missing=lambda rows: rows["missing"] / size)
    by = mine.pivot(index="member", columns="year", values="missing").rename(columns=str)
    by = by.sort_values(by.columns[0], ascending=False, kind="stable").reset_index()
    show.table(by, dict.fromkeys(map(str, by.columns[1:]), f"{unit} a year"), key="guideline table")
    show.note("Above: summed over the members that fall short. Below zero: more than the guideline asks for.")


def _in_kind(found: Measured) -> None:
    """Each member's part of what all contribute of each capability."""
    show.heading("What is given in kind")
    table = found.tables["in kind"]
    parts = table.assign(part=100 * table["part"]).pivot(index="member", columns="capability", values="part")
    shown = parts.fillna(0.0).reset_index()
    show.table(shown, dict.fromkeys(parts.columns, "%"), key="in kind", decimals=1)
    show.note("Part of the effective units that all contribute, summed over tasks, mean over periods.")
