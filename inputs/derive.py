"""Derives tables of the NATO scenario from ``inputs/figures``: ``python inputs/derive.py``.

Members, cost factors, commonality, priorities and sources are reckoned here by plain formulas, so that whoever
doubts a figure can change what it rests on. Everything else in ``inputs/tables/nato_2035`` is written by hand.
"""

from __future__ import annotations

import sys
from math import asin, cos, exp, radians, sin, sqrt
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from inputs.tables_io import FIGURES, TABLES, read_text, write_text

NATO = TABLES / "nato_2035"

CORE_TARGET = 0.035
"""Hague summit: 3.5 % of GDP for core defence by 2035."""

PRODUCER_FACTOR = 0.95
SMALL_FLEET_FACTOR = 1.15
SMALL_ECONOMY = 100_000.0
DEAR_UNIT = 500.0
"""A member with a GDP below ``SMALL_ECONOMY`` pays more for units dearer than ``DEAR_UNIT`` (both USD m)."""

BASE, EQUIPMENT, SUPPLIERS, GROUPS, LANGUAGE = 0.30, 0.30, 0.15, 0.15, 0.05
"""Commonality: what any two allies share, and the most that each kind of likeness adds."""

NEAREST, FARTHEST, REACH_KM = 2.0, 0.3, 1400.0
"""Priority of a task at one's capital, of one far away, and the distance over which concern falls to 37 %."""

EARTH_RADIUS_KM = 6371.0

SOURCE_COLUMNS = ("sheet", "item", "value", "source", "note")


def derive() -> None:
    """Write every derived table."""
    members = read_text(FIGURES / "nato_public.csv")
    allies = [row["member"] for row in members]
    _write_members(members)
    _write_cost_factors(members)
    _write_pledges()
    _write_matrix("commonality", allies, allies, commonality(allies))
    _write_matrix("priorities", allies, _column("tasks", "task"), priorities(members))
    _write_sources()


def _column(table: str, name: str) -> list[str]:
    return [row[name] for row in read_text(NATO / f"{table}.csv")]


def _write_matrix(table: str, members: list[str], across: list[str], values: dict[tuple[str, str], object]) -> None:
    rows = [{"member": m, **{other: values.get((m, other), "") for other in across}} for m in members]
    write_text(NATO / f"{table}.csv", ["member", *across], rows)


# --- members -------------------------------------------------------------------------------------------------------


def _write_members(public: list[dict[str, str]]) -> None:
    """Public figures, completed by the assumptions; nobody's target is below what it spends already."""
    assumed = {row["member"]: row for row in read_text(FIGURES / "member_assumptions.csv")}
    keys = burden_keys(public)
    rows = [{**_member_row(row, assumed[row["member"]]), "key": keys[row["member"]]} for row in public]
    write_text(NATO / "members.csv", list(rows[0]), rows)


def _member_row(public: dict[str, str], assumed: dict[str, str]) -> dict[str, object]:
    spends = assumed["defence_share"] or f"{float(public['defence_share_2025e_pct']) / 100:.4g}"
    target = assumed["target_share"] or f"{max(CORE_TARGET, float(spends)):.4g}"
    return {
        "member": public["member"],
        "gdp": public["gdp_2024_usd_m"],
        "gdp_growth": assumed["gdp_growth"],
        "population": round(int(public["population_2024"]) / 1e6, 3),
        "defence_share": spends,
        "target_share": target,
        "target_year": 2035,
        **{name: assumed[name] for name in ("alliance_share", "price_level", "availability", "level")},
    }


def burden_keys(public: list[dict[str, str]]) -> dict[str, int]:
    """Fair shares as NATO's common funding has them since 2021: by the size of the economy (in billions of US dollars),
    the largest member paying no more than the second largest."""
    size = {row["member"]: float(row["gdp_2024_usd_m"]) / 1000 for row in public}
    ceiling = sorted(size.values())[-2]
    return {member: round(min(value, ceiling)) for member, value in size.items()}


# --- cost factors --------------------------------------------------------------------------------------------------


def _write_cost_factors(public: list[dict[str, str]]) -> None:
    price = {row["capability"]: float(row["unit_cost"]) for row in read_text(NATO / "capabilities.csv")}
    small = {row["member"] for row in public if float(row["gdp_2024_usd_m"]) < SMALL_ECONOMY}
    allies = [row["member"] for row in public]
    values = {
        (member, row["capability"]): cost_factor(member, row, member in small and price[row["capability"]] > DEAR_UNIT)
        for row in read_text(FIGURES / "access.csv")
        for member in allies
    }
    _write_matrix("cost_factors", allies, list(price), values)


def cost_factor(member: str, access: dict[str, str], dear: bool) -> object:
    """``no`` without access, less for producers, more for dear units in small economies; blank is 1."""
    kind, _, listed = access["who"].partition(": ")
    if kind != "all" and (member in names(listed)) is not (kind == "only"):
        return "no"
    if member in names(access["producers"]):
        return PRODUCER_FACTOR
    return SMALL_FLEET_FACTOR if dear else ""


def names(listed: str) -> set[str]:
    """The names in a cell, with semicolons between."""
    return {name for name in listed.split("; ") if name}


# --- pledges -------------------------------------------------------------------------------------------------------


def _write_pledges() -> None:
    """What members promised, then how far each force can grow."""
    promised = read_text(FIGURES / "pledges.csv")
    write_text(NATO / "pledges.csv", list(promised[0]), [*promised, *growth_limits(promised)])


def growth_limits(promised: list[dict[str, str]]) -> list[dict[str, object]]:
    """The most of each force that a member can man: a multiple of what it holds and a few more, or what it promised.

    Small economies are left out: what may be asked of them is limited by the reasonable challenge.
    """
    large = {row["member"] for row in read_text(NATO / "members.csv") if float(row["gdp"]) >= SMALL_ECONOMY}
    holdings = {row["member"]: row for row in read_text(NATO / "holdings.csv") if row["member"] in large}
    factors = {row["member"]: row for row in read_text(NATO / "cost_factors.csv")}
    limits: list[dict[str, object]] = []
    for row in read_text(FIGURES / "growth_limits.csv"):
        c, factor, plus = row["capability"], float(row["factor"]), float(row["plus"])
        for m in (m for m in holdings if factors[m][c] != "no"):
            least = [float(p["min_stock"]) for p in promised if (p["member"], p["capability"]) == (m, c)]
            limits.append(
                {"member": m, "capability": c, "max_stock": max([factor * float(holdings[m][c] or 0) + plus, *least])}
            )
    return limits


# --- commonality ---------------------------------------------------------------------------------------------------


def commonality(members: list[str]) -> dict[tuple[str, str], object]:
    """What two members have in common: systems, suppliers, framework groups, language. The diagonal stays blank."""
    systems, suppliers = _systems(members), _suppliers(members)
    frameworks, languages = _groups(members, "framework"), _groups(members, "language")
    values: dict[tuple[str, str], object] = {}
    for m in members:
        for n in (other for other in members if other != m):
            likeness = (
                BASE
                + EQUIPMENT * overlap(systems[m], systems[n])
                + SUPPLIERS * overlap(suppliers[m], suppliers[n])
                + GROUPS * min(1.0, len(frameworks[m] & frameworks[n]) / 2)
                + LANGUAGE * bool(languages[m] & languages[n])
            )
            values[m, n] = round(likeness, 2)
    return values


def overlap(one: set[str], other: set[str]) -> float:
    """Common part of two sets against the geometric mean of their sizes."""
    return len(one & other) / sqrt(len(one) * len(other)) if one and other else 0.0


def _systems(members: list[str]) -> dict[str, set[str]]:
    rows = read_text(FIGURES / "equipment.csv")
    return {m: {row["system"] for row in rows if row["member"] == m} for m in members}


def _suppliers(members: list[str]) -> dict[str, set[str]]:
    """Whose arms a member buys, its own included; what all call Europe or the West is one supplier each."""
    alias = {"US": "United States", "UK": "United Kingdom", "Turkey": "Türkiye"}
    rows = read_text(FIGURES / "arms_suppliers.csv")
    return {m: {m} | {alias.get(r["supplier"], r["supplier"]) for r in rows if r["member"] == m} for m in members}


def _groups(members: list[str], kind: str) -> dict[str, set[str]]:
    rows = [row for row in read_text(FIGURES / "framework_groups.csv") if row["kind"] == kind]
    return {m: {row["group"] for row in rows if m in names(row["members"])} for m in members}


# --- priorities ----------------------------------------------------------------------------------------------------


def priorities(public: list[dict[str, str]]) -> dict[tuple[str, str], object]:
    """Concern falls with the distance from the capital to the nearest place of the task; some are set by hand."""
    values: dict[tuple[str, str], object] = {}
    places = read_text(FIGURES / "task_places.csv")
    for task in _column("tasks", "task"):
        spots = [_position(row, "") for row in places if row["task"] == task]
        for row in public:
            near = min(distance_km(_position(row, "capital_"), spot) for spot in spots)
            values[row["member"], task] = concern(near, REACH_KM)
    by_hand = read_text(FIGURES / "priority_overrides.csv")
    return values | {(row["member"], row["task"]): row["priority"] for row in by_hand}


def concern(kilometres: float, reach: float) -> float:
    """Priority of a task so far away, where concern falls to 37 % over ``reach``."""
    return round(FARTHEST + (NEAREST - FARTHEST) * exp(-kilometres / reach), 1)


def _position(row: dict[str, str], prefix: str) -> tuple[float, float]:
    return float(row[f"{prefix}latitude"]), float(row[f"{prefix}longitude"])


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance between two positions in degrees."""
    (lat1, lon1), (lat2, lon2) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))


# --- sources -------------------------------------------------------------------------------------------------------


def _write_sources() -> None:
    """The notes on sources of the NATO scenario."""
    write_text(NATO / "sources.csv", SOURCE_COLUMNS, sources(FIGURES / "source_notes.csv"))


def sources(notes: Path) -> list[dict[str, str]]:
    """Notes on sources, their keys written out by ``references.csv``."""
    references = {row["key"]: f"{row['reference']} [{row['grade']}]" for row in read_text(FIGURES / "references.csv")}
    return [
        {**row, "source": "; ".join(references.get(key, key) for key in row["source"].split("; "))}
        for row in read_text(notes)
    ]


if __name__ == "__main__":
    derive()
