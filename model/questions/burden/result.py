"""Who bears what and who gains what under a plan, against every burden key, and what the tests of the literature say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.language.cached import cached_property
from model.language.faults import SolverError
from model.language.shown import Shown
from model.layers.burden_keys.keys import fair_shares, fold, key_names, lacks, side_by_side
from model.questions.answer import QuestionResult
from model.questions.burden.exploitation import RATIO_WARNING, Finding, exploitation_tests
from model.questions.burden.inequality import gini, herfindahl, kakwani, lorenz_points, shares, theil
from model.solve import burdens as figures
from model.solve.plan import Plan
from model.wording.amounts import currency_of, listed, money, number

if TYPE_CHECKING:
    from model.report.pages import Chart

Amounts = Mapping[str, float]


@dataclass(frozen=True)
class Effort(Shown):
    """One way to look at what members bear: its name, money by member, GDP on the same footing, and inhabitants."""

    name: str
    borne: Amounts
    gdp: Amounts
    people: Amounts | None
    benefit: Amounts | None


@dataclass(frozen=True, eq=False)
class Burdens(QuestionResult):
    """Burdens and benefits of one plan. ``before``: another plan to compare with; ``alone``: risks alone, where asked for."""

    plan: Plan
    before: Plan | None = None
    alone: Mapping[str, float] | None = None

    @property
    def members(self) -> tuple[str, ...]:
        return self.plan.scenario.sets["member"]

    @cached_property
    def borne(self) -> Amounts:
        """Discounted spending by member."""
        return figures.burden(self.plan)

    @cached_property
    def benefits(self) -> dict[str, figures.Benefit]:
        """What the plan does for each member."""
        return figures.benefits(self.plan, self.alone)

    @cached_property
    def keys(self) -> dict[str, Amounts]:
        """Shares under every key the workbook has figures for; the scenario's own first."""
        given = str(self.plan.scenario.settings["burden_key"])
        return {given: fair_shares(self.plan.scenario, given), **side_by_side(self.plan.scenario)}

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a member: burden in money, of GDP and per head; fair share; benefit; and the gap between the two."""
        d, part, fair = self.plan.data, shares(self.borne), self.plan.data.fair_share
        gdp, heads = figures.gdp_over_horizon(d), figures.per_head(d, self.borne)
        before = {} if self.before is None else figures.burden(self.before)
        rows = []
        for m in self.members:
            gain = self.benefits[m]
            rows.append(
                (
                    m, before.get(m), self.borne[m], part[m], self.borne[m] / gdp[m] if gdp[m] > 0 else None, heads[m], fair[m],
                    part[m] / fair[m] if fair[m] > 0 else None, gain.perceived, gain.removed, gain.alone, gain.beyond_alone,
                    gain.share, part[m] - gain.share, self.money,
                )
            )  # fmt: skip
        columns = [
            "member", "burden_before", "burden", "share_of_burden", "burden_of_gdp", "burden_per_head_and_year", "fair_share",
            "burden_over_fair_share", "perceived_risk", "risk_removed", "risk_alone", "removed_beyond_alone", "share_of_benefit",
            "burden_less_benefit", "unit",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @property
    def money(self) -> str:
        """How amounts in tables are to be read."""
        return f"{currency_of(self.plan.scenario)}, discounted over the horizon; shares and risks: fraction of 1"

    @cached_property
    def by_key(self) -> pd.DataFrame:
        """One row a member: its share of the burden and under every key, as fractions of 1."""
        part = shares(self.borne)
        rows = [(m, part[m], *(key[m] for key in self.keys.values()), "fraction of 1") for m in self.members]
        return pd.DataFrame(rows, columns=["member", "share_of_burden", *self.keys, "unit"])

    @cached_property
    def ratios(self) -> pd.DataFrame:
        """Observed over expected: a member's share of the burden as a multiple of its share under every key."""
        part = shares(self.borne)
        rows = [
            (m, *(part[m] / key[m] if key[m] > 0 else None for key in self.keys.values()), "times")
            for m in self.members
        ]
        return pd.DataFrame(rows, columns=["member", *self.keys, "unit"])

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Every key step by step: after each, every member's share."""
        s = self.plan.scenario
        rows = [
            (key, step.place, step.says, m, step.shares[m], "fraction of 1")
            for key in self.keys
            for step in fold(s, key)
            for m in self.members
        ]
        return pd.DataFrame(rows, columns=["key", "step", "says", "member", "share", "unit"])

    @cached_property
    def in_kind(self) -> pd.DataFrame:
        """Effective units each member contributes of each capability, and its part of what all give."""
        return pd.DataFrame(figures.in_kind(self.plan), columns=["member", "capability", "contributed", "part", "unit"])

    @cached_property
    def benefit_shares(self) -> pd.DataFrame:
        """Shares of benefit: by the plan itself, and as the literature stands in for them."""
        stand_ins = figures.proxies(self.plan.data)
        rows = [
            (m, self.benefits[m].share, *(found[m] for found in stand_ins.values()), "fraction of 1")
            for m in self.members
        ]
        return pd.DataFrame(rows, columns=["member", "by_the_plan", *stand_ins, "unit"])

    @cached_property
    def efforts(self) -> tuple[Effort, ...]:
        """What the indices and tests look at: defence and the offer at the start, the plan's burden, and the plan before."""
        d = self.plan.data
        own = {m: gain.share for m, gain in self.benefits.items()}
        gdp = {m: float(d.gdp[m]) for m in self.members}
        people = _people(self.plan)
        found = [
            Effort("defence spending in the first year", figures.defence_now(d), gdp, people, own),
            Effort("offered to the alliance in the first year", figures.offered_now(d), gdp, people, own),
            Effort("burden of the plan", self.borne, figures.gdp_over_horizon(d), people, own),
        ]
        if self.before is not None:
            was = {m: gain.share for m, gain in figures.benefits(self.before).items()}
            over = figures.gdp_over_horizon(self.before.data)
            found.append(
                Effort("burden of the plan before", figures.burden(self.before), over, _people(self.before), was)
            )
        return tuple(found)

    @cached_property
    def indices(self) -> pd.DataFrame:
        """Gini, Theil, Herfindahl-Hirschman and Kakwani of every effort, each with what it means."""
        rows = [(effort.name, *row) for effort in self.efforts for row in _indices(effort)]
        return pd.DataFrame(rows, columns=["effort", "index", "value", "members", "means", "unit"])

    @cached_property
    def lorenz(self) -> pd.DataFrame:
        """Lorenz curves, for charts: what the smallest part of the members bears of the whole, a column for each effort, for GDP and
        for equal parts."""
        at = np.linspace(0.0, 1.0, len(self.members) + 1)
        curves = {"equal parts": at, "GDP": _lorenz_at(at, self.plan_effort.gdp)}
        curves |= {effort.name: _lorenz_at(at, effort.borne) for effort in self.efforts}
        return pd.DataFrame({"members": at, **curves, "unit": "fraction of 1"})

    @property
    def plan_effort(self) -> Effort:
        """The effort that is the plan's burden."""
        return next(effort for effort in self.efforts if effort.borne is self.borne)

    @cached_property
    def found_tests(self) -> dict[str, tuple[Finding, ...]]:
        """The tests of every effort."""
        return {effort.name: exploitation_tests(effort.borne, effort.gdp, effort.benefit) for effort in self.efforts}

    @cached_property
    def tests(self) -> pd.DataFrame:
        """Every test, one row each: statistic, p-values of both kinds, how many members of which sample."""
        sample = f"members of {self.plan.scenario.settings['title'] or self.plan.scenario.name}"
        rows = [
            (
                effort, test.name, test.question, test.statistic, test.two_sided, test.one_sided, test.alternative, test.low,
                test.high, test.members, sample, test.note, "statistic and p: pure numbers",
            )
            for effort, tests in self.found_tests.items()
            for test in tests
        ]  # fmt: skip
        columns = [
            "effort", "test", "question", "statistic", "p_two_sided", "p_one_sided", "one_sided_alternative", "low_95",
            "high_95", "n", "sample", "note", "unit",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def guidelines(self) -> pd.DataFrame:
        """Money a year missing to each guideline (below 0: more than asked), by member and year."""
        unit = f"{currency_of(self.plan.scenario)} a year"
        rows = [
            (gap.guideline, gap.member, gap.year, gap.spent, gap.asked, gap.missing, unit)
            for gap in figures.guideline_gaps(self.plan)
        ]
        return pd.DataFrame(rows, columns=["guideline", "member", "year", "spent", "asked", "missing", "unit"])

    @property
    def not_shown(self) -> dict[str, tuple[str, ...]]:
        """Keys that cannot be reckoned, and the columns they lack."""
        s = self.plan.scenario
        return {name: missing for name in key_names(s) if (missing := lacks(s, name))}

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Burdens and benefits"

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {
            "burdens": self.table, "keys": self.by_key, "observed over expected": self.ratios, "benefits": self.benefit_shares,
            "indices": self.indices, "tests": self.tests, "guidelines": self.guidelines, "in kind": self.in_kind,
            "steps of keys": self.steps, "lorenz": self.lorenz,
        }  # fmt: skip

    @cached_property
    def says(self) -> list[str]:
        """What a planner can repeat in a meeting."""
        return sentences(self)


def burdens(plan: Plan, before: Plan | None = None, alone: Mapping[str, float] | None = None) -> Burdens:
    """Burdens and benefits of a plan. ``before``: a plan of another scenario with the same currency to compare with.

    Raises SolverError where there is no plan.
    """
    for one in (plan, before):
        if one is not None and not one.found:
            raise SolverError(f"Burdens are those of a plan, and there is none. {one.message}")
    return Burdens(plan, before, alone)


def _lorenz_at(at: np.ndarray, amounts: Amounts) -> np.ndarray:
    members, cumulated = lorenz_points(amounts, amounts)
    return np.asarray(np.interp(at, members, cumulated))


def _people(plan: Plan) -> Amounts | None:
    heads = plan.scenario.population
    known = {m: float(heads.get(m) or 0.0) for m in plan.scenario.sets["member"]}
    return known if all(value > 0 for value in known.values()) else None


def _indices(effort: Effort) -> list[tuple[str, float, int, str, str]]:
    borne, gdp, count = effort.borne, effort.gdp, len(effort.borne)
    hhi = herfindahl(borne)
    found = [
        ("Gini", gini(borne), "0: all members bear the same; towards 1: one bears all"),
        ("Gini of GDP", gini(gdp), "the same of means, to compare with"),
        ("Theil against GDP", theil(borne, gdp), "0: in proportion to GDP"),
        ("Theil against equal parts", theil(borne), "0: all members bear the same"),
        ("Herfindahl-Hirschman", hhi, "1: one member bears all"),
        ("members that bear as if alike", 1 / hhi if hhi > 0 else float("nan"), "the inverse of Herfindahl-Hirschman"),
        ("Kakwani, members by GDP", kakwani(borne, gdp), "above 0: the large bear more than in proportion to GDP"),
    ]
    if effort.people is not None:
        value = kakwani(borne, gdp, effort.people)
        found.append(("Kakwani, inhabitants by GDP per head", value, "above 0: progressive, as of a tax"))
    return [(name, value, count, means, "pure number") for name, value, means in found]


NAMED = 3
"""Members named in a sentence; the tables have them all."""

_SURE = 0.05
"""A p-value below this is told as more than chance."""


def sentences(found: Burdens) -> list[str]:
    """Everything worth saying first."""
    said = [_who_bears(found), *_against_keys(found), _against_benefit(found)]
    said += [text for effort in found.efforts for text in _effort_said(found, effort.name)]
    said += [RATIO_WARNING, _guidelines(found)]
    if found.not_shown:
        missing = (
            f"{name} ({listed(['key' if c == 'custom_key' else c for c in lacks])})"
            for name, lacks in found.not_shown.items()
        )
        said.append(f"Keys left out for want of figures in these columns of Members: {', '.join(missing)}.")
    return said


def _most(amounts: dict[str, float], count: int = NAMED) -> list[str]:
    return sorted(amounts, key=lambda m: (-amounts[m], m))[:count]


def _who_bears(found: Burdens) -> str:
    total, part = sum(found.borne.values()), shares(found.borne)
    who = listed([f"{m} {part[m]:.1%}" for m in _most(part)])
    was = ""
    if found.before is not None:
        difference = total - found.before.measures["cost"]
        unit = currency_of(found.plan.scenario)
        was = f" That is {money(abs(difference), unit)} {'more' if difference >= 0 else 'less'} than before."
    return f"Together members bear {money(total, currency_of(found.plan.scenario))} over the horizon (discounted); of it {who}.{was}"


def _against_keys(found: Burdens) -> list[str]:
    """The scenario's own key with who stands farthest from it; of every other the burden imbalance."""
    part, total, unit = shares(found.borne), sum(found.borne.values()), currency_of(found.plan.scenario)
    moves = {name: sum(abs(part[m] - key[m]) for m in part) / 2 * total for name, key in found.keys.items()}
    (own, key), *others = found.keys.items()
    over = {m: part[m] - key[m] for m in part}
    most, least = _most(over, 1)[0], min(over, key=lambda m: (over[m], m))
    said = [
        f"Burden imbalance: {money(moves[own], unit)} lies with other members than the burden key {own} implies: {most} bears "
        f"{_of_all(part[most])} and its fair share is {_of_all(key[most])}; {least} bears {_of_all(part[least])} of {_of_all(key[least])}."
    ]
    if others:
        said.append(f"By other keys: {listed([f'{name} {money(moves[name], unit)}' for name, _ in others])}.")
    return said


def _of_all(part: float) -> str:
    return f"{100 * part:.1f} %"


def _against_benefit(found: Burdens) -> str:
    gap = {m: shares(found.borne)[m] - gain.share for m, gain in found.benefits.items()}
    overlap = sum(min(shares(found.borne)[m], gain.share) for m, gain in found.benefits.items())
    most, least = _most(gap, 1)[0], min(gap, key=lambda m: (gap[m], m))
    against = "alone" if found.alone is not None else "without any forces"
    return (
        f"Burden and benefit (perceived risk removed, against being {against}) overlap to {overlap:.0%}. {most} bears most beyond "
        f"its share of the benefit ({gap[most]:+.1%}), {least} least ({gap[least]:+.1%})."
    )


def _effort_said(found: Burdens, effort: str) -> list[str]:
    rows = found.indices[found.indices["effort"] == effort].set_index("index")["value"]
    tests = {(test.name, test.question): test for test in found.found_tests[effort]}
    slope = tests["Elasticity (least squares)", "burden against GDP, in logarithms, compared with 1"]
    rank = tests["Spearman", "burden per GDP against GDP"]
    text = (
        f"{effort.capitalize()}: Gini {number(rows['Gini'], 3)} (GDP {number(rows['Gini of GDP'], 3)}), Kakwani by GDP "
        f"{rows['Kakwani, members by GDP']:+.3f}; {_slope_said(slope)}; {_rank_said(rank)}."
    )
    return [text]


def _slope_said(test: Finding) -> str:
    if test.statistic != test.statistic:
        return f"no elasticity ({test.note})"
    interval = f" (95 %: {test.low:.2f} to {test.high:.2f}, n = {test.members})"
    if test.note:
        interval = f" (n = {test.members}, {test.note})"
    verdict = (
        "more than in proportion"
        if test.low > 1
        else "less than in proportion"
        if test.high < 1
        else "about in proportion"
    )
    return f"with 1 % more GDP a member bears {test.statistic:.2f} % more{interval}, {verdict}"


def _rank_said(test: Finding) -> str:
    if test.statistic != test.statistic:
        return f"no rank correlation of the ratio ({test.note})"
    verdict = "more than chance" if test.two_sided < _SURE else "no more than chance"
    return (
        f"the ratio's rank correlation with GDP is {test.statistic:+.2f} (Spearman, two-sided p = {test.two_sided:.2g}, "
        f"n = {test.members}), {verdict}"
    )


def _guidelines(found: Burdens) -> str:
    table = found.guidelines
    unit, parts = currency_of(found.plan.scenario), []
    for name, asked in table.groupby("guideline", sort=False):
        missing = asked.assign(missing=asked["missing"].clip(lower=0)).groupby("year")["missing"].sum()
        years = dict.fromkeys((missing.index[0], missing.index[-1]))
        parts.append(f"to {name} {' and '.join(f'{money(float(missing[year]), unit)} in {year}' for year in years)}")
    return f"Missing a year, summed over the members that fall short: {'; '.join(parts)}."


_KEYS_DRAWN = 4
"""Keys drawn beside the burden, the scenario's own first; the table has them all."""


def _charts(found: Burdens) -> list[Chart]:
    from model.report.pages import Chart

    keys = tuple(range(1, min(found.by_key.shape[1] - 1, _KEYS_DRAWN + 2)))
    curves = tuple(range(1, found.lorenz.shape[1] - 1))
    at = list(found.table.columns).index
    return [
        Chart("Share of the burden beside burden keys", "column", "keys", keys, "member", "part of the whole (fraction of 1)"),
        Chart(
            "Burden and benefit", "column", "burdens", (at("share_of_burden"), at("share_of_benefit")), "member",
            "part of the whole (fraction of 1)",
        ),
        Chart(
            "What the smallest part of the members bears", "line", "lorenz", curves, "part of the members (fraction of 1)",
            "part of the whole (fraction of 1)",
        ),
    ]  # fmt: skip
