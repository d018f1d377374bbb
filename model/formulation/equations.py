"""The printed book: every registered part in words, equation, unit and source, as Markdown; nothing in it is typed twice."""

from __future__ import annotations

from collections.abc import Iterable

from model.formulation import build  # noqa: F401  registers every part
from model.language.columns import DIMENSIONS
from model.language.outside import OwnRules
from model.language.registry import Kind, Part, in_force, parts

TOPICS = {
    "variables": "Decisions",
    "holdings": "Holdings, interoperability and pledges",
    "common_funding": "Common funding",
    "programmes": "Joint programmes",
    "spending": "Spending, burdens and budgets",
    "contributions": "Forces and contributions",
    "requirements": "Requirements, shortfalls and risk",
    "consensus": "What members have to agree to",
    "threats": "Risk by type of threat",
    "partners": "Partners from outside",
    "industry": "Industry and jobs",
    "technology": "Technology",
    "parameters": "Data the rules use",
}
"""The files of the formulation, and what each is about, in the order of the book."""

_KINDS: dict[Kind, str] = {
    "variable": "decision",
    "quantity": "quantity: a named sum",
    "constraint": "identity: true of any plan",
    "bound": "identity: true of any plan",
    "measure": "measure: objective, ceiling and KPI",
    "parameter": "figure derived from the workbook",
}


def book(own: OwnRules | None = None) -> str:
    """The whole formulation as Markdown, with rules from outside where there are any."""
    own = own or OwnRules()
    lines = [
        "# The formulation",
        "",
        "Printed by `alliance equations` from the registered rules themselves. *Policies* are decided by somebody: each can be",
        "switched off (`--off NAME`), relaxed, priced and blamed. *Identities* are true of any plan.",
        "",
        *_index_letters(),
        "",
        *_contents(own),
    ]
    for topic, title in TOPICS.items():
        lines += ["", f"## {title}", ""]
        for part in printed():
            if part.topic == topic:
                lines += _entry(part)
    if own:
        lines += ["", f"## Rules of {own.file or 'your own'}", ""]
        lines += [line for part in own for line in _entry(part)]
    return "\n".join(lines).rstrip() + "\n"


def printed() -> list[Part]:
    """Every part that is told: all but figures that only serve others."""
    return parts(*_KINDS)


def _index_letters() -> list[str]:
    named = [f"*{letter}* {name}" for name, letter in DIMENSIONS.items() if letter]
    return [
        "Indices: "
        + ", ".join(named)
        + ". Money is in millions of the scenario's currency; a period is named by its first year."
    ]


def _contents(own: OwnRules) -> Iterable[str]:
    yield "| rule | kind | says |"
    yield "|---|---|---|"
    for part in parts("constraint", "bound", "measure", among=in_force(own)):
        yield f"| [`{part.name}`](#{part.name}) | {kind_of(part).partition(':')[0]} | {part.says} |"


def kind_of(part: Part) -> str:
    """What a part is, in words: a decision, a policy, an identity …"""
    return "policy: somebody decided it" if part.may_bend else _KINDS[part.kind]


def typed_into(part: Part) -> str:
    """Where in the workbook a policy's limit is typed, in words; "" where it follows from several figures."""
    return " and ".join(
        f"{column} on {sheet}" for sheet, _, column in (cell.partition(".") for cell in part.cells or ())
    )


def _entry(part: Part) -> list[str]:
    index = f"[{', '.join(part.index)}]" if part.index else ""
    lines = [
        f"### {part.name}",
        "",
        f"`{part.name}{index}` — {kind_of(part)}; unit: {part.unit}" + _symbol(part) + ".",
        "",
        part.says,
    ]
    if part.equation:
        lines += ["", "$$", part.equation, "$$"]
    if part.remark:
        lines += ["", part.remark]
    if part.supports:
        lines += ["", f"Used for: {', '.join(f'`{name}`' for name in part.supports)}."]
    if where := typed_into(part):
        lines += ["", f"Typed into: {where}."]
    if part.source:
        lines += ["", f"Source: {part.source}."]
    if part.own and part.kind == "constraint" and part.second_reading is None:
        lines += ["", "Not certified: it has no second reading."]
    return [*lines, ""]


def _symbol(part: Part) -> str:
    return f"; symbol ${part.symbol}$" if part.symbol else ""
