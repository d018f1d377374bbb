"""What a notebook and a prompt show of every object: a few lines, and only text."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pandas as pd
import pytest

import model
from model.language.shown import LINES, WIDTH, Shown
from model.questions.answer import QuestionResult
from model.scenario.scenario import Scenario
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.notebook.every_answer import every_answer
from tests.scenarios import tiny_scenario

pytestmark = pytest.mark.slow
SCREEN = LINES * (WIDTH + 1)


@pytest.fixture(scope="module")
def answers() -> list[Any]:
    return every_answer()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Problem(load("tutorial")).solve()


def test_every_question_is_asked(answers):
    """Whatever kind of answer the package has is among those the other tests look at."""
    for module in pkgutil.walk_packages(model.__path__, "model."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert {type(answer) for answer in answers} == set(QuestionResult.__subclasses__())


def test_whatever_can_be_reached_from_an_answer_fits_a_screen(answers, plan):
    seen: set[str] = set()
    for thing in reached([*answers, plan, Problem(plan.scenario), plan.records("contributions")]):
        shown = repr(thing)
        seen.add(type(thing).__name__)
        assert len(shown) <= SCREEN, f"{type(thing)}: {len(shown)} characters, {shown[:300]}"
        assert len(shown.splitlines()) <= LINES, shown
    assert {"Scenario", "Problem", "Plan", "Table", "LP", "Data", "Stage", "Certificate"} <= seen


def reached(start: list[Any]) -> Iterator[Any]:
    """Every object of the package that some attribute or list of these leads to, each once."""
    waiting, known = [*start], set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in known or isinstance(thing, str | bytes | pd.DataFrame):
            continue
        known.add(id(thing))
        if isinstance(thing, Mapping):
            waiting += thing.values()
        elif isinstance(thing, list | tuple | set | frozenset) and not hasattr(thing, "_fields"):
            waiting += thing
        if type(thing).__module__.startswith("model."):
            yield thing
            waiting += getattr(thing, "__dict__", {}).values()


def test_a_diagnosis_and_a_plan_that_is_none_say_why():
    scenario = load("tutorial")
    least = dict.fromkeys(scenario.min_stock, 1000000.0)
    none = Problem(scenario.with_values("min_stock", least).with_values("max_stock", dict.fromkeys(least))).solve()
    assert none.status == "infeasible"
    assert repr(none).startswith("Plan: none for scenario tutorial (infeasible)")
    assert "cannot hold together" in repr(none.diagnosis)
    assert "Ways out" in none._repr_html_()
    assert pd.Series([none._repr_html_(), repr(none), repr(none.diagnosis)]).map(len).max() < 5_000


def test_names_are_only_text(plan):
    name = "<img src=x onerror=alert(1)> & $x^2$"
    scenario: Scenario = tiny_scenario(title=name)
    solved = Problem(scenario).solve()
    for shown in (scenario._repr_html_(), solved._repr_html_()):
        assert "<img" not in shown
        assert "mathjax_ignore" in shown
    assert "&lt;img" in scenario._repr_html_()


def test_a_notebook_shows_the_brief_of_a_plan_and_all_an_answer_says(answers, plan):
    assert "The plan covers" in plan._repr_html_()
    for answer in answers:
        assert answer._repr_html_().count("<p ") == len(answer.says)


def test_answers_go_to_another_process_and_come_back(answers, plan):
    """Measures, tables, prices and gains are what they were, there and here again."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as elsewhere:
        back, figures = elsewhere.submit(looked_at, plan).result()
        assert figures == of_plan(plan) == of_plan(back)
        assert elsewhere.submit(measured, Problem(plan.scenario, {"cost": 10_000.0})).result() == pytest.approx(
            Problem(plan.scenario, {"cost": 10_000.0}).solve().measures
        )
        for answer in answers:
            again = elsewhere.submit(unchanged, answer).result()
            assert type(again) is type(answer)
            assert list(again.says) == list(answer.says)


def looked_at(plan: Plan) -> tuple[Plan, tuple[Any, ...]]:
    return plan, of_plan(plan)


def unchanged(answer: Any) -> Any:
    assert isinstance(answer, Shown)
    return answer


def measured(problem: Problem) -> Mapping[str, float]:
    return problem.solve().measures


def of_plan(plan: Plan) -> tuple[Any, ...]:
    return (
        dict(plan.measures), plan.table("contributions").to_csv(), plan.prices("budget_is_respected").to_csv(),
        plan.gains("budget_is_respected"), plan.quantity("discounted_spend"),
    )  # fmt: skip
