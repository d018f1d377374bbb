"""What the alliance loses because its members' priorities differ, and which plans a bargain between them would choose.

A member's stake in a plan is the risk it perceives, by its own priorities. Three plans are compared: the plain one (least risk by
the voices of all), the one whose worst placed member is placed best (max-min), and the Nash bargain, which maximises the product
of what members gain over being alone. Money is no part of the bargain; budgets and all other policies limit it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.language.cached import cached_property
from model.language.faults import SolverError
from model.language.shown import Shown
from model.questions.answer import QuestionResult
from model.questions.bargaining.nash import Bargain, Losses, nash_point
from model.questions.time_limit import finished, out_of_time
from model.solve.compared import risk_alone
from model.solve.engine import Progress, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import amounts
from model.wording.amounts import level, listed, number

PLAIN, WORST_PLACED, NASH = "plain", "max-min", "Nash"

_SLACK = 1e-6
"""How much more than at the bargain each member may perceive in the plan that carries it out (relative)."""

_ALL_AGREE = {"consensus": True, "consensus_voice": 1.0, "consensus_excess": None}
"""Consensus of everybody, whatever the workbook says of it."""

_SAME = 1e-6
"""Perceived risks that differ by less of their size are the same to a voter, who then looks at its burden."""


@dataclass(frozen=True, eq=False)
class Divergence(Shown):
    """What differing priorities cost. ``perceived`` under the plain plan and ``ideal`` under the plan each member would make
    of all forces for itself alone; ``voice`` how much each counts."""

    perceived: Mapping[str, float]
    ideal: Mapping[str, float]
    voice: Mapping[str, float]

    @property
    def lost(self) -> float:
        """Risk the alliance would not have if everybody's priorities were the same: voices times (perceived - ideal)."""
        return sum(self.voice[m] * (self.perceived[m] - self.ideal[m]) for m in self.ideal)


@dataclass(frozen=True, eq=False)
class Bargaining(QuestionResult):
    """The plans, what each member would face alone, what divergence costs, and how near the Nash bargain is to exact.

    ``unmade`` says for each plan that there is not, why; ``stopped`` what the time limit left undone.
    """

    plans: Mapping[str, Plan]
    alone: Mapping[str, float]
    divergence: Divergence
    bargain: Bargain | None
    unmade: Mapping[str, str]
    stopped: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        return self.plans[PLAIN].scenario.sets["member"]

    @cached_property
    def perceived(self) -> dict[str, dict[str, float]]:
        """Risk as each member perceives it under each plan, by plan."""
        return {name: perceived_risks(plan) for name, plan in self.plans.items()}

    @cached_property
    def votes(self) -> dict[str, str]:
        """The plan each member would vote for: least perceived risk, then least burden, then the first of equals."""
        burden = {name: plan.quantity("discounted_spend") for name, plan in self.plans.items()}
        size = max(1.0, *(sum(one.values()) for one in burden.values()))
        found = {}
        for m in self.members:
            least = min(seen[m] for seen in self.perceived.values())
            near = [name for name, seen in self.perceived.items() if seen[m] <= least + _SAME * max(least, 1e-3)]
            cheap = min(burden[name][m] for name in near)
            found[m] = next(name for name in near if burden[name][m] <= cheap + _SAME * size)
        return found

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a member: risk alone, at its own ideal and under each plan, burdens, and its vote."""
        burden = {name: plan.quantity("discounted_spend") for name, plan in self.plans.items()}
        unit = f"risk: fraction of 1; burden: {amounts.currency_of(self.plans[PLAIN].scenario)}"
        rows = [
            (
                m, self.alone.get(m), self.divergence.ideal.get(m), *(self.perceived[name][m] for name in self.plans),
                *(burden[name][m] for name in self.plans), self.votes[m], unit,
            )
            for m in self.members
        ]  # fmt: skip
        names = [f"{what}, {name}" for what in ("perceived risk", "burden") for name in self.plans]
        return pd.DataFrame(rows, columns=["member", "risk_alone", "own_ideal", *names, "vote", "unit"])

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Bargaining"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"bargains": self.overview, "votes": self.table}

    @cached_property
    def overview(self) -> pd.DataFrame:
        """One row a plan: its measures, the worst placed member, votes, and the product of gains over being alone."""
        unit = f"risks: fraction of 1; cost, unfairness: {amounts.currency_of(self.plans[PLAIN].scenario)}"
        rows = []
        for name, plan in self.plans.items():
            seen, votes = self.perceived[name], sum(vote == name for vote in self.votes.values())
            worst = max(seen, key=lambda m: (seen[m], m))
            rows.append(
                (
                    name, plan.measures["risk"], plan.measures["cost"], plan.measures["unfairness"], seen[worst], worst,
                    mean_gain(self.alone, seen) if self.alone else None, votes, unit,
                )
            )  # fmt: skip
        columns = [
            "plan", "risk", "cost", "unfairness", "worst_perceived_risk", "worst_placed", "mean_gain_over_alone", "votes", "unit",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def says(self) -> list[str]:
        """The bargain in sentences."""
        return sentences(self)


def mean_gain(alone: Mapping[str, float], seen: Mapping[str, float]) -> float | None:
    """The geometric mean of what members gain over being alone: what the Nash bargain maximises; None where somebody loses."""
    gains = [alone[m] - seen[m] for m in alone]
    return float(np.exp(np.mean(np.log(gains)))) if min(gains) > 0 else None


def perceived_risks(plan: Plan) -> dict[str, float]:
    """Risk as each member perceives it, by its own priorities."""
    d, loss = plan.data, plan.quantity("graded_shortfall")
    return {m: sum(d.own_part[m, k] * loss[k] for k in d.sets["task"]) for m in d.sets["member"]}


def bargaining(
    problem: Problem, plan: Plan | None = None, watch: Watch | None = None, tell: Progress | None = None
) -> Bargaining:
    """The plain plan beside the max-min plan and the Nash bargain, and what divergence of priorities costs.

    One small solve a member for what it faces alone, one for its ideal, some for the bargain. ``plan``: the problem's own, where
    there is one. Raises SolverError without a base plan.
    """
    watch = watch or Watch()
    work = _Work(problem, plan, watch, tell)
    ideals = finished(watch, problem.scenario.sets["member"], work.ideal)
    alone = finished(watch, problem.scenario.sets["member"], work.alone)
    divergence = Divergence(perceived_risks(work.plain), dict(ideals), work.plain.data.voice)
    plans, unmade, bargain = {PLAIN: work.plain}, dict[str, str](), None
    if not out_of_time(watch):
        work.add(plans, unmade, WORST_PLACED, problem.changed(), ("worst_perceived_risk", "risk", "cost"))
    if len(alone) == len(problem.scenario.sets["member"]) and not out_of_time(watch):
        bargain = work.nash(plans, unmade, dict(alone))
    missing = [name for name in (WORST_PLACED, NASH) if name not in plans and name not in unmade]
    stopped = f"The time limit was reached: without {amounts.listed(missing)}." if missing else ""
    return Bargaining(plans, dict(alone) if len(alone) == len(ideals) else {}, divergence, bargain, unmade, stopped)


class _Work:
    """The base plan and what is solved beside it."""

    def __init__(self, problem: Problem, plan: Plan | None, watch: Watch, tell: Progress | None) -> None:
        self.problem, self._watch, self._tell = problem, watch, tell
        self.plain = plan or problem.solve(watch=watch)
        if not self.plain.found:
            raise SolverError(f"There is no base plan to compare with. {self.plain.message}")
        self.losses = Losses(problem, watch)

    def ideal(self, member: str) -> tuple[str, float]:
        """The least risk a member could perceive if all forces were used as it would use them."""
        self._say(f"what {member} would do with all forces")
        d = self.plain.data
        return member, self.losses.least({k: d.own_part[member, k] for k in d.sets["task"]})[0]

    def alone(self, member: str) -> tuple[str, float]:
        """What a member would face alone."""
        self._say(f"what {member} would face alone")
        return member, risk_alone(self.problem.scenario, member, self._watch, self.problem.off)

    def nash(self, plans: dict[str, Plan], unmade: dict[str, str], alone: dict[str, float]) -> Bargain | None:
        """The bargain, and the plan that carries it out: nobody perceives more than there, then least risk and cost."""
        self._say("the Nash bargain")
        bargain = nash_point(self.plain, self.losses, alone)
        if bargain is None:
            unmade[NASH] = "no plan leaves every member better off than alone, so there is nothing all would agree to"
            return None
        accepted = {m: min(1.0, risk * (1 + _SLACK) + 1e-9) for m, risk in bargain.perceived.items()}
        agreed = self.problem.changed(self.problem.scenario.with_settings(**_ALL_AGREE), accepted=accepted)
        self.add(plans, unmade, NASH, agreed, ("risk", "cost"))
        return bargain

    def add(
        self, plans: dict[str, Plan], unmade: dict[str, str], name: str, problem: Problem, objectives: tuple[str, ...]
    ) -> None:
        """One more plan, or the reason why there is none."""
        self._say(f"the plan {name}")
        plan = problem.solve(objectives, watch=self._watch)
        if plan.found:
            plans[name] = plan
        elif plan.status != "time limit":
            unmade[name] = plan.message or plan.status

    def _say(self, what: str) -> None:
        if self._tell:
            self._tell(what, 0.0, 0)


NAMED = 3


def sentences(found: Bargaining) -> list[str]:
    """What a planner can repeat in a meeting."""
    said = [_divergence(found)] if len(found.divergence.ideal) == len(found.members) else []
    said += [_plan(found, name) for name in found.plans]
    said += [f"There is no plan {name}: {why}." for name, why in found.unmade.items()]
    said.append(_votes(found))
    if found.bargain is not None:
        said.append(
            f"The Nash bargain misses at most {number(max(100 * found.bargain.error, 1e-4), 1)} % of the mean gain "
            f"({number(found.bargain.mean_gain, 3)}); linear programmes solved for it: {found.bargain.solves}."
        )
    return [*said, *([found.stopped] if found.stopped else [])]


def _divergence(found: Bargaining) -> str:
    apart = found.divergence
    lost = {m: apart.perceived[m] - apart.ideal[m] for m in apart.ideal}
    most = [m for m in sorted(lost, key=lambda m: (-lost[m], m))[:NAMED] if lost[m] > 1e-7]
    if apart.lost < 1e-7:
        return "Priorities cost nothing: no member would make a plan that serves it better."
    who = listed([f"{m} {number(lost[m], 3)}" for m in most])
    return (
        f"Because priorities differ, members perceive {number(apart.lost, 3)} more risk (mean by voice) than each would under a plan "
        f"of its own for all forces; most give up {who}."
    )


def _plan(found: Bargaining, name: str) -> str:
    plan, seen = found.plans[name], found.perceived[name]
    worst = max(seen, key=lambda m: (seen[m], m))
    s = plan.scenario
    return (
        f"{name[:1].upper()}{name[1:]}: {level(s, 'risk', plan.measures['risk'])}, {level(s, 'cost', plan.measures['cost'])}; "
        f"{worst} perceives most, {number(seen[worst], 3)}."
    )


def _votes(found: Bargaining) -> str:
    tally = {name: [m for m in found.members if found.votes[m] == name] for name in found.plans}
    parts = [f"{len(who)} for {name}{_some(who)}" for name, who in tally.items()]
    return f"By perceived risk, then burden, members would vote: {', '.join(parts)}."


def _some(who: list[str]) -> str:
    """A few names in parentheses."""
    more = [f"{len(who) - NAMED} more"] if len(who) > NAMED else []
    return f" ({listed([*who[:NAMED], *more])})" if who else ""
