"""The page that compares the scenarios: what each rule-book makes easy and what it makes hard."""

from __future__ import annotations

from functools import cache

from inputs.stories.common import billions, coverage, percent, plan, risk, scenario, table, without
from inputs.stories.words import EASY, HARD, TITLES
from model.questions.burden.inequality import gini
from model.report.rules import policies
from model.solve.plan import Plan

RULES = {
    "money": ("budget_is_respected",),
    "industry": ("industry_keeps_up",),
    "caveats": ("caveat_is_respected",),
    "largest share and challenge": ("share_is_limited", "challenge_is_reasonable"),
    "consensus": ("consensus_holds",),
    "pledges": ("pledge_is_kept", "pledge_is_not_exceeded"),
    "partners' limits": ("partner_money_suffices", "loan_is_limited", "members_bear_their_part"),
}
"""What can be lifted, by the word for it."""

NAMES = tuple(TITLES)


def page() -> str:
    """The whole page."""
    return "\n\n".join(
        [
            "# The alliances side by side",
            "Made by `python inputs/tell.py` from the workbooks in `inputs/`; figures are not to be edited here. "
            "Every scenario is illustrative: what is assumed is said in its `Sources` sheet.",
            "## Who they are and by which rules they work",
            rules(),
            "## What their plans reach",
            plans(),
            "## Who bears what",
            shares(),
            "## What each rule costs",
            "Risk, as a part of its value, that would go if a rule were lifted as a whole, all else equal. "
            "A dash: the scenario has no such rule, or it says nothing there.",
            lifted(),
            "## Coverage by task, worst first",
            tasks(),
            "## What each rule-book makes easy, and what hard",
            easy_and_hard(),
        ]
    ) + "\n"  # fmt: skip


def rules() -> str:
    """Size and rules of each."""
    rows = []
    for name in NAMES:
        s = scenario(name)
        settings = s.settings
        rows.append(
            [
                _link(name),
                len(s.sets["member"]),
                len(s.sets["capability"]),
                len(s.sets["task"]),
                settings["voice"],
                settings["burden_key"],
                percent(min(s.values["capability_max_share"].values())),
                f"{settings['challenge']:g}" if settings["challenge"] else "–",
                "yes" if settings["consensus"] else "–",
                len(s.values["max_fraction"]),
                len(s.values["still_counts"]) or "–",
                len(s.values["common_holding"]) or "–",
                len(s.sets["programme"]) or "–",
                len(s.sets["partner"]) or "–",
            ]
        )
    headings = [
        "", "members", "capabilities", "tasks", "voice", "fair share by",
        "least `max_share`", "challenge", "consensus", "caveats", "opt-outs", "kinds owned together", "programmes", "partners",
    ]  # fmt: skip
    return table(headings, rows)


def plans() -> str:
    """What each plan reaches and what holds it back."""
    rows = []
    for name in NAMES:
        answer = plan(name)
        offered = answer.table("burdens").offered.sum()
        rows.append(
            [
                _link(name),
                risk(answer),
                f"{answer.measures['worst_perceived_risk']:.3f}",
                billions(answer.measures["cost"]),
                percent(answer.measures["cost"] / offered),
                percent(answer.measures["dependence"]),
                _holds_back(answer),
            ]
        )
    headings = [
        "", "risk", "risk as seen by who sees most", "spent, USD billion", "of what is offered",
        "largest part of one member", "held back most by",
    ]  # fmt: skip
    return table(headings, rows)


def _holds_back(answer: Plan) -> str:
    rules = [rule for rule in policies(answer) if rule.part.name not in ("requirement_is_met", "weakest_link_counts")]
    named = sorted((rule for rule in rules if rule.worth > 0), key=lambda rule: -rule.worth)[:2]
    return "; ".join(rule.name.lower() for rule in named)


def shares() -> str:
    """Who bears most against what would be fair, and how uneven burdens are."""
    rows = []
    for name in NAMES:
        answer = plan(name)
        burdens = answer.table("burdens").to_dict("records")
        over = max(burdens, key=lambda row: row["share"] - row["fair_share"])
        under = min(burdens, key=lambda row: row["share"] - row["fair_share"])
        borne = {row["member"]: row["burden"] for row in burdens}
        gdp = {m: answer.scenario.values["gdp"][m] for m in borne}
        rows.append(
            [
                _link(name),
                _against(over),
                _against(under),
                f"{gini(borne):.2f}",
                f"{gini(gdp):.2f}",
                percent(answer.measures["unfairness"] / answer.measures["cost"]),
            ]
        )
    headings = ["", "bears most above its fair share", "least", "Gini of burdens", "Gini of GDP", "would have to change hands"]  # fmt: skip
    return table(headings, rows)


def _against(row: dict[str, float]) -> str:
    return f"{row['member']}: {percent(row['share'])} (fair {percent(row['fair_share'])})"


@cache
def without_rule(name: str, word: str) -> float | None:
    """Risk without a rule as a part of risk with it; None where the scenario has no such rule."""
    answer = plan(name)
    stated = {**answer.lp.rows, **answer.lp.bound_blocks}
    there = [rule for rule in RULES[word] if rule in stated and stated[rule].keys]
    if not there or (word == "consensus" and not scenario(name).settings["consensus"]):
        return None
    free = without(name, *there)
    return free.measures["risk"] / answer.measures["risk"]


def lifted() -> str:
    """What lifting each rule would do to risk."""
    rows = []
    for name in NAMES:
        left = [without_rule(name, word) for word in RULES]
        rows.append([_link(name), *("–" if part is None else percent(max(0.0, 1 - part)) for part in left)])
    return table(["risk falls by, without", *RULES], rows)


def tasks() -> str:
    """The least covered tasks of each, first and last period."""
    rows = []
    for name in NAMES:
        values, periods = coverage(plan(name)), scenario(name).periods
        means = {
            task: sum(values[task, year] for year in periods if (task, year) in values)
            / sum((task, year) in values for year in periods)
            for task in scenario(name).sets["task"]
        }
        for task in sorted(means, key=lambda task: means[task])[:3]:
            ends = [percent(values.get((task, year))) for year in (periods[0], periods[-1])]
            rows.append([_link(name), task, percent(means[task]), *ends])
    return table(["", "task", "mean coverage", "first period", "last period"], rows)


def easy_and_hard() -> str:
    """The same in words."""
    return table(["", "easy", "hard"], [[_link(name), EASY[name], HARD[name]] for name in NAMES])


def _link(name: str) -> str:
    target = "../scenarios.md" if name == "nato_2035" else f"{name}.md"
    return f"[{TITLES[name]}]({target})"
