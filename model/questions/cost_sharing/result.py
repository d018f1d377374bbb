"""Every way to share the alliance's cost side by side: what each charges each member, whether any group would rather go, who gains."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import pandas as pd

from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.questions.cost_sharing.coalition_core import CoreCheck, Dissatisfied, Transfer
from model.questions.cost_sharing.coalitions import MOST_LISTED, AllianceGame
from model.questions.cost_sharing.games.core import core_excess, least_transfer, money_moved
from model.questions.cost_sharing.games.game import Charges, Game
from model.questions.cost_sharing.games.nucleolus import least_core, nucleolus, per_capita_nucleolus
from model.questions.cost_sharing.games.sampling import Sampled, ShapleySample
from model.questions.cost_sharing.games.values import separable_costs_remaining_benefits, shapley, shared_by, tau
from model.questions.time_limit import out_of_time
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.wording.amounts import currency_of, money

Tell = Callable[[str, float, int], None]
Costs = dict[frozenset[str], float]

AS_IT_FALLS = "as the plan falls"
OWEN = "Owen charges"
LEAST_TRANSFER = "least transfer into the core"


@dataclass(frozen=True, eq=False)
class Method:
    """One way to share: the charges by member (money), the group it treats worst, and what must be said about it.

    ``charges`` is None where the rule has no answer for this game; ``statement`` says why.
    """

    name: str
    charges: Charges | None
    worst: Dissatisfied | None = None
    statement: str = ""


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Every method's charges on one scenario, as tidy tables and as sentences; money of the scenario, discounted.

    ``alone`` is what each member would pay by itself, ``leading`` the same with itself in the lead of every situation, ``costs``
    what every group would (None where they are too many), ``sampled`` the sampled Shapley value with its margins, ``stopped`` what
    the time limit left undone.
    """

    game: AllianceGame
    methods: tuple[Method, ...]
    alone: Mapping[str, float]
    leading: Mapping[str, float]
    costs: Costs | None = None
    transfer: Transfer | None = None
    sampled: Sampled | None = None
    stopped: str = field(default="")

    @property
    def answered(self) -> list[Method]:
        """The methods that have an answer."""
        return [method for method in self.methods if method.charges is not None]

    @cached_property
    def charges(self) -> pd.DataFrame:
        """A row a member: alone (under the alliance's leads, and leading itself), spending, own loss, what each method charges."""
        rows = []
        for m in self.game.scenario.sets["member"]:
            row = {"member": m, "alone": self.alone.get(m), "alone_in_the_lead": self.leading.get(m)}
            row |= {"spends": self.game.spent[m], "own_loss": self.game.lost[m]}
            row |= {method.name: _charge(method, m) for method in self.answered}
            rows.append({**row, "unit": currency_of(self.game.scenario)})
        return pd.DataFrame(rows)

    @cached_property
    def payments(self) -> pd.DataFrame:
        """A row a method and member: charge, payment to others beyond what it bears anyway, and gain over going alone."""
        borne = self.game.borne
        rows = [
            (
                method.name,
                m,
                _charge(method, m),
                _charge(method, m) - borne[m],
                None if m not in self.alone else self.alone[m] - _charge(method, m),
                currency_of(self.game.scenario),
            )
            for method in self.answered
            for m in self.game.scenario.sets["member"]
        ]
        return pd.DataFrame(rows, columns=["method", "member", "charge", "pays_to_others", "gain_over_alone", "unit"])

    @cached_property
    def core(self) -> pd.DataFrame:
        """A row a method: in the core or not, the group treated worst, what it would gain by leaving, and money moved."""
        rows = []
        for method in self.methods:
            worst = method.worst
            rows.append(
                (
                    method.name,
                    "no answer" if method.charges is None else _in_words(worst),
                    ", ".join(sorted(worst.group)) if worst and worst.group else None,
                    worst.excess if worst and worst.group else None,
                    worst.bound if worst else None,
                    money_moved(self.game.borne, method.charges) if method.charges is not None else None,
                    method.statement or None,
                    currency_of(self.game.scenario),
                )
            )
        columns = [
            "method", "in_the_core", "worst_treated_group", "it_would_gain_by_leaving", "no_group_gains_more_than", "money_moved",
            "statement", "unit",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """A row a group, where all were solved: what it pays by itself and what its members save by forming it."""
        rows = [
            (
                len(g),
                ", ".join(sorted(g)),
                cost,
                math.fsum(self.alone[m] for m in g) - cost,
                currency_of(self.game.scenario),
            )
            for g, cost in sorted((self.costs or {}).items(), key=lambda item: (len(item[0]), sorted(item[0])))
        ]
        return pd.DataFrame(rows, columns=["members (number)", "group", "cost", "saved_against_alone", "unit"])

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        found = {"charges": self.charges, "core": self.core, "payments": self.payments}
        return {**found, "groups": self.groups} if self.costs else found

    @cached_property
    def says(self) -> list[str]:
        """What a planner can repeat in a meeting."""
        from model.questions.cost_sharing.words import sentences

        return sentences(self)


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


def _charge(method: Method, member: str) -> float:
    return method.charges[member] if method.charges is not None else math.nan


def _in_words(worst: Dissatisfied | None) -> str:
    in_core = None if worst is None else worst.in_core
    return "not settled" if in_core is None else "yes" if in_core else "no"


def _nobody(what: str, seconds: float, iterations: int) -> None:
    """Nobody wants to know."""
