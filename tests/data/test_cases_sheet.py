"""Cases in a workbook: how they are read, what each makes of the scenario, and what may be wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from model.language.faults import UsageError
from model.layers.cases.cases import average, cases_of, without_cases
from model.scenario.levers.edits import apply_edits, parse_edit
from model.scenario.unfold import tables_of
from model.workbook.read.load import load, read
from tests.data.faults import expect
from tests.workbooks import small, to_bytes

CASES = [
    ["case", "probability", "requirements", "budgets", "costs", "description"],
    ["storm", 0.4, 1.5, 0.9, 1.2, "All at once."],
    ["calm", 0.6, 0.75, None, None, None],
]
FACTORS = [
    ["case", "lever", "target", "value"],
    ["storm", "requirement", "Defend the north, Fighter squadron", 2],
    ["storm", "Caveat", "Southmark, defend the north", "off"],
    ["calm", "price_level", None, 1.5],
    ["calm", "price level", "Norland", 2],
]


def cased(*more: list[Any], cases: list[list[Any]] | None = None) -> dict[str, list[list[Any]]]:
    """The small workbook with two cases; ``more`` are further rows of `Case factors`, from row 6 on."""
    sheets = small()
    sheets["Cases"] = cases or CASES
    sheets["Case factors"] = [*FACTORS, *more]
    return sheets


def test_each_case_is_a_scenario_of_its_own():
    """Storm: 6 brigades × 1.5; 5 squadrons × 1.5 × 2; Norland's 0.4 of its budget × 0.9; 4500 × 1.2. Calm: prices 1.5 for all
    and 2 for Norland, the particular after the general wherever it stands."""
    s = load(to_bytes(cased()))
    calm, storm = cases_of(s)
    assert (calm.name, calm.probability, storm.name, storm.description) == ("calm", 0.6, "storm", "All at once.")
    assert storm.scenario.quantity["Defend the north", "Armoured brigade", None] == pytest.approx(9)
    assert storm.scenario.quantity["Defend the north", "Fighter squadron", None] == pytest.approx(15)
    assert storm.scenario.alliance_share["Norland"] == pytest.approx(0.36)
    assert storm.scenario.unit_cost["Armoured brigade"] == pytest.approx(5400)
    assert storm.scenario.sustainment_cost["Armoured brigade"] == pytest.approx(420)
    assert ("Southmark", "Defend the north", "Armoured brigade") not in storm.scenario.max_fraction
    assert dict(calm.scenario.price_level) == {"Norland": 2.0, "Southmark": 1.5, "NA": 1.5}
    assert calm.scenario.unit_cost == without_cases(s).unit_cost


def test_the_order_of_rows_and_sheets_changes_nothing():
    turned = cased()
    turned["Cases"] = [CASES[0], *CASES[:0:-1]]
    turned["Case factors"] = [FACTORS[0], *FACTORS[:0:-1]]
    for one, other in zip(cases_of(load(to_bytes(cased()))), cases_of(load(to_bytes(turned))), strict=True):
        assert (one.name, one.probability, one.scenario.hash) == (other.name, other.probability, other.scenario.hash)


def test_the_average_case_has_every_figure_at_its_mean():
    """Brigades required: 6 × (0.6 × 0.75 + 0.4 × 1.5) = 6.3. A caveat only one case lifts stays as the workbook has it."""
    s = load(to_bytes(cased()))
    mean = average(s, cases_of(s))
    assert mean.quantity["Defend the north", "Armoured brigade", None] == pytest.approx(6.3)
    assert mean.price_level["Norland"] == pytest.approx(0.6 * 2 + 0.4 * 1.1)
    assert mean.max_fraction == without_cases(s).max_fraction
    assert mean.member_level == without_cases(s).member_level


def test_a_workbook_without_the_sheets_is_as_before():
    s = load(to_bytes(small()))
    assert "case" not in s.sets
    assert without_cases(s) is s
    assert not [default for default in s.defaults if default.sheet in ("Cases", "Case factors")]
    with pytest.raises(UsageError, match="names no cases: add a sheet Cases"):
        cases_of(s)


def test_a_workbook_written_again_has_the_same_cases():
    from model.workbook.write.template import scenario_workbook

    s = load(to_bytes(cased()))
    again = load(scenario_workbook(tables_of(s)))
    assert [case.scenario.hash for case in cases_of(again)] == [case.scenario.hash for case in cases_of(s)]


def test_a_member_that_leaves_takes_its_rows_with_it():
    s = load(to_bytes(cased(["storm", "budget", "NA", 0.5])))
    left = apply_edits(s, [parse_edit("withdraw=NA")]).scenario
    assert all(row[2] != "NA" for row in left.case_value)
    assert len(left.case_value) == len(s.case_value) - 1
    assert len(cases_of(left)) == 2


@pytest.mark.parametrize(
    ("sheets", "sheet", "cell", "words"),
    [
        (cased(["storm", "budgt", "Norland", 1.2]), "Case factors", "B6", ("no lever called", "Did you mean 'budget'")),
        (cased(["storm", "budget(Norland)", None, 1.2]), "Case factors", "B6", ("no lever called", "target")),
        (cased(["storm", "budget [Norland]", None, 1.2]), "Case factors", "B6", ("no lever called", "target")),
        (cased(["storm", "budget (USD m)", None, 1.2]), "Case factors", "B6", ("no lever called",)),
        (cased(["storm", "budget", "Norlund", 1.2]), "Case factors", "C6", ("Did you mean 'Norland'",)),
        (cased(["storm", "budget", "Norland", "lots"]), "Case factors", "D6", ("a factor from 0 to 100",)),
        (cased(["storm", "budget", "Norland", -1]), "Case factors", "D6", ("a factor from 0 to 100",)),
        (cased(["storm", "budget", "Norland", "1.2"]), "Case factors", "D6", ("number stored as text",)),
        (cased(["storm", "budget", "Norland", None]), "Case factors", "D6", ("required and blank",)),
        (cased(["storm", "withdraw", None, "NA"]), "Case factors", "B6", ("cannot differ by case",)),
        (cased(["storm", "holding", None, 0.5]), "Case factors", "B6", ("pull availability",)),
        (cased(["storm", "lead_time", None, 3]), "Case factors", "B6", ("common to all cases",)),
        (cased(["storm", "build_limit", "Early warning", 2]), "Case factors", "C6", ("that could be changed",)),
        (cased(["calm", "Price-level", "NORLAND", 2]), "Case factors", "B6", ("in another spelling",)),
        (cased(["calm", "price_level", None, 2]), "Case factors", "A6", ("stands twice",)),
        (cased(["fog", "budget", None, 2]), "Case factors", "A6", ("no case of this name",)),
        (cased(cases=[["case"], ["storm"], ["calm"]]), "Cases", "A1", ("probability",)),
        (cased(cases=[*CASES, ["Storm", 0.1]]), "Cases", "A4", ("stands twice",)),
        (cased(cases=[CASES[0], ["storm", 0], ["calm", 1]]), "Cases", "B2", ("out of range",)),
        (cased(cases=[CASES[0], ["storm", 40], ["calm", 0.6]]), "Cases", "B2", ("Did you mean 0.4",)),
    ],
)  # fmt: skip
def test_faults_are_found_where_they_stand(sheets, sheet, cell, words):
    expect(read(to_bytes(sheets)).faults, sheet, cell, "error", *words)


def test_probabilities_that_do_not_sum_to_one_are_said_and_divided():
    found = read(to_bytes(cased(cases=[CASES[0], ["storm", 0.2], ["calm", 0.2]])))
    assert [fault.severity for fault in found.faults] == ["warning"]
    assert "do not sum to 1" in found.faults[0].message
    assert [case.probability for case in cases_of(found.scenario)] == [0.5, 0.5]


def test_a_case_that_leaves_nothing_to_plan_is_refused():
    s = load(to_bytes(cased(["storm", "probability", None, 0])))
    with pytest.raises(
        UsageError, match=r"case 'storm' .*nothing sound to plan.*probability of every situation is zero"
    ):
        cases_of(s)
