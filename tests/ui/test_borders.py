"""The map draws borders as recognised internationally, whatever state a place is held by; the places are towns and heights."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ui import places
from ui.geometry import make
from ui.places import Country, Point

IN = {
    # General Assembly resolutions 68/262, ES-11/4
    "UKR": {"Simferopol": (34.10, 44.95), "Sevastopol": (33.52, 44.60), "Kerch": (36.40, 45.33), "Donetsk": (37.80, 48.00),
            "Luhansk": (39.30, 48.57), "Melitopol": (35.37, 46.85), "Kherson": (32.7, 46.7)},
    # General Assembly resolution 34/37
    "ESH": {"El Aaiún": (-13.10, 27.12), "Smara": (-11.67, 26.74), "Tifariti": (-10.57, 26.16), "inland of Dakhla": (-14.50, 23.70)},
    # Security Council resolutions 541 and 550
    "CYP": {"Nicosia": (33.36, 35.10), "north of Nicosia": (33.36, 35.25), "Famagusta": (33.88, 35.15)},
    "SOM": {"Hargeisa": (44.07, 9.56), "Burao": (45.53, 9.52), "Mogadishu": (45.20, 2.15)},
    # General Assembly resolution 62/249 and those that follow it
    "GEO": {"Sukhumi": (41.25, 43.03), "Tskhinvali": (43.96, 42.23), "Tbilisi": (44.80, 41.70)},
    "MDA": {"Tiraspol": (29.60, 46.84)},
    # General Assembly resolution 62/243
    "AZE": {"Stepanakert": (46.75, 39.82)},
    # Security Council resolution 497
    "SYR": {"the Golan Heights": (35.78, 33.00), "Quneitra": (35.82, 33.12), "Damascus": (36.30, 33.50)},
    # Security Council resolutions 242 and 2334
    "PSE": {"Ramallah": (35.20, 31.95), "east of Jerusalem": (35.26, 31.79), "Gaza": (34.40, 31.42)},
    "ISR": {"Haifa": (35.05, 32.75), "Safed": (35.50, 32.96)},
    "MAR": {"Rabat": (-6.80, 33.95), "Agadir": (-9.40, 30.40)},
    "RUS": {"Moscow": (37.60, 55.75), "Kaliningrad": (20.80, 54.70), "Rostov": (39.70, 47.25)},
    "TWN": {"Taipei": (121.40, 24.95)},
    "SSD": {"Juba": (31.60, 4.85)},
    "GUY": {"the Essequibo": (-59.50, 6.00)},
    "FLK": {"Stanley": (-58.70, -51.75)},
    "DNK": {"Aarhus": (9.60, 56.15), "Nuuk": (-51.20, 64.30), "Thule": (-60.00, 76.60)},
    "FRA": {"Paris": (2.35, 48.85), "Cayenne": (-52.60, 4.60), "Corsica": (9.10, 42.20), "New Caledonia": (165.50, -21.30)},
    "USA": {"Alaska": (-150.00, 64.00), "Hawaii": (-155.50, 19.60), "Puerto Rico": (-66.40, 18.20)},
    "NOR": {"Svalbard": (16.00, 78.50)},
}  # fmt: skip


def holds(country: Country, at: Point) -> bool:
    """Whether a place lies within a country, territories included."""
    assert country.whole is not None
    return sum(_crossed(ring, at) for polygon in country.whole["coordinates"] for ring in polygon) % 2 == 1


def _crossed(ring: list[Point], at: Point) -> int:
    """How often a line from the place eastwards crosses the ring."""
    x, y = at
    sides = [(a, b) for a, b in pairwise(ring) if (a[1] > y) != (b[1] > y)]
    return sum(x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] for a, b in sides)


@pytest.mark.parametrize(
    ("iso", "place", "at"), [(iso, place, at) for iso, found in IN.items() for place, at in found.items()]
)
def test_a_place_lies_in_its_state_and_in_no_other(iso: str, place: str, at: Point) -> None:
    found = [country.iso or country.name for country in places.countries() if country.shape and holds(country, at)]
    own = {country.iso for country in places.countries() if country.of == iso}
    assert [one for one in found if one not in own] == [iso]


def test_nothing_is_drawn_that_no_state_of_the_united_nations_and_no_code_stands_for_but_kosovo() -> None:
    assert [country.name for country in places.countries() if not country.iso] == ["Kosovo"]


def test_territories_go_with_their_state_and_do_not_move_it() -> None:
    denmark, greenland = places.country_of("Denmark"), places.country_of("Greenland")
    assert denmark is not None
    assert greenland is not None
    assert greenland.of == denmark.iso
    assert greenland.whole == greenland.shape
    assert places.apart(denmark.point, (9.5, 56.0)) < 2
    assert all(places.apart(corner, denmark.point) < 10 for corner in denmark.corners)
    assert denmark.whole != denmark.shape


def test_neighbours_share_one_line_where_it_was_redrawn() -> None:
    israel, syria = (places.country_of(name) for name in ("Israel", "Syria"))
    assert israel is not None
    assert israel.shape is not None
    assert syria is not None
    assert syria.shape is not None
    line = {(35.63, 33.27), (35.65, 32.9), (35.65, 32.75)}
    for country in (israel, syria):
        assert line <= {tuple(point) for polygon in country.shape["coordinates"] for point in polygon[0]}


def test_two_outlines_with_a_common_border_become_one() -> None:
    west = [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]]
    east = [[(1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 0.0)]]
    far = [[(5.0, 0.0), (6.0, 0.0), (6.0, 1.0), (5.0, 0.0)]]
    found = make._united([west, east, far])
    assert sorted(len(polygon[0]) for polygon in found) == [4, 7]
    assert abs(sum(make._area(polygon[0]) for polygon in found)) == pytest.approx(
        abs(sum(make._area(polygon[0]) for polygon in (west, east, far)))
    )
