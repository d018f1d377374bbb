"""Threads with scenarios of their own neither stop each other nor change each other's answers."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from model.formulation.quickly import SumExpression
from model.language.cached import cached_property
from model.solve.problem import Problem
from tests.scenarios import tiny_scenario

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300
SOURCES = sorted(path for folder in ("model", "ui") for path in (ROOT / folder).rglob("*.py"))
LOCKS = {"Lock", "RLock", "Condition", "Barrier"}


def test_different_scenarios_at_once_give_what_each_gives_alone() -> None:
    command = [sys.executable, "-P", "-m", "tests.solve.soak", str(SECONDS)]
    ran = subprocess.run(command, cwd=ROOT, env=_here(), capture_output=True, text=True, timeout=SECONDS + 60)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    assert "not alike: []" in ran.stdout


def _here() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _names(tree: ast.AST) -> set[str]:
    """Every name that a file imports, and every attribute it reads."""
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "functools"
                for alias in node.names}  # fmt: skip
    return imported | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_nobody_uses_the_cached_property_that_locks_a_whole_class() -> None:
    users = [path.name for path in SOURCES if "cached_property" in _names(ast.parse(path.read_text(encoding="utf-8")))]
    assert users == []


def test_no_lock_is_made_where_scenarios_are_computed() -> None:
    """Locks of one process stand before everybody: the package has none, the front end one around each of its dictionaries."""
    made = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOCKS
    }
    assert made <= {"ui/state.py", "ui/solved.py"}


def test_rules_that_are_stated_on_a_quantity_leave_it_as_it_is() -> None:
    """Or two threads that state rules on the same quantities would get each other's terms."""
    problem = Problem(tiny_scenario())
    variable = next(items[0] for items in problem.statement.variables.values() if items)
    sums = [
        item
        for found in vars(problem.statement.m).values()
        for item in (found.values() if isinstance(found, dict) else [found])
        if isinstance(item, SumExpression)
    ]
    assert sums
    for item in sums:
        before = list(item._args_)
        for more in (item + variable, variable + item, item - 2.0 * variable, item + item, 3.0 + item):
            assert more.nargs() > item.nargs()
        assert len(item._args_) == len(before)


class Slow:
    """Two values of which one waits for whoever asks for the other."""

    def __init__(self) -> None:
        self.count, self.entered, self.go = 0, threading.Event(), threading.Event()

    @cached_property
    def value(self) -> object:
        """A new object each time it is worked out."""
        self.count += 1
        self.entered.set()
        assert self.go.wait(30)
        return object()


def _beside(work: Any) -> tuple[threading.Thread, list[object]]:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(work()), daemon=True)
    thread.start()
    return thread, found


def test_one_object_does_not_wait_for_another_of_its_class() -> None:
    waiting, other = Slow(), Slow()
    other.go.set()
    thread, _ = _beside(lambda: waiting.value)
    assert waiting.entered.wait(30)
    quick, found = _beside(lambda: other.value)
    quick.join(30)
    assert found == [other.value]
    waiting.go.set()
    thread.join(30)


def test_two_threads_that_ask_one_object_get_the_same_value() -> None:
    slow = Slow()
    (one, first), (two, second) = _beside(lambda: slow.value), _beside(lambda: slow.value)
    assert slow.entered.wait(30)
    slow.go.set()
    one.join(30)
    two.join(30)
    assert first == second == [slow.value]


def test_a_value_is_worked_out_once_can_be_set_and_worked_out_again() -> None:
    slow = Slow()
    slow.go.set()
    first = slow.value
    assert slow.value is first
    assert slow.__dict__["value"] is first
    slow.value = 7
    assert slow.value == 7
    del slow.__dict__["value"]
    assert slow.value not in (first, 7)
    assert slow.count == 2
    assert isinstance(Slow.value, cached_property)
    assert Slow.value.__doc__
