"""Scenarios in which only what burden keys go by matters, and keys of one's own written as short rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from model.data.scenario import Scenario
from tests.scenarios import scenario

COLUMNS = ("key_rule", "key_by", "key_amount", "key_limit", "key_group", "key_borne_by")

Row = tuple[Any, ...]


def members_only(members: Mapping[str, Mapping[str, Any]], **changed: Any) -> Scenario:
    """These members, with one task that requires nothing of note."""
    return scenario(
        members,
        {"tank": {}},
        {"peace": (1.0, None)},
        {"watch": ("peace", 1.0)},
        {("watch", "tank", None): 1.0},
        **changed,
    )


def by_gdp(**gdp: float) -> Scenario:
    """Members of these sizes."""
    return members_only({name: {"gdp": value} for name, value in gdp.items()})


def with_keys(s: Scenario, keys: Mapping[str, Iterable[Row]]) -> Scenario:
    """The scenario with keys of its own: rows of rule, by, amount, limit, group, borne_by, as far as they go."""
    cells: dict[str, dict[tuple[str, int], Any]] = {column: {} for column in COLUMNS}
    for name, rows in keys.items():
        for step, row in enumerate(rows, start=1):
            for column, value in zip(COLUMNS, (*row, *[None] * len(COLUMNS)), strict=False):
                cells[column][name, step] = value
    for column, values in cells.items():
        s = s.with_values(column, values)
    return s
