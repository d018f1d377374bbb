"""Objectives in order: each minimised in turn while the earlier ones hold, each with its proof.

Two objectives are solved as one blend, first + a small weight x second, which keeps their order when the first is proved
to be at its own optimum by a few more iterations from the blend's basis; where it is not, or there are more, by stages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.language.cached import cached_property
from model.language.shown import Shown
from model.solve.engine import Answer, Basis, Engine, Status, Watch
from model.solve.hot import PATIENCE, SECONDS, cold_method
from model.solve.lp import LP, Array

HOLD = 1e-6
"""Earlier objectives are held at their optimum to within this, relative (FORMULATION 6)."""

_BLENDS = (1e-4, 1e-5, 1e-6)
"""Weights of the second objective against the first, tried in turn until the first is proved to be at its optimum."""

_ZERO = 1e-9

THOUSAND = 1000.0
"""A weighting is solved in parts in a thousand of each measure's whole."""


@dataclass(frozen=True, eq=False)
class Stage(Shown):
    """One objective, its optimum and the proof.

    ``weights`` gives the objective in natural units, ``ceilings`` what was held meanwhile. ``multipliers`` (rows of A),
    ``ceiling_multipliers`` (measures) and ``reduced`` (columns) are duals per natural unit, reduced cost = c - A'y.
    ``x`` is an optimal point of the stage.
    """

    weights: Mapping[str, float]
    value: float
    ceilings: Mapping[str, float]
    x: Array
    multipliers: Array
    ceiling_multipliers: Array
    reduced: Array
    seconds: float
    iterations: int

    @cached_property
    def measure(self) -> str:
        """The measure's name, or the weighting in words (per natural unit)."""
        return " + ".join(name if weight == 1 else f"{weight:g} {name}" for name, weight in self.weights.items())


@dataclass(frozen=True, eq=False)
class Outcome:
    """How a solve in order ended: with stages and a plan, or with the status that stopped it."""

    status: Status
    stages: tuple[Stage, ...] = ()
    x: Array | None = None
    final: Answer | None = None
    lp: LP | None = None
    """The problem of the last stage, with the ceilings that hold the earlier ones."""
    answers: tuple[Answer, ...] = ()
    restarted: bool = False
    """Whether a hot start was given up for a fresh one."""

    @property
    def basis(self) -> Basis | None:
        """The basis hot solves start from."""
        return self.final.basis if self.final else None


def in_order(
    engine: Engine, lp: LP, objectives: Sequence[str], start: Basis | None, method: str, watch: Watch, settings: str
) -> Outcome:
    """Minimise measures in turn, each held at its optimum while the next is minimised."""
    solver = _Solver(engine, lp, watch, settings)
    if len(objectives) >= 2:
        outcome = solver.blended(objectives[0], objectives[1], start, method)
    else:
        outcome = solver.single({objectives[0]: 1.0}, start, method)
    for name in objectives[2:]:
        if outcome.status == "optimal":
            outcome = solver.after(outcome, name)
    return replace(outcome, restarted=solver.restarted)


def weighted(
    engine: Engine, lp: LP, weights: Mapping[str, float], start: Basis | None, method: str, watch: Watch, settings: str
) -> Outcome:
    """Minimise a weighting of normalised measures: risks as they are, money as a part of all budgets."""
    solver = _Solver(engine, lp, watch, settings)
    return replace(solver.single(scaled(lp, weights), start, method), restarted=solver.restarted)


def scaled(lp: LP, weights: Mapping[str, float]) -> dict[str, float]:
    """Weights on normalised measures as the engine takes them, on scaled ones."""
    sizes = {name: THOUSAND / float(lp.whole[lp.measure(name)] * lp.scale[lp.measure(name)]) for name in weights}
    return {name: weight * sizes[name] for name, weight in weights.items()}


class _Solver:
    def __init__(self, engine: Engine, lp: LP, watch: Watch, settings: str) -> None:
        self.engine, self.lp, self.watch, self.settings = engine, lp, watch, settings
        self.restarted = False

    def run(self, lp: LP, weights: Mapping[str, float], start: Basis | None, method: str) -> Answer:
        return self.engine.solve(lp, weights, start, method, self.watch, settings=self.settings)

    def begin(self, weights: Mapping[str, float], start: Basis | None, method: str) -> Answer:
        """The first solve; from a basis that turns out to be far, given up in time and begun afresh."""
        if start is None:
            return self.run(self.lp, weights, None, method)
        most = max(1000, int(PATIENCE * self.lp.A.shape[0]))
        watch = replace(self.watch, processor_limit=max(1.0, SECONDS * self.lp.A.nnz))
        answer = self.engine.solve(self.lp, weights, start, method, watch, settings=self.settings, most_iterations=most)
        out_of_patience = answer.status == "time limit" and self.watch.left > 0
        if answer.status != "iteration limit" and not out_of_patience:
            return answer
        self.restarted = True
        return self.run(self.lp, weights, None, cold_method(self.lp))

    def single(self, weights: Mapping[str, float], start: Basis | None, method: str) -> Outcome:
        answer = self.begin(weights, start, method)
        if answer.status != "optimal":
            return Outcome(answer.status, answers=(answer,))
        stage = stage_of(self.lp, answer, weights, None if len(weights) > 1 else next(iter(weights)))
        return Outcome("optimal", (stage,), answer.x, answer, self.lp, (answer,))

    def blended(self, first: str, second: str, start: Basis | None, method: str) -> Outcome:
        answers: tuple[Answer, ...] = ()
        for small in _BLENDS:
            blend = self.begin({first: 1.0 / small, second: 1.0}, start, method)
            answers += (blend,)
            if blend.status != "optimal":
                return Outcome(blend.status, answers=answers)
            proof = self.engine.go_on(self.lp, {first: 1.0 / small}, "primal simplex", self.watch, self.settings)
            answers += (proof,)
            if proof.status != "optimal":
                return Outcome(_once_feasible(proof.status), answers=answers)
            held, best = (_value(self.lp, first, answer.x) for answer in (blend, proof))
            if held - best <= HOLD * max(abs(best), _ZERO):
                stages = (
                    stage_of(self.lp, proof, {first: 1.0}, first, 1.0 / small),
                    _blend_stage(self.lp, blend, first, second, 1.0 / small),
                )
                return Outcome("optimal", stages, blend.x, blend, self.lp, answers)
            start, method = blend.basis, "primal simplex"
        proof = self.run(self.lp, {first: 1.0}, blend.basis, "primal simplex")
        outcome = Outcome("optimal", (stage_of(self.lp, proof, {first: 1.0}, first),), proof.x, proof, self.lp, answers)
        return self.after(outcome, second)

    def after(self, outcome: Outcome, name: str) -> Outcome:
        """One more stage, the earlier ones held by ceilings."""
        lp = self.lp
        for stage in outcome.stages:
            slack = HOLD * max(abs(stage.value), _ZERO)
            lp = lp.keep(stage.measure, min(stage.value + slack, float(lp.ceilings[lp.measure(stage.measure)])))
        answer = self.run(lp, {name: 1.0}, outcome.basis, "primal simplex")
        answers = (*outcome.answers, answer)
        if answer.status != "optimal":
            return Outcome(_once_feasible(answer.status), outcome.stages, answers=answers)
        stages = (*outcome.stages, stage_of(lp, answer, {name: 1.0}, name))
        return Outcome("optimal", stages, answer.x, answer, lp, answers)


def _once_feasible(status: Status) -> Status:
    """After a stage that found a plan, "infeasible" is the solver's trouble and no finding about the scenario."""
    return "numerical trouble" if status == "infeasible" else status


def _value(lp: LP, name: str, x: Array) -> float:
    return float((lp.K[[lp.measure(name)]] @ x)[0])


def _ceilings(lp: LP) -> dict[str, float]:
    return {name: float(limit) for name, limit in zip(lp.measures, lp.ceilings, strict=True) if np.isfinite(limit)}


def stage_of(lp: LP, answer: Answer, weights: Mapping[str, float], only: str | None, large: float = 1.0) -> Stage:
    """The proof of one objective; a single measure (``only``) in its natural unit, a weighting in the scaled one.

    The solver was given ``large`` times the weights, so that its tolerances are small beside the prices.
    """
    unit = float(lp.scale[lp.measure(only)]) if only else 1.0
    natural = {name: weight * float(lp.scale[lp.measure(name)]) / unit for name, weight in weights.items()}
    value = sum(weight * _value(lp, name, answer.x) for name, weight in natural.items())
    per = unit * large
    duals = answer.y / per, answer.ceiling_y / per, answer.reduced / per
    return Stage(natural, value, _ceilings(lp), answer.x, *duals, answer.seconds, answer.iterations)


def _blend_stage(lp: LP, answer: Answer, first: str, second: str, large: float) -> Stage:
    """A blend's duals, read as those of its second measure under a ceiling on the first."""
    unit = float(lp.scale[lp.measure(second)])
    ceilings = {**_ceilings(lp), first: _value(lp, first, answer.x)}
    over = answer.ceiling_y / unit
    over[lp.measure(first)] -= large * float(lp.scale[lp.measure(first)]) / unit
    value = _value(lp, second, answer.x)
    duals = answer.y / unit, over, answer.reduced / unit
    return Stage({second: 1.0}, value, ceilings, answer.x, *duals, answer.seconds, answer.iterations)
