"""Which joint programmes are opened when it is not known which case will come: one choice for all cases, by branching."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from model.language.faults import SolverError
from model.solve.engine import Basis, Engine, Watch
from model.solve.hot import cold_method
from model.solve.lp import LP
from model.solve.stages import HOLD, in_order

OPENED = "opened"

_WHOLE = 1e-7
"""A programme this close to opened or closed is that."""

_ZERO = 1e-9


def best_choice(
    lp: LP,
    free: Sequence[str],
    objectives: Sequence[str],
    engine: Engine,
    watch: Watch,
    has_none: Callable[[Mapping[str, bool]], bool],
) -> dict[str, bool] | None:
    """The choice of the free programmes with the best objectives, in their order; None where no choice has a plan.

    Branches on the programme opened most of those opened in part, opened before closed; a branch is given up where even opening in
    part does no better than the best choice so far, or where it is proved (``has_none``) to have no plan. Raises SolverError where
    the time is up, or that proof fails.
    """
    places = lp.columns[OPENED].at
    best: tuple[list[float], dict[str, bool]] | None = None
    branches: list[tuple[dict[str, bool], Basis | None]] = [({}, None)]
    while branches:
        fixed, start = branches.pop()
        method = "dual simplex" if start is not None else cold_method(lp)
        outcome = in_order(engine, _with(lp, fixed), objectives, start, method, watch, "as is")
        if outcome.status == "infeasible" and has_none(fixed):
            continue
        if outcome.status != "optimal" or outcome.x is None:
            raise SolverError(f"which joint programmes to open over all cases could not be settled ({outcome.status})")
        values = [stage.value for stage in outcome.stages]
        if best is not None and not _better(values, best[0]):
            continue
        part = {g: float(outcome.x[places[g,]]) for g in free if g not in fixed}
        halves = {g: amount for g, amount in part.items() if abs(amount - round(amount)) > _WHOLE}
        if not halves:
            best = values, {**fixed, **{g: amount > 0.5 for g, amount in part.items()}}
            continue
        most = max(halves, key=lambda g: (halves[g], g))
        branches += [
            ({**fixed, most: is_open}, outcome.basis) for is_open in (False, True)
        ]  # the last is looked at first
    return None if best is None else best[1]


def _with(lp: LP, fixed: Mapping[str, bool]) -> LP:
    """The problem with these programmes opened or not."""
    lower, upper, places = lp.lower.copy(), lp.upper.copy(), lp.columns[OPENED].at
    for g, is_open in fixed.items():
        lower[places[g,]] = upper[places[g,]] = float(is_open)
    return replace(lp, lower=lower, upper=upper)


def _better(values: Sequence[float], best: Sequence[float]) -> bool:
    """Whether objectives in their order are better, by more than earlier ones are held to."""
    for mine, others in zip(values, best, strict=True):
        if abs(mine - others) > HOLD * max(abs(others), _ZERO):
            return mine < others
    return False
