"""HiGHS, kept warm between solves. The only file that imports highspy, and the only one that scales measures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import highspy
import numpy as np
import scipy.sparse as sp

from model.data.faults import SolverError
from model.solve.lp import LP, Array

Status = Literal[
    "optimal", "infeasible", "unbounded", "time limit", "interrupted", "numerical trouble", "iteration limit"
]
Progress = Callable[[str, float, int], None]
"""Told now and then: what is being done, seconds so far, iterations so far."""

VERSION = highspy.Highs().version()

_MANY = 2**31 - 1

_METHODS: dict[str, dict[str, Any]] = {
    "interior point": {"solver": "ipx", "run_crossover": "on"},
    "dual simplex": {"solver": "simplex", "simplex_strategy": 1, "simplex_dual_edge_weight_strategy": 1},
    "primal simplex": {"solver": "simplex", "simplex_strategy": 4},
}

LADDER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("as is", {}),
    ("scaled", {"simplex_scale_strategy": 4}),
    ("tight tolerances", {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}),
    ("without presolve", {"presolve": "off"}),
    ("interior point", {"solver": "ipx", "run_crossover": "on"}),
)
"""Settings tried in turn when an answer fails its certificate; the first certified answer wins."""

_STATUS: dict[Any, Status] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "time limit",
    highspy.HighsModelStatus.kInterrupt: "interrupted",
    highspy.HighsModelStatus.kIterationLimit: "iteration limit",
}


@dataclass(frozen=True, eq=False)
class Basis:
    """Which columns and rows are basic, over the whole LP (ceilings last); usable for any LP of the same shape."""

    columns: Array
    rows: Array


@dataclass(frozen=True, eq=False)
class Answer:
    """What HiGHS said. ``x`` over all columns; ``y`` over all rows of A and ``ceiling_y`` over the measures, both per unit of the
    *scaled* objective and of the unscaled right-hand side; ``reduced`` likewise over columns."""

    status: Status
    x: Array
    y: Array
    ceiling_y: Array
    reduced: Array
    basis: Basis | None
    iterations: int
    seconds: float
    settings: str = "as is"


@dataclass(frozen=True, eq=False)
class Ranges:
    """Between which values the active limit of each row and column may lie, everything else unchanged, before the optimal basis
    changes; NaN where the limit is not active."""

    row_low: Array
    row_high: Array
    column_low: Array
    column_high: Array


@dataclass(frozen=True)
class Watch:
    """Limits and listeners of a solve; ``time_limit`` in seconds, from when the watch was made."""

    time_limit: float | None = None
    progress: Progress | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    begun: float = field(default_factory=time.perf_counter)

    @property
    def left(self) -> float:
        """Seconds left."""
        return float("inf") if self.time_limit is None else max(0.0, self.begun + self.time_limit - time.perf_counter())


class Engine:
    """One HiGHS object. Not safe to share between threads: one for each session."""

    def __init__(self) -> None:
        self._highs = highspy.Highs()
        self._highs.silent()
        for name, value in (("threads", 1), ("random_seed", 0)):
            self._highs.setOptionValue(name, value)

    def solve(
        self,
        lp: LP,
        weights: Mapping[str, float],
        start: Basis | None = None,
        method: str = "dual simplex",
        watch: Watch | None = None,
        extra: Array | None = None,
        settings: str = "as is",
        keep_basis: bool = True,
        most_iterations: int | None = None,
    ) -> Answer:
        """Minimise a weighting of scaled measures (plus ``extra`` cost by column) from a basis, or from none.

        ``keep_basis`` false saves the reading of a basis that nobody will start from; after ``most_iterations`` of simplex
        the status is "iteration limit".

        Raises SolverError when a number that would reach the solver is not finite.
        """
        problem = _Reduced.of(lp, weights, extra)
        self._set(method, dict(LADDER)[settings])
        self._highs.setOptionValue("simplex_iteration_limit", most_iterations or _MANY)
        self._highs.passModel(problem.as_highs())
        if start is not None:
            self._highs.setBasis(problem.basis_in(start))
        seconds = self._run(watch or Watch())
        status = _STATUS.get(self._highs.getModelStatus(), "numerical trouble")
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            status = self._settle_status()
        return problem.answer(self._highs, status, seconds, settings, keep_basis)

    def ranging(
        self, lp: LP, weights: Mapping[str, float], start: Basis | None, watch: Watch | None = None
    ) -> tuple[Answer, Ranges | None]:
        """The optimum from a basis, and the ranges of all limits at the basis it ends with; None where there is no optimum."""
        answer = self.solve(lp, weights, start, "primal simplex", watch, settings="without presolve")
        if answer.status != "optimal":
            return answer, None
        status, ranging = self._highs.getRanging()
        if status == highspy.HighsStatus.kError:
            return answer, None
        return answer, _Reduced.of(lp, weights, None).ranges(self._highs, ranging)

    def solve_whole(
        self,
        lp: LP,
        weights: Mapping[str, float],
        whole: Array,
        watch: Watch,
        start: Array | None = None,
        gap: float = 1e-6,
    ) -> tuple[Answer, float]:
        """Minimise with the columns ``whole`` (a truth for each) in whole numbers, by branch and bound, from a plan that keeps
        all rules or from none. Gives the best found and the proved gap to the optimum, a part of it; infinite without a plan."""
        problem = _Reduced.of(lp, weights, None)
        self._set("dual simplex", {"solver": "choose", "mip_rel_gap": gap, "mip_feasibility_tolerance": 1e-7})
        model = problem.as_highs()
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(is_whole)] for is_whole in whole[problem.columns]]
        self._highs.passModel(model)
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = start[problem.columns]
            self._highs.setSolution(solution)
        seconds = self._run(watch)
        status = _STATUS.get(self._highs.getModelStatus(), "numerical trouble")
        info = self._highs.getInfo()
        found = info.primal_solution_status == 2  # feasible, by HiGHS's numbering of solution states
        return problem.answer(self._highs, status, seconds, "as is", False), float(info.mip_gap) if found else np.inf

    def smallest_conflict(self, lp: LP, hard: Array, watch: Watch) -> Array:
        """Places of rows that cannot hold together; ``hard`` marks rows that are identities and not reported."""
        problem = _Reduced.of(lp, {}, None)
        limit = self._highs.getRunTime() + watch.left
        self._set("dual simplex", {"iis_strategy": 6, "iis_time_limit": watch.left, "time_limit": limit})
        self._highs.passModel(problem.as_highs())
        _, iis = self._highs.getIis()
        rows = problem.rows[np.array(iis.row_index_, dtype=np.int64).reshape(-1)]
        rows = rows[rows < lp.A.shape[0]]
        return rows[~hard[rows]]

    def _set(self, method: str, more: Mapping[str, Any]) -> None:
        defaults = {
            "solver": "choose", "run_crossover": "on", "presolve": "choose", "simplex_strategy": 1,
            "simplex_dual_edge_weight_strategy": -1, "simplex_scale_strategy": 2, "primal_feasibility_tolerance": 1e-7,
            "dual_feasibility_tolerance": 1e-7, "time_limit": float("inf"), "iis_strategy": 0,
        }  # fmt: skip
        for name, value in {**defaults, **_METHODS[method], **more}.items():
            self._highs.setOptionValue(name, value)

    def _run(self, watch: Watch) -> float:
        """Run in a thread of its own, so that Ctrl-C reaches Python; leaves within a moment when asked to stop."""
        begun = time.perf_counter()
        spent = self._highs.getRunTime()  # HiGHS counts all runs of one object against the limit
        self._highs.setOptionValue("time_limit", spent + watch.left)
        listen = _Listener(watch, begun)
        events = (self._highs.cbSimplexInterrupt, self._highs.cbIpmInterrupt, self._highs.cbMipInterrupt)
        for event in events:
            event.subscribe(listen)
        done = threading.Event()  # not Thread.join: interrupted by Ctrl-C, it forgets a thread that still runs
        worker = threading.Thread(target=self._run_and_tell, args=(done,), daemon=True)
        worker.start()
        try:
            while not done.wait(0.2):
                pass
        except BaseException:
            watch.stop.set()
            while not done.wait(0.2):
                pass
            raise
        finally:
            for event in events:
                event.clear()
        return time.perf_counter() - begun

    def _run_and_tell(self, done: threading.Event) -> None:
        try:
            self._highs.run()
        finally:
            done.set()

    def _settle_status(self) -> Status:
        """HiGHS cannot tell infeasible from unbounded: solve again without presolve."""
        self._highs.setOptionValue("presolve", "off")
        self._highs.run()
        return _STATUS.get(self._highs.getModelStatus(), "numerical trouble")


class _Listener:
    """Hears HiGHS's interrupt calls: passes on progress and the wish to stop."""

    def __init__(self, watch: Watch, begun: float) -> None:
        self._watch, self._begun, self._told = watch, begun, begun

    def __call__(self, event: Any) -> None:
        if self._watch.stop.is_set():
            event.interrupt()
        now = time.perf_counter()
        if self._watch.progress is not None and now - self._told > 0.25:
            self._told = now
            done = max(event.data_out.simplex_iteration_count, event.data_out.ipm_iteration_count)
            self._watch.progress("solving", now - self._begun, int(done))


@dataclass(frozen=True, eq=False)
class _Reduced:
    """The live part of an LP with its ceilings as rows, and the way back."""

    lp: LP
    cost: Array
    A: sp.csc_array
    lower: Array
    upper: Array
    row_lower: Array
    row_upper: Array
    columns: Array
    rows: Array

    @classmethod
    def of(cls, lp: LP, weights: Mapping[str, float], extra: Array | None) -> _Reduced:
        weighting = np.array([weights.get(name, 0.0) for name in lp.measures]) * lp.scale
        cost = np.asarray(lp.K.T @ weighting)
        if extra is not None:
            cost = cost + extra
        capped = np.flatnonzero(np.isfinite(lp.ceilings))
        rows = np.r_[np.flatnonzero(lp.live_rows(weights)), lp.A.shape[0] + capped]
        scaled = sp.diags_array(lp.scale[capped]) @ lp.K[capped] if len(capped) else lp.K[:0]
        A = sp.vstack([lp.A, _spread(scaled, capped, len(lp.measures))], format="csr")[rows].tocsc()
        columns = np.flatnonzero((np.diff(A.indptr) > 0) | (cost != 0))
        ends = lp.floors * lp.scale, lp.ceilings * lp.scale
        made = cls(
            lp=lp,
            cost=cost[columns],
            A=A[:, columns],
            lower=lp.lower[columns],
            upper=lp.upper_bounds()[columns],
            row_lower=np.r_[lp.row_lower, ends[0]][rows],
            row_upper=np.r_[lp.row_upper, ends[1]][rows],
            columns=columns,
            rows=rows,
        )
        made.check()
        return made

    def check(self) -> None:
        """A NaN would make HiGHS loop or answer wrongly: refuse it here."""
        numbers = {"a cost": self.cost, "a coefficient": self.A.data}
        limits = {
            "a lower limit": self.lower,
            "an upper limit": self.upper,
            "a row's limit": np.r_[self.row_lower, self.row_upper],
        }
        for what, values in numbers.items():
            if not np.isfinite(values).all():
                raise SolverError(
                    f"{what} of the model is not a finite number; the scenario holds a value out of all proportion"
                )
        for what, values in limits.items():
            if np.isnan(values).any():
                raise SolverError(
                    f"{what} of the model is not a number; the scenario holds a value out of all proportion"
                )

    def as_highs(self) -> highspy.HighsLp:
        problem = highspy.HighsLp()
        problem.num_row_, problem.num_col_ = self.A.shape
        problem.col_cost_ = self.cost
        problem.col_lower_, problem.col_upper_ = self.lower, self.upper
        problem.row_lower_, problem.row_upper_ = self.row_lower, self.row_upper
        matrix = problem.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_, matrix.index_, matrix.value_ = self.A.indptr, self.A.indices, self.A.data
        return problem

    def basis_in(self, basis: Basis) -> highspy.HighsBasis:
        found = highspy.HighsBasis()
        found.col_status = [_STATUSES[i] for i in basis.columns[self.columns]]
        found.row_status = [_STATUSES[i] for i in basis.rows[self.rows]]
        found.valid, found.alien = True, True
        return found

    def answer(self, highs: highspy.Highs, status: Status, seconds: float, settings: str, keep_basis: bool) -> Answer:
        info, solution = highs.getInfo(), highs.getSolution()
        n_rows = self.lp.A.shape[0]
        x, reduced = self.lp.lower.copy(), np.zeros(self.lp.A.shape[1])
        y = np.zeros(n_rows + len(self.lp.measures))
        if solution.value_valid:
            x[self.columns] = solution.col_value
        if solution.dual_valid:
            y[self.rows], reduced[self.columns] = solution.row_dual, solution.col_dual
        basis = self._basis_out(highs.getBasis()) if keep_basis and status == "optimal" else None
        iterations = int(info.simplex_iteration_count + info.ipm_iteration_count + info.crossover_iteration_count)
        return Answer(status, x, y[:n_rows], y[n_rows:] * self.lp.scale, reduced, basis, iterations, seconds, settings)

    def ranges(self, highs: highspy.Highs, found: highspy.HighsRanging) -> Ranges:
        """HiGHS's ranging over the whole LP; only limits that are active have one."""
        basis, basic = highs.getBasis(), highspy.HighsBasisStatus.kBasic
        n_rows, n_columns = self.lp.A.shape
        rows, columns = np.full((2, n_rows + len(self.lp.measures)), np.nan), np.full((2, n_columns), np.nan)
        rows[:, self.rows] = [found.row_bound_dn.value_, found.row_bound_up.value_]
        columns[:, self.columns] = [found.col_bound_dn.value_, found.col_bound_up.value_]
        rows[:, self.rows[[status == basic for status in basis.row_status]]] = np.nan
        columns[:, self.columns[[status == basic for status in basis.col_status]]] = np.nan
        return Ranges(rows[0, :n_rows], rows[1, :n_rows], columns[0], columns[1])

    def _basis_out(self, found: highspy.HighsBasis) -> Basis | None:
        if not found.valid:
            return None
        columns = np.zeros(self.lp.A.shape[1], dtype=np.int8)
        rows = np.ones(self.lp.A.shape[0] + len(self.lp.measures), dtype=np.int8)
        columns[self.columns] = [int(status) for status in found.col_status]
        rows[self.rows] = [int(status) for status in found.row_status]
        return Basis(columns, rows)


def _spread(matrix: Any, rows: Array, height: int) -> sp.csr_array:
    """Put a matrix's rows at their places among ``height``."""
    found = matrix.tocoo()
    where = rows[found.coords[0]] if len(rows) else found.coords[0]
    return sp.csr_array((found.data, (where, found.coords[1])), shape=(height, matrix.shape[1]))


_STATUSES = sorted(highspy.HighsBasisStatus.__members__.values(), key=int)
