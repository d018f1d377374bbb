"""The figures of the page on ASEAN: consensus member by member, non-interference, and equal contributions."""

from __future__ import annotations

from inputs.stories.common import (
    billions,
    binding,
    burdens,
    edited,
    found,
    over_time,
    percent,
    plan,
    problem,
    risk,
    scenario,
    table,
    with_scenario,
    without,
)
from model.solve.plan import Plan

NAME = "asean"
BANDS = (1.0, 0.9, 0.75, 0.5, 0.0)
"""How far a burden may lie from an equal share, as a part of it."""

TASKS_KEPT_APART = ("Watch the South China Sea", "Find and stop terrorists")
"""The tasks with most caveats."""


def blocks() -> dict[str, str]:
    """Every block of figures by name."""
    answer = plan(NAME)
    return {
        "summary": summary(answer),
        "coverage": over_time(answer),
        "burden": burdens(answer),
        "consensus": consensus(answer),
        "interference": interference(answer),
        "equal": equal(),
        "binding": binding(answer),
    }


def summary(answer: Plan) -> str:
    """One sentence on the plan as a whole."""
    offered = answer.table("burdens").offered.sum()
    return (
        f"Risk is {risk(answer)}. All spend {billions(answer.measures['cost'])} of the {billions(offered)} billion "
        "they offer over ten years."
    )


def consensus(answer: Plan) -> str:
    """What each member sees with the plan and alone, and what it bears."""
    seen, alone = answer.quantity("perceived_risk"), problem(NAME).accepted
    bears = answer.table("burdens").set_index("member").share
    members = sorted(answer.scenario.sets["member"], key=lambda member: seen[member] / alone[member])
    rows = [[m, f"{alone[m]:.2f}", f"{seen[m]:.3f}", percent(seen[m] / alone[m]), percent(bears[m])] for m in members]
    return table(["member", "risk it sees alone", "with the plan", "with the plan of alone", "bears"], rows)


def interference(answer: Plan) -> str:
    """What rules of restraint cost in risk and money."""
    plans = {
        "as it is": answer,
        "without caveats": without(NAME, "caveat_is_respected"),
        "without a limit on what is asked of one member": without(NAME, "challenge_is_reasonable", "share_is_limited"),
        "without consensus": without(NAME, "consensus_holds"),
        "a tenth more money from everybody": edited(NAME, "budget=1.1"),
        "votes by GDP": with_scenario(NAME, scenario(NAME).with_settings(voice="gdp")),
    }
    rows = [[name, risk(one), billions(one.measures["cost"]), *_covered(one)] for name, one in plans.items()]
    return table(["", "risk", "spent, USD billion", *TASKS_KEPT_APART], rows)


def _covered(answer: Plan) -> list[str]:
    mean = answer.table("requirements").groupby("task").coverage.mean()
    return [percent(mean[task]) for task in TASKS_KEPT_APART]


def equal() -> str:
    """Risk as burdens must come closer to equal shares; promises are set aside, which nearly equal shares cannot keep."""
    rows = []
    for band in BANDS:
        banded = problem(NAME).changed(scenario(NAME).with_settings(fairness_band=band), off=("pledge_is_kept",))
        banded.accepted = problem(NAME).accepted  # a band means nothing for one alone
        agreed, imposed = banded.solve(), found(banded.changed(off=("pledge_is_kept", "consensus_holds")))
        said = "exactly an equal share" if band == 0 else f"within {percent(band)} of an equal share"
        largest = imposed.table("burdens").burden.max()
        agreed_risk = risk(agreed) if agreed.found else "no such plan"
        rows.append([said, agreed_risk, risk(imposed), billions(imposed.measures["cost"]), billions(largest)])
    headings = [
        "each member bears", "risk, with consensus", "risk, without", "all spend, USD billion", "the largest payer, USD billion"
    ]  # fmt: skip
    return table(headings, rows)
