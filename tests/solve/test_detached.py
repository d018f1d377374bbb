"""A solved problem stands by itself: it lets go of the one it was changed from; and what each member faces alone is its own."""

import gc
import weakref

import pytest

from model.language.faults import SolverError
from model.solve.problem import Problem
from tests.scenarios import random_scenario, tiny_scenario


@pytest.mark.slow
def test_a_detached_problem_lets_go_and_solves_on():
    base = Problem(tiny_scenario())
    base.solve()
    problem = base.changed(tiny_scenario().scale("gdp", 1.1))
    first = problem.solve()
    problem.detach()
    gone = weakref.ref(base)
    del base
    gc.collect()
    assert gone() is None
    again = problem.solve()
    assert again.measures == pytest.approx(first.measures)
    nearer = problem.changed(tiny_scenario().scale("gdp", 1.2)).solve()
    fresh = Problem(tiny_scenario().scale("gdp", 1.2)).solve()
    assert nearer.measures == pytest.approx(fresh.measures)


def test_a_problem_without_a_plan_is_not_detached():
    base = Problem(tiny_scenario())
    base.solve()
    with pytest.raises(SolverError):
        base.changed(tiny_scenario().scale("gdp", 1.1)).detach()


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0.5, 1.4])
def test_what_members_face_alone_is_that_of_the_changed_scenario(factor):
    """Under consensus another budget changes what each member would face alone, and with it the limit on what it may perceive."""
    scenario = random_scenario(1, members=4, capabilities=3, periods=2).with_settings(consensus=True)
    base = Problem(scenario)
    base.solve()
    edited = scenario.scale("alliance_share", factor)
    hot, fresh = base.changed(edited), Problem(edited)
    assert hot.solve().measures == pytest.approx(fresh.solve().measures, abs=1e-5)
    assert hot.data.accepted_risk == pytest.approx(fresh.data.accepted_risk)
    assert hot.data.accepted_risk != pytest.approx(base.data.accepted_risk)
    assert _limits(hot) == pytest.approx(_limits(fresh))


def _limits(problem):
    block = problem.lp.rows["consensus_holds"]
    return dict(zip(block.keys, problem.lp.row_upper[block.places].tolist(), strict=True))
