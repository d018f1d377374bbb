"""Emphasis: how well a plan stands when a type of threat comes to matter more, against the best plan for that emphasis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from model.core.parameters import Data
from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.language.shown import Shown
from model.questions.answer import QuestionResult
from model.questions.time_limit import finished, in_time, said_of
from model.questions.withdrawal.result import seen_by
from model.scenario.levers.edits import edit_scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording.amounts import currency_of, listed
from model.wording.figures import apart

if TYPE_CHECKING:
    from model.report.pages import Chart

Tell = Callable[[str, float, int], None]

ROBUST, FRAGILE = 0.01, 0.05
"""Regret, as a part of the standing plan's risk, up to which a plan is robust, and beyond which it is fragile."""

_NOTHING = 1e-7
"""A difference in risk that is none."""

_FELT = 5e-4
"""A change in coverage that is worth a word."""

_COLUMNS = [
    "kind", "factor", "part_before", "part_after", "standing_risk", "best_risk", "regret", "regret_of_risk", "coverage_standing",
    "coverage_best", "most_given_up", "change_in_cost", "verdict", "status", "unit",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shift(Shown):
    """One type of threat made to matter ``factor`` times as much. ``best`` is the best plan under the new weights.

    ``standing`` is the plan as it stands; both are valued under the new weights, so that the difference is what clinging to the
    standing plan would cost.
    """

    kind: str
    factor: float
    standing: Plan
    best: Plan

    @cached_property
    def d(self) -> Data:
        """The data under the new weights."""
        return self.best.data

    @cached_property
    def standing_risk(self) -> float:
        """Risk of the standing plan, in the eyes of the new weights."""
        return seen_by(self.d, self.standing)

    @property
    def best_risk(self) -> float:
        return self.best.measures["risk"] if self.best.found else float("nan")

    @property
    def regret(self) -> float:
        """Risk that the best plan for this emphasis would not have."""
        return self.standing_risk - self.best_risk

    @property
    def part(self) -> float:
        """Regret as a part of the standing plan's risk."""
        return self.regret / self.standing_risk if self.standing_risk > _NOTHING else 0.0

    @property
    def verdict(self) -> str:
        """How the standing plan takes it: robust, bends, fragile; or that it would break a policy under the new weights."""
        if not self.best.found:
            return "no plan"
        if self.regret < -max(_NOTHING, 1e-5 * self.standing_risk):
            return "breaks a policy"
        if self.regret <= _NOTHING or self.part <= ROBUST:
            return "robust"
        return "bends" if self.part <= FRAGILE else "fragile"

    @cached_property
    def coverage(self) -> Mapping[str, tuple[float, float]]:
        """Coverage of every type of threat under the standing and the best plan: neither depends on how much the kind matters."""
        was, now = (_coverage(self.standing.data, plan) for plan in (self.standing, self.best))
        return {kind: (was[kind], now[kind]) for kind in was}

    @property
    def given_up(self) -> str | None:
        """The kind whose coverage the best plan would give up most of; None where it gives up nothing."""
        worst = min(self.coverage, key=lambda kind: self.coverage[kind][1] - self.coverage[kind][0])
        return worst if self.coverage[worst][0] - self.coverage[worst][1] > _FELT else None


@dataclass(frozen=True, eq=False)
class Emphasis(QuestionResult):
    """Every shift that was tried; ``stopped`` says what the time limit left undone, ``reordered`` that risk was put first."""

    standing: Plan
    shifts: tuple[Shift, ...]
    reordered: bool = False
    stopped: str = ""

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a shift: risk of both plans under the new weights, regret, and what the best plan would change."""
        rows, unit = [], f"fraction of 1; cost: {currency_of(self.standing.scenario)}"
        for s in self.shifts:
            was, now = s.coverage[s.kind] if s.best.found else (None, None)
            cost = s.best.measures["cost"] - self.standing.measures["cost"] if s.best.found else None
            rows.append(
                (
                    s.kind, s.factor, _part(self.standing.data, s.kind), _part(s.d, s.kind), s.standing_risk,
                    *((s.best_risk, s.regret, s.part) if s.best.found else (None, None, None)), was, now,
                    s.given_up if s.best.found else None, cost, s.verdict, s.best.status, unit,
                )
            )  # fmt: skip
        return pd.DataFrame(rows, columns=_COLUMNS)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Coverage of every kind under the standing plan and under the best plan of every shift."""
        rows = [
            (s.kind, s.factor, kind, was, now, now - was, "fraction of 1")
            for s in self.shifts
            if s.best.found
            for kind, (was, now) in s.coverage.items()
        ]
        return pd.DataFrame(rows, columns=["emphasis_on", "factor", "kind", "standing", "best", "change", "unit"])

    @property
    def title(self) -> str:
        """What heads the answer."""
        return f"Emphasis: {self.standing.scenario.name}"

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"emphasis": self.table, "coverage": self.coverage}

    @cached_property
    def says(self) -> list[str]:
        """What a planner can repeat in a meeting."""
        said = [f"As it stands, risk is {self.standing.measures['risk']:.4f} (0: all that is required is there)."]
        if self.reordered:
            said.append("The plan that is tried here puts risk first, which the workbook's objectives do not.")
        for verdict, words in _WORDS.items():
            found = [f"{s.kind} ({s.factor:g} times)" for s in self.shifts if s.verdict == verdict]
            said += [f"{words} {listed(found)}."] if found else []
        ranked = sorted((s for s in self.shifts if s.best.found), key=lambda s: (-s.part, s.kind, s.factor))
        felt = [s for s in ranked if s.regret > _NOTHING]
        said += [_told(s) for s in [s for s in felt if s.verdict != "robust"] or felt[:1]]
        said += [
            f"With {s.factor:g} times the weight on {s.kind} there is no plan: {s.best.message}"
            for s in self.shifts
            if not s.best.found
        ]
        return [*said, *([self.stopped] if self.stopped else [])]


_WORDS = {
    "robust": f"The plan is robust (at most {ROBUST:.0%} of its risk could be saved) to more emphasis on",
    "bends": f"It bends (up to {FRAGILE:.0%}) with more emphasis on",
    "fragile": f"It is fragile (more than {FRAGILE:.0%}) to more emphasis on",
    "breaks a policy": "It would break a policy that goes by what matters, with more emphasis on",
}


def _told(s: Shift) -> str:
    was, now = apart(*s.coverage[s.kind])
    standing, best = apart(s.standing_risk, s.best_risk)
    said = (
        f"With {s.factor:g} times the weight on {s.kind}, the plan as it stands has risk {standing} % and the best plan "
        f"{best} %: a regret of {100 * s.regret:.2f} points, {s.part:.1%} of the risk. "
        f"The plan as it stands covers {was} % of {s.kind}, the best plan {now} %"
    )
    if s.given_up:
        before, after = apart(*s.coverage[s.given_up])
        said += f"; of {s.given_up} the plan as it stands covers {before} %, the best plan {after} %"
    return said + "."


def emphasis(
    problem: Problem,
    factors: Sequence[float] = (2.0,),
    kinds: Sequence[str] | None = None,
    plan: Plan | None = None,
    tell: Tell | None = None,
    watch: Watch | None = None,
) -> Emphasis:
    """The standing plan against the best plan, for each type of threat (all, or ``kinds``) at each factor on its weight.

    ``plan`` is the problem's own plan where there is one already; it is used where it puts risk first. ``watch`` limits the
    time: shifts finished by then are kept. Raises UsageError where no task has a kind, for a kind there is not and for a factor
    that is not above 0; SolverError without a standing plan.
    """
    chosen, watch = checked(problem, factors, kinds), watch or Watch()
    objectives = ("risk", *(name for name in problem.scenario.settings["objectives"] if name != "risk"))
    reordered = objectives != tuple(problem.scenario.settings["objectives"])
    standing = plan if plan is not None and not reordered else problem.solve(objectives, watch=watch)
    if not standing.found:
        raise SolverError(f"There is no plan to try. {standing.message}")

    def shifted(shift: tuple[str, float]) -> Shift:
        kind, factor = shift
        if tell:
            tell(f"{factor:g} times the weight on {kind}", 0.0, 0)
        changed = problem.changed(edit_scenario(problem.scenario, "emphasis", factor, kind))
        return Shift(kind, factor, standing, in_time(changed.solve(objectives, watch=watch)))

    asked = [(kind, factor) for kind in chosen for factor in factors]
    done = finished(watch, asked, shifted)
    return Emphasis(standing, tuple(done), reordered, said_of(len(done), len(asked), "shifts"))


def checked(problem: Problem, factors: Sequence[float], kinds: Sequence[str] | None) -> tuple[str, ...]:
    """The kinds that are tried, as the workbook spells them. Raises UsageError for what cannot be."""
    known = {kind.lower(): kind for kind in problem.scenario.kinds}
    if not known:
        raise UsageError("no task has a kind: fill in the column kind on the sheet Tasks")
    if strangers := [kind for kind in kinds or () if kind.strip().lower() not in known]:
        raise UsageError(f"there is no kind called {strangers[0]!r}; there are {', '.join(known.values())}")
    if not factors or any(not 0 < factor <= 100 for factor in factors):
        raise UsageError("the weight of a kind is multiplied by something above 0, up to 100")
    return tuple(dict.fromkeys(known[kind.strip().lower()] for kind in kinds)) if kinds else problem.scenario.kinds


def _coverage(d: Data, plan: Plan) -> dict[str, float]:
    """Coverage of each kind: one minus the loss of its tasks, as they weigh against one another in ``d``."""
    loss = plan.quantity("graded_shortfall")
    return {kind: 1.0 - sum(d.kind_part[k] * loss[k] for k in tasks) for kind, tasks in d.tasks_of_kind.items()}


def _part(d: Data, kind: str) -> float:
    """The part of all that matters that is of a kind."""
    return sum(d.task_part[k] * d.span[k] for k in d.tasks_of_kind[kind])


def _charts(found: Emphasis) -> list[Chart]:
    from model.report.pages import Chart

    if found.table.empty:
        return []
    at = list(found.table.columns).index
    return [
        Chart(
            "Risk under each emphasis: the plan as it stands, and the best plan", "column", "emphasis",
            (at("standing_risk"), at("best_risk")), "what matters more", "risk (fraction of 1)",
        )
    ]  # fmt: skip
