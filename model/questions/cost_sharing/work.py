"""The work behind cost sharing: every way to share, each charge looked into for groups that would rather go."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from model.language.faults import SolverError, UsageError
from model.questions.cost_sharing.coalition_core import CoreCheck, Dissatisfied, Transfer
from model.questions.cost_sharing.coalitions import MOST_LISTED, AllianceGame
from model.questions.cost_sharing.games.core import core_excess, least_transfer, money_moved
from model.questions.cost_sharing.games.game import Charges, Game
from model.questions.cost_sharing.games.nucleolus import least_core, nucleolus, per_capita_nucleolus
from model.questions.cost_sharing.games.sampling import Sampled, ShapleySample
from model.questions.cost_sharing.games.values import separable_costs_remaining_benefits, shapley, shared_by, tau
from model.questions.cost_sharing.result import AS_IT_FALLS, LEAST_TRANSFER, OWEN, Costs, Method, SideBySide
from model.questions.time_limit import out_of_time
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.wording.amounts import currency_of, money

Tell = Callable[[str, float, int], None]


def side_by_side(
    scenario: Scenario,
    value: float | None = None,
    voice: str = "gdp",
    samples: int = 0,
    separable: bool = False,
    seconds: float = 30.0,
    workers: int = 1,
    tell: Tell | None = None,
    watch: Watch | None = None,
    seed: int = 0,
    off: Iterable[str] = (),
) -> SideBySide:
    """Every method on one scenario; ``off`` names policies that are switched off.

    ``value`` is what risk 1 is worth to everybody together (money; by default ten times all budgets), ``voice`` what each member's
    part in it goes by. Up to 12 members every group is solved, ``workers`` at a time, and all is exact. With more, the core is
    looked into by row generation, ``seconds`` for each method; ``samples`` rounds of two random orders estimate the Shapley
    value; ``separable`` solves the alliance without each member. Raises UsageError for arguments out of range, SolverError
    where there is no plan for everybody.
    """
    if samples and samples < 2:
        raise UsageError("an interval for the Shapley value needs two samples or more")
    if seconds < 0 or workers < 1:
        raise UsageError("seconds are zero or more, workers one or more")
    watch, tell = watch or Watch(), tell or _nobody
    tell("the plan of everybody", 0.0, 0)
    work = _Work(AllianceGame(scenario, value, voice, watch, off), watch, tell, seconds, workers)
    if len(work.game.members) <= MOST_LISTED:
        return work.listed()
    return work.large(samples, separable, seed)


class _Work:
    """One comparison under way."""

    def __init__(self, game: AllianceGame, watch: Watch, tell: Tell, seconds: float, workers: int) -> None:
        self.game, self.watch, self.tell, self.seconds, self.workers = game, watch, tell, seconds, workers
        self.stopped = ""

    def listed(self) -> SideBySide:
        """Every group solved: all methods, exactly."""
        try:
            costs = self.game.costs(self.tell, self.workers)
        except SolverError:
            if not out_of_time(self.watch):
                raise
            done, asked = len(self.game.known) + 1, 2 ** len(self.game.members) - 1
            self.stopped = f"The time limit was reached: {done} of {asked} groups are solved; rules that need them all are left out."
            return self._result([self._asked(*pair, 0.0) for pair in self._few()], self._alone())
        methods = [self._exact(costs, name, rule) for name, rule in self._rules(costs).items()]
        near = least_transfer(costs, self.game.borne)
        moved = money_moved(self.game.borne, near)
        methods.append(_checked(LEAST_TRANSFER, near, costs, near.statement))
        alone = {m: costs[frozenset({m})] for m in self.game.members}
        return self._result(methods, alone, costs=costs, transfer=Transfer(near, moved, moved))

    def large(self, samples: int, separable: bool, seed: int) -> SideBySide:
        """Too many groups to list: the prices of the plan, keys, and what was asked for besides."""
        named, sampled, transfer, methods = self._few(), None, None, list[Method]()
        alone = self._alone()
        try:
            if separable:
                named.append(("separable costs-remaining benefits", self._separable(alone)))
            if samples:
                sampled = self._sampled(samples, seed)
                named.append((f"Shapley value from {2 * samples} random orders", Charges(sampled.charges)))
            check = CoreCheck(self.game, self.watch)
            for name, charges in named:
                self.tell(f"the core: {name}", 0.0, 0)
                found = self._looked_into(check, name, charges)
                methods.append(Method(name, charges, found, charges.statement))
            self.tell("the least transfer", 0.0, 0)
            transfer = check.least_transfer(self.game.borne, self.seconds)
            methods = [self._again(check, method) for method in methods]
        except SolverError:
            if not out_of_time(self.watch):
                raise
        if out_of_time(self.watch):
            self.stopped = "The time limit was reached; what is finished is shown."
            methods += [Method(name, charges) for name, charges in named[len(methods) :]]
        return self._result(methods, alone, transfer=transfer, sampled=sampled)

    def _looked_into(self, check: CoreCheck, name: str, charges: Charges) -> Dissatisfied:
        """Whether any group would leave; once none would, the time that is left goes to the group treated worst."""
        found = check.ask(charges, self.seconds, worst=False)
        if (
            not found.in_core or name == OWEN
        ):  # whose charges bound every group so closely that the worst is hard to tell
            return found
        worst = check.ask(charges, max(0.0, self.seconds - found.seconds))
        return replace(worst, bound=max(worst.excess, min(worst.bound, found.bound)))

    def _again(self, check: CoreCheck, method: Method) -> Method:
        """A method that was not settled, judged once more by all that the others have taught since."""
        if method.charges is None or method.worst is None or method.worst.in_core is not None:
            return method
        return replace(method, worst=check.ask(method.charges, 0.0))

    def _rules(self, costs: Costs) -> dict[str, Callable[[], Charges]]:
        """Every rule by its name, ready to be asked."""
        return {
            **{name: partial(Charges, charges) for name, charges in self._few()},
            "proportional to cost alone": lambda: self._by_key({m: costs[frozenset({m})] for m in self.game.members}),
            "separable costs-remaining benefits": lambda: separable_costs_remaining_benefits(costs),
            "Shapley value": lambda: shapley(costs),
            "tau value": lambda: tau(costs),
            "least core (a point of it)": lambda: self._least_core(costs),
            "nucleolus": lambda: nucleolus(costs),
            "nucleolus per head": lambda: per_capita_nucleolus(costs),
        }

    def _few(self) -> list[tuple[str, Charges]]:
        """Rules that need the plan of everybody only."""
        d = self.game.plan.data
        keys = {"fair share": d.fair_share, "GDP": d.gdp, "population": d.population}
        found = [(AS_IT_FALLS, self.game.borne), (OWEN, self.game.owen)]
        return found + [
            (f"proportional to {name}", self._by_key({m: float(key[m] or 0.0) for m in self.game.members}))
            for name, key in keys.items()
            if math.fsum(key[m] or 0.0 for m in self.game.members) > 0
        ]

    def _least_core(self, costs: Costs) -> Charges:
        """A point of the least core, and what even the group that gains least gains there by staying."""
        found = least_core(costs)
        if found.statement:
            return found
        gain = money(-(found.excess or 0.0), currency_of(self.game.scenario))
        return Charges(
            found, f"Every group gains {gain} or more by staying; no charges give the least of them more.", found.excess
        )

    def _by_key(self, key: Mapping[str, float]) -> Charges:
        return shared_by(self.game.members, self.game.total, key)

    def _exact(self, costs: Costs, name: str, rule: Callable[[], Charges]) -> Method:
        try:
            charges = rule()
        except UsageError as none:
            return Method(name, None, statement=str(none))
        return _checked(name, charges, costs, charges.statement)

    def _asked(self, name: str, charges: Charges, seconds: float) -> Method:
        return Method(name, charges, CoreCheck(self.game, self.watch).ask(charges, seconds, worst=False))

    def _alone(self) -> dict[str, float]:
        """What each member would pay by itself, as far as the time goes."""
        return self._each(lambda m: self.game.cost({m}))

    def _each(self, cost: Callable[[str], float]) -> dict[str, float]:
        found: dict[str, float] = {}
        for m in self.game.members:
            self.tell(f"{m} alone", 0.0, 0)
            try:
                found[m] = cost(m)
            except SolverError:
                if not out_of_time(self.watch):
                    raise
                break
        return found

    def _separable(self, alone: Mapping[str, float]) -> Charges:
        everybody = frozenset(self.game.members)
        without = {m: self.game.cost(everybody - {m}) for m in self.game.members}
        last = {m: self.game.total - without[m] for m in self.game.members}
        benefit = {m: max(alone[m] - last[m], 0.0) for m in self.game.members}
        rest = self.game.total - math.fsum(last.values())
        return Charges({m: last[m] + part for m, part in shared_by(self.game.members, rest, benefit).items()})

    def _sampled(self, rounds: int, seed: int) -> Sampled:
        sample = ShapleySample(self.game.members, self.game.cost, seed)
        for i in range(rounds):
            self.tell(f"random orders, {i + 1} of {rounds}", 0.0, i)
            sample.draw(stratified=False)
        return sample.estimate()

    def _result(self, methods: list[Method], alone: Mapping[str, float], **more) -> SideBySide:  # type: ignore[no-untyped-def]
        leading = self._each(self.game.own_command)
        return SideBySide(self.game, tuple(methods), alone, leading, stopped=self.stopped, **more)


def _checked(name: str, charges: Charges, costs: Costs, statement: str) -> Method:
    """A method's charges against every group."""
    group, excess = core_excess(costs, charges)
    return Method(name, charges, Dissatisfied(group, excess, excess, 1e-6 * Game.of(costs).size, 0.0, 0), statement)


def _nobody(what: str, seconds: float, iterations: int) -> None:
    """Nobody wants to know."""
