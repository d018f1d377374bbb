"""What the stories of all scenarios share: solving, tables in Markdown, and the blocks a page is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from inputs.tables_io import INPUTS
from model import Problem, load
from model.report.rules import policies
from model.scenario.levers.edits import apply_edits, parse_edit
from model.scenario.scenario import Scenario
from model.solve.plan import Plan

PAGES = INPUTS.parent / "docs" / "scenarios"

Row = Sequence[object]


# --- solving -------------------------------------------------------------------------------------------------------


@cache
def scenario(name: str) -> Scenario:
    """A scenario that ships."""
    return load(INPUTS / f"{name}.xlsx")


@cache
def problem(name: str) -> Problem:
    """Its problem, from which all others of its page are changed."""
    return Problem(scenario(name))


@cache
def plan(name: str) -> Plan:
    """Its plan, with what its tables compare it with."""
    return problem(name).with_alternatives(found(problem(name)))


def found(asked: Problem) -> Plan:
    """The plan of a problem that has one. Raises ValueError where there is none."""
    answer = asked.solve()
    if not answer.found:
        raise ValueError(f"{asked.scenario.settings['title']}: {answer.message}")
    return answer


def without(name: str, *rules: str) -> Plan:
    """The plan with some policies switched off. What each member faces alone is the same, and is not reckoned again."""
    accepted = None if "consensus_holds" in rules else problem(name).accepted
    return found(problem(name).changed(off=rules, accepted=accepted))


def edited(name: str, *edits: str, off: Sequence[str] = ()) -> Plan:
    """The plan after what-if edits, written as on the command line, with some policies switched off."""
    made = apply_edits(scenario(name), [parse_edit(text) for text in edits])
    return found(problem(name).changed(made.scenario, off=off))


def with_scenario(name: str, changed: Scenario, off: Sequence[str] = ()) -> Plan:
    """The plan of a changed scenario, with some policies switched off."""
    return found(problem(name).changed(changed, off=off))


# --- figures -------------------------------------------------------------------------------------------------------


def coverage(answer: Plan) -> dict[tuple[str, int], float]:
    """Mean coverage of what each task requires, by task and year."""
    table = answer.table("requirements").groupby(["task", "year"]).coverage.mean()
    return {(str(task), int(year)): float(value) for (task, year), value in table.items()}


def over_time(answer: Plan, years: Sequence[int] = ()) -> str:
    """Mean coverage by task in a few years."""
    values = coverage(answer)
    last = answer.scenario.periods
    years = years or (last[0], last[len(last) // 2], last[-1])
    rows = [[task, *(percent(values.get((task, year))) for year in years)] for task in answer.scenario.sets["task"]]
    return table(["mean coverage of what is required", *years], rows)


def burdens(answer: Plan, most: int = 12) -> str:
    """Who bears what part, and what would be fair; of many members those furthest from it."""
    rows = answer.table("burdens").to_dict("records")
    rows.sort(key=lambda row: -abs(row["share"] - row["fair_share"]))
    rows = sorted(rows[:most], key=lambda row: -row["share"])
    return table(
        ["member", "bears", "fair share", "spends of what it offers"],
        [
            [r["member"], percent(r["share"]), percent(r["fair_share"]), percent(r["burden"] / r["offered"])]
            for r in rows
        ],
    )


def bought(answer: Plan, most: int = 4) -> dict[str, list[tuple[str, float, float]]]:
    """By member: capability, units ordered and their price, dearest first."""
    d, orders = answer.data, answer.table("orders").groupby(["member", "capability"]).value.sum()
    priced = {key: (float(units), float(units) * d.acquisition_cost[key]) for key, units in orders.items()}
    return {
        member: sorted(
            ((c, *both) for (m, c), both in priced.items() if m == member and both[1] > 0), key=lambda row: -row[2]
        )[:most]
        for member in answer.scenario.sets["member"]
    }


def binding(answer: Plan, most: int = 4) -> str:
    """The policies that hold the plan back, with the place where each does so most."""
    held = sorted((rule for rule in policies(answer) if rule.worth > 0), key=lambda rule: -rule.worth)
    held = [rule for rule in held if rule.part.name not in ("requirement_is_met", "weakest_link_counts")]
    return table(
        ["policy", "risk falls by at most, if it gives way by 1 %", "most of all for"],
        [[rule.name, percent(rule.worth, 2), rule.where] for rule in held[:most]],
    )


def programmes(answer: Plan) -> str:
    """What was decided on each joint programme, and what the other decision would bring."""
    rows = [
        [
            row["programme"],
            row["decision"],
            *(_or_none(row[when]) for when in ("when_open", "when_closed")),
            billions(row["development"]),
            f"{row['units']:.1f} ({row['unit']})",
        ]
        for row in answer.table("programmes").to_dict("records")
    ]
    return table(
        ["programme", "the plan", "risk, if opened", "risk, if closed", "development, USD billion", "units, if opened"],
        rows,
    )


def _or_none(value: float) -> str:
    return f"{value:.4f}" if value == value else "no such plan"


# --- text ----------------------------------------------------------------------------------------------------------


def percent(value: float | None, decimals: int = 0) -> str:
    """0.256 as ``26 %``; nothing as a dash."""
    return "–" if value is None else f"{100 * value:.{decimals}f} %"


def risk(answer: Plan, decimals: int = 3) -> str:
    """A plan's risk as the pages tell it."""
    return f"{answer.measures['risk']:.{decimals}f}"


def billions(millions: float) -> str:
    """Money in billions: one decimal below a hundred."""
    value = millions / 1000
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def summary(answer: Plan, who: str) -> str:
    """One sentence on the plan as a whole: its risk, and what all of them spend of what they offer."""
    spent, offered = answer.measures["cost"], answer.table("burdens").offered.sum()
    return f"Risk is {risk(answer)}. {who} spend {billions(spent)} of the {billions(offered)} billion they offer over ten years."


def table(headings: Iterable[object], rows: Iterable[Row]) -> str:
    """A table in Markdown."""
    lines = [list(headings), *rows]
    body = ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
    return "\n".join([body[0], "|" + "---|" * len(lines[0]), *body[1:]])


_BLOCK = re.compile(r"(<!-- figures: (?P<name>[\w -]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str, blocks: Mapping[str, str]) -> str:
    """The page with every block of figures written anew. Raises ValueError where page and blocks do not fit."""
    there = [match["name"] for match in _BLOCK.finditer(page)]
    if sorted(there) != sorted(blocks):
        raise ValueError(f"the page has the blocks {there}, the story {list(blocks)}")
    return _BLOCK.sub(lambda match: match[1] + blocks[match["name"]] + "\n" + match[3], page)


def page(name: str) -> Path:
    """The page of a scenario."""
    return PAGES / f"{name}.md"


def purchases(answer: Plan) -> str:
    """What each member orders for most money."""
    rows = [
        [member, "; ".join(f"{name}: {units:.1f} for {billions(price)}" for name, units, price in most)]
        for member, most in bought(answer, 5).items()
    ]
    return table(["member", "orders for most money (units, USD billion)"], rows)
