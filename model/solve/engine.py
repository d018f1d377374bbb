"""HiGHS, kept warm between solves. The only file that imports highspy, and the only one that scales measures."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp

from model.language.faults import SolverError
from model.language.shown import Shown
from model.solve.answers import BASIC, Answer, Basis, Ranges, Ray, Status
from model.solve.lp import LP, Array
from model.solve.watch import Progress, Watch

__all__ = ["LADDER", "Answer", "Basis", "Engine", "Progress", "Ranges", "Status", "Watch"]

TICK = 0.1
"""Seconds between looks at whether to stop, and at progress."""

_USUAL: dict[str, Any] = {
    "solver": "choose", "run_crossover": "on", "presolve": "choose", "simplex_strategy": 1,
    "simplex_dual_edge_weight_strategy": -1, "simplex_scale_strategy": 4, "dual_simplex_cost_perturbation_multiplier": 1.0,
    "primal_feasibility_tolerance": 1e-7, "dual_feasibility_tolerance": 1e-7, "time_limit": float("inf"), "iis_strategy": 0,
    "simplex_iteration_limit": 2**31 - 1,
}  # fmt: skip
"""What holds unless a method says otherwise. Scaling by largest values (4) takes half as many iterations from a basis as
equilibration (benchmarks/settings.py)."""

_METHODS: dict[str, dict[str, Any]] = {
    "interior point": {"solver": "ipx", "run_crossover": "on"},
    "dual simplex": {"solver": "simplex", "simplex_strategy": 1, "simplex_dual_edge_weight_strategy": 1},
    "hot simplex": {
        "solver": "simplex", "simplex_strategy": 1, "simplex_dual_edge_weight_strategy": 1,
        "dual_simplex_cost_perturbation_multiplier": 0.0,
    },
    "primal simplex": {"solver": "simplex", "simplex_strategy": 4},
}  # fmt: skip
"""Hot simplex is dual simplex from a basis that is nearly right: moving costs at random, to avoid ties, only leads away from it.
Limited in iterations by whoever asks for it, since without that it might go round in circles."""

LADDER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("as is", {}),
    ("scaled otherwise", {"simplex_scale_strategy": 2}),
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


class _Silent(highspy.Highs):
    """HiGHS that never prints. Since 1.16 it announces itself on stdout while it is made, when nobody can have told it not to."""

    def enableCallbacks(self) -> None:
        """The first thing that is done with a new one, and what it announces itself at."""
        self.silent()
        super().enableCallbacks()


class Engine:
    """One HiGHS object. Not safe to share between threads: one for each session."""

    def __init__(self) -> None:
        self._highs = _Silent()
        self._loaded: _Reduced | None = None
        for name, value in (("threads", 1), ("random_seed", 0)):
            self._highs.setOptionValue(name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        """For another process, which has a solver of its own: a new one."""
        return (type(self), ())

    def solve(
        self,
        lp: LP,
        weights: Mapping[str, float],
        start: Basis | None = None,
        method: str = "dual simplex",
        watch: Watch | None = None,
        extra: Array | None = None,
        settings: str = "as is",
        most_iterations: int | None = None,
    ) -> Answer:
        """Minimise a weighting of scaled measures (plus ``extra`` cost by column) from a basis, or from none.

        After ``most_iterations`` of simplex the status is "iteration limit".

        Raises SolverError when a number that would reach the solver is not finite.
        """
        problem = _Reduced.of(lp, weights, extra)
        limit = {"simplex_iteration_limit": most_iterations} if most_iterations else {}
        self._set(method, {**dict(LADDER)[settings], **limit})
        problem.load(self._highs)
        if start is not None:
            self._highs.setBasis(problem.basis_in(start))
        return self._answered(problem, watch, settings)

    def go_on(
        self, lp: LP, weights: Mapping[str, float], method: str, watch: Watch | None = None, settings: str = "as is"
    ) -> Answer:
        """Minimise another weighting of the measures of the last solve, from where it ended.

        Only the costs go to the solver, which still holds the rules, the basis and its factors. Raises SolverError when the
        last solve was of another problem or asked for fewer measures.
        """
        problem = self._loaded
        if problem is None or problem.lp is not lp or not set(weights) <= problem.asked:
            raise SolverError("only the problem just solved can be gone on with")
        self._set(method, dict(LADDER)[settings])
        cost = problem.cost_of(weights)
        self._highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        return self._answered(problem, watch, settings)

    def _answered(self, problem: _Reduced, watch: Watch | None, settings: str) -> Answer:
        watch = watch or Watch()
        seconds = self._run(watch)
        status = self._status(watch)
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            status = self._settle_status()
        self._loaded = problem
        return problem.answer(self._highs, status, seconds, settings)

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

    def ray(self, lp: LP, watch: Watch | None = None) -> Ray | None:
        """Prices, or their opposite, under which the rows cannot hold together, by dual simplex without presolve; None without any."""
        problem, height = _Reduced.of(lp, {}, None), lp.A.shape[0]
        self._set("dual simplex", {"presolve": "off"})
        problem.load(self._highs)
        self._loaded = None
        self._run(watch or Watch())
        _, has_ray, values = self._highs.getDualRay()  # type: ignore[attr-defined]
        y = np.bincount(problem.rows, values if has_ray else None, height + len(lp.measures))
        return Ray(y[:height], y[height:] * lp.scale) if has_ray else None

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
        self._loaded = None
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = start[problem.columns]
            self._highs.setSolution(solution)
        seconds = self._run(watch)
        status = self._status(watch)
        info = self._highs.getInfo()
        found = info.primal_solution_status == 2  # feasible, by HiGHS's numbering of solution states
        return problem.answer(self._highs, status, seconds, "as is"), float(info.mip_gap) if found else np.inf

    def smallest_conflict(self, lp: LP, hard: Array, watch: Watch) -> Array:
        """Places of rows that cannot hold together; ``hard`` marks rows that are identities and not reported."""
        problem = _Reduced.of(lp, {}, None)
        limit = self._highs.getRunTime() + watch.left
        self._set("dual simplex", {"iis_strategy": 6, "iis_time_limit": watch.left, "time_limit": limit})
        problem.load(self._highs)
        self._loaded = None
        _, iis = self._highs.getIis()
        rows = problem.rows[np.array(iis.row_index_, dtype=np.int64).reshape(-1)]
        rows = rows[rows < lp.A.shape[0]]
        return rows[~hard[rows]]

    def _set(self, method: str, more: Mapping[str, Any]) -> None:
        for name, value in {**_USUAL, **_METHODS[method], **more}.items():
            self._highs.setOptionValue(name, value)

    def _run(self, watch: Watch) -> float:
        """Run in a thread of its own, so that Ctrl-C reaches Python; leaves within a moment when asked to stop."""
        begun = time.perf_counter()
        spent = self._highs.getRunTime()  # HiGHS counts all runs of one object against the limit
        left = watch.left
        self._highs.setOptionValue("time_limit", spent + left)
        listen = _Listener(self._highs, watch, begun, begun + left)
        for event in self._events:
            event.subscribe(listen)
            if not watch.stop.is_set():
                self._highs.stopCallback(event.callback_type)
        done = threading.Event()  # not Thread.join: interrupted by Ctrl-C, it forgets a thread that still runs
        worker = threading.Thread(target=self._run_and_tell, args=(done,), daemon=True)
        worker.start()
        try:
            if watch.meanwhile is not None:
                watch.meanwhile()
            self._wait(done)
        except BaseException:
            watch.stop.set()
            self._wait(done)
            raise
        finally:
            for event in self._events:
                event.clear()
        return time.perf_counter() - begun

    def _wait(self, done: threading.Event) -> None:
        """Wait for a run, and let HiGHS call back now and then: at every iteration, as it would, each call waits for Python's lock,
        and beside any other thread that is busy in Python a solve would take a hundred times as long."""
        while not done.wait(TICK):
            for event in self._events:
                self._highs.startCallback(event.callback_type)

    @property
    def _events(self) -> tuple[Any, ...]:
        return self._highs.cbSimplexInterrupt, self._highs.cbIpmInterrupt, self._highs.cbMipInterrupt

    def _run_and_tell(self, done: threading.Event) -> None:
        try:
            self._highs.run()
        finally:
            done.set()

    def _status(self, watch: Watch) -> Status:
        found = _STATUS.get(self._highs.getModelStatus(), "numerical trouble")
        return "time limit" if found == "interrupted" and not watch.stop.is_set() else found

    def _settle_status(self) -> Status:
        """HiGHS cannot tell infeasible from unbounded: solve again without presolve."""
        self._highs.setOptionValue("presolve", "off")
        self._highs.run()
        return _STATUS.get(self._highs.getModelStatus(), "numerical trouble")


class _Listener:
    """Hears HiGHS's interrupt calls, one each time it is asked to call: passes on progress and the wish to stop."""

    def __init__(self, highs: highspy.Highs, watch: Watch, begun: float, until: float) -> None:
        self._highs, self._watch, self._begun, self._until, self._told = highs, watch, begun, until, begun

    def __call__(self, event: Any) -> None:
        now = time.perf_counter()
        # Of whole-number programmes HiGHS's own clock does not know when the time is up; and a wish it once heard stays
        # with it over runs until it is taken back.
        is_up = now > self._until or time.thread_time() > self._watch.processor_limit
        event.interrupt(self._watch.stop.is_set() or is_up)
        if self._watch.progress is not None and now - self._told > 0.25:
            self._told = now
            done = max(event.data_out.simplex_iteration_count, event.data_out.ipm_iteration_count)
            self._watch.progress("solving", now - self._begun, int(done))
        self._highs.stopCallback(highspy.cb.HighsCallbackType(event.callback_type))


@dataclass(frozen=True, eq=False)
class _Reduced(Shown):
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
    asked: frozenset[str]

    @classmethod
    def of(cls, lp: LP, weights: Mapping[str, float], extra: Array | None) -> _Reduced:
        weighting = np.array([weights.get(name, 0.0) for name in lp.measures]) * lp.scale
        cost = np.asarray(lp.K.T @ weighting)
        if extra is not None:
            cost = cost + extra
        capped = np.flatnonzero(np.isfinite(lp.ceilings))
        rows = np.r_[np.flatnonzero(lp.live_rows(weights)), lp.A.shape[0] + capped]
        scaled = sp.diags_array(lp.scale[capped]) @ lp.K[capped] if len(capped) else lp.K[:0]
        live = lp.rows_apart[rows[rows < lp.A.shape[0]]]
        A = (sp.vstack([live, scaled], format="csr") if len(capped) else live).tocsc()
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
            asked=frozenset(name for name, weight in weights.items() if weight),
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

    def cost_of(self, weights: Mapping[str, float]) -> Array:
        """The costs of another weighting of measures."""
        weighting = np.array([weights.get(name, 0.0) for name in self.lp.measures]) * self.lp.scale
        cost: Array = np.asarray(self.lp.K.T @ weighting)[self.columns]
        return cost

    def load(self, highs: highspy.Highs) -> None:
        """Hand it to the solver as arrays."""
        (n_rows, n_columns), A = self.A.shape, self.A
        columnwise, minimise = 1, 1  # HiGHS's own numbers for them
        highs.passModel(
            n_columns, n_rows, A.nnz, columnwise, minimise, 0.0, self.cost, self.lower, self.upper, self.row_lower,
            self.row_upper, A.indptr.astype(np.int32), A.indices.astype(np.int32), A.data, np.zeros(n_columns, dtype=np.int32),
        )  # fmt: skip

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
        found.col_status = [_STATUSES[i] for i in basis.columns[self.columns].tolist()]
        found.row_status = [_STATUSES[i] for i in basis.rows[self.rows].tolist()]
        basic = np.count_nonzero(basis.columns[self.columns] == BASIC) + np.count_nonzero(
            basis.rows[self.rows] == BASIC
        )
        found.valid, found.alien = True, bool(basic != len(self.rows))  # one that is not alien is not factored twice
        return found

    def answer(self, highs: highspy.Highs, status: Status, seconds: float, settings: str) -> Answer:
        info, solution = highs.getInfo(), highs.getSolution()
        n_rows = self.lp.A.shape[0]
        x, reduced = self.lp.lower.copy(), np.zeros(self.lp.A.shape[1])
        y = np.zeros(n_rows + len(self.lp.measures))
        if solution.value_valid:
            x[self.columns] = solution.col_value
        if solution.dual_valid:
            y[self.rows], reduced[self.columns] = solution.row_dual, solution.col_dual
        basis = partial(self._basis_out, highs.getBasis() if status == "optimal" else highspy.HighsBasis())
        iterations = int(info.simplex_iteration_count + info.ipm_iteration_count + info.crossover_iteration_count)
        return Answer(status, x, y[:n_rows], y[n_rows:] * self.lp.scale, reduced, iterations, seconds, settings, basis)

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


_STATUSES = sorted(highspy.HighsBasisStatus.__members__.values(), key=int)
