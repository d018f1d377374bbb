"""Scenarios in which only what burden keys go by matters, and keys of one's own written as short rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import strategies as st

from model.layers.burden_keys.recipes import NAMES, RULES
from model.scenario.scenario import Scenario
from tests.scenarios import scenario

COLUMNS = ("key_rule", "key_by", "key_amount", "key_limit", "key_group", "key_borne_by")

Row = tuple[Any, ...]

positive = st.floats(0.1, 1e4)


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


def world() -> Scenario:
    """Forty made-up states, from one with 30 % of all income to some with next to none; ten are least developed.

    Income halves and inhabitants grow along the list, so that the later half is below the mean income per head.
    """
    people = {
        f"state {i:02d}": {
            "gdp": 1e6 * 0.78**i,
            "population": 1.0 + i / 4,
            "debt": 3e4 if i > 20 else None,
            "groups": "Least developed, islands" if i >= 30 else "",
        }
        for i in range(40)
    }
    people["atoll"] = {"gdp": 1.0, "population": 0.01, "groups": ""}
    return members_only(people)


@st.composite
def alliances(draw: st.DrawFn) -> Scenario:
    """Up to eight members of any size and wealth, in groups, some without figures."""
    size = draw(st.integers(1, 8))
    members = {
        f"m{i}": {
            "gdp": draw(st.one_of(positive, st.just(0.0))),
            "population": draw(positive),
            "income": draw(st.one_of(st.none(), positive)),
            "debt": draw(st.one_of(st.none(), positive)),
            "custom_key": draw(positive),
            "border": draw(positive),
            "groups": draw(st.sampled_from(["", "g", "bearers", "least developed", "g, bearers"])),
        }
        for i in range(size)
    }
    return members_only(members)


fractions = st.floats(0.0, 1.0)


@st.composite
def rows_of_a_key(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """A start and up to four steps of any kind."""
    by = st.sampled_from([name for name in NAMES if name != "peacekeeping"])
    rules = [rule for rule in RULES if rule != "start"]
    steps = [
        (
            draw(st.sampled_from(rules)), draw(by), draw(fractions), draw(st.floats(0.05, 2.0)),
            draw(st.sampled_from([None, "g", "m1"])), draw(st.sampled_from(["bearers", "m0"])),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    return [("start", draw(by)), *steps]
