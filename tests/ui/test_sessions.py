"""What sessions share and what they do not: plans, long work, and their place in the server's memory."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from model.scenario.levers.edits import parse_edit
from model.scenario.shipped import shipped_scenarios
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.ui.sessions import app, opened, session_of, sound, unbroken
from ui import solved, state, work
from ui.state import Session

pytestmark = pytest.mark.slow

TUTORIAL = next(path for path in shipped_scenarios() if path.stem == "tutorial")


@pytest.fixture
def solves(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every solve of a problem, by the name of its scenario."""
    done: list[str] = []
    solve = Problem.solve

    def counted(self: Problem, *args: Any, **more: Any) -> Any:
        done.append(self.scenario.name)
        return solve(self, *args, **more)

    monkeypatch.setattr(Problem, "solve", counted)
    return done


def session(solved_one: solved.Solved | None = None) -> Session:
    """A session outside any browser, on a tutorial of its own unless one is given."""
    found = solved_one or solved.solve(load(TUTORIAL, f"own {time.perf_counter()}"))
    return Session("tutorial", found.scenario, found)


class TestPlansAreKept:
    def test_levers_put_back_and_pulled_again_solve_nothing(self, solves: list[str]) -> None:
        at = opened("overview", "budget=0.91")
        plan = session_of(at).plan
        session_of(at).release()
        sound(at.run())
        solves.clear()
        session_of(at).pull(parse_edit("budget=0.91"))
        sound(at.run())
        assert session_of(at).plan is plan
        assert solves == []
        assert any("Solved and proved before" in str(one.value) for one in at.sidebar.caption)

    def test_a_link_and_a_reload_give_the_plan_that_somebody_has_solved(self, solves: list[str]) -> None:
        first = opened("overview", "budget=0.92")
        solves.clear()
        linked = sound(app(scenario="tutorial", set="budget=0.92").run())
        again = sound(app(s=session_of(first).token).run())
        assert session_of(linked).plan is session_of(again).plan is session_of(first).plan
        assert solves == []

    def test_other_pages_do_not_solve_what_is_known_either(self, solves: list[str]) -> None:
        opened("overview", "budget=0.925")
        solves.clear()
        opened("apportionment", scenario="tutorial", set="budget=0.925")
        assert solves == []

    def test_what_needs_a_solved_problem_gets_one(self) -> None:
        first = opened("sensitivity", "budget=0.93")
        other = session_of(opened("overview", scenario="tutorial", set="budget=0.93"))
        assert other.is_again
        assert other.problem.basis is not None
        assert other.problem.lp.equals(session_of(first).problem.lp)

    def test_another_scenario_under_the_same_levers_has_a_plan_of_its_own(self) -> None:
        mine, yours = session(), session(solved.solve(load(TUTORIAL, "mine").scale("gdp", 2.0)))
        for one in (mine, yours):
            one.pull(parse_edit("budget=0.9"))
        assert mine.plan is not yours.plan

    def test_the_very_same_workbook_is_solved_once_and_another_name_or_source_is_another(self) -> None:
        here = solved.solve(load(TUTORIAL, "secret"))
        assert solved.solve(load(TUTORIAL, "secret")) is here
        assert solved.solve(load(TUTORIAL, "other")) is not here
        assert solved.solve(load(TUTORIAL, "secret").with_settings(currency="X m")) is not here

    def test_what_nobody_has_open_any_more_is_gone(self) -> None:
        here = weakref.ref(solved.solve(load(TUTORIAL, "gone")))
        gc.collect()
        assert here() is None

    def test_only_so_many_plans_are_remembered_and_those_looked_at_stay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(solved, "MOST_PLANS", 3)
        one = session()
        kept = one.solved.known((parse_edit("budget=0.5"),), {})
        for number in range(9):
            one.solved.known((parse_edit(f"budget=0.6{number}"),), {})
            assert one.solved.known((parse_edit("budget=0.5"),), {}) is kept
        assert len(one.solved._what_ifs) == 3

    def test_a_kept_plan_with_joint_programmes_has_its_verdicts(self) -> None:
        path = next(path for path in shipped_scenarios() if path.stem == "us_japan")
        one = session(solved.solve(load(path)))
        one.pull(parse_edit("budget=0.95"))
        programmes, alternatives = one.plan.programmes, one.plan.alternatives
        assert programmes is not None
        assert alternatives is not None
        assert [verdict.programme for verdict in alternatives.verdicts] == list(programmes.opened)
        assert all(verdict.settled for verdict in alternatives.verdicts)

    def test_a_solve_that_was_stopped_is_not_kept(self) -> None:
        one = session()
        one.pull(parse_edit("budget=0.94"))
        stopped = work.Watch(stop=threading.Event())
        stopped.stop.set()
        assert not one.solve_levers(stopped).plan.found
        assert not one.is_ready
        assert one.plan.found


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Makes every solve of a what-if wait until the event is set or it is told to stop."""
    go, solve = threading.Event(), Problem.solve

    def waiting(self: Problem, *args: Any, watch: Any = None, **more: Any) -> Any:
        while watch is not None and not go.is_set() and not watch.stop.is_set():
            time.sleep(0.01)
        return solve(self, *args, watch=watch, **more)

    monkeypatch.setattr(Problem, "solve", waiting)
    yield go
    go.set()


class TestLevers:
    def test_cancel_puts_the_levers_back_and_stops_the_solve(self, slow: threading.Event) -> None:
        one = session()
        one.pull(parse_edit("budget=0.9"))
        before = one.solve_levers
        slow.set()
        one.show(before())
        slow.clear()
        one.pull(parse_edit("budget=0.8"))
        task = work._solving(one)
        assert not task.ended.wait(0.1)
        work._cancel_solving(one)
        assert task.ended.wait(30)
        assert [edit.text for edit in one.edits] == ["budget=0.9"]
        assert one.is_ready
        assert one.plan.found

    def test_the_next_lever_stops_the_last_and_the_same_one_goes_on(self, slow: threading.Event) -> None:
        one = session()
        one.pull(parse_edit("budget=0.9"))
        first = work._solving(one)
        assert work._solving(one) is first  # a visit to another page meanwhile
        one.pull(parse_edit("budget=0.7"))
        second = work._solving(one)
        assert second is not first
        assert first.ended.wait(30)
        slow.set()
        assert second.ended.wait(60)
        assert second.result.plan.found
        assert second.result.problem.engine is not one.solved.problem.engine

    def test_progress_and_cancel_are_there_until_it_is_solved(
        self, slow: threading.Event, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(work, "MOMENT", 0.0)
        seen: list[str] = []
        monkeypatch.setattr(work.st, "button", lambda label, **more: seen.append(f"{label} {more.get('key')}"))
        one = session()
        one.pull(parse_edit("budget=0.9"))
        threading.Timer(0.6, slow.set).start()
        assert work.plan_on_screen(one).found
        assert seen == ["Cancel cancel solving"]
        assert one.solving is None

    def test_what_goes_wrong_is_said_and_not_tried_again_at_every_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        at = opened("overview")
        tried: list[int] = []

        def broken(*_: Any, **__: Any) -> Any:
            tried.append(1)
            raise ZeroDivisionError

        monkeypatch.setattr(Problem, "solve", broken)
        session_of(at).pull(parse_edit("budget=0.95"))
        for _ in range(2):
            unbroken(at.run())
            assert "could not be worked out" in at.sidebar.error[0].value
        assert len(tried) == 1
        monkeypatch.undo()
        session_of(at).release()
        sound(at.run())


def asking(name: str, gate: threading.Event) -> Any:
    """Long work that waits for a gate and says in which thread it was done."""

    def done(problem: Any, plan: Any, watch: Any) -> str:
        while not gate.wait(0.02):
            watch.progress("1 of 2", 0.0, 0)
            if watch.stop.is_set():
                return "stopped"
        return threading.current_thread().name

    return done


class TestLongWork:
    def test_a_small_scenarios_question_is_worked_out_beside_the_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(work, "MOMENT", 0.0)
        at = app().run()
        session_of(at).solved.base.answers.clear()
        at.switch_page("ui/pages/trade_offs.py").run()
        tasks = dict(session_of(at).tasks)
        for _ in range(300):
            if not session_of(at).tasks:
                break
            time.sleep(0.1)
            sound(at.run())
        assert tasks
        assert not session_of(at).tasks
        assert any(name.startswith("front") for name in session_of(at).solved.base.answers)

    def test_it_goes_on_while_other_pages_are_looked_at_and_over_a_reload(self) -> None:
        at, gate = opened("overview", "budget=0.97"), threading.Event()
        one = session_of(at)
        one.tasks["question"] = work._begin(one, "question", asking("question", gate), None)
        for page in ("members", "map"):
            sound(at.switch_page(f"ui/pages/{page}.py").run())
        again = session_of(sound(app(s=one.token).run()))
        assert again.tasks["question"] is one.tasks["question"]
        assert again.known("question") is None
        gate.set()
        assert one.tasks["question"].ended.wait(60)
        assert again.known("question") == one.known("question") != threading.current_thread().name

    def test_uploads_being_solved_are_not_given_to_whoever_has_the_address(self) -> None:
        at, gate = opened("overview"), threading.Event()
        work.begin_beside(session_of(at), "solve upload", lambda watch: gate.wait(60))
        again = session_of(sound(app(s=session_of(at).token).run()))
        gate.set()
        assert again.tasks == {}

    def test_it_ends_when_all_its_tabs_are_closed_and_others_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        open_tabs, now = {"a"}, [time.time()]
        monkeypatch.setattr(work, "is_open", open_tabs.__contains__)
        monkeypatch.setattr(work.time, "time", lambda: now[0])
        task = work.Task("key", work.Turns(1), tabs={"a", "b"})
        now[0] += 10 * work.ABANDONED
        task.hear("still at it", 0.0, 0)
        assert not task.stop.is_set()  # nobody looked at its page, but its tab is open
        open_tabs.clear()
        now[0] += work.UNWATCHED + 1
        task.hear("still at it", 0.0, 0)
        assert not task.stop.is_set()  # nobody waits for its turn
        assert task.turns is not None
        task.turns.waiting = 1
        task.hear("still at it", 0.0, 0)
        assert task.stop.is_set()

    def test_workbooks_do_not_wait_for_analyses(self) -> None:
        one, gate = session(), threading.Event()
        for number in range(work.AT_ONCE):
            name = f"question {number}"
            one.tasks[name] = work._begin(one, name, asking(name, gate), work._turns("analyses"))
        work.begin_beside(one, "solve upload", lambda watch: "solved")
        assert one.tasks["solve upload"].ended.wait(30)
        gate.set()
        assert all(task.ended.wait(30) for task in one.tasks.values())

    def test_what_was_cancelled_is_asked_again_by_its_button_only(self) -> None:
        at = app().run()
        session_of(at).solved.base.answers.clear()
        session_of(at).declined.add((session_of(at).key, "withdrawal of each"))
        sound(at.switch_page("ui/pages/withdrawal.py").run())
        assert not session_of(at).tasks
        at.button(key="start withdrawal of each").click().run()
        assert session_of(at).tasks["withdrawal of each"].ended.wait(60)
        sound(at.run())
        assert session_of(at).known("withdrawal of each") is not None


class TestMemory:
    @pytest.fixture
    def tabs(self, monkeypatch: pytest.MonkeyPatch) -> set[str]:
        """The tabs that are open."""
        found: set[str] = set()
        monkeypatch.setattr(state, "is_open", found.__contains__)
        return found

    @pytest.fixture
    def shared(self) -> solved.Solved:
        return solved.solve(load(TUTORIAL))

    def visit(self, memory: dict[str, Session], shared: solved.Solved, **more: Any) -> Session:
        """A page load, remembered as the server does."""
        one = Session("tutorial", shared.scenario, shared, linked=("tutorial", (), {}), **more)
        memory[one.token] = one
        state._forget_old(memory)
        return one

    def test_a_session_with_an_open_tab_is_never_forgotten_for_others(self, tabs: set[str], shared: Any) -> None:
        memory: dict[str, Session] = {}
        tabs.add("mine")
        mine = self.visit(memory, shared, tab="mine")
        for _ in range(3 * state.MOST_REMEMBERED):
            self.visit(memory, shared, tab="theirs").edits = (parse_edit("budget=0.9"),)
        assert memory[mine.token] is mine
        assert len(memory) == state.MOST_REMEMBERED

    def test_visits_in_which_nothing_was_done_end_no_work(self, tabs: set[str], shared: Any) -> None:
        memory: dict[str, Session] = {}
        mine = self.visit(memory, shared)
        mine.pull(parse_edit("budget=0.9"))
        for _ in range(3 * state.MOST_REMEMBERED):
            self.visit(memory, shared)
        for _ in range(3 * state.MOST_REMEMBERED):
            linked = self.visit(memory, shared, edits=(parse_edit("budget=0.8"),))
            linked.linked = linked.source, linked.edits, linked.ceilings  # as the address asked for
        assert memory[mine.token] is mine

    def test_reloads_of_one_person_end_their_own_copies_first(self, tabs: set[str], shared: Any) -> None:
        memory: dict[str, Session] = {}
        mine = self.visit(memory, shared)
        mine.pull(parse_edit("budget=0.9"))
        for _ in range(3 * state.MOST_REMEMBERED):
            self.visit(memory, shared, edits=(parse_edit("budget=0.8"),), family="theirs")
        assert memory[mine.token] is mine

    def test_thirty_page_loads_leave_another_session_as_it_is(self) -> None:
        at = opened("overview", "budget=0.88")
        mine = session_of(at)
        mine.keep("mine")
        for _ in range(30):
            app().run()
        again = session_of(sound(app(s=mine.token).run()))
        assert again.edits == mine.edits
        assert list(again.kept) == ["mine"]
        assert again.family == mine.family


def test_work_says_that_it_waits_only_while_it_waits() -> None:
    turns, heard, go_on = work.Turns(1), threading.Event(), threading.Event()

    def step(watch: work.Watch) -> None:
        heard.set()
        go_on.wait(30)

    first = work.Task("first", turns).start(step)
    assert heard.wait(30)
    second = work.Task("second", turns).start(lambda watch: None)
    assert "waiting" not in first.progress
    assert "waiting" in second.progress
    go_on.set()
    assert first.ended.wait(30)
    assert second.ended.wait(30)
