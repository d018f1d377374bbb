"""Derives tables of the other alliances from ``inputs/figures/<alliance>``: ``python inputs/derive_alliances.py``.

Members and sources of each alliance come from its public figures, assumptions and notes. What is reckoned for one
alliance only is in a function of its own. All other tables are written by hand.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from inputs.derive import SOURCE_COLUMNS, concern, distance_km, names, overlap, sources
from inputs.tables_io import FIGURES, TABLES, read_text, write_text

Matrix = dict[tuple[str, str], object]

EVERYBODY_ELSE = "all others"
"""The row of the assumptions that holds for members without one of their own."""

REACH_KM = {"asean": 900.0, "african_union": 1200.0}
"""Distance over which concern falls to 37 %."""

SENDS = "sends"
"""Assumed part of the forces reckoned by rule that a member could really send: little, where it fights at home."""

PLEDGE_COLUMNS = ("member", "capability", "year", "min_stock", "max_stock")

BASE, SUPPLIERS, GROUPS = 0.3, 0.25, 0.2
"""Commonality in ASEAN and Africa: what any two members share, and the most that suppliers and each kind of group add."""


def alliances() -> list[str]:
    """Every alliance that has public figures in a folder of its own."""
    return sorted(path.parent.name for path in FIGURES.glob("*/public.csv"))


def derive(tables: Path = TABLES) -> None:
    """Write every derived table."""
    for notes in FIGURES.glob("*/source_notes.csv"):
        write_text(tables / notes.parent.name / "sources.csv", SOURCE_COLUMNS, sources(notes))
    for alliance in alliances():
        figures, to = FIGURES / alliance, tables / alliance
        rows = members(alliance)
        write_text(to / "members.csv", list(rows[0]), rows)
        if (figures / "holding_rules.csv").exists():
            _write_forces(alliance, figures, to)
        if (figures / "growth_limits.csv").exists():
            promised = read_text(figures / "pledges.csv")
            write_text(to / "pledges.csv", PLEDGE_COLUMNS, [*promised, *growth_limits(figures, to)])
        if (figures / "task_places.csv").exists():
            tasks = [row["task"] for row in read_text(to / "tasks.csv")]
            _write_matrix(to / "priorities.csv", alliance, tasks, priorities(alliance, tasks))
        if (figures / "groups.csv").exists():
            _write_matrix(to / "commonality.csv", alliance, _members(alliance), commonality(alliance))


def _members(alliance: str) -> list[str]:
    return [row["member"] for row in read_text(FIGURES / alliance / "public.csv")]


def _write_matrix(path: Path, alliance: str, across: list[str], values: Matrix) -> None:
    rows = [{"member": m, **{other: values.get((m, other), "") for other in across}} for m in _members(alliance)]
    write_text(path, ["member", *across], rows)


# --- members -------------------------------------------------------------------------------------------------------


def members(alliance: str) -> list[dict[str, object]]:
    """Public figures completed by the assumptions."""
    assumed = assumptions(FIGURES / alliance)
    return [_member_row(public, assumed[public["member"]]) for public in read_text(FIGURES / alliance / "public.csv")]


def assumptions(figures: Path) -> dict[str, dict[str, str]]:
    """What is assumed of each member; where its own row is blank or missing, what is assumed of all others."""
    own = {row["member"]: row for row in read_text(figures / "assumptions.csv")}
    usual = own.get(EVERYBODY_ELSE, {})
    columns = [name for name in next(iter(own.values())) if name not in ("member", "reason")]
    return {
        row["member"]: {name: own.get(row["member"], {}).get(name) or usual.get(name, "") for name in columns}
        for row in read_text(figures / "public.csv")
    }


def _member_row(public: dict[str, str], assumed: dict[str, str]) -> dict[str, object]:
    """One member; an assumed ``gdp`` or ``defence_share`` stands where the public figure is missing or has moved on.

    Where the assumed ``income`` is the word gdp, GDP stands for national income.
    """
    gdp = assumed.pop("gdp", "") or public["gdp_usd_m"]
    if assumed.get("income") == "gdp":
        assumed["income"] = gdp
    share = assumed.pop("defence_share", "") or f"{float(public['defence_share_pct']) / 100:.4g}"
    return {
        "member": public["member"],
        "gdp": gdp,
        "population": round(int(public["population"]) / 1e6, 3),
        "defence_share": share,
        **{name: value for name, value in sorted(assumed.items()) if name != SENDS},
    }


# --- forces by rule ------------------------------------------------------------------------------------------------


def _write_forces(alliance: str, figures: Path, to: Path) -> None:
    """Holdings by rule; what a member has nothing of it cannot raise; who is suspended releases nothing."""
    kinds = [row["capability"] for row in read_text(to / "capabilities.csv")]
    held = holdings(figures)
    _write_matrix(to / "holdings.csv", alliance, kinds, {key: units or "" for key, units in held.items()})
    closed: Matrix = {key: "" if units else "no" for key, units in held.items()}
    _write_matrix(to / "cost_factors.csv", alliance, kinds, closed)
    by_hand = read_text(figures / "caveats.csv")
    named = {(row["member"], row["task"]) for row in by_hand}
    suspended = [row["member"] for row in read_text(figures / "public.csv") if row["suspended"] == "1"]
    rows = [
        {"member": member, "task": row["task"], "capability": "", "max_fraction": 0}
        for member in suspended
        for row in read_text(to / "tasks.csv")
        if (member, row["task"]) not in named
    ]
    write_text(to / "caveats.csv", list(by_hand[0]), [*by_hand, *rows])


def holdings(figures: Path) -> dict[tuple[str, str], float]:
    """What each member could send: battalions by what it has in missions and a part of its forces, the rest by rule."""
    rules = {row["capability"]: row for row in read_text(figures / "holding_rules.csv")}
    sent: dict[str, float] = {}
    for row in read_text(figures / "deployments.csv"):
        sent[row["member"]] = sent.get(row["member"], 0.0) + float(row["personnel"])
    assumed, found = assumptions(figures), dict[tuple[str, str], float]()
    for row in read_text(figures / "public.csv"):
        member, active, gdp = row["member"], float(row["active_military"] or 0), float(row["gdp_usd_m"] or 0)
        battalions = 0.0
        for capability, rule in rules.items():
            if rule["troops_per_unit"]:
                troops = sent.get(member, 0.0) + float(rule["part_of_active"]) * active
                units = battalions = troops / float(rule["troops_per_unit"])
            else:
                units = float(rule["per_battalion"]) * battalions + float(rule["per_gdp_100bn"] or 0) * gdp / 100_000
            found[member, capability] = round(units * float(assumed[member][SENDS]), 1)
    return found


# --- growth limits -------------------------------------------------------------------------------------------------


def growth_limits(figures: Path, tables: Path) -> list[dict[str, object]]:
    """The most of each force that a member can man: a multiple of what it holds and a few more."""
    factors = {row["member"]: row for row in read_text(tables / "cost_factors.csv")}
    return [
        {
            "member": held["member"],
            "capability": row["capability"],
            "max_stock": round(float(row["factor"]) * float(held[row["capability"]] or 0) + float(row["plus"]), 2),
        }
        for row in read_text(figures / "growth_limits.csv")
        for held in read_text(tables / "holdings.csv")
        if factors[held["member"]][row["capability"]] != "no"
    ]


# --- priorities ----------------------------------------------------------------------------------------------------


def priorities(alliance: str, tasks: list[str]) -> Matrix:
    """Concern falls with the distance from the capital to the nearest place of a task; some are set by hand."""
    figures, values = FIGURES / alliance, Matrix()
    places = read_text(figures / "task_places.csv")
    for task in tasks:
        spots = [(float(row["latitude"]), float(row["longitude"])) for row in places if row["task"] == task]
        for row in read_text(figures / "public.csv"):
            capital = float(row["capital_latitude"]), float(row["capital_longitude"])
            near = min(distance_km(capital, spot) for spot in spots)
            values[row["member"], task] = concern(near, REACH_KM[alliance])
    by_hand = read_text(figures / "priority_overrides.csv")
    return values | {(row["member"], row["task"]): row["priority"] for row in by_hand}


# --- commonality ---------------------------------------------------------------------------------------------------


def commonality(alliance: str) -> Matrix:
    """What two members have in common: suppliers of arms, groups they work in, language. The diagonal stays blank."""
    groups = read_text(FIGURES / alliance / "groups.csv")
    suppliers = _suppliers(alliance)
    values = Matrix()
    for m in _members(alliance):
        for n in (other for other in _members(alliance) if other != m):
            shared = {row["kind"] for row in groups if {m, n} <= names(row["members"])}
            values[m, n] = round(BASE + SUPPLIERS * overlap(suppliers[m], suppliers[n]) + GROUPS * len(shared), 2)
    return values


def _suppliers(alliance: str) -> dict[str, set[str]]:
    path = FIGURES / alliance / "suppliers.csv"
    rows = read_text(path) if path.exists() else []
    return {m: {m} | {row["supplier"] for row in rows if row["member"] == m} for m in _members(alliance)}


if __name__ == "__main__":
    derive()
