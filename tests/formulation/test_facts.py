"""What is told of a rule is a fact of the rule: complete, true to the workbook, and said nowhere else by the rule's name."""

import ast
import string
from collections import Counter
from pathlib import Path

import pytest

from model import load
from model.certificate.reading import policies
from model.language.registry import PARTS, Part, constraint, parts, typed_into
from model.report.sentences import kinds
from model.scenario.schema import DIMENSIONS
from model.solve.origins import cell_of, column_of

ROOT = Path(__file__).resolve().parents[2]

RULES = {part.name: part for part in parts("constraint", "bound")}

POLICIES = [part for part in RULES.values() if part.may_bend]

ELSEWHERE = {
    "model/solve/dissent.py": 1,
    "model/layers/consensus/rules.py": 1,
    "model/layers/threats/rules.py": 1,
}
"""Files that name a rule of another room, and how often: may shrink, and nothing may be added to it."""


def _at_home(path: Path, part: Part) -> bool:
    """Whether a file may name a rule: it stands in the same room, or reads the workbook a second time and shares no code."""
    home = Path(*part.rule.__module__.split(".")).parent
    return path.parent in (home, Path("model/certificate"))


def test_a_rules_name_stands_in_its_own_room_only() -> None:
    found: Counter[str] = Counter()
    for path in sorted(file for folder in ("model", "ui") for file in (ROOT / folder).rglob("*.py")):
        inside = path.relative_to(ROOT)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and text in RULES and not _at_home(inside, RULES[text]):
                found[inside.as_posix()] += 1
    assert dict(found) == ELSEWHERE


@pytest.mark.parametrize("part", POLICIES, ids=lambda part: part.name)
def test_a_policy_carries_what_is_told_of_it(part: Part) -> None:
    assert part.reason in kinds()
    for cell in part.cells or ():
        where, field = column_of(cell)
        assert where.form == "settings" or set(where.keys) <= {*part.index, "year"}, (
            "the row is found by the rule's index"
        )
        assert field
    given = {"amount", "years", "currency", "unit", "reference", *part.index}
    assert _fields(part.remedy) <= given
    assert _fields(part.limit) <= {"year", *part.index} - {"period"}
    assert set(part.index) <= set(DIMENSIONS)


@pytest.mark.parametrize("part", RULES.values(), ids=lambda part: part.name)
def test_what_an_account_says_can_be_filled_in(part: Part) -> None:
    known = {"amount", "money", "unit", "member", "item", "years", "doing", "level"}
    assert _fields(part.one_more) | _fields(part.one_sent) <= known
    assert _fields(part.at_limit) <= {"at"}


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_readings_have_the_same_policies() -> None:
    assert policies() == {part.name for part in POLICIES}


def test_settings_know_their_policies() -> None:
    assert set(typed_into("Settings.fairness_band")) == {"burden_is_not_too_high", "burden_is_not_too_low"}
    assert typed_into("Settings.horizon") == ()


@pytest.mark.parametrize("lacking", ["remedy", "cells", "reason"])
def test_a_policy_that_lacks_a_fact_fails_where_it_is_written(lacking: str) -> None:
    facts = {"remedy": "it would rise by {amount}", "cells": (), "reason": "other"}
    del facts[lacking]

    def nobody_waits(m, d, member):  # type: ignore[no-untyped-def]
        """Nobody waits."""

    with pytest.raises(TypeError, match=f"nobody_waits may bend, and lacks {lacking}: "):
        constraint("unit", may_bend=True, **facts)(nobody_waits)
    assert "nobody_waits" not in PARTS


def test_what_is_asked_of_the_weakest_link_names_its_cell_too() -> None:
    """It gave none, though its figure stands in the same column as what is asked of a sum."""
    s = load(ROOT / "inputs" / "us_japan.xlsx")
    task, capability = next(key[:2] for key in s.quantity if s.sharing[key[1]] == "weakest link")
    at = {"task": task, "capability": capability, "period": 2030}
    assert cell_of(s, "weakest_link_counts", at).startswith("Requirements!C")
    assert cell_of(s, "weakest_link_counts", at) == cell_of(s, "requirement_is_met", at)
    assert cell_of(s, "excess_is_limited", {}).startswith("Settings!")
