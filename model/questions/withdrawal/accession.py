"""A member joining: what it brings, what it frees the others from, and what that is worth in money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from model.language.cached import cached_property
from model.language.faults import UsageError
from model.questions.answer import QuestionResult
from model.questions.time_limit import TIME_LIMIT, said_of
from model.questions.withdrawal.result import Departure, Tell, base_plan, known, seen_by
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording.figures import goes


@dataclass(frozen=True, eq=False)
class Accession(QuestionResult):
    """A joiner, the plans without and with it, and the cheapest plan with it at the risk of today (None where there is none).

    Risk before and after is as the members of today weigh tasks. Where there is no plan without the joiner (``found`` is
    False), ``without`` and ``says`` tell why, and there is nothing to compare. ``stopped`` says what the time limit left undone.
    """

    joiner: str
    without: Plan
    joined: Plan
    same_risk: Plan | None
    stopped: str = ""

    @property
    def found(self) -> bool:
        """Whether there are two plans to compare."""
        return self.without.found

    @cached_property
    def reverse(self) -> Departure:
        """The joiner leaving again: the same facts read backwards."""
        return Departure((self.joiner,), self.joined, self.without)

    @property
    def fall(self) -> float:
        """By how much risk falls, in the eyes of the members of today."""
        return self.without.measures["risk"] - self.reverse.risk_before

    @property
    def saved(self) -> float | None:
        """What the members of today could spend less, at the risk of today."""
        if self.same_risk is None:
            return None
        burden = self.same_risk.quantity("discounted_spend")
        return self.without.measures["cost"] - sum(burden[m] for m in self.without.scenario.sets["member"])

    @cached_property
    def table(self) -> pd.DataFrame:
        """Facts about the accession: without, with, change, unit."""
        money, r = self._money, self.reverse
        rows = [("risk", self.without.measures["risk"], r.risk_before, "fraction of 1")]
        rows += [(f"coverage of {task}", now, was, "fraction of 1") for task, (was, now) in r.coverage.items()]
        others = sum(was for was, _ in r.burdens.values())
        rows += [("spending of today's members", self.without.measures["cost"], others, money)]
        rows += [(f"spending of {self.joiner}", 0.0, r.money_gone, money)]
        frame = pd.DataFrame(rows, columns=["what", "without", "with", "unit"])
        frame.insert(3, "change", frame["with"] - frame["without"])
        return frame

    @cached_property
    def brings(self) -> pd.DataFrame:
        """What the joiner gives by task and capability: what others give less, and what is newly there (mean over the periods)."""
        unit = self.joined.scenario.unit
        rows = [(*row, f"effective {unit.get(row[1]) or 'unit'}") for row in self.reverse.losses]
        return pd.DataFrame(rows, columns=["task", "capability", "given", "in_place_of_others", "new", "unit"])

    @cached_property
    def others(self) -> pd.DataFrame:
        """Spending of each member of today without and with the joiner."""
        rows = [(m, now, was, was - now, self._money) for m, (was, now) in self.reverse.burdens.items()]
        return pd.DataFrame(rows, columns=["member", "without", "with", "change", "unit"])

    @property
    def title(self) -> str:
        """What heads the answer."""
        return f"Accession of {self.joiner}"

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        return {"accession": self.table, "brings": self.brings, "others": self.others}

    @cached_property
    def says(self) -> list[str]:
        """What a planner can repeat in a meeting."""
        if not self.found:
            return [f"Without {self.joiner} there is no plan to compare with. {self.without.message}"]
        money, r = self._money, self.reverse
        said = [
            f"With {self.joiner} in, {goes('risk', self.without.measures['risk'], r.risk_before)}; "
            f"{self.joiner} itself spends {r.money_gone:,.0f} {money}."
        ]
        best = max(r.coverage, key=lambda k: r.coverage[k][0] - r.coverage[k][1])
        was, now = r.coverage[best]
        if was > now:
            said.append(f"{best} gains most: {goes('its coverage', now, was)}.")
        if self.stopped:
            said.append(f"The cheapest plan with {self.joiner} at today's risk was not found in time.")
        elif self.saved is None:
            said.append("There is no plan with it that keeps today's risk.")
        elif self.saved >= 0:
            bears = self.same_risk.quantity("discounted_spend")[self.joiner] if self.same_risk else 0.0
            said.append(
                f"In the cheapest plan at today's risk, today's members spend {self.saved:,.0f} {money} less and "
                f"{self.joiner} spends {bears:,.0f} {money}."
            )
        else:
            said.append(
                f"In the cheapest plan at today's risk, today's members spend {-self.saved:,.0f} {money} more than today."
            )
        return said

    @property
    def _money(self) -> str:
        return str(self.joined.scenario.settings["currency"]) or "money"


def accession(
    scenario: Scenario,
    joiner: str,
    problem: Problem | None = None,
    plan: Plan | None = None,
    tell: Tell | None = None,
    watch: Watch | None = None,
) -> Accession:
    """A member described in the scenario joins all others. ``problem`` and ``plan`` are the scenario's own, where there are any.

    No plan without the joiner is a result too. ``watch`` limits the time. Raises UsageError for a stranger, SolverError
    where there is no plan with the joiner.
    """
    known(scenario, [joiner])
    if len(scenario.sets["member"]) < 2:
        raise UsageError(f"{joiner} has nobody to join")
    problem, watch = problem or Problem(scenario), watch or Watch()
    joined = plan or base_plan(problem, watch)
    if tell:
        tell(f"without {joiner}", 0.0, 0)
    without = problem.changed(scenario.without(joiner)).solve(watch=watch)
    if not without.found:
        return Accession(joiner, without, joined, None)
    ceiling = seen_by(joined.data, without)
    same = problem.changed(ceilings={**problem.ceilings, "risk": ceiling * (1 + 1e-9) + 1e-12})
    cheapest = same.solve(("cost",), watch=watch)
    stopped = said_of(2, 3, "plans") if cheapest.status == TIME_LIMIT else ""
    return Accession(joiner, without, joined, cheapest if cheapest.found else None, stopped)
