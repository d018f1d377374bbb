"""Every question asked once of the tutorial, whose answers the tests of notebooks look at."""

from dataclasses import replace
from typing import Any

from model.questions.bargaining.result import bargaining
from model.questions.burden.result import burdens
from model.questions.cases.work import cases
from model.questions.compare.result import compare
from model.questions.cost_sharing.work import side_by_side
from model.questions.emphasis.result import emphasis
from model.questions.executor import Here
from model.questions.explain.result import explain
from model.questions.fairness.result import price_of_fairness
from model.questions.negotiation.result import negotiation_range
from model.questions.price_of.result import price_of
from model.questions.sensitivity.morris import morris
from model.questions.sensitivity.result import sensitivity
from model.questions.sensitivity.tipping import tipping
from model.questions.sensitivity.tornado import tornado
from model.questions.sweep.design import grid
from model.questions.sweep.result import sweep
from model.questions.trade_off.result import trade_off
from model.questions.trade_off.surface import surface
from model.questions.what_if.result import what_if
from model.questions.whole_units.result import whole_units
from model.questions.withdrawal.accession import accession
from model.questions.withdrawal.result import withdrawal
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.uncertain import guarded

MEMBER, CAPABILITY, LEVERS = "Midland", "Brigade", ["budget", "requirement"]


def every_answer() -> list[Any]:
    """One answer of each kind."""
    scenario = load("tutorial")
    problem = Problem(scenario)
    plan = problem.solve()
    kinds = dict(zip(scenario.sets["task"], ("land", "air", "sea"), strict=True))
    of_kinds = Problem(scenario.with_values("task_kind", kinds))
    return [
        what_if(problem, ["budget[Midland]=0.5"], base=plan),
        trade_off(problem, points=3),
        surface(problem, ("risk", "cost", "unfairness"), points=2),
        price_of(problem, "share"),
        sensitivity(problem, plan),
        tornado(problem, plan, levers=LEVERS),
        tipping(problem, plan, MEMBER, CAPABILITY, levers=LEVERS),
        morris(problem, plan, levers=LEVERS, trajectories=2),
        withdrawal(scenario, [MEMBER], problem=problem, plan=plan),
        accession(scenario, MEMBER, problem=problem, plan=plan),
        negotiation_range(scenario, members=[MEMBER], alternatives=1, problem=problem, plan=plan),
        compare([scenario, replace(scenario.scale("quantity", 1.1), name="more")]),
        sweep(scenario, grid(["budget=0.9,1"]), executor=Here()),
        explain(plan, MEMBER, CAPABILITY, scenario.periods[0]),
        whole_units(problem, plan),
        burdens(plan),
        price_of_fairness(problem),
        bargaining(problem, plan),
        side_by_side(scenario, seconds=1.0),
        cases(guarded()),
        emphasis(of_kinds),
    ]
