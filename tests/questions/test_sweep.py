"""A sweep: the same as fresh solves, taken up where it stopped, never ended by one run."""

import errno
import gc
import json
import os
import pickle
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from model.language.faults import OutputError, UsageError
from model.questions.executor import Here, Lost, Processes
from model.questions.sweep import runs as sweep_runs
from model.questions.sweep.design import Design, grid, sample
from model.questions.sweep.result import TABLE, sweep, time_left
from model.scenario.levers.edits import apply_edits, parse_edit
from model.solve.problem import Problem
from tests.scenarios import SAID, random_scenario

pytestmark = pytest.mark.slow

BUDGETS = "budget[member 0]=0.8,0.9,1,1.1"
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@pytest.fixture(scope="module")
def scenario():
    return random_scenario(3, members=3, capabilities=3, tasks=2, situations=1, periods=2)


class Counting:
    """Runs jobs here, counts them, and can fail after some."""

    says = "here"

    def __init__(self, stop_after=None, reason=None):
        self.done, self.stop_after, self.reason = 0, stop_after, reason

    def map(self, function, jobs):
        for job in jobs:
            if self.done == self.stop_after:
                raise self.reason
            self.done += 1
            yield job, function(job)


def test_a_scenario_travels(scenario):
    there = pickle.loads(pickle.dumps(scenario))
    assert there.hash == scenario.hash
    assert there.gdp == scenario.gdp
    with pytest.raises(TypeError):
        there.values["gdp"] = {}


@pytest.mark.parametrize("executor", [Here(), Processes(2)], ids=["here", "processes"])
def test_every_row_is_what_a_fresh_solve_gives(scenario, tmp_path, executor):
    design = grid([BUDGETS, "requirement=0.9,1.2"])
    found = sweep(scenario, design, tmp_path, executor)
    for edits, row in zip(design.runs, found.table.to_dict("records"), strict=True):
        edited = apply_edits(scenario, edits)
        plan = Problem(edited.scenario, off=edited.off).solve()
        assert row["status"] == plan.status == "optimal"
        for measure in SAID:
            assert row[measure] == pytest.approx(plan.measures[measure], rel=1e-6, abs=1e-8)
        assert [row["budget[member 0]"], row["requirement"]] == [edit.value for edit in edits]
        assert row["path"] == "hot"
    assert list(found.table["run"]) == list(range(1, 9))
    assert found.solved == 8


def test_switching_a_policy_off_is_a_lever_too(scenario):
    design = grid(["rule[budget_is_respected]=off", "requirement=1"])
    found = sweep(scenario, design, executor=Here())
    free = Problem(scenario, off=["budget_is_respected"]).solve()
    assert found.table["risk"][0] == pytest.approx(free.measures["risk"], abs=1e-9)


def test_the_parquet_is_the_table_with_units(scenario, tmp_path):
    found = sweep(scenario, grid([BUDGETS]), tmp_path, Here())
    table = pq.read_table(tmp_path / TABLE)
    pd.testing.assert_frame_equal(table.to_pandas(), found.table)
    assert table.schema.field("cost").metadata == {b"unit": b"USD m"}
    assert table.column_names == ["run", "budget[member 0]", "status", *SAID, "seconds", "path", "message"]


def test_what_is_solved_is_not_solved_again(scenario, tmp_path):
    first, second, third = Counting(), Counting(), Counting()
    before = sweep(scenario, grid([BUDGETS]), tmp_path, first)
    again = sweep(scenario, grid([BUDGETS]), tmp_path, second)
    more = sweep(scenario, grid([BUDGETS + ",1.3"]), tmp_path, third)
    assert (first.done, second.done, third.done) == (4, 0, 1)
    assert (again.solved, again.kept, more.kept) == (0, 4, 4)
    pd.testing.assert_frame_equal(before.table, again.table)


@pytest.mark.parametrize("change", ["scenario", "objectives", "code"])
def test_another_scenario_objective_or_code_is_solved_afresh(scenario, tmp_path, change, monkeypatch):
    sweep(scenario, grid([BUDGETS]), tmp_path, Counting())
    other, counting = scenario.scale("gdp", 1.01) if change == "scenario" else scenario, Counting()
    if change == "code":
        monkeypatch.setattr(sweep_runs, "code_version", lambda: "another")
    sweep(other, grid([BUDGETS]), tmp_path, counting, ["cost"] if change == "objectives" else None)
    assert counting.done == 4


def test_runs_that_come_to_the_same_scenario_are_solved_once(scenario):
    counting, design = Counting(), grid([BUDGETS])
    found = sweep(scenario, Design((*design.runs, *design.runs), design.names, "twice"), executor=counting)
    assert counting.done == 4
    assert len(found.table) == 8


@pytest.mark.parametrize("reason", [KeyboardInterrupt(), UsageError("the cluster went away"), RuntimeError("a defect")])
def test_whatever_ends_a_sweep_finished_runs_are_kept(scenario, tmp_path, reason):
    with pytest.raises(type(reason)):
        sweep(scenario, grid([BUDGETS]), tmp_path, Counting(2, reason))
    counting = Counting()
    assert len(sweep(scenario, grid([BUDGETS]), tmp_path, counting).table) == 4
    assert counting.done == 2


def test_a_wrong_lever_is_found_before_anything_runs(scenario, tmp_path):
    for text in ("budget[Atlantis]=0.9,1", "budget[member 0]=0.9,-1", "withdraw=member 0,Atlantis"):
        counting = Counting()
        with pytest.raises(UsageError):
            sweep(scenario, grid([text]), tmp_path, counting)
        assert counting.done == 0
    with pytest.raises(UsageError, match="no measure"):
        sweep(scenario, grid([BUDGETS]), tmp_path, objectives=["glory"])


def test_runs_without_a_plan_are_rows(scenario, tmp_path):
    pledged = _cannot_keep_pledges(scenario)
    design = grid(["budget=0.01,1"])
    found = sweep(pledged, design, tmp_path, Here())
    fresh = [Problem(apply_edits(pledged, edits).scenario).solve().status for edits in design.runs]
    assert list(found.table["status"]) == fresh == ["infeasible", "optimal"]
    assert found.table["message"][0]
    assert found.table["risk"].isna().tolist() == [True, False]
    assert any("infeasible" in said for said in found.says)
    counting = Counting()
    sweep(pledged, design, tmp_path, counting)
    assert counting.done == 0


def _cannot_keep_pledges(scenario):
    """The first member has promised what a hundredth of its budget cannot keep up."""
    capability = next(c for m, c in scenario.holding if m == "member 0")
    held = scenario.holding["member 0", capability]
    key = ("member 0", capability, None)
    return scenario.with_values("min_stock", {key: 0.5 * held}).with_values("max_stock", {key: None})


def test_stopped_and_failed_runs_are_rows_and_tried_again(scenario, tmp_path, monkeypatch):
    found = sweep(scenario, grid([BUDGETS]), tmp_path, Here(), time_limit=0.0)
    assert set(found.table["status"]) == {"time limit"}
    with monkeypatch.context() as broken:
        broken.setattr(Problem, "solve", lambda *_, **__: 1 / 0)
        found = sweep(scenario, grid([BUDGETS]), tmp_path, Here())
    assert set(found.table["status"]) == {"failed"}
    assert "ZeroDivisionError" in found.table["message"][0]
    found = sweep(scenario, grid([BUDGETS]), tmp_path, Here())
    assert set(found.table["status"]) == {"optimal"}


def test_a_lost_run_is_a_row(scenario):
    class Losing(Counting):
        def map(self, function, jobs):
            for place, (job, outcome) in enumerate(super().map(function, jobs)):
                yield job, Lost("its worker died") if place == 1 else outcome

    found = sweep(scenario, grid([BUDGETS]), executor=Losing())
    assert list(found.table["status"]) == ["optimal", "failed", "optimal", "optimal"]
    assert found.table["message"][1] == "its worker died"


def test_a_worker_with_other_code_is_found_out(scenario):
    class Elsewhere(Counting):
        def map(self, function, jobs):
            return super().map(replace(function, version="older"), jobs)

    found = sweep(scenario, grid([BUDGETS]), executor=Elsewhere())
    assert set(found.table["status"]) == {"failed"}
    assert "another version" in found.table["message"][0]


@posix
def test_killing_a_worker_loses_nothing(scenario, tmp_path):
    executor, killed = Processes(2), []

    def kill_one(what, seconds, iterations):
        from multiprocessing import active_children

        if what.startswith("4 of 24") and not killed:
            killed.append(active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    design = sample(["budget=0.8..1.2"], 24, seed=1)
    found = sweep(scenario, design, tmp_path, executor, tell=kill_one)
    assert killed
    assert set(found.table["status"]) == {"optimal"}
    whole = sweep(scenario, design, executor=Here()).table
    pd.testing.assert_frame_equal(found.table[["run", *SAID]], whole[["run", *SAID]], rtol=1e-6, atol=1e-8)


def test_a_full_disk_is_said_and_costs_only_what_was_not_written(scenario, tmp_path, monkeypatch):
    sweep(scenario, grid([BUDGETS]), tmp_path, Here())

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("model.files.atomic.os.fsync", full)
        with pytest.raises(OutputError, match="disk is full") as said:
            sweep(scenario, grid([BUDGETS + ",1.2,1.3"]), tmp_path, Here())
    assert "4 runs" in str(said.value)
    counting = Counting()
    sweep(scenario, grid([BUDGETS + ",1.2,1.3"]), tmp_path, counting)
    assert counting.done == 2


def test_a_damaged_line_is_solved_again(scenario, tmp_path):
    sweep(scenario, grid([BUDGETS]), tmp_path, Here())
    (part,) = tmp_path.glob("part-*.jsonl")
    lines = part.read_text().splitlines()
    part.write_text("\n".join([lines[0], lines[1][:20], json.dumps({"other": 1}), lines[3]]))
    counting = Counting()
    sweep(scenario, grid([BUDGETS]), tmp_path, counting)
    assert counting.done == 2


def test_progress_says_how_far_and_how_long(scenario):
    told = []
    sweep(scenario, grid([BUDGETS]), executor=Here(), tell=lambda what, *_: told.append(what))
    assert told[-2].startswith("3 of 4 runs, about")
    assert told[-1] == "4 of 4 runs, done"
    assert time_left(60.0, 10, 100) == "about 9 min left"


def test_near_runs_start_from_each_other_and_only_three_problems_are_kept(scenario):
    near, far = (parse_edit(f"budget={value}") for value in (0.8, 0.82))
    assert sweep_runs.distance((near,), (far,)) == pytest.approx(0.02)
    assert sweep_runs.distance((), (far,)) == pytest.approx(0.18)
    assert sweep_runs.distance((), (parse_edit("withdraw=member 1"),)) == 1
    runs = sweep_runs.Runs(scenario, ("risk", "cost"))
    for place, edits in enumerate(grid(["budget=0.8..1.2/9"]).runs):
        assert runs(sweep_runs.Job(str(place), edits)).path == "hot"
    gc.collect()
    warm = vars(sweep_runs._WARM)[runs.name]
    alive = [found for found in gc.get_objects() if isinstance(found, Problem) and found.engine is warm.base.engine]
    assert len(alive) == 3  # the base and the last two
    sweep_runs.forget()


def test_a_run_is_known_by_all_code_that_decides_it():
    package = Path(sweep_runs.__file__).parents[2]
    for folder in sweep_runs._DECIDING:
        assert any((package / folder).rglob("*.py")), folder
