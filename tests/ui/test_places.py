"""Every member of every alliance in view is found on the map, and views hold what they show."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from model.report.charts.map import Frame, Shade, world
from ui import places

ROOT = Path(__file__).resolve().parents[2]
ASEAN = (
    "Brunei", "Cambodia", "Indonesia", "Laos", "Malaysia", "Myanmar", "Philippines", "Singapore", "Thailand", "Vietnam", "Timor-Leste",
)  # fmt: skip
AFRICAN_UNION = (
    "Algeria", "Angola", "Benin", "Botswana", "Burkina Faso", "Burundi", "Cabo Verde", "Cameroon", "Central African Republic", "Chad",
    "Comoros", "Democratic Republic of the Congo", "Republic of the Congo", "Côte d'Ivoire", "Djibouti", "Egypt", "Equatorial Guinea",
    "Eritrea", "Eswatini", "Ethiopia", "Gabon", "Gambia", "Ghana", "Guinea", "Guinea-Bissau", "Kenya", "Lesotho", "Liberia", "Libya",
    "Madagascar", "Malawi", "Mali", "Mauritania", "Mauritius", "Morocco", "Mozambique", "Namibia", "Niger", "Nigeria", "Rwanda",
    "Sahrawi Republic", "São Tomé and Príncipe", "Senegal", "Seychelles", "Sierra Leone", "Somalia", "South Africa", "South Sudan",
    "Sudan", "Tanzania", "Togo", "Tunisia", "Uganda", "Zambia", "Zimbabwe",
)  # fmt: skip


def shipped_members() -> list[tuple[str, str]]:
    """Alliance and member, of every table of inputs whose members are countries."""
    found = []
    for path in sorted((ROOT / "inputs" / "tables").glob("*/members.csv")):
        if path.parent.name != "tutorial":
            with path.open(encoding="utf-8", newline="") as lines:
                found += [(path.parent.name, row["member"]) for row in csv.DictReader(lines)]
    return found


def test_every_shipped_member_is_a_country_of_its_own() -> None:
    by_alliance: dict[str, list[str]] = {}
    for alliance, member in shipped_members():
        country = places.country_of(member)
        assert country is not None, f"{member} of {alliance} is not on the map: add its name to ui/geometry/names.csv"
        by_alliance.setdefault(alliance, []).append(country.iso)
    assert by_alliance
    for codes in by_alliance.values():
        assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("names", "most"),
    [(ASEAN, 40.0), (AFRICAN_UNION, 50.0), (("United States", "Japan"), 80.0), (("France", "UK"), 12.0)],
)
def test_alliances_are_found_and_seen_whole(names: tuple[str, ...], most: float) -> None:
    found = tuple(country for name in names if (country := places.country_of(name)) is not None)
    assert len({country.iso for country in found}) == len(names)
    view = places.view_of(found)
    assert view.reach <= most
    if view.reach <= places.FAR:
        assert max(places.apart(corner, view.middle) for corner in view.corners) <= view.reach + 1e-9


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Türkiye", "turkey"),
        ("Cote d’Ivoire", "Ivory Coast"),
        ("The Gambia", "GMB"),
        ("DR Congo", "COD"),
        ("Viet Nam", "VIETNAM"),
    ],
)
def test_a_country_goes_by_several_names(one: str, other: str) -> None:
    assert places.country_of(one) is not None
    assert places.country_of(one) is places.country_of(other)


def test_the_two_congos_and_the_two_koreas_are_different() -> None:
    assert places.country_of("Democratic Republic of the Congo") is not places.country_of("Republic of the Congo")
    assert places.country_of("South Korea") is not places.country_of("North Korea")


def test_a_member_that_is_no_country_is_not_found() -> None:
    assert places.country_of("Northland") is None
    assert places.country_of("") is None


def test_outlines_are_sound() -> None:
    """Closed rings, degrees in range, areas about right, tiny states with a place and no outline."""
    for country in places.countries():
        assert -180 <= country.point[0] <= 180
        assert -90 <= country.point[1] <= 90
        for polygon in country.shape["coordinates"] if country.shape else ():
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in polygon)
    known = {"FRA": 644_000, "USA": 9_500_000, "LUX": 2_590, "SGP": 720, "FJI": 18_300, "RUS": 17_000_000}
    for code, km2 in known.items():
        country = places.country_of(code)
        assert country is not None
        assert country.km2 == pytest.approx(km2, rel=0.35)
    assert places.country_of("Malta").shape is None  # type: ignore[union-attr]


def test_most_members_are_seen_closer_than_all_of_them() -> None:
    nato = tuple(places.country_of(member) for alliance, member in shipped_members() if alliance == "nato_2035")
    found = tuple(country for country in nato if country is not None)
    close = places.core_of(found)
    assert {"USA", "CAN"} & {country.iso for country in close} == set()
    assert len(close) > len(found) / 2
    assert places.view_of(close).reach < places.view_of(found).reach / 2


def test_map_carries_its_data_and_asks_for_none() -> None:
    country = places.country_of("Poland")
    assert country is not None
    view = places.view_of((country,))
    shape = {"type": "Feature", "geometry": country.shape, "member": "Poland", "value": 0.1, "says": "10 %"}
    drawn = world([shape], [], [], Frame(view.projection, view.middle, view.corners), Shade("Share (%)", ".0%"))
    assert drawn["datasets"]["members"] == [shape]
    urls = [layer["data"].get("url") for layer in drawn["layer"]]
    assert urls == [None] * 3
