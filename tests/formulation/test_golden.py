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

from model.formulation.registry import PARTS, Part, parts
from model.solve.compile import compile_data
from model.solve.lp import LP
from tests.formulation.ash_and_birch import data

GOLDEN = Path(__file__).parents[1] / "golden"
WRITTEN = parts("constraint", "bound", "measure")
MOST_LINES = 20


@cache
def lp() -> LP:
    return compile_data(data())


@pytest.mark.parametrize("part", WRITTEN, ids=lambda part: part.name)
def test_rule_reads_as_agreed(part: Part) -> None:
    path, now = GOLDEN / f"{part.name}.txt", lp().written_out(part.name, MOST_LINES) + "\n"
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("part", WRITTEN, ids=lambda part: part.name)
def test_every_rule_says_something(part: Part) -> None:
    """At least one row, bound or measure with a coefficient: an empty text proves nothing."""
    if part.kind == "measure":
        assert lp().K[[lp().measure(part.name)]].nnz > 0
    elif part.kind == "bound":
        assert lp().bound_blocks[part.name].keys
    else:
        assert lp().rows[part.name].keys
        assert lp().A.tocsr()[lp().rows[part.name].places].nnz > 0


def test_every_text_belongs_to_a_rule() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {part.name for part in WRITTEN}


def test_every_variable_exists_somewhere() -> None:
    assert all(lp().columns[part.name].keys for part in PARTS.values() if part.kind == "variable")
