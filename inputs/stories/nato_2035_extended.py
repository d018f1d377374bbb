"""The figures of the page on NATO with common funding, joint programmes and cases."""

from __future__ import annotations

from inputs.stories.common import (
    billions,
    found,
    percent,
    plan,
    problem,
    programmes,
    risk,
    scenario,
    table,
)
from model.questions.cases.work import cases
from model.solve.plan import Plan

NAME = "nato_2035_extended"
BASE = "nato_2035"
FOR_ALL, KNOWN = "risk_with_the_plan_for_all", "risk_if_known"
"""Columns of the table of cases, before their units."""


def blocks() -> dict[str, str]:
    """Every block of figures by name."""
    answer = plan(NAME)
    return {
        "summary": summary(answer),
        "owned": owned(answer),
        "payers": payers(answer),
        "pooling": pooling(answer),
        "programmes": programmes(answer),
        "cases": what_may_come(),
    }


def summary(answer: Plan) -> str:
    """The plan beside the one without these layers."""
    return (
        f"Risk is {risk(answer, 4)}, against {risk(plan(BASE), 4)} in the workbook without common funding and programmes; all spend "
        f"{billions(answer.measures['cost'])} billion, against {billions(plan(BASE).measures['cost'])}."
    )


def owned(answer: Plan) -> str:
    """What the alliance owns itself over the years, and what it costs."""
    table_of = answer.table("common_funding").set_index(["capability", "year"])
    years = answer.scenario.periods
    rows = [
        [
            capability,
            *(f"{table_of.value[capability, year]:.1f}" for year in years),
            f"{answer.scenario.values['common_max_stock'][capability]:g}",
            billions(table_of.cost.xs(capability, level="capability").sum()),
        ]
        for capability in dict.fromkeys(capability for capability, _ in table_of.index)
    ]
    return table(["owned together", *years, "at most", "USD billion in all"], rows)


def payers(answer: Plan) -> str:
    """Who pays most for what is owned together."""
    shares = answer.table("common_shares")
    whole = shares.groupby("capability").value.transform("sum")
    rows = []
    for capability, part in shares.assign(part=shares.value / whole).groupby("capability"):
        first = part.sort_values("part", ascending=False).head(4)
        said = "; ".join(f"{row.member} {percent(row.part)}" for row in first.itertuples())
        rows.append([capability, int((part.part > 0).sum()), said])
    return table(["owned together", "members that pay", "of whom most"], rows)


def what_may_come() -> str:
    """The plan for all cases at once: risk in each, and what knowing and planning for all of them are worth."""
    result = cases(scenario(NAME))
    table_of = result.tables["cases"].to_dict("records")
    names = {name: next(column for column in table_of[0] if column.startswith(name)) for name in (FOR_ALL, KNOWN)}
    rows = [
        [row["case"], percent(row["probability"]), *(f"{row[names[name]]:.4f}" for name in (FOR_ALL, KNOWN))]
        for row in table_of
    ]
    said = (
        f"Perfect information would be worth {result.perfect_information:.4f} of risk; planning for all cases instead of "
        f"their average is worth {result.stochastic_solution:.4f}."
    )
    return table(["case", "how likely", "risk, one plan for all", "risk, if it were known"], rows) + f"\n\n{said}"


def pooling(answer: Plan) -> str:
    """What the plan would be without the saving, if nothing more were bought in common, and without these layers."""
    s = scenario(NAME)
    dear = s.with_values("common_cost_factor", dict.fromkeys(s.values["common_cost_factor"], 1.0))
    kept = s.with_values("common_max_stock", s.values["common_holding"])
    plans = {
        "as it is": answer,
        "without the saving of one fleet": found(problem(NAME).changed(dear)),
        "fleets kept as they are, nothing more bought in common": found(problem(NAME).changed(kept)),
        "fleets split among members, no programmes (`nato_2035`)": plan(BASE),
    }
    return table(
        ["", "risk", "all spend, USD billion"],
        [[name, risk(one, 4), billions(one.measures["cost"])] for name, one in plans.items()],
    )
