"""Where members are: countries by the names they go by, and the view of the earth that shows them best."""

from __future__ import annotations

import csv
import json
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from model.language.cached import cached_property

FOLDER = Path(__file__).parent / "geometry"
Point = tuple[float, float]
"""Degrees east and north."""

FAR = 50.0
"""Beyond so many degrees from the middle a round view would turn countries on their side."""

_WITHIN, _PART = 50.0, 0.1
"""A part of a country is looked at if it is no further from the main part than this (degrees) and at least that large."""


@dataclass(frozen=True, eq=False)
class Country:
    """A country: ISO 3166-1 code, name, centre, area in square kilometres, and outline (GeoJSON; None for tiny states).

    ``of`` is the code of the state to which a territory belongs. ``whole`` is the outline with all territories.
    """

    iso: str
    name: str
    point: Point
    km2: float
    shape: dict[str, Any] | None
    of: str = ""

    @property
    def whole(self) -> dict[str, Any] | None:
        """The outline with the territories that belong to the country: Greenland's with Denmark's."""
        theirs = [one.shape["coordinates"] for one in countries() if one.of == self.iso and one.of and one.shape]
        if self.shape is None or not theirs:
            return self.shape
        return {**self.shape, "coordinates": [*self.shape["coordinates"], *chain.from_iterable(theirs)]}

    @cached_property
    def corners(self) -> list[Point]:
        """Points of the outline that a view must hold: overseas parts and small islands left out."""
        if self.shape is None:
            return [self.point]
        outer = [polygon[0] for polygon in self.shape["coordinates"]]
        sizes = [_size(ring) for ring in outer]
        return [
            (x, y)
            for ring, size in zip(outer, sizes, strict=True)
            if size >= _PART * max(sizes) and apart((ring[0][0], ring[0][1]), self.point) <= _WITHIN
            for x, y in ring
        ]  # fmt: skip


@dataclass(frozen=True)
class View:
    """What a map shows: the middle, how far it reaches (degrees), points that must be within, and how the earth is laid flat."""

    middle: Point
    reach: float
    corners: tuple[Point, ...]

    @property
    def projection(self) -> str:
        """Equal areas in either case: around the middle, or where half the earth is seen, with north up everywhere."""
        return "azimuthalEqualArea" if self.reach <= FAR else "equalEarth"


@cache
def countries() -> tuple[Country, ...]:
    """Every country of the file; some that nobody recognises have no code."""
    found = json.loads((FOLDER / "countries.json").read_text(encoding="utf-8"))["countries"]
    return tuple(
        Country(c["iso"], c["name"], (c["point"][0], c["point"][1]), c["km2"], c["shape"], c.get("of", ""))
        for c in found
    )


@cache
def _by_name() -> dict[str, Country]:
    codes = {country.iso: country for country in countries() if country.iso}
    with (FOLDER / "names.csv").open(encoding="utf-8", newline="") as lines:
        named = {_plain(row["name"]): codes[row["iso"]] for row in csv.DictReader(lines) if row["iso"] in codes}
    return {_plain(code): country for code, country in codes.items()} | named


def country_of(name: str) -> Country | None:
    """The country a member is, by any of its names or its three-letter code; None where it is none (a region, a pool)."""
    return _by_name().get(_plain(name))


def _plain(name: str) -> str:
    """A name without accents, case, punctuation and a leading article."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return re.sub(r"[\W_]+", " ", letters.replace("&", " and ")).strip().removeprefix("the ")


@lru_cache(maxsize=64)
def view_of(found: tuple[Country, ...]) -> View:
    """The view with these countries in it, the middle in the middle of them. At least one."""
    corners = [corner for country in found for corner in country.corners]
    vectors = np.array([_vector(corner) for corner in corners])
    middle = vectors.mean(axis=0)
    for _ in range(200):  # towards the farthest corner in small steps: to the middle of the smallest circle
        middle /= np.linalg.norm(middle)
        middle += 0.03 * (vectors[np.argmin(vectors @ middle)] - middle)
    x, y, z = (float(part) for part in middle)
    at = math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))
    reach = max(3.0, *(apart(corner, at) for corner in corners))
    thin = tuple(corners[:: max(1, len(corners) // 400)]) + _ends(corners)
    return View(at if reach <= FAR else (_meridian(corners), 0.0), reach, thin)


def core_of(found: Sequence[Country]) -> tuple[Country, ...]:
    """The countries that lie close together, where some others lie far away: most of them, seen larger."""
    middle = min((c.point for c in found), key=lambda one: sorted(apart(one, c.point) for c in found)[len(found) // 2])
    far = sorted(apart(c.point, middle) for c in found)[(3 * len(found)) // 4]
    return tuple(c for c in found if apart(c.point, middle) <= 1.3 * far)


def apart(one: Point, other: Point) -> float:
    """Degrees of a great circle between two points."""
    dot = sum(a * b for a, b in zip(_vector(one), _vector(other), strict=True))
    return math.degrees(math.acos(max(-1.0, min(1.0, dot))))


def _vector(point: Point) -> tuple[float, float, float]:
    east, north = math.radians(point[0]), math.radians(point[1])
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def _meridian(points: Sequence[Point]) -> float:
    """The meridian in the middle of the shortest way round the earth that passes all points."""
    east = sorted({x for x, _ in points})
    gaps = [(after - before, before) for before, after in pairwise([*east, east[0] + 360.0])]
    widest, begins = max(gaps)
    return (begins + widest + (360.0 - widest) / 2.0 + 180.0) % 360.0 - 180.0


def _ends(points: Sequence[Point]) -> tuple[Point, ...]:
    """The outermost points, which a thinned outline must keep."""
    return (max(points), min(points), max(points, key=lambda p: p[1]), min(points, key=lambda p: p[1]))


def _size(ring: Sequence[Sequence[float]]) -> float:
    """About how large a ring is, in square degrees at its latitude."""
    east = [x for x, _ in ring]
    wide = max(east) - min(east) if max(east) - min(east) < 180 else 360 - (max(east) - min(east))
    north = [y for _, y in ring]
    return wide * (max(north) - min(north)) * math.cos(math.radians(sum(north) / len(north)))
