"""Every way to share the alliance's cost, for the page Cost sharing: worked out beside the page, kept as tables and "
"sentences."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.questions.cost_sharing.coalitions import MOST_LISTED
from model.questions.cost_sharing.result import SideBySide
from model.questions.cost_sharing.work import side_by_side
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.problem import Problem
from model.wording import words
from ui.asking import asked, counted, quiet
from ui.state import Session

AT_ONCE = 6
"""Members up to which every group of a small scenario is solved while the page waits."""

_FEW = 5
"""Ways to share that need the plan of everybody only."""


@dataclass(frozen=True)
class Asked:
    """What the game is asked with: the value of risk 1 (the scenario's money; None: ten times all budgets), what a member's part
    in it goes by, and with many members the seconds for each way to share and the pairs of random orders."""

    value: float | None = None
    voice: str = "gdp"
    seconds: float = 30.0
    samples: int = 0

    @property
    def name(self) -> str:
        """This question in a word, to remember its answer by."""
        return f"game {self.value} {self.voice} {self.seconds} {self.samples}"


@dataclass(frozen=True)
class Shared:
    """Ways to share as figures: the tables of :class:`model.questions.cost_sharing.result.SideBySide` and its sentences.

    ``total`` is what everybody together pays and ``value`` what risk 1 is worth to them, in the scenario's money; ``margins`` are
    those of a sampled Shapley value by member.
    """

    scenario: Scenario
    total: float
    value: float
    says: tuple[str, ...]
    charges: pd.DataFrame
    core: pd.DataFrame
    payments: pd.DataFrame
    groups: pd.DataFrame | None
    margins: dict[str, float]
    stopped: str

    @property
    def methods(self) -> list[str]:
        """The ways to share that have an answer."""
        return list(dict.fromkeys(self.payments["method"]))

    @property
    def currency(self) -> str:
        """The scenario's money."""
        return words.currency_of(self.scenario)

    @property
    def answer(self) -> str:
        """What going together is worth, and under which ways to share nobody would leave."""
        core, said = self.core.set_index("method"), list[str]()
        if self.charges["alone"].notna().all():
            apart = float(self.charges["alone"].sum())
            worth = apart - self.total
            less = f"{words.percent(abs(worth) / apart)} of what they would pay alone" if apart > 0 else "nothing"
            gain = "is worth" if worth >= 0 else "costs"
            said.append(f"Going together {gain} {words.money(abs(worth), self.currency)} to the members, {less}")
        holds = [name for name in self.methods if core.loc[name, "in_the_core"] == "yes"]
        leave = [name for name in self.methods if core.loc[name, "in_the_core"] == "no"]
        if holds:
            said.append(f"under {words.count(len(holds), 'way', 'ways')} to share no group would rather leave")
        if leave:
            said.append(f"under {len(leave)} some group would")
        return f"{words.capital('; '.join(said))}." if said else "Nothing is known yet: the time was up before."

    def of(self, method: str) -> pd.DataFrame:
        """Charge, payment to others and gain over being alone under one way to share: a row a member."""
        found = self.payments[self.payments["method"] == method].copy()
        for name in ("charge", "pays_to_others", "gain_over_alone"):
            found[name] = pd.to_numeric(found[name])
        return found

    def verdict(self, method: str) -> str:
        """Whether a group would gain by leaving under a way to share, in a sentence."""
        row = self.core.set_index("method").loc[method]
        if row["in_the_core"] == "yes":
            return f"{words.capital(method)}: no group would gain by leaving; it is in the core."
        bound = float(row["no_group_gains_more_than"])
        if row["in_the_core"] == "no":
            group, gain = row["worst_treated_group"], float(row["it_would_gain_by_leaving"])
            return (
                f"{words.capital(method)}: {group} would gain {words.money(gain, self.currency)} by leaving together."
            )
        if bound != bound or bound == float("inf"):
            return f"{words.capital(method)}: whether a group would gain by leaving was not looked into."
        limit = words.money(bound, self.currency)
        return f"{words.capital(method)}: no group that gains by leaving was found in the time given; none gains more than {limit}."


def shared_costs(session: Session, question: Asked) -> Shared | None:
    """Every way to share the cost of what is on screen; None while there is nothing yet."""
    count = len(session.scenario.sets["member"])
    says = (
        f"The best plan of each of {2**count - 1:,} groups of members is solved, each from one close to it."
        if count <= MOST_LISTED
        else f"{count} members alone, twice: under the alliance's leads and under their own. Then up to {question.seconds:.0f} seconds "
        f"to look for a group that would leave, for each of {_FEW} ways to share, and for the least payments."
    )
    if question.samples:
        says += f" Then {2 * question.samples} random orders of {count} groups each: hours on a large scenario."
    says += " You can go on elsewhere and come back."
    return asked(
        session, question.name, "Work out how to share the cost", says,
        lambda problem, plan, watch: _worked_out(problem, question, watch), at_once=count <= AT_ONCE,
    )  # fmt: skip


def _worked_out(problem: Problem, question: Asked, watch: Watch) -> Shared:
    count = len(problem.scenario.sets["member"])
    steps = None if count <= MOST_LISTED else 2 * count + _FEW + 2 + question.samples
    found = side_by_side(
        problem.scenario, question.value, question.voice, samples=question.samples if steps else 0, seconds=question.seconds,
        tell=counted(watch, steps), watch=quiet(watch), off=problem.off,
    )  # fmt: skip
    return _kept(found)


def _kept(found: SideBySide) -> Shared:
    """What stays of it once its programmes are given up."""
    return Shared(
        found.game.scenario, found.game.total, found.game.value, tuple(found.says), found.charges, found.core, found.payments,
        found.groups if found.costs else None, dict(found.sampled.margin) if found.sampled else {}, found.stopped,
    )  # fmt: skip
