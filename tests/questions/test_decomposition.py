"""A plan over all cases found in parts is the plan found at once: here, in processes, and on a cluster."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.language.faults import SolverError, UsageError
from model.questions.cases.decomposition import in_parts
from model.questions.cases.work import cases
from model.questions.executor import Here, Processes
from model.solve.case_measures import AIMS
from model.solve.engine import Engine, Watch
from model.solve.l_shaped import CUTS, Pieces, first_part, known, told_at
from model.solve.uncertain import Uncertain
from tests.solve.stories import capacity_cases, farmer, farmer_cases
from tests.uncertain import guarded, uncertain

pytestmark = pytest.mark.slow

SAME = {"rel": 1e-6, "abs": 1e-9}


@pytest.mark.parametrize(
    ("stories", "shared", "aim", "answer"),
    [
        (farmer_cases, "sown", "expected", -108_390),
        (farmer_cases, "sown", "worst", -59_950),
        (capacity_cases, "capacity", "expected", -855.8333333),
    ],
)
def test_published_problems_in_parts(stories, shared, aim, answer):
    """The farmer and the capacity problem (see tests/solve/test_cases.py) by the plain method: propose, ask, learn, until both agree."""
    problems, engine = stories(), Engine()
    first = first_part(problems, [shared], "loss", 1.0, -1e6)
    told = [known(case, [shared], "loss", engine, Watch()) for case in problems]
    cuts = dict(enumerate(cut for answer in told for cut in answer.cuts))
    for _ in range(60):
        lp = first.with_cuts(cuts)
        found = engine.solve(lp, {f"{aim}_loss": 1.0})
        bound = float((lp.K @ found.x)[lp.measure(f"{aim}_loss")])
        told = [
            told_at(case, [shared], "loss", first.amounts(case.name, found.x), engine, Watch()) for case in problems
        ]
        values = [answer.value for answer in told]
        true = (
            max(values)
            if aim == "worst"
            else sum(case.probability * v for case, v in zip(problems, values, strict=True))
        )
        assert bound <= true + 1e-6
        if true - bound <= 1e-9 * abs(true):
            break
        cuts |= dict(enumerate((cut for answer in told for cut in answer.cuts), len(cuts)))
    assert true == pytest.approx(answer)
    assert lp.rows[CUTS].keys[0] == (0,)


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("seed", [0, 1, 3, 7])
def test_parts_and_whole_agree(seed, aim):
    problem = Uncertain(uncertain(seed))
    whole, parts = problem.solve(aim), in_parts(problem, aim)
    assert parts.status == "optimal", parts.message
    assert all(proof.passed and proof.gap <= 1e-6 for proof in parts.certificates)
    assert parts.rounds > 1
    assert parts.stages[0].value == pytest.approx(whole.stages[0].value, **SAME)
    assert parts.measures[f"{aim}_risk"] == pytest.approx(whole.measures[f"{aim}_risk"], rel=3e-6, abs=1e-9)
    assert parts.stages[-1].value == pytest.approx(
        whole.stages[-1].value, rel=1e-2
    )  # earlier objectives leave a little room


def test_consensus_and_bands_may_leave_a_case_without_contributions():
    """Where nothing a case can do keeps its rules with the orders proposed, it says what is lacking, and the first part heeds it."""
    problem = Uncertain(uncertain(8, consensus=True, fairness_band=0.9))
    whole, parts = problem.solve(), in_parts(problem)
    assert parts.status == "optimal", parts.message
    assert parts.stages[0].value == pytest.approx(whole.stages[0].value, **SAME)


def test_a_case_without_room_says_what_is_lacking():
    """A farmer who cannot buy wheat and sows none lacks the 200 tons that feed the cattle; in a bad year an acre yields 2 tons."""
    case = farmer_cases()[0]
    lp, upper = case.lp, case.lp.upper.copy()
    upper[lp.columns["bought"].at["wheat",]] = 0.0
    tight = replace(case, lp=replace(lp, upper=upper))
    told = told_at(tight, ["sown"], "loss", np.zeros(3), Engine(), Watch())
    (cut,) = told.cuts
    assert told.lacking == pytest.approx(200.0)
    assert cut.constant == pytest.approx(200.0)
    assert (cut.where.tolist(), cut.slope.tolist()) == ([0], pytest.approx([-2.0]))
    assert dict(zip(cut.rows.tolist(), cut.multipliers.tolist(), strict=True)) == pytest.approx(
        {lp.rows["wheat"].start: -1.0}
    )


def test_a_case_falls_into_pieces_that_have_nothing_to_do_with_each_other():
    """Once it is known what was sown, wheat, corn and beets are three businesses."""
    pieces = Pieces.of(farmer(), ["sown"], "loss")
    assert len(pieces.valued) == 3
    answer = known(farmer_cases()[2], ["sown"], "loss", Engine(), Watch())
    assert sorted(cut.piece for cut in answer.cuts) == sorted(pieces.valued.tolist())


def test_no_plan_is_said_as_when_all_cases_are_solved_at_once():
    """One member, under consensus, whose largest share keeps it from doing what it would do alone."""
    problem = Uncertain(uncertain(7, consensus=True))
    whole, parts = problem.solve(), in_parts(problem)
    assert (parts.status, parts.message) == (whole.status, whole.message)
    assert parts.status == "infeasible"


def test_processes_give_the_same_plan_as_here():
    problem = Uncertain(guarded())
    here, spread = in_parts(problem, executor=Here()), in_parts(problem, executor=Processes(2))
    assert spread.status == "optimal"
    assert spread.rounds == here.rounds
    assert np.array_equal(spread.x, here.x)


def test_a_cluster_gives_the_same_plan_as_here(tmp_path):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    from model.questions.sweep.cluster import Cluster
    from tests.questions.test_cluster import running

    problem = Uncertain(uncertain(7))
    here = in_parts(problem)
    with running(tmp_path, 2) as cluster:
        spread = in_parts(problem, executor=Cluster(cluster.address))
    assert spread.status == "optimal"
    assert spread.rounds == here.rounds
    assert np.array_equal(spread.x, here.x)
    assert spread.stages[0].value == pytest.approx(problem.solve().stages[0].value, **SAME)


def test_the_analysis_takes_a_plan_found_in_parts():
    found = cases(guarded(), parts=Here())
    assert found.plan.rounds > 1
    assert found.perfect_information == pytest.approx(0.25)
    assert "in parts" in found.says[-1]


def test_objectives_that_cannot_be_had_in_parts_are_refused():
    problem = Uncertain(guarded(objectives=("risk", "dependence")))
    with pytest.raises(UsageError, match="solve all cases at once"):
        in_parts(problem)


def test_the_time_limit_is_kept():
    with pytest.raises(SolverError, match="did not agree in time"):
        in_parts(Uncertain(uncertain(1)), watch=Watch(0.0))
