"""What fair shares cost and what members could agree on, for the page Burden: worked out beside the page, kept as figures."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.questions.bargaining.result import PLAIN, bargaining
from model.questions.fairness.result import BAND, BANDS, PARTS, UNFAIRNESS, price_of_fairness
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import words
from ui.asking import asked, counted, quiet
from ui.state import Session


@dataclass(frozen=True)
class Price:
    """The price of fairness as figures: ``table`` has a row a key, rule and limit; see :mod:`model.questions.fairness.result`."""

    scenario: Scenario
    table: pd.DataFrame
    says: tuple[str, ...]
    stopped: str

    @property
    def keys(self) -> list[str]:
        """The burden keys that were tried."""
        return list(dict.fromkeys(self.table["key"]))

    @property
    def curve(self) -> pd.DataFrame:
        """Risk (%) by the part of unfairness that is left (%): key, left, value, says; limits without a plan are left out."""
        rows, currency = [], words.currency_of(self.scenario)
        for key in self.keys:
            mine = self.table[self.table["key"] == key]
            free = mine[mine["limit"].isna()]
            limited = mine[(mine["rule"] == UNFAIRNESS) & mine["risk"].notna()]
            for left, row in [
                *((1.0, row) for _, row in free.iterrows()),
                *((row["limit"], row) for _, row in limited.iterrows()),
            ]:
                if pd.notna(row["risk"]):
                    said = (
                        f"risk {words.percent(float(row['risk']), 2)}, cost {words.money(float(row['cost']), currency)}"
                    )
                    rows.append((key, f"{100 * left:.0f}", 100 * float(row["risk"]), said))
        return pd.DataFrame(rows, columns=["key", "left", "value", "says"])


@dataclass(frozen=True)
class Agreement:
    """The plain plan beside others that members could agree on, as figures; see :mod:`model.questions.bargaining.result`.

    ``table`` has a row a member (risk alone, at its own ideal, under each plan; burdens; vote), ``overview`` a row a plan.
    """

    scenario: Scenario
    plans: tuple[str, ...]
    overview: pd.DataFrame
    table: pd.DataFrame
    says: tuple[str, ...]
    stopped: str


def fairness_of(session: Session, keys: tuple[str, ...]) -> Price | None:
    """Risk and cost as fair shares are enforced, by these keys."""
    count = len(keys) * (len(BANDS) + len(PARTS))
    return asked(
        session, f"fairness {keys}", "Work out what fairness costs",
        f"{words.count(count, 'plan')}, each under another limit, from one close to it: some seconds each on a large scenario. "
        "You can go on "
        "elsewhere and come back.",
        lambda problem, plan, watch: _priced(problem, keys, watch),
    )  # fmt: skip


def _priced(problem: Problem, keys: tuple[str, ...], watch: Watch) -> Price:
    count = len(keys) * (len(BANDS) + len(PARTS))
    found = price_of_fairness(problem, keys, quiet(watch), counted(watch, count))
    return Price(problem.scenario, found.table, tuple(found.says), found.stopped)


def agreement_of(session: Session) -> Agreement | None:
    """The plain plan, the one whose worst placed member is placed best, and the Nash bargain."""
    count = len(session.scenario.sets["member"])
    return asked(
        session, "agreement", "Work out what could be agreed",
        f"What each of {words.count(count, 'member')} would face alone and would do with all forces, then two more plans: a "
        "minute or two "
        "on a large scenario. You can go on elsewhere and come back.",
        _agreed,
    )  # fmt: skip


def _agreed(problem: Problem, plan: Plan, watch: Watch) -> Agreement:
    count = 2 * len(problem.scenario.sets["member"]) + 3
    found = bargaining(problem, plan, quiet(watch), counted(watch, count))
    return Agreement(
        problem.scenario, tuple(found.plans), found.overview, found.table, tuple(found.says), found.stopped
    )  # fmt: skip


__all__ = ["BAND", "PLAIN", "UNFAIRNESS", "Agreement", "Price", "agreement_of", "fairness_of"]
