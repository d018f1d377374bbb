"""Each constraint, bound and measure, written out for a tiny scenario, equals the text a person has read and kept.

The texts in ``tests/golden`` were read against FORMULATION.md, coefficient by coefficient, from the figures worked out
in :func:`tests.formulation.ash_and_birch.ash_and_birch`. After a change that is meant, run ``REWRITE_GOLDEN=1 pytest
tests/formulation/test_golden.py``, and read the difference the same way before keeping it.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from model.language.registry import PARTS, Part, parts
from model.solve.compile import compile_data
from model.solve.lp import LP
from tests.formulation.ash_and_birch import data, layer_of

GOLDEN = Path(__file__).parents[1] / "golden"
WRITTEN = parts("constraint", "bound", "measure")
MOST_LINES = 20


@cache
def lp(layer: str = "") -> LP:
    return compile_data(data(layer))


@pytest.mark.parametrize("part", WRITTEN, ids=lambda part: part.name)
def test_rule_reads_as_agreed(part: Part) -> None:
    path, now = GOLDEN / f"{part.name}.txt", lp(layer_of(part)).written_out(part.name, MOST_LINES) + "\n"
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("part", WRITTEN, ids=lambda part: part.name)
def test_every_rule_says_something(part: Part) -> None:
    """At least one row, bound or measure with a coefficient: an empty text proves nothing."""
    found = lp(layer_of(part))
    if part.kind == "measure":
        assert found.K[[found.measure(part.name)]].nnz > 0
    elif part.kind == "bound":
        assert found.bound_blocks[part.name].keys
    else:
        assert found.rows[part.name].keys
        assert found.A.tocsr()[found.rows[part.name].places].nnz > 0


def test_every_text_belongs_to_a_rule() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {part.name for part in WRITTEN}


def test_every_variable_exists_somewhere() -> None:
    assert all(lp(layer_of(part)).columns[part.name].keys for part in PARTS.values() if part.kind == "variable")


def test_the_rules_of_the_core_speak_of_what_the_alliance_owns_too() -> None:
    """What common funding adds to rules whose own texts are of a scenario without it: read term by term.

    Ash pays 0.75 x 5 of a tank and 0.5 x 3 of a scan ordered in common, and 0.75 x 2 x 0.5 and 0.5 x 2 x 0.375 for keeping
    them two years; of the guideline's fifth, that order weighs 0.2 x 3.75 - 3.75 = -3.
    """
    written = lp("common").written_out("budget_is_respected", 1)
    for term in (
        "+0.75 commonly_held[tank, 2026]",
        "+0.375 commonly_held[scan, 2026]",
        "+1.5 commonly_ordered[scan, 2026]",
    ):
        assert term in written
    assert "commonly_ordered[tank, 2026]" not in written
    assert "+3.75 commonly_ordered[tank, 2028]" in lp("common").written_out("budget_is_respected", 2)
    assert "+1 commonly_contributed[defend, tank, 2026]" in lp("common").written_out("requirement_is_met", MOST_LINES)
    assert "+1 commonly_ordered[tank, 2028]" in lp("common").written_out("industry_keeps_up", 2)
    assert "-3 commonly_ordered[tank, 2028]" in lp("common").written_out("equipment_is_renewed", 2)


def test_the_rules_of_the_core_speak_of_partners_too() -> None:
    """Ash bears 0.75 x 0.5 of what half a tank on patrol costs, and is paid for its tanks there; what is lent counts.

    All of what the loan costs, 0.5 a period, weighs 0.64 in the second period: 0.32 of cost.
    """
    budget = lp("partners").written_out("budget_is_respected", 1)
    assert "+0.375 lent[League, patrol, tank, 2026]" in budget
    assert "-1 paid[League, Ash, patrol, tank, 2026]" in budget
    assert "+0.32 lent[League, patrol, tank, 2028]" in lp("partners").written_out("cost", 1)
    assert "+1 lent[League, defend, tank, 2026]" in lp("partners").written_out("requirement_is_met", MOST_LINES)


def test_the_rules_of_the_core_speak_of_joint_programmes_too() -> None:
    """Ash pays 0.8 x 10 of a tank, and three quarters of the third of 12 that is due in each of three years; Birch 0.8 x 30.

    In 2028 two of those years fall due, 6 for Ash and 2 for Birch; the scan's 2 is due in 2026, 1 each.
    """
    budget = lp("joint").written_out("budget_is_respected", MOST_LINES)
    first, second, third, fourth = budget.splitlines()
    assert first.startswith("budget_is_respected[Ash, 2026]: +1 opened[scan] +3 opened[tank] ")
    assert second.startswith("budget_is_respected[Ash, 2028]: +6 opened[tank] ")
    assert "+8 jointly_ordered[tank, Ash, 2028]" in second
    assert "+1 opened[scan] +1 opened[tank]" in third
    assert "+24 jointly_ordered[tank, Birch, 2028]" in fourth
    carried = lp("joint").written_out("holdings_carry_over", MOST_LINES)
    assert "holdings_carry_over[Birch, scan, 2028]: -1 jointly_ordered[scan, Birch, 2026]" in carried
    assert "+1 jointly_ordered[tank, Ash, 2028]" in lp("joint").written_out("industry_keeps_up", 2)
