"""The cooperative game of a scenario: what each group of members would pay to do for itself what the alliance does for it.

c(S) is the least that the members of S spend, plus what their own losses are worth to them: each task's shortfall, by
the priorities of the members of S alone, at a stated value. A task that matters to nobody in S costs S nothing, and since any
shortfall has its price, every group has a finite cost. How much of the value is whose goes by GDP, unless another voice is
named: it is money that a member stands to lose and would pay. S uses its own forces and budgets, and of industry's
deliveries the part that is its own (by GDP). Forces count for as much as they do under the alliance's leads. Rules that divide
a burden (largest share, challenge, fairness band, consensus) and promises to the alliance (least pledges) are off for every
group, everybody included: here payments divide the burden. What belongs to no member (common funding, joint programmes and
research, help of partners, limits of suppliers) is nobody's part in the game.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np

from model.core.data import Data
from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.language.registry import typed_into
from model.layers.common_funding.sheets import COMMON_FUNDING
from model.layers.partners.sheets import PARTNERS, SUPPORT
from model.layers.programmes.sheets import PROGRAMMES, WORKSHARES
from model.questions.cost_sharing.coalition_lp import GroupAnswer, GroupLP, composed, industry_parts
from model.questions.cost_sharing.coalition_prices import charges, cut
from model.questions.cost_sharing.games.game import Charges
from model.questions.time_limit import out_of_time
from model.scenario.scenario import Scenario
from model.solve.engine import Basis, Engine, Watch
from model.solve.lp import Array
from model.solve.plan import Plan
from model.solve.problem import Problem

Tell = Callable[[str, float, int], None]

OFF = typed_into("Pledges.min_stock")
"""Policies that are off in every group, besides those that settings switch off."""

MOST_LISTED = 12
"""Members up to which every group is solved; with more, there are too many."""

DEFAULT_VALUE = 10.0
"""The value of risk 1 where none is stated, in budgets of all members together: dear enough for nearly all that money can buy."""

NEARLY = 0.03
"""Groups that differ by no more than this part of their GDP start from each other; with more, starting afresh is quicker."""

VOICES = ("gdp", "population", "equal")
"""What a member's part in the value of a shortfall may go by."""


_HELP = {
    "what the alliance owns together": (COMMON_FUNDING,),
    "joint programmes": (PROGRAMMES, WORKSHARES),
    "partners from outside": (PARTNERS, SUPPORT),
}
"""What belongs to no member, and the sheets that speak of it: no group has it, everybody included."""


_LIMITS = {"limits of suppliers": "supplier_limit", "research paid together": "research_cost"}
"""More that belongs to no member, and its column."""


def left_out(scenario: Scenario) -> list[str]:
    """What the scenario has and the game leaves out, because it belongs to no member."""
    stated = {what: [c.key for sheet in sheets for c in sheet.columns] for what, sheets in _HELP.items()}
    found = [what for what, columns in stated.items() if any(scenario.values.get(column) for column in columns)]
    return found + [what for what, column in _LIMITS.items() if _any_number(scenario.values.get(column, {}).values())]


def _any_number(cells: Iterable[object]) -> bool:
    return any(cell is not None for cell in cells)


def _by_themselves(scenario: Scenario) -> Scenario:
    """The scenario with members only: nothing they own or pay for together, and nobody's help."""
    for sheet in (sheet for sheets in _HELP.values() for sheet in sheets):
        for column in sheet.columns:
            if column.name not in sheet.keys:
                scenario = scenario.with_values(column.key, MappingProxyType({}))
    for name in _LIMITS.values():
        scenario = scenario.with_values(name, MappingProxyType(dict.fromkeys(scenario.values.get(name, {}))))
    gone = {name: () for name in ("programme", "partner") if name in scenario.sets}
    return scenario.with_sets({**scenario.sets, **gone})


def group_scenario(scenario: Scenario, members: Iterable[str], voice: str = "gdp") -> Scenario:
    """The scenario in which only these members have forces, may acquire any, and care; everybody else is still there, empty-handed.

    Nobody cares about a task that it stays out of and no longer counts, everybody together included.

    Fair shares (they say what each owes where the weakest link counts) stay those of the whole alliance. Raises UsageError for
    strangers, for nobody, and for an unknown voice.
    """
    staying, scenario = _known(scenario, members), _by_themselves(scenario)
    d = Data(scenario)
    if voice not in VOICES:
        raise UsageError(f"the value of a shortfall cannot go by {voice!r}; it may go by {', '.join(VOICES)}")
    parts = dict(zip(d.sets["member"], industry_parts(d), strict=True))
    part = math.fsum(parts[m] for m in staying)
    edits: dict[str, dict[Any, Any]] = {
        "holding": {key: v for key, v in scenario.holding.items() if key[0] in staying},
        "cost_factor": {key: v for key, v in scenario.cost_factor.items() if key[0] in staying},
        "priority": {
            key: v if key[0] in staying and scenario.still_counts.get(key, True) else 0.0
            for key, v in scenario.priority.items()
        },
        "build_limit": {c: None if v is None else v * part for c, v in scenario.build_limit.items()},
        "capability_max_share": dict.fromkeys(scenario.capability_max_share, 1.0),
        "custom_key": {m: d.fair_share[m] for m in d.sets["member"]},
    }
    for key, values in edits.items():
        scenario = scenario.with_values(key, MappingProxyType(values))
    return scenario.with_settings(challenge=None, fairness_band=None, consensus=False, burden_key="custom", voice=voice)


class AllianceGame:
    """The game of one scenario. Solved groups are remembered; costs are money of the scenario, discounted.

    ``value`` is what risk 1 (nothing of what is required is there) is worth to everybody together, by default ten times all
    budgets; each member's part of it goes by ``voice`` and its own priorities. ``off`` names further policies that are off for
    every group. The plan of everybody is solved and certified at once. Not safe to share between threads. Raises UsageError
    for a value that is no positive number, SolverError where there is no plan.
    """

    def __init__(
        self,
        scenario: Scenario,
        value: float | None = None,
        voice: str = "gdp",
        watch: Watch | None = None,
        off: Iterable[str] = (),
    ) -> None:
        self.scenario, self.voice, self._watch = scenario, voice, watch or Watch()
        self._off = tuple(dict.fromkeys((*OFF, *off)))
        self.problem = Problem(group_scenario(scenario, scenario.sets["member"], voice), off=self._off)
        budgets = float(self.problem.lp.whole[self.problem.lp.measure("cost")])
        self.value = DEFAULT_VALUE * budgets if value is None else value
        if not (math.isfinite(self.value) and self.value > 0):
            raise UsageError(f"the value of shortfall has to be a positive amount of money, not {self.value:g}")
        self._per_money = self.value / budgets, 1000.0 / budgets
        self.plan = self.problem.solve(weights={"risk": self._per_money[0], "cost": 1.0}, watch=self._watch)
        if not self.plan.found:
            raise SolverError(f"There is no plan for everybody together. {self.plan.message}")
        self.groups = GroupLP(self.plan.lp, self.plan.data, self.value)
        self.members = self.groups.members
        self._solved: dict[frozenset[str], float] = {}
        self._bases: dict[frozenset[str], Basis | None] = {}
        self._engines = threading.local()
        self.solves = 0

    def __getstate__(self) -> dict[str, Any]:
        """For another process: without solvers, and without the time limit it was solved under."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_engines", "_watch")}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state, _engines=threading.local(), _watch=Watch())

    # ------------------------------------------------------------ what groups pay

    @cached_property
    def total(self) -> float:
        """What everybody together pays: spending and valued losses of the plan."""
        return self.plan.measures["cost"] + self.value * self.plan.measures["risk"]

    def cost(self, group: Iterable[str]) -> float:
        """What a group pays by itself, money. Raises UsageError for strangers, SolverError where the time was up first."""
        members = _known(self.scenario, group)
        if len(members) == len(self.members):
            return self.total
        if members not in self._solved:
            self.keep(members, self.answer(members))
        return self._solved[members]

    def keep(self, members: frozenset[str], found: GroupAnswer) -> None:
        """Remember a group's cost, and where its solve ended as a start for groups like it."""
        self._solved[members], self._bases[members] = found.cost, found.basis

    def answer(self, members: frozenset[str], watch: Watch | None = None) -> GroupAnswer:
        """A group's plan and prices, solved hot where groups close to it have been solved; ``watch`` limits this solve.

        Raises SolverError where the time was up first.
        """
        self.solves += 1
        watch, start, truths = watch or self._watch, self._start(members), self.truths(members)
        try:
            return self.groups.solve(self._engine, truths, start, watch)
        except SolverError:
            if out_of_time(watch):
                raise
            return self.groups.solve(Engine(), truths, None, watch)  # from nothing, with a fresh solver

    def costs(self, tell: Tell | None = None, workers: int = 1) -> dict[frozenset[str], float]:
        """What every non-empty group pays: solved by size, each from groups solved before, ``workers`` at a time.

        The same whatever the number of workers. Raises UsageError for more than 12 members, SolverError when the time is up.
        """
        if len(self.members) > MOST_LISTED:
            raise UsageError(
                f"{len(self.members)} members have too many groups to solve them all; {MOST_LISTED} is the most"
            )
        ranked = sorted(self.members, key=lambda m: (-self.plan.data.gdp[m], m))
        count = 2 ** len(ranked) - 1
        pool = ThreadPoolExecutor(max(1, workers))
        try:
            for size in range(1, len(ranked)):
                level = [g for g in map(frozenset, combinations(ranked, size)) if g not in self._solved]
                for group, found in zip(level, pool.map(self.answer, level), strict=True):
                    self.keep(group, found)
                    if tell and len(self._solved) % 16 == 0:
                        tell(f"groups, {len(self._solved)} of {count}", 0.0, len(self._solved))
                self._forget(size - 1)
        except BaseException:
            self._watch.stop.set()  # Ctrl-C reaches this thread only: end the solves of the others
            raise
        finally:
            pool.shutdown(cancel_futures=True)
        return {**self._solved, frozenset(self.members): self.total}

    def cold_cost(self, group: Iterable[str]) -> float:
        """The same cost from the group's own scenario, built and solved afresh, with a certificate: the definition, slowly."""
        members = _known(self.scenario, group)
        return self._afresh(group_scenario(self.scenario, members, self.voice), members)

    def own_command(self, member: str) -> float:
        """What a member would pay alone as the lead of every situation, so that its forces fit with whoever leads: itself."""
        members = _known(self.scenario, {member})
        scenario = group_scenario(self.scenario, members, self.voice)
        led = MappingProxyType(dict.fromkeys(scenario.lead, member))
        return self._afresh(scenario.with_values("lead", led), members)

    def _afresh(self, scenario: Scenario, members: frozenset[str]) -> float:
        problem = Problem(scenario, off=self._off)
        here = math.fsum(
            wish[self.truths(members)].sum() * problem.data.span[k] for k, wish in self.groups.wanted.items()
        )
        if here <= 0:
            return 0.0  # nothing matters to them
        weights = {"risk": self._per_money[0] * here, "cost": 1.0}
        plan = problem.solve(weights=weights, watch=self._watch, ties=False)
        if not plan.found:
            raise SolverError(f"What {', '.join(sorted(members))} would pay could not be settled. {plan.message}")
        return plan.measures["cost"] + self.value * here * plan.measures["risk"]

    @property
    def known(self) -> dict[frozenset[str], float]:
        """The groups whose costs were asked for so far, without everybody."""
        return dict(self._solved)

    # ------------------------------------------------------------ who bears what

    @cached_property
    def spent(self) -> dict[str, float]:
        """What each member spends in everybody's plan, money, discounted."""
        return dict(self.plan.quantity("discounted_spend"))

    @cached_property
    def lost(self) -> dict[str, float]:
        """What each member's own loss in everybody's plan is worth to it, money."""
        return dict(zip(self.members, (self.groups.losses @ _x(self.plan)).tolist(), strict=True))

    @cached_property
    def borne(self) -> Charges:
        """What each bears as everybody's plan falls, before any payment: its spending and its own loss."""
        return Charges({m: self.spent[m] + self.lost[m] for m in self.members})

    @cached_property
    def owen(self) -> Charges:
        """The Owen charges: each pays its part of the prices of what it wants and earns the rents on what it owns.

        From the prices of the plan's own proof, no further solve. They add up to the total and no group would gain by leaving.
        """
        everybody = np.ones(len(self.members), dtype=bool)
        stage = self.plan.stages[-1]
        unit = 1.0 / self._per_money[1]
        found = charges(self.groups, self.plan.lp, stage.multipliers * unit, stage.reduced * unit, everybody)
        return Charges(dict(zip(self.members, found.tolist(), strict=True)))

    def bound(self, members: frozenset[str], answer: GroupAnswer, watch: Watch | None = None) -> Array | None:
        """Charges that no group's cost lies below the sum of, from a group's prices; see :func:`coalition_prices.cut`."""
        return cut(self.groups, self._engine, answer, self.truths(members), watch or self._watch)

    def truths(self, members: Iterable[str]) -> Array:
        """A truth for each member of the game: whether it belongs to the group."""
        return np.isin(self.members, list(members))

    # ------------------------------------------------------------ hot starts

    @property
    def _engine(self) -> Engine:
        """One solver a thread."""
        if not hasattr(self._engines, "own"):
            self._engines.own = Engine()
        engine: Engine = self._engines.own
        return engine

    def _forget(self, size: int) -> None:
        """Bases of groups of a size that nobody starts from any more; those of single members and pairs are kept."""
        if size > 2:
            for group in [g for g in self._bases if len(g) == size]:
                del self._bases[group]

    def _start(self, members: frozenset[str]) -> Basis | None:
        """The basis of the group without its smallest member, whose part comes from a group in which it took another's place.

        Where that was not solved, the basis of a group that is nearly the same, if there is one.
        """
        ranked = sorted(members, key=lambda m: (-self.plan.data.gdp[m], m))
        if len(ranked) < 2:
            return None
        last, base = ranked[-1], self._bases.get(members - {ranked[-1]})
        if base is None:
            return self._nearly(members)
        other = self._bases.get(members - {ranked[-2]}) or self._bases.get(frozenset({last}))
        if other is None:
            return base
        number = self.members.index(last)
        return composed(base, other, self.groups.column_owner == number, self.groups.row_owner == number)

    def _nearly(self, members: frozenset[str]) -> Basis | None:
        """The basis of the group, or of everybody, that differs least; None where they differ by more than a little GDP."""
        gdp = self.plan.data.gdp
        size = math.fsum(gdp[m] for m in sorted(members))

        def apart(other: frozenset[str]) -> float:
            return math.fsum(gdp[m] for m in sorted(other ^ members))

        near = {frozenset(self.members): self.problem.basis, **self._bases}
        best = min(near, key=lambda group: (apart(group), len(group), sorted(group)))
        return near[best] if apart(best) <= NEARLY * size else None


def _known(scenario: Scenario, members: Iterable[str]) -> frozenset[str]:
    found = frozenset(members)
    if not found:
        raise UsageError("a group has at least one member")
    if strangers := sorted(found - set(scenario.sets["member"])):
        raise UsageError(f"{strangers[0]!r} is no member; there are {', '.join(scenario.sets['member'])}")
    return found


def _x(plan: Plan) -> Array:
    if plan.x is None:
        raise SolverError(plan.message or "there is no plan")
    return plan.x


__all__ = ["DEFAULT_VALUE", "MOST_LISTED", "OFF", "VOICES", "AllianceGame", "group_scenario"]
