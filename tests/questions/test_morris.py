"""Morris screening against the one lever that decides; only where SALib is installed."""

import pytest

from model.language.faults import UsageError
from model.questions.sensitivity.morris import morris
from model.solve.problem import Problem
from tests.scenarios import tiny_scenario


def _solved():
    problem = Problem(tiny_scenario())
    return problem, problem.solve()


def test_effects_of_a_linear_answer_by_hand():
    """Risk falls by 0.05 a unit of Northland's money and 0.025 of Southland's: over ±10 %, 2 and 0.8 units."""
    pytest.importorskip("SALib")
    found = morris(*_solved(), levers=["budget[Northland]", "budget[Southland]"], trajectories=3)
    assert found.table["lever"].tolist() == ["budget[Northland]", "budget[Southland]"]
    assert found.table["mean_effect"].tolist() == pytest.approx([0.1, 0.02], abs=1e-6)
    assert found.table["direction"].tolist() == pytest.approx([-0.1, -0.02], abs=1e-6)
    assert found.table["spread"].tolist() == pytest.approx([0.0, 0.0], abs=1e-6)
    assert found.solves == 9


def test_one_lever_is_too_few():
    pytest.importorskip("SALib")
    with pytest.raises(UsageError, match="two"):
        morris(*_solved(), levers=["budget"])
