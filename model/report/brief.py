"""The plan in the words of a staff brief: the `Summary` sheet, and what the command line prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from model.language.faults import UsageError
from model.language.registry import PARTS
from model.layers import asked
from model.report.buying import fall_said, how_found, next_money, round_amount_said
from model.report.causes import pricing_stage
from model.report.figures import (
    coverage_by_year,
    largest_dependence,
    part_offered,
    plain_alliance_coverage,
    policies,
    unspent,
    worth_of_room,
)
from model.report.pages import Grid, Item, Page, Paragraph, heading, rows
from model.report.reasons import LABELS, Explainer, Shortage
from model.report.shortfalls import coverage_chart
from model.report.unspent import unspent_because
from model.solve.diagnose import PROVED
from model.solve.nearby import Nearby
from model.solve.own_rules import not_certified
from model.solve.plan import Plan
from model.solve.ties import RULE
from model.wording import words
from model.workbook.write.excel_writer import Header, Marked

_WORST = 5
_SAID = 0.02
"""Reasons that explain less than this part of a gap stay out of the brief (the sheet Shortfalls has them)."""


def summary(plan: Plan, explainer: Explainer | None = None) -> Page:
    """The Summary. Raises UsageError where there is no plan."""
    if not plan.found:
        raise UsageError(f"There is no plan to report. {no_plan_text(plan)}")
    explainer = explainer or Explainer(plan)
    title = str(plan.scenario.settings["title"] or plan.scenario.name)
    items: list[Item] = [
        *_headline(plan, explainer),
        measures(plan),
        coverage_chart(plan),
        *_of_layers(plan, "coverage"),
        *_worst(explainer),
        *_burden(plan),
        *_of_layers(plan, "burden"),
        *_next_money(plan, explainer.near),
        *_binding(plan),
        *_dependence(plan),
        *_of_layers(plan, "dependence"),
        *_standing(plan),
    ]
    return Page("Summary", title, "Who provides what, what it costs, what stays short and why.", tuple(items))


def _of_layers(plan: Plan, beside: str) -> list[Item]:
    """What the layers say of the plan beside one of the Summary's own sections."""
    return [item for items in asked("sheet", "brief", plan, BESIDE=beside) for item in items]


def plain_text(plan: Plan, explainer: Explainer | None = None) -> str:
    """The brief as the command line prints it; without a plan, why there is none."""
    return as_text(summary(plan, explainer)) if plan.found else no_plan_text(plan)


def no_plan(plan: Plan) -> str:
    """Why there is no plan, in a sentence: that none can be is said only where that was shown."""
    if plan.status == "infeasible":
        return "No plan satisfies these policies."
    return plan.message or f"There is no plan: the solver ended with {plan.status}."


def no_plan_text(plan: Plan) -> str:
    """Why there is no plan, in sentences: what clashes and what would help."""
    said = [plan.message or "There is no plan."]
    if plan.diagnosis is not None:
        said = ["No plan satisfies all policies."]
        said += [
            "These cannot hold together:",
            *(f"  - {c.says}{f' ({c.where})' if c.where else ''}" for c in plan.diagnosis.conflict),
        ]
        said += [
            "Ways out, the smallest change first:",
            *(f"  - {'; '.join(way.says)}" for way in plan.diagnosis.ways_out),
            PROVED,
        ]
    return "\n".join([*said, *filter(None, [not_certified(plan.uncertified_rules)])])


def as_text(page: Page) -> str:
    """A page without its charts as text of about a hundred columns."""
    lines = [page.title, "=" * min(100, len(page.title))]
    for item in page.items:
        if isinstance(item, Paragraph):
            lines += {"heading": ["", item.text.upper()], "strong": ["", item.text], "point": [f"  - {item.text}"]}.get(
                item.kind, [item.text]
            )
        elif isinstance(item, Grid):
            lines += ["", *_as_lines(item)]
    return "\n".join(lines) + "\n"


def _as_lines(grid: Grid) -> list[str]:
    cells = [
        [header.text for header in grid.headers],
        *([_shown(value, h.style) for value, h in zip(row, grid.headers, strict=True)] for row in grid.rows),
    ]
    widths = [max(len(row[at]) for row in cells) for at in range(len(grid.headers))]
    left = [at for at, header in enumerate(grid.headers) if header.style in ("text", "wrap")]
    return [
        "  "
        + "  ".join(
            c.ljust(w) if at in left else c.rjust(w) for at, (c, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def _shown(cell: object, style: str) -> str:
    value = cell
    if isinstance(cell, Marked):
        value, style = cell.value, cell.style
    if isinstance(value, float):
        return (
            words.percent(value, {"share": 1, "fine_share": 3}[style]) if "share" in style else words.number(value, 4)
        )
    return "" if value is None else str(value)


def _headline(plan: Plan, explainer: Explainer) -> list[Item]:
    d, risk = plan.data, plan.measures["risk"]
    horizon = f"{d.sets['period'][0]}–{d.sets['period'][-1] + d.step - 1}"
    said = (
        f"The plan covers {words.percent(1 - risk)} of what the tasks require in {horizon}: risk is "
        f"{words.percent(risk)}. Risk grades by severity, so that the "
        "first missing units of a requirement count less than the last; with every missing unit alike, "
        f"{words.percent(plain_alliance_coverage(plan))} is covered."
    )
    return [Paragraph(f"{said}{_course(plan)}"), Paragraph(f"{_cost(plan, explainer)} {certificate_sentence(plan)}")]


def _course(plan: Plan) -> str:
    """How coverage moves from the first period to the last, and its low point between them."""
    covered, step = coverage_by_year(plan), plan.data.step
    if len(covered) < 2:
        return ""
    first, last, low = min(covered), max(covered), min(covered, key=lambda t: covered[t])
    change = covered[last] - covered[first]
    start, end = words.percents_apart(covered[first], covered[last])
    if start == end or abs(change) <= 5e-4:
        said = f" Graded coverage is about {start} in {words.period(first, step)} and in {words.period(last, step)}"
    else:
        verb = "rises" if change > 0 else "falls"
        said = f" Graded coverage {verb} from {start} in {words.period(first, step)} to {end} in {words.period(last, step)}"
    if covered[low] < min(covered[first], covered[last]) - 5e-4:
        least = words.percents_apart(covered[low], min(covered[first], covered[last]))[0]
        said += f", with its low of {least} in {words.period(low, step)}"
    return f"{said}."


def _cost(plan: Plan, explainer: Explainer) -> str:
    currency, spent = words.currency_of(plan.scenario), part_offered(plan)
    part = spent[0] / spent[1] if spent[1] else 0.0
    said = (
        f"It costs {words.money(spent[0], currency)} (discounted), {words.percent(part)} of the "
        f"{words.money(spent[1], currency)} that members offer."
    )
    left = unspent(plan)
    total = sum(left.values())
    if total <= 0.01 * spent[1] or plan.stages[0].measure != "risk":
        return said
    by_year, by_member = _summed(left, 1), _summed(left, 0)
    years = sorted(by_year, key=lambda year: -by_year[year])
    when = words.periods([year for year in years if by_year[year] >= 0.2 * total] or years[:1], plan.data.step)
    most = sorted(by_member, key=lambda m: -by_member[m])[:3]
    why = unspent_because(plan, explainer.causes, left)
    return (
        f"{said} What is left unspent, mostly in {when} and by {words.joined(most)}, would not lower risk under these "
        f"policies{f': {why}' if why else ''}."
    )


def _summed(left: dict[tuple[str, int], float], at: Literal[0, 1]) -> dict[Any, float]:
    found: dict[Any, float] = {}
    for key, value in left.items():
        found[key[at]] = found.get(key[at], 0.0) + value
    return found


def certificate_sentence(plan: Plan) -> str:
    """What the certificate proves, in a sentence."""
    gap = max((c.gap for c in plan.certificates), default=0.0)
    order = words.joined(stage.measure.replace("_", " ") for stage in plan.stages)
    many = " in this order" if len(plan.stages) > 1 else ""
    near = f", to within {gap:.0e} of its value" if gap > 1e-15 else ""
    return (
        f"No plan within these policies{_under_a_choice(plan)} does better on {order}{many}: "
        f"this is proved by a certificate computed from the scenario's own figures{near}."
        f"{_not_certified(plan)}"
    )


def _not_certified(plan: Plan) -> str:
    """What the certificate takes as it was stated, where it does."""
    said = not_certified(plan.uncertified_rules)
    return f" {said}" if said else ""


def _under_a_choice(plan: Plan) -> str:
    """Where joint programmes were chosen, the certificate is of the plan under that choice."""
    return " and with these joint programmes" if plan.programmes and plan.programmes.free else ""


def measures(plan: Plan) -> Grid:
    """Every measure with its unit, as stated in the formulation."""
    currency = words.currency_of(plan.scenario)
    aims = [stage.measure for stage in plan.stages]
    records = [
        (name.replace("_", " "), value, currency if PARTS[name].unit == "money" else PARTS[name].unit,
         f"objective no. {aims.index(name) + 1}" if name in aims else "", PARTS[name].says)
        for name, value in sorted(plan.measures.items(), key=lambda pair: aims.index(pair[0]) if pair[0] in aims else len(aims))
    ]  # fmt: skip
    headers = (
        Header("Measure", style="text", width=34),
        Header("Value", "unit beside it", "number", width=14),
        Header("Unit", style="text", width=15),
        Header("Objective", style="text", width=19),
        Header("Meaning", style="wrap"),
    )
    return Grid(
        "measures", "The plan in figures", headers, rows([(n, _figure(v, u), u, a, s) for n, v, u, a, s in records])
    )


def _figure(value: float, unit: str) -> Marked:
    """Money whole, fractions with four decimals, as shown; the cell holds the exact value."""
    return Marked(value, "four_decimals" if unit == "fraction of 1" else "money")


def _worst(explainer: Explainer) -> list[Item]:
    found = explainer.by_requirement
    if not found:
        return [heading("Shortfalls"), Paragraph("Nothing is short: every requirement is met in every period.")]
    plan, top = explainer.plan, found[:_WORST]
    risk = plan.measures["risk"]
    total = sum(s.risk_part for s in top) / risk if risk else 0.0
    many = words.count(len(found), "requirement")
    intro = f"{many} (one capability for one task) {'is' if len(found) == 1 else 'are'} short in at least one period. "
    intro += (
        f"The worst {len(top)} make {words.percent(total)} of all risk:" if len(found) > 1 else "It makes all the risk:"
    )
    parts = [f"{LABELS[kind].lower()} {words.percent(part)}" for kind, part in explainer.whole.items() if part >= 0.005]
    cause = f"What keeps all shortfalls together from closing, weighted by risk: {words.joined(parts)}."
    items: list[Item] = [
        heading("The worst shortfalls and why they persist"),
        Paragraph(cause),
        Paragraph(words.capital(intro)),
    ]
    for rank, shortage in enumerate(top, start=1):
        items += _shortage(plan, rank, shortage)
    note = (
        "How to read the percentages: money gets what would no longer be missing if members offered as much as it takes (solved "
        "again, no shortfall made worse); what then stays missing is asked of every member by its fair share and followed back "
        "to the limit that withholds it, money being no object. "
        "Interoperability overlaps the others: better interchangeability has to be paid for, too."
    )
    return [*items, Paragraph(note, "quiet")]


def _shortage(plan: Plan, rank: int, shortage: Shortage) -> list[Item]:
    risk = plan.measures["risk"]
    years = words.periods(shortage.years, plan.data.step)
    head = f"{rank}. {shortage.capability} for {shortage.task}: {words.percent(shortage.coverage)} covered in {years}"
    head += f" ({words.percent(shortage.risk_part / risk)} of all risk)." if risk else "."
    points = [f"{r.label} ({words.percent(r.part)} of the gap): {r.says}." for r in shortage.reasons if r.part >= _SAID]
    if shortage.note:
        points.insert(0, f"{shortage.note}.")
    return [Paragraph(head, "strong"), *(Paragraph(point, "point") for point in points)]


def _burden(plan: Plan) -> list[Item]:
    d, currency = plan.data, words.currency_of(plan.scenario)
    table = plan.records("burdens").by("member")
    over = {m: table[m]["burden"] - table[m]["fair_burden"] for m in plan.scenario.sets["member"]}
    floor = 5e-4 * plan.measures["cost"]
    named = sorted((m for m in over if abs(over[m]) > floor), key=lambda m: -abs(over[m]))
    key = str(d.settings["burden_key"])
    key = "GDP" if key == "gdp" else key
    cost, moved = plan.measures["cost"], plan.measures["unfairness"]
    part = words.percent(moved / cost if cost else 0.0)
    lies = f"{words.money(moved, currency)} ({part} of the cost) lies with other members"
    imbalance = f"Burden imbalance: {lies} than the key ({key}) implies."
    items: list[Item] = [heading("Who bears what against the key"), Paragraph(imbalance)]
    for sign, verb in ((1, "More than the fair share"), (-1, "Less than the fair share")):
        some = [m for m in named if sign * over[m] > 0][:4]
        if some:
            items.append(
                Paragraph(f"{verb}: {'; '.join(_carries(plan, m, table[m], over[m]) for m in some)}.", "point")
            )
    items.append(
        Paragraph(
            "The burden is what a member spends under the plan; it cannot exceed what the member offers, so a "
            "small offer shows as a small burden.",
            "quiet",
        )
    )
    return items


def _carries(plan: Plan, member: str, row: Mapping[str, Any], over: float) -> str:
    """What a member carries and what would be its fair share, in figures that differ as they do."""
    share, fair = words.percents_apart(row["share"], plan.data.fair_share[member])
    amount = words.money(abs(over), words.currency_of(plan.scenario))
    return f"{member} carries {share}; its fair share is {fair} ({amount} {'more' if over > 0 else 'less'})"


def _next_money(plan: Plan, near: Nearby) -> list[Item]:
    d = plan.data
    best = next_money(plan, near, _WORST)
    name, one = pricing_stage(plan).measure.replace("_", " "), round_amount_said(plan)
    title = heading(f"What the next {one} would buy, and where")
    if not best:
        return [title, Paragraph(f"Nothing: more money would not lower {name} under these policies.")]
    items: list[Item] = [title]
    for offer in best:
        bought = f" It would go into {offer.said}." if offer.said else ""
        said = (
            f"{one} more from {offer.member} in {words.period(offer.year, d.step)} would lower {name} by "
            f"{words.percent(offer.part)} of its value{fall_said(plan, offer.gain)}.{bought}"
        )
        items.append(Paragraph(said, "point"))
    return [*items, Paragraph(how_found(plan), "quiet")]


def _binding(plan: Plan) -> list[Item]:
    worth = {rule: worth_of_room(plan, rule) for rule in policies(plan)}
    value = pricing_stage(plan).value
    found = sorted(((sum(by.values()), len(by), rule) for rule, by in worth.items() if by), reverse=True)
    records = [
        (words.capital(rule.replace("_", " ")), many, total / value if value else 0.0, plan.parts[rule].says)
        for total, many, rule in found
    ]
    name = pricing_stage(plan).measure.replace("_", " ")
    headers = (
        Header("Policy", style="text", width=34),
        Header("Places where it binds", "number", "whole", width=14),
        Header(f"Fall in {name} with 1 % more room, at most", f"% of {name}", "fine_share", width=15),
        Header("Meaning", style="wrap"),
    )
    says = (
        "A policy binds where a little more room would help. The fall comes from prices, which hold for small changes: one per "
        "cent more room in every limit of the policy lowers it by no more than this."
    )
    return [heading("Binding constraints"), Grid("binding", "", headers, rows(records), says)]


def _dependence(plan: Plan) -> list[Item]:
    d, items = plan.data, [heading("Dependence and how members see it")]
    found: list[Item] = [*items]
    largest = largest_dependence(plan)
    if largest:
        (member, task, capability, year), part = largest
        found.append(Paragraph(
            "The largest part of any requirement (weakest links apart) resting on one member is "
            f"{words.percent(part)}: {member}, {capability} for {task} "
            f"in {words.period(year, d.step)}.", "point"))  # fmt: skip
    seen = dict(plan.records("perceptions").pick("member", "value"))
    order = sorted(plan.scenario.sets["member"], key=lambda m: -seen[m])
    if len(order) > 1:
        found.append(Paragraph(_perceived(seen, order), "point"))
    return found


def _perceived(seen: Mapping[str, float], order: Sequence[str]) -> str:
    most, least = words.percents_apart(seen[order[0]], seen[order[-1]])
    if most == least:
        return f"By their own priorities all members see the same risk ({most})."
    return f"Perceived risk is highest for {order[0]} ({most}) and lowest for {order[-1]} ({least}), by their own priorities."


def _standing(plan: Plan) -> list[Item]:
    off = f" Switched off: {words.joined(sorted(plan.lp.off))}." if plan.lp.off else ""
    many = sum(default.cells for default in plan.scenario.defaults)
    said = (
        f"{words.capital(words.count(many, 'cell'))} of the workbook {'was' if many == 1 else 'were'} blank "
        f"and took a default (sheet Defaults applied).{off}"
    )
    items: list[Item] = [heading("How this plan stands"), Paragraph(said)]
    if cases := plan.scenario.sets.get("case", ()):
        named = words.count(len(cases), "case")
        items.append(
            Paragraph(
                f"This plan is for the workbook as it stands. It also names {named} that may come ({words.joined(cases, 4)}); "
                "`alliance cases` gives one plan for all of them."
            )
        )
    if plan.ties_broken:
        items.append(Paragraph(f"Several plans were equally good. {RULE}"))
    return items
