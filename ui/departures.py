"""Departures for the page Withdrawal: solved one after the other, kept as tables and sentences alone."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.questions.withdrawal.result import withdrawal
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import amounts, words
from ui.asking import asked, counted, quiet
from ui.state import Session

_FIGURES = (
    "risk_before", "risk_after", "rise", "money_gone", "others_spend_more", "extra_offer_to_hold_risk",
    "least_risk_with_any_money", "extra_offer_for_nine_tenths_of_the_way",
)  # fmt: skip


@dataclass(frozen=True)
class Departures:
    """Departures as tidy tables (see :class:`model.questions.withdrawal.result.Withdrawals`); ``groups`` are the leavers of each by name.

    ``risk`` is that of the plan with everybody in; ``failed`` says why a departure has no plan.
    """

    scenario: Scenario
    risk: float
    groups: dict[str, tuple[str, ...]]
    tables: dict[str, pd.DataFrame]
    failed: dict[str, str]

    @property
    def departures(self) -> pd.DataFrame:
        """One row a departure, the worst first; those without a plan before all others."""
        table = self.tables["departures"].copy()
        for name in _FIGURES:
            table[name] = pd.to_numeric(table[name])
        return table.sort_values("rise", ascending=False, kind="stable", na_position="first", ignore_index=True)

    @property
    def answer(self) -> str:
        """The worst departure in a sentence, and the least of them."""
        table = self.departures
        if self.failed:
            name = next(iter(self.failed))
            return f"Without {name} there is no plan: {self.failed[name]}"
        worst, least = table.iloc[0], table.iloc[-1]
        said = self.said(worst)
        if len(table) > 1:
            said = f"Nobody is missed more than {worst['leaving']}. {said}"
            rise = amounts.step(self.scenario, "risk", max(0.0, float(least["rise"])))
            said += f" {least['leaving']} is missed least: {rise} more."
        return said

    def said(self, row: pd.Series) -> str:
        """One departure in a sentence: what goes, who makes it up."""
        currency = words.currency_of(self.scenario)
        more = float(row["others_spend_more"])
        change = f"spend {words.money(abs(more), currency)} {'more' if more >= 0 else 'less'}"
        return (
            f"Without {row['leaving']}, risk goes from {words.percent(row['risk_before'])} to {words.percent(row['risk_after'])}; "
            f"{words.money(row['money_gone'], currency)} goes with it, and the others together {change}."
        )

    def held(self, row: pd.Series) -> str:
        """What it would take to hold risk where it was; empty where that was not asked."""
        currency, more = words.currency_of(self.scenario), row["extra_offer_to_hold_risk"]
        if more == more:
            if not more > 1e-6:
                return "Risk stays where it was without another offer from anybody."
            return f"To hold risk where it was, the others would have to offer {words.money(more, currency)} beyond their budgets."
        least, most = row["least_risk_with_any_money"], row["extra_offer_for_nine_tenths_of_the_way"]
        if least != least:
            return ""
        said = (
            f"No money holds risk where it was, because other limits bind: at best it comes to {words.percent(least)}"
        )
        if most != most:
            return f"{said}."
        return f"{said}, and nine tenths of the way there take {words.money(most, currency)} beyond the budgets."


def each_in_turn(session: Session) -> Departures | None:
    """Every member leaving alone."""
    members = session.solved.scenario.sets["member"]
    return asked(
        session, "withdrawal of each", "Let each leave in turn",
        f"{words.count(len(members), 'departure')}, each with the plan of those who stay and the money to hold risk: seconds each, or "
        "ten minutes and more on a large scenario. You can go on elsewhere and come back.",
        lambda problem, plan, watch: _solved(problem, plan, watch),
    )  # fmt: skip


def together(session: Session, leaving: tuple[str, ...]) -> Departures | None:
    """These members leaving at once."""
    return asked(
        session, f"withdrawal of {leaving}", "Let them leave",
        "One departure, with the plan of those who stay and the money to hold risk: half a minute on a large scenario.",
        lambda problem, plan, watch: _solved(problem, plan, watch, leaving),
    )  # fmt: skip


def _solved(problem: Problem, plan: Plan, watch: Watch, leaving: tuple[str, ...] | None = None) -> Departures:
    members = problem.scenario.sets["member"]
    found = withdrawal(
        problem.scenario, members=() if leaving else members, groups=[leaving] if leaving else (), problem=problem, plan=plan,
        tell=counted(watch, None if leaving else len(members)), watch=quiet(watch),
    )  # fmt: skip
    return Departures(
        problem.scenario,
        plan.measures["risk"],
        {d.name: d.members for d in found.departures},
        dict(found.tables),
        {d.name: d.after.message for d in found.departures if not d.found},
    )
