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
    summary,
    table,
    with_scenario,
    without,
)
from model.solve.plan import Plan

NAME = "asean"
BANDS = (1.0, 0.9, 0.75, 0.5)
"""How far a burden may lie from an equal share, as a part of it."""

TASKS_KEPT_APART = ("Watch the South China Sea", "Find and stop terrorists")
"""The tasks with most caveats."""


def blocks() -> dict[str, str]:
    """Every block of figures by name."""
    answer = plan(NAME)
    return {
        "summary": summary(answer, "All"),
        "coverage": over_time(answer),
        "burden": burdens(answer),
        "consensus": consensus(answer),
        "interference": interference(answer),
        "opt-outs": staying_out(answer),
        "equal": equal(),
        "binding": binding(answer),
    }


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
        banded = scenario(NAME).with_settings(fairness_band=band)
        accepted = problem(NAME).accepted  # a band means nothing for one alone
        alone = problem(NAME).changed(banded, off=("pledge_is_kept",), accepted=accepted)
        today = problem(NAME).changed(banded.with_settings(consensus_against="status quo"), off=("pledge_is_kept",))
        imposed = found(alone.changed(off=("pledge_is_kept", "consensus_holds")))
        said = f"within {percent(band)} of an equal share"
        agreed = [risk(one) if one.found else "no such plan" for one in (alone.solve(), today.solve())]
        largest = imposed.table("burdens").burden.max()
        rows.append([said, risk(imposed), *agreed, billions(imposed.measures["cost"]), billions(largest)])
    headings = [
        "each member bears", "risk, imposed", "nobody worse off than alone", "nobody worse off than with today's forces",
        "all spend, USD billion", "the largest payer, USD billion",
    ]  # fmt: skip
    return table(headings, rows)


def staying_out(answer: Plan) -> str:
    """What opt-outs cost, and who stays out."""
    s = scenario(NAME)
    joined = found(problem(NAME).changed(s.with_values("still_counts", {})))
    out = ", ".join(dict.fromkeys(member for member, _ in s.values["still_counts"]))
    return (
        f"{out} stay out of one sea or more. If they took part, and owed their part, risk would be {risk(joined)} "
        f"instead of {risk(answer)}."
    )
