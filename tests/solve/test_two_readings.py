"""The compiled LP and the certificate's own programme are the same, row by row, by name and key."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.certificate import Stage, programme, read
from model.core.parameters import Data
from model.language.registry import PARTS
from model.scenario.scenario import Scenario
from model.solve.compile import compile_data
from model.solve.lp import LP
from tests.formulation.ash_and_birch import ALONE, ash_and_birch, helped
from tests.random_layers import with_layers
from tests.solve.variants import varied

EVERY = Stage(
    dict.fromkeys(
        (
            "risk",
            "cost",
            "unfairness",
            "tail_risk",
            "worst_perceived_risk",
            "worst_kind_risk",
            "dependence",
            "technology_gap",
        ),
        1.0,
    )
)
Row = tuple[float, dict[Any, float]]
"""A limit and coefficients by column name and key, stated as "at most"."""


def compiled_rows(lp: LP) -> dict[Any, Row]:
    """The rows that say anything; a "=" is told by its name being given twice, with both signs."""
    names = [(block.name, key) for block in lp.columns.values() for key in block.keys]
    matrix, found = lp.A.tocsr(), {}
    for block in lp.rows.values():
        for place, key in enumerate(block.keys, block.start):
            entries = matrix[[place]].tocoo()
            terms = {names[j]: float(v) for j, v in zip(entries.coords[1], entries.data, strict=True) if v != 0}
            if terms and np.isfinite(lp.row_upper[place]):
                found[block.name, key, "<="] = float(lp.row_upper[place]), terms
            if terms and np.isfinite(lp.row_lower[place]):
                found[block.name, key, ">="] = -float(lp.row_lower[place]), {n: -v for n, v in terms.items()}
    return found


def as_at_most(rows: dict[Any, Row]) -> dict[Any, Row]:
    """By name and key, whichever way round it was stated; an equality by the sign of its first term."""
    found: dict[Any, Row] = {}
    for (name, key, _), row in rows.items():
        if (name, key) in found and row[1][min(row[1], key=str)] < 0:
            continue
        found[name, key] = row
    return found


def read_rows(scenario: Scenario, off: frozenset[str], accepted: dict[str, float]) -> dict[Any, Row]:
    """The certificate's rows in the same form."""
    reading = read(scenario, off, accepted)
    p = programme(reading, Stage(EVERY.weights, {}, off, accepted))
    columns = [(name, key) for name, keys in reading.columns.keys.items() for key in keys]
    rows = [(name, key) for name, keys in p.blocks for key in keys]
    found: dict[Any, Row] = {}
    for place, (name, key) in enumerate(rows):
        entries = p.matrix[[place]].tocoo()
        terms = {columns[j]: float(v) for j, v in zip(entries.coords[1], entries.data, strict=True) if v != 0}
        if terms and p.side[place] >= 0:
            found[name, key, "<="] = float(p.right[place]), terms
        if terms and p.side[place] <= 0:
            found[name, key, ">="] = -float(p.right[place]), {n: -v for n, v in terms.items()}
    return found


def same(scenario: Scenario, off: frozenset[str] = frozenset(), accepted: dict[str, float] | None = None) -> None:
    """Columns, bounds, rows and measures agree, each number to nine digits."""
    lp, reading = compile_data(Data(scenario, accepted)).drop(*off), read(scenario, off, accepted)
    upper = lp.upper_bounds()
    ours = {(b.name, key): upper[i] for b in lp.columns.values() for i, key in enumerate(b.keys, b.start)}
    names = [(name, key) for name, keys in reading.columns.keys.items() for key in keys]
    theirs = dict(zip(names, reading.columns.upper.tolist(), strict=True))
    assert ours == pytest.approx(theirs, rel=1e-9)
    mine, own = as_at_most(compiled_rows(lp)), as_at_most(read_rows(scenario, off, accepted or {}))
    mine = {place: row for place, row in mine.items() if place[0] not in off}
    assert mine.keys() == own.keys()
    for place, (limit, terms) in mine.items():
        assert limit == pytest.approx(own[place][0], rel=1e-9, abs=1e-12), place
        assert terms == pytest.approx(own[place][1], rel=1e-9, abs=1e-12), place
    for name, measure in reading.measures.items():
        weights = np.bincount(measure.column, measure.coefficient, minlength=len(names))
        stated = {names[j]: float(v) for j, v in enumerate(weights) if v != 0}
        row = lp.K[[lp.measure(name)]].tocoo()
        keys = list(ours)
        assert stated == pytest.approx({keys[j]: v for j, v in zip(row.coords[1], row.data, strict=True) if v != 0})


@pytest.mark.parametrize("seed", range(12))
def test_random_scenarios_read_the_same_twice(seed: int) -> None:
    same(varied(seed))


@pytest.mark.parametrize("seed", range(9))
def test_scenarios_with_layers_read_the_same_twice(seed: int) -> None:
    same(with_layers(varied(seed, pooling=seed % 2 == 1, joint=seed % 3), seed))


@pytest.mark.parametrize("seed", range(3))
def test_every_policy_reads_the_same_twice(seed: int) -> None:
    scenario = varied(seed, consensus=True, challenge=1.3, fairness_band=0.7, equipment_floor=0.15)
    same(scenario, accepted={member: 0.1 + 0.2 * i for i, member in enumerate(scenario.sets["member"])})


@pytest.mark.parametrize("seed", range(6))
def test_common_funding_reads_the_same_twice(seed: int) -> None:
    same(varied(seed, pooling=True))


@pytest.mark.parametrize("seed", range(8))
def test_joint_programmes_read_the_same_twice(seed: int) -> None:
    s = varied(seed, joint=3, pooling=seed % 2 == 0)
    same(s.with_values("decision", {"programme 0": "open", "programme 1": "closed", "programme 2": "free"}))


@pytest.mark.parametrize("seed", range(4))
def test_industry_counts_what_is_ordered_through_programmes_in_both(seed: int) -> None:
    same(with_layers(varied(seed, joint=3, pooling=True), seed))


@pytest.mark.parametrize("policy", ["participation_suffices", "programme_goes_ahead", "programme_stays_closed"])
def test_a_policy_of_programmes_switched_off_is_off_in_both(policy: str) -> None:
    s = varied(4, joint=3)
    same(s.with_values("decision", dict.fromkeys(s.decision, "closed")), frozenset({policy}))


@pytest.mark.parametrize("policy", ["common_stock_is_limited", "common_forces_are_used_once", "common_forces_suffice"])
def test_a_policy_of_common_funding_switched_off_is_off_in_both(policy: str) -> None:
    same(varied(1, pooling=True), frozenset({policy}))


def test_the_scenario_for_reading_reads_the_same_twice() -> None:
    """Between them they have at least one row of every rule (see test_golden)."""
    same(ash_and_birch(), accepted=ALONE)
    same(helped(), accepted=ALONE)


@pytest.mark.parametrize("policy", [name for name, part in PARTS.items() if part.may_bend])
def test_a_policy_switched_off_is_off_in_both(policy: str) -> None:
    same(helped(), frozenset({policy}), ALONE)
