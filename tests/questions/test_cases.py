"""Planning for cases: what knowing is worth, what planning for all is worth, what is regretted."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from model.language.faults import UsageError
from model.questions.cases.result import AVERAGE, HERE
from model.questions.cases.work import cases
from model.solve.case_measures import AIMS
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.data.test_cases_sheet import cased
from tests.scenarios import tiny_scenario
from tests.uncertain import guarded, uncertain, with_cases
from tests.workbooks import to_bytes

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "layers" / "uncertainty.md"
SAME = {"rel": 1e-6, "abs": 1e-9}


def test_guns_or_ships_by_hand():
    """See :func:`tests.uncertain.guarded`: here and now 0.25, wait and see 0, the plan for the average case 0.375."""
    found = cases(guarded())
    values = {name: answer.value for name, answer in found.answers.items()}
    assert values == pytest.approx({"here and now": 0.25, "wait and see": 0.0, "average case": 0.375})
    assert found.perfect_information == pytest.approx(0.25)
    assert found.stochastic_solution == pytest.approx(0.125)
    regret = found.tables["regret"].set_index("plan_for")
    assert list(regret.index) == [HERE, AVERAGE, "land", "sea"]
    assert regret.iloc[:, 0].tolist() == pytest.approx([0, 0.25, 0, 1], abs=1e-9)
    assert regret.iloc[:, 1].tolist() == pytest.approx([1, 0.75, 1, 0], abs=1e-9)
    assert regret.iloc[:, 2].tolist() == pytest.approx([0.25, 0.375, 0.25, 0.75])
    assert regret.iloc[:, 3].tolist() == pytest.approx([1, 0.75, 1, 1])
    orders = found.tables["orders"].set_index("capability")
    assert orders.loc["gun", "all_cases"] == pytest.approx(10)
    assert orders.loc["ship", "sea"] == pytest.approx(10)


def test_the_page_prints_what_the_command_says():
    """The worked example of the page is computed, sentence by sentence, and its table of regret too."""
    found, page = cases(guarded()), PAGE.read_text(encoding="utf-8")
    assert len(found.says) == 6
    for sentence in found.says[:-1]:
        assert f"> {sentence}\n" in page
    assert found.says[-1].startswith("Proved best")
    for row in found.tables["regret"].itertuples(index=False):
        assert f"| {row[0]} | {' | '.join(f'{value:.4g}' for value in row[1:])} |" in page


def test_guns_or_ships_for_the_worst_case():
    """Five of each leave half missing in either case; known in advance nothing is missing; the average plan leaves 0.75 at sea."""
    found = cases(guarded(), "worst")
    assert {name: answer.value for name, answer in found.answers.items()} == pytest.approx(
        {"here and now": 0.5, "wait and see": 0.0, "average case": 0.75}
    )
    assert found.perfect_information == pytest.approx(0.5)
    assert found.stochastic_solution == pytest.approx(0.25)


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("seed", range(9))
def test_knowing_more_never_hurts(seed, aim):
    """Wait and see <= here and now <= the plan for the average case; regret is never negative, and a case's own plan has none."""
    found = cases(uncertain(seed), aim)
    assert found.found, found.says
    here, wait, average = (found.answers[name].value for name in ("here and now", "wait and see", "average case"))
    assert wait <= here + 1e-6 * max(here, 1e-3)
    assert found.perfect_information >= 0
    if average is None:
        assert found.stochastic_solution == inf
    else:
        assert here <= average + 1e-6 * max(here, 1e-3)
        assert found.stochastic_solution >= 0
    for case, own in found.known.items():
        value = found.values[case, case]
        assert value.allowed
        assert value.value == pytest.approx(own.measures["risk"], rel=1e-5, abs=1e-8)
    for case, view in found.plan.plans.items():
        assert found.values[HERE, case].value <= view.measures["risk"] + 1e-7


def test_where_no_case_differs_nothing_is_to_be_gained():
    found = cases(with_cases(uncertain(2), {"one": {"probability": 0.5}, "other": {"probability": 0.5}}))
    assert found.perfect_information == pytest.approx(0, abs=1e-6)
    assert found.stochastic_solution == pytest.approx(0, abs=1e-6)


def test_a_plan_that_overspends_is_not_called_a_plan():
    """Prices double in the case *dear*, and everybody spends all it has: the plan for the average case cannot be paid there.

    Tiny scenario, prices 1 or 2: at the average, 1.5, Northland's 6 beyond upkeep of what it holds buys more than 2 pays for.
    """
    found = cases(
        with_cases(tiny_scenario(), {"dear": {"probability": 0.5, "costs": 2}, "usual": {"probability": 0.5}})
    )
    assert found.answers["average case"].value is None
    assert found.stochastic_solution == inf
    value = found.values[AVERAGE, "dear"]
    assert {breach.rule for breach in value.breaches} == {"budget_is_respected"}
    table = found.tables["plans in cases"]
    row = table[(table["plan_for"] == AVERAGE) & (table["case"] == "dear")].iloc[0]
    assert row["spent_beyond_budgets (USD m)"] > 0
    assert "budget_is_respected" in row["broken"]
    assert "is not to be had" in " ".join(found.says)
    assert found.tables["regret"].set_index("plan_for").loc[AVERAGE].isna().any()


def test_budgets_of_every_case_hold_by_hand():
    """Tiny scenario; in the case *short* budgets are 0.8 of it, 8 and 3.2. What is bought must be paid there too.

    Northland keeps 4 tanks for 4 and buys 2 with the 4 left; Southland buys 3.2 / 4 = 0.8. Together 6.8 of 10 in both cases: risk 0.32,
    though the case *usual* by itself leaves 0.2.
    """
    found = cases(
        with_cases(tiny_scenario(), {"short": {"probability": 0.1, "budgets": 0.8}, "usual": {"probability": 0.9}})
    )
    assert found.answers["here and now"].value == pytest.approx(0.32)
    assert found.answers["wait and see"].value == pytest.approx(0.1 * 0.32 + 0.9 * 0.2)
    assert found.tables["cases"]["risk_if_known (fraction of 1)"].tolist() == pytest.approx([0.32, 0.2])


def test_money_as_the_first_objective():
    """Least cost is to hold nothing, whatever comes: nothing is worth knowing."""
    found = cases(load(to_bytes(cased())).with_settings(objectives=("cost", "risk")))
    assert found.measure == "cost"
    assert found.answers["here and now"].value >= found.answers["wait and see"].value - 1e-6
    assert "bn USD" in " ".join(found.says)


def test_the_workbook_without_its_cases_is_solved_as_ever():
    s = load(to_bytes(cased()))
    from tests.workbooks import small

    one, other = Problem(s).solve(), Problem(load(to_bytes(small()))).solve()
    assert one.measures == other.measures
    assert one.values["ordered"] == other.values["ordered"]


def test_wrong_use_is_said():
    with pytest.raises(UsageError, match="names no cases"):
        cases(tiny_scenario())
    with pytest.raises(UsageError, match="no aim called 'best'; there are expected, cvar, worst"):
        cases(guarded(), "best")


def test_when_the_time_is_up_what_is_finished_is_shown():
    from model.solve.engine import Watch

    found = cases(guarded(), watch=Watch(0.0))
    assert not found.found
    assert "time limit" in " ".join(found.says)
