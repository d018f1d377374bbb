"""A time limit never loses what is finished, never passes off a part as the whole, and never ends in a traceback."""

import numpy as np
import pytest

from model.language.faults import SolverError
from model.questions.negotiation.result import negotiation_range
from model.questions.price_of.result import price_of
from model.questions.sensitivity.morris import morris
from model.questions.sensitivity.result import sensitivity
from model.questions.sensitivity.tipping import tipping
from model.questions.sensitivity.tornado import tornado
from model.questions.time_limit import finished, in_time, out_of_time, said_of
from model.questions.trade_off.front import Effort
from model.questions.trade_off.result import trade_off
from model.questions.trade_off.surface import Spot, Surface
from model.questions.what_if.result import what_if
from model.questions.withdrawal.accession import accession
from model.questions.withdrawal.result import withdrawal
from model.scenario.levers.edits import parse_edit
from model.solve.engine import Watch
from model.solve.problem import Problem
from tests.questions.patience import Patience
from tests.scenarios import random_scenario, tiny_scenario

pytestmark = pytest.mark.slow

LOOKS = (0, 1, 3, 8, 20, 45, 100)


@pytest.fixture(scope="module")
def solved():
    problem = Problem(random_scenario(4, members=3, capabilities=2, periods=2))
    return problem, problem.solve()


def _withdrawals(problem, plan, watch):
    found = withdrawal(problem.scenario, pairs=True, problem=problem, plan=plan, watch=watch)
    return found.table.drop(columns="rise_beyond_one_by_one"), found.stopped


def _negotiation(problem, plan, watch):
    found = negotiation_range(problem.scenario, 0.05, alternatives=2, problem=problem, plan=plan, watch=watch)
    return found.table, found.stopped


def _tornado(problem, plan, watch):
    found = tornado(problem, plan, levers=["budget", "unit_cost", "requirement"], watch=watch)
    return found.table, found.stopped


def _tipping(problem, plan, watch):
    member, capability = next(iter(plan.values["held"]))[:2]
    found = tipping(problem, plan, member, capability, steps=(0.05, 0.5), watch=watch)
    return found.table, found.stopped


@pytest.mark.parametrize("analysis", [_withdrawals, _negotiation, _tornado, _tipping])
def test_what_is_finished_is_the_beginning_of_the_whole(analysis, solved):
    whole, nothing = analysis(*solved, Watch())
    assert nothing == ""
    sizes = set()
    for looks in LOOKS:
        part, stopped = analysis(*solved, Patience(looks=looks))
        sizes.add(len(part))
        assert bool(stopped) == (len(part) < len(whole)) or analysis is _negotiation
        for column in part.columns:
            for was, now in zip(whole[column], part[column], strict=False):
                assert now == pytest.approx(was, abs=1e-9, nan_ok=True) if isinstance(now, float) else now == was
    assert 0 in sizes
    assert len(sizes) > 2


def test_alternatives_not_looked_for_are_said(solved):
    problem, plan = solved
    whole = negotiation_range(problem.scenario, 0.05, alternatives=2, problem=problem, plan=plan, watch=Watch())
    for looks in range(0, 200, 5):
        found = negotiation_range(
            problem.scenario, 0.05, alternatives=2, problem=problem, plan=plan, watch=Patience(looks=looks)
        )
        if len(found.ranges) == len(whole.ranges) and found.stopped:
            assert "of 2 alternatives" in found.stopped
            assert found.stopped == found.says[-1]
            return
    pytest.fail("no limit fell between the ranges and the end")


def test_a_what_if_out_of_time_says_which_plan_is_missing(solved):
    problem, base = solved
    found = what_if(problem, [parse_edit("budget=0.2")], base=base, watch=Patience(looks=0))
    assert not found.found
    assert found.changed.status == "time limit"
    assert "time limit" in found.says[-1]


def test_a_repeat_cut_short_is_not_timed(solved):
    problem, base = solved
    edits = [parse_edit("budget=0.2")]
    for looks in range(1, 40):
        found = what_if(problem, edits, again=True, base=base, watch=Patience(looks=looks))
        if found.found and found.seconds["again"] is None:
            return
    pytest.fail("no limit fell between the changed plan and its repeat")


def test_an_accession_tells_what_it_has(solved):
    problem, plan = solved
    joiner, statuses = problem.scenario.sets["member"][0], []
    for looks in range(40):
        found = accession(problem.scenario, joiner, problem, plan, watch=Patience(looks=looks))
        assert found.says
        statuses.append("none" if not found.found else "part" if found.stopped else "whole")
        if statuses[-1] == "whole":
            break
    assert list(dict.fromkeys(statuses)) == ["none", "part", "whole"]


def test_ranges_and_screening_need_their_time(solved):
    pytest.importorskip("SALib")
    problem, plan = solved
    fresh = Problem(problem.scenario)
    with pytest.raises(SolverError, match="time limit"):
        sensitivity(fresh, plan, watch=Patience(looks=0))
    short = Patience(looks=20)
    with pytest.raises(SolverError, match="of 6 points"):
        morris(problem, plan, levers=["budget", "unit_cost"], trajectories=2, watch=short)


def test_ready_made_curves_keep_finished_settings(monkeypatch):
    whole = price_of(Problem(tiny_scenario()), "share")
    monkeypatch.setattr("model.questions.price_of.result.Watch", lambda limit: Patience(looks=12))
    part = price_of(Problem(tiny_scenario()), "share", Effort(time_limit=1.0))
    assert 0 < len(part.steps) < len(whole.steps)
    assert part.table["risk"].tolist() == whole.table["risk"].tolist()[: len(part.steps)]
    assert part.stopped == part.says[-1]
    assert not whole.stopped


def test_consensus_out_of_time_while_members_are_looked_at_alone(monkeypatch):
    monkeypatch.setattr("model.questions.price_of.result.Watch", lambda limit: Patience(looks=8))
    found = price_of(Problem(tiny_scenario()), "consensus", Effort(time_limit=1.0))
    assert found.stopped
    assert found.says


def test_a_front_cut_short_says_so():
    problem = Problem(random_scenario(3, members=3, capabilities=2, periods=2))
    whole = trade_off(problem, exact=True)
    assert whole.stopped == ""
    few = trade_off(problem, exact=True, effort=Effort(most_solves=4))
    assert few.stopped == ""  # what was asked for, and the gap says what is not known


def test_a_front_out_of_time_is_left_as_it_is(monkeypatch):
    from model.questions.trade_off import front

    problem = Problem(random_scenario(3, members=3, capabilities=2, periods=2))
    looks = iter([100.0] * 5)
    monkeypatch.setattr(front._Search, "left", lambda search: next(looks, 0.0))
    found = trade_off(problem, exact=True, effort=Effort(time_limit=100.0))
    assert found.stopped == found.says[-1]
    assert not found.complete
    assert len(found.front.points) >= 2


def test_a_surface_without_a_point_is_said():
    none = Spot((1.0, 1.0), "time limit", (np.nan,) * 3, (np.nan,) * 2)
    found = Surface(tiny_scenario(), ("risk", "cost", "unfairness"), (none,))
    assert "0 of 1 pairs" in found.says[0]


def test_an_error_in_good_time_is_the_callers():
    def fails(item):
        raise SolverError("trouble")

    with pytest.raises(SolverError, match="trouble"):
        finished(Watch(), [1], fails)
    assert finished(Patience(looks=1), [1], fails) == []
    assert out_of_time(Watch(0.0))
    assert not out_of_time(Watch())
    assert said_of(3, 3, "levers") == ""
    assert "2 of 3 levers" in said_of(2, 3, "levers")


def test_only_a_plan_cut_short_is_refused():
    plan = Problem(tiny_scenario()).solve()
    assert in_time(plan) is plan
    with pytest.raises(SolverError):
        in_time(Problem(tiny_scenario()).solve(time_limit=0.0))
