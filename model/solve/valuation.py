"""The value of given acquisitions in one case, proved: what contributions make of them, and what they break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model import certificate
from model.certificate import Cells
from model.solve.engine import Watch
from model.solve.given import Amounts, Breach, given
from model.solve.hot import cold_method
from model.solve.problem import Problem
from model.solve.proof import prove
from model.solve.proved import proved
from model.solve.settle import settle
from model.solve.stages import Stage, in_order

COST = "cost"


@dataclass(frozen=True, eq=False)
class Valuation:
    """What given acquisitions are worth in a case: the measure at its best, and what they cost there.

    ``breaches`` are policies they break there, whatever is contributed (a budget overspent); the value then is what they would be
    worth if that were let pass. ``value`` is None where there is no proved one, and ``message`` says why.
    """

    value: float | None
    cost: float
    breaches: tuple[Breach, ...] = ()
    message: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the acquisitions keep every policy in this case."""
        return self.value is not None and not self.breaches


def valuation(problem: Problem, amounts: Amounts, measure: str, watch: Watch | None = None) -> Valuation:
    """The least value of a measure in a case, with its orders, lifts and holdings given; proved by its certificate."""
    held, watch = given(problem.lp, amounts), watch or Watch()
    lp, names = held.lp, [name for name in held.lp.columns if name in amounts]
    cost = float((lp.K[[lp.measure(COST)]] @ lp.lower)[0])

    def attempt(settings: str) -> tuple[str, Valuation]:
        outcome = in_order(problem.engine, lp, (measure,), None, cold_method(lp), watch, settings)
        if outcome.status != "optimal":
            why = f"no contributions keep every policy with them ({outcome.status})"
            return outcome.status, Valuation(None, cost, held.breaches, why)
        stage = outcome.stages[0]
        proof = _certified(problem, held.broken, amounts, stage, names)
        if not proof.passed:
            return "numerical trouble", Valuation(None, cost, held.breaches, "; ".join(proof.failures))
        return outcome.status, Valuation(stage.value, cost, held.breaches)

    return proved(attempt, lambda tried: tried[0] in ("optimal", "infeasible", "time limit", "interrupted"))[1]


def _certified(
    problem: Problem, broken: frozenset[str], amounts: Amounts, stage: Stage, names: Sequence[str]
) -> certificate.Certificate:
    """The certificate of a valuation, from a reading in which the acquisitions are given and what they break is off."""
    lp = problem.lp.drop(*broken)
    reading = problem.read_again(lp.off) if broken else problem.reading
    cells = {name: Cells.of(amounts[name]) for name in names}
    x = settle(problem.engine, lp, stage.x)
    return prove(certificate.given(reading, cells), lp, stage, x, fixed=names, printed={stage.measure: stage.value})
