"""What each member gets for its burden, what it gives in kind, and what is missing to guidelines: tables of the Burden sheet."""

from __future__ import annotations

from model.report.bearing import per_head_unit
from model.report.pages import Chart, Grid, Scale, rows
from model.solve import burdens
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header


def benefit_chart() -> Chart:
    """Each member's share of the burden beside its share of the benefit."""
    return Chart(
        "Share of the burden against share of the benefit",
        "column",
        "benefit",
        (1, 6),
        "Member",
        "Part of the whole (%)",
        y_format="0%",
        size=(900, 420),
    )


def benefit_table(plan: Plan) -> Grid:
    """One row a member: its burden as a share, of its GDP and per head; the risk the plan removes for it; and the gap."""
    borne, gains = burdens.burden(plan), burdens.benefits(plan)
    gdp, heads, total = burdens.gdp_over_horizon(plan.data), burdens.per_head(plan.data, borne), sum(borne.values())
    headers = (
        Header("Member", style="text"),
        Header("Share of the cost", "%", "share_two"),
        Header("Burden of GDP", "%", "share_two"),
        Header("Burden per head and year", per_head_unit(plan), "two_decimals", width=14),
        Header("Risk it perceives", "%", "share_two", width=12),
        Header("Risk removed", "%", "share_two", width=12),
        Header("Share of the benefit", "%", "share_two", width=12),
        Header("Share of the cost less share of the benefit", "%", "share_two", width=18),
    )
    records = []
    for m in plan.scenario.sets["member"]:
        gain, part = gains[m], borne[m] / total if total > 0 else 0.0
        share = gain.share if gain.share == gain.share else None
        over = borne[m] / gdp[m] if gdp[m] > 0 else None
        records.append(
            (m, part, over, heads[m], gain.perceived, gain.removed, share, None if share is None else part - share)
        )
    says = (
        "Risk removed: the part of all that matters to the member, by its own priorities, that is covered. Its share of the "
        "benefit: of what is "
        "removed for all members, each by what it has at stake."
    )
    return Grid("benefit", "Burden and benefit", headers, rows(records), says, (Scale((7,), "diverging"),))


def in_kind_table(plan: Plan) -> Grid:
    """A row a member, a column a capability: its part of the effective units that all contribute."""
    s = plan.scenario
    given = {(m, c): part for m, c, _, part, _ in burdens.in_kind(plan)}
    shown = [c for c in s.sets["capability"] if any((m, c) in given for m in s.sets["member"])]
    headers = (
        Header("Member", style="text"),
        *(Header(c, "%", "share", upright=len(shown) > 8, width=9 if len(shown) > 8 else None) for c in shown),
    )
    records = [(m, *(given.get((m, c)) for c in shown)) for m in s.sets["member"]]
    scales = (Scale(tuple(range(1, len(headers))), low=0.0, high=1.0),) if shown else ()
    says = "Each member's part of the effective units that all contribute, summed over tasks, mean over periods."
    return Grid("in kind", "Burden in kind, by capability", headers, rows(records), says, scales)


def guidelines_table(plan: Plan) -> Grid:
    """Money a year missing to each guideline by the first year of each period: all that fall short, then each of them."""
    found: dict[str, dict[str, dict[int, float]]] = {}
    for gap in burdens.guideline_gaps(plan):
        found.setdefault(gap.guideline, {}).setdefault(gap.member, {})[gap.year] = max(0.0, gap.missing)
    years, unit = plan.scenario.periods, words.currency_of(plan.scenario)
    headers = (
        Header("Guideline", style="text"),
        Header("Member", style="text"),
        *(Header(str(year), f"{unit} a year", "money") for year in years),
    )
    records: list[tuple[object, ...]] = []
    for guideline, members in found.items():
        short = {m: by for m, by in members.items() if any(value > _NOTHING for value in by.values())}
        who = f"All {words.count(len(short), 'member')} that fall short" if len(short) > 1 else "All that fall short"
        asked = {year for by in members.values() for year in by}
        whole = (sum(by.get(year, 0.0) for by in short.values()) if year in asked else None for year in years)
        records.append((guideline, who, *whole))
        ranked = sorted(short, key=lambda m: (-sum(short[m].values()), m))
        records += [(guideline, m, *(short[m].get(year) for year in years)) for m in ranked]
    says = (
        "Defence spending as the workbook plans it against 2 % and 3.5 % of GDP; acquisition and upgrades of the plan against "
        "20 % of what it spends, as a mean over the years of the period; blank where nothing it can order would arrive within the plan."
    )
    return Grid("guidelines", "Missing to guidelines", headers, rows(records), says)


_NOTHING = 1e-6
"""Money a year that is none."""
