"""The front end as people meet it, in Chromium: levers, clicks, files, reloads, keyboard, and no word to any other machine."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from benchmarks.browser import at_rest, browser, chromium, drawn, is_elsewhere, path_of, served, visit
from ui.start import PAGES

lacking = (
    "playwright"
    if find_spec("playwright") is None
    else "Chromium (or its path in CHROMIUM)"
    if chromium() is None
    else ""
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(lacking) and not os.environ.get("CI"), reason=f"BROWSER TESTS DID NOT RUN: no {lacking}"),
]
"""In CI they fail where anything is missing: skipped, they would hold nothing."""

ROOT = Path(__file__).resolve().parents[2]
NAMES = [name for named in PAGES.values() for name in named]
SECONDS = 30_000
CHART = "[data-testid='stVegaLiteChart']"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served("tutorial") as at:
        yield at


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def window(chrome: Any) -> Iterator[Any]:
    """One person's browser, with its own cookies and store."""
    context = chrome.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    context.set_default_timeout(SECONDS)
    yield context
    context.close()


@pytest.fixture
def person(window: Any) -> Iterator[Any]:
    """A fresh tab, so a fresh session; whatever it asks other machines for is an error."""
    asked: list[str] = []
    page = window.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    yield page
    page.close()
    assert asked
    assert [url for url in asked if is_elsewhere(url)] == []


def figure(page: Any, label: str) -> str:
    """A figure of the side panel, as it reads."""
    shown = page.locator("[data-testid='stSidebar'] [data-testid='stMetric']").filter(has_text=label)
    return str(shown.locator("[data-testid='stMetricValue']").inner_text())


def drag(page: Any, label: str, to: float) -> None:
    """Drag a lever's handle with the mouse to a place between 0 and 1."""
    lever = page.locator("[data-testid='stSlider']").filter(has=page.get_by_label(label, exact=True))
    track = lever.get_by_role("group").bounding_box()
    handle = lever.locator("[data-testid='stSliderThumbValue']").locator("..").bounding_box()
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(track["x"] + to * track["width"], handle["y"] + handle["height"] / 2, steps=5)
    page.mouse.up()


def said(page: Any, text: str | re.Pattern[str]) -> None:
    """Wait until the page says this."""
    page.get_by_text(text).first.wait_for()
    at_rest(page)


def test_a_lever_dragged_moves_the_figures_and_stays_over_a_reload(person: Any, address: str) -> None:
    visit(person, address)
    before = figure(person, "Risk")
    drag(person, "Budget: Northland", 0.3)
    said(person, "Changed: budget[Northland]=0.")
    after = figure(person, "Risk")
    assert after != before
    person.reload()
    said(person, "Changed: budget[Northland]=0.")
    assert figure(person, "Risk") == after
    person.get_by_role("button", name="Back to the base").click()
    person.get_by_text("Changed: budget[Northland]=0.").wait_for(state="detached")
    at_rest(person)
    assert figure(person, "Risk") == before


def test_the_first_page_is_found_by_its_name_too(person: Any, address: str) -> None:
    visit(person, f"{address}/overview")
    said(person, "Are we covered")
    assert person.get_by_text("Page not found").count() == 0


def test_two_people_see_nothing_of_each_other(chrome: Any, person: Any, address: str) -> None:
    visit(person, address)
    other = chrome.new_context().new_page()
    visit(other, address)
    base = figure(other, "Risk")
    drag(person, "Budget: Northland", 0.2)
    said(person, "Changed: budget[Northland]=0.")
    person.get_by_label("Name what is on screen").fill("mine alone")
    person.get_by_role("button", name="Keep", exact=True).click()
    said(person, "Show “mine alone”")
    other.reload()
    drawn(other)
    assert figure(other, "Risk") == base != figure(person, "Risk")
    assert other.get_by_text("mine alone").count() == 0
    assert other.get_by_text("Changed:").count() == 0
    other.context.close()


def taken_away(page: Any, label: str, folder: Path) -> Any:
    """The workbook that a download button gives, opened."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=label).click()
    kept = folder / str(coming.value.suggested_filename)
    coming.value.save_as(kept)
    return openpyxl.load_workbook(kept)


def test_the_solution_workbook_is_downloaded_and_opens(person: Any, address: str, tmp_path: Path) -> None:
    visit(person, address)
    book = taken_away(person, "Download the solution workbook", tmp_path)
    assert (tmp_path / "tutorial_solution.xlsx").exists()
    words = [str(cell) for row in book["Summary"].iter_rows(values_only=True) for cell in row if cell is not None]
    assert any("The plan covers" in text for text in words)


def test_a_table_is_edited_solved_and_taken_away(person: Any, address: str, tmp_path: Path) -> None:
    visit(person, f"{address}/data")
    before = figure(person, "Risk")
    grid = person.get_by_test_id("stDataFrame").first.bounding_box()
    person.mouse.dblclick(grid["x"] + 320, grid["y"] + 35 * 1.5)  # the first member's economy
    person.locator("#portal input, #portal textarea").first.fill("2000000")
    person.keyboard.press("Enter")
    said(person, "Changed against the original")
    person.get_by_role("button", name="Check and solve").click()
    person.wait_for_function(
        "before => !document.querySelector(\"[data-testid='stSidebar']\").innerText.includes(before)", arg=before
    )
    at_rest(person)
    assert figure(person, "Risk") != before
    person.get_by_role("tab", name="Take away").click()
    book = taken_away(person, "The tables as edited", tmp_path)
    cells = {cell for row in book["Members"].iter_rows(values_only=True) for cell in row}
    assert 2_000_000 in cells
    assert 1_000_000 not in cells


def _cell(page: Any, across: float, row: int) -> tuple[float, float]:
    """Where a cell of the first grid on the page is."""
    grid = page.get_by_test_id("stDataFrame").first.bounding_box()
    return grid["x"] + across, grid["y"] + 35 * (row + 0.5)


def _go(page: Any, group: str, name: str) -> None:
    """To another page by the menu, as people go."""
    page.get_by_text(group, exact=True).first.click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=name).first.click()
    page.wait_for_url(re.compile(rf"/{name.lower()}\b"))
    drawn(page)


def test_pasted_and_typed_numbers_are_meant_and_survive_another_page_and_a_reload(
    person: Any, window: Any, address: str, tmp_path: Path
) -> None:
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(person, f"{address}/data")
    person.mouse.click(*_cell(person, 320, 1))
    person.evaluate("text => navigator.clipboard.writeText(text)", "5,6\t0,25\n1.200,5\t1,200")
    person.keyboard.press("Control+v")
    said(person, "1 to correct before the tables can be solved")
    person.mouse.dblclick(*_cell(person, 320, 3))
    person.locator("#portal input, #portal textarea").first.fill(".5")
    _go(person, "The plan", "Timeline")  # with the cell still open
    _go(person, "The model", "Data")
    said(person, "Members 5")
    person.reload()
    drawn(person)
    said(person, "Members 5")
    person.get_by_role("tab", name="Take away").click()
    rows = [*taken_away(person, "The tables as edited", tmp_path)["Members"].iter_rows(min_row=2, values_only=True)]
    found = [row[1:3] for row in rows if row[0] in ("Northland", "Midland", "Southland")]
    assert found == [(5.6, 0.25), (1200.5, "1,200"), (0.5, found[2][1])]


def _upload(page: Any, path: Path) -> None:
    page.get_by_role("tab", name="Open a workbook").click()
    page.locator("[data-testid='stFileUploader'] input[type='file']").set_input_files(path)


def test_a_workbook_is_uploaded_solved_and_shown(person: Any, address: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.xlsx"
    shutil.copy(ROOT / "inputs" / "tutorial.xlsx", mine)
    visit(person, f"{address}/data")
    _upload(person, mine)
    said(person, "mine.xlsx is in order")
    said(person, "in order, on screen")


def test_a_workbook_with_a_fault_is_told_by_sheet_and_cell(person: Any, address: str, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(ROOT / "inputs" / "tutorial.xlsx")
    sheet = book["Members"]
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 1_000_000)
    at.value = "a lot"
    book.save(tmp_path / "faulty.xlsx")
    visit(person, f"{address}/data")
    _upload(person, tmp_path / "faulty.xlsx")
    said(person, "faulty.xlsx cannot be solved yet: 1 to correct")
    person.get_by_role("button", name="Make a copy with these cells marked").click()
    marked = taken_away(person, "Download the annotated copy", tmp_path)
    assert marked["Members"][at.coordinate].comment is not None


@pytest.mark.parametrize("name", NAMES)
def test_page_is_drawn_named_and_asks_no_other_machine(person: Any, address: str, name: str) -> None:
    visit(person, f"{address}/{path_of(name)}")
    assert person.get_by_text("Page not found").count() == 0
    assert person.locator("[data-testid='stException']").count() == 0
    nameless = person.evaluate(
        """() => [...document.querySelectorAll("input, textarea, select, button, [role=slider], [role=combobox]")]
            .filter(e => e.checkVisibility() && !["hidden", "file"].includes(e.type))
            .filter(e => !(e.ariaLabel || e.innerText.trim() || e.title || (e.labels && e.labels.length)
                           || e.getAttribute("aria-labelledby")))
            .map(e => e.outerHTML.slice(0, 200))"""
    )
    assert nameless == []
    charts = person.evaluate(
        "() => [...document.querySelectorAll(\"[role='graphics-document'], img\")].map(e => e.ariaLabel || e.alt || '')"
    )
    assert [label for label in charts if not label or label == "Vega visualization"] == []


def test_the_keyboard_alone_reaches_and_pulls_a_lever(person: Any, address: str) -> None:
    visit(person, address)
    for _ in range(40):
        person.keyboard.press("Tab")
        if (
            person.evaluate("document.activeElement.ariaLabel") == "Budget: Northland"
            and person.evaluate("document.activeElement.type") == "range"
        ):
            break
    else:
        pytest.fail("the lever is not reached by Tab")
    for _ in range(5):
        person.keyboard.press("ArrowLeft")
    said(person, "Changed: budget[Northland]=0.95")
    assert person.evaluate("document.activeElement.ariaLabel") == "Budget: Northland"


def _mark(page: Any, kind: str, said: str) -> Any:
    """A mark of a picture by what it is and what it says of itself."""
    return page.locator(f"{CHART} path[aria-roledescription='{kind}'][aria-label*='{said}']").first


def test_a_click_on_the_heat_map_gives_the_why_of_its_cell(person: Any, address: str) -> None:
    visit(person, f"{address}/apportionment")
    assert person.get_by_text("Midland holds").count() == 0
    _mark(person, "rect mark", "Capability: Patrol ship; Member: Midland").click()
    said(person, re.compile(r"^Midland holds .* Patrol ship"))


def test_a_click_on_a_front_makes_its_point_the_plan(person: Any, address: str) -> None:
    visit(person, f"{address}/trade_offs")
    before = figure(person, "Risk")
    _mark(person, "circle", "Point: 4;").click()
    said(person, re.compile("Changed: .* at most"))
    assert figure(person, "Risk") != before
    person.get_by_role("button", name="Back to the base").click()
    person.get_by_text(re.compile("Changed: .* at most")).wait_for(state="detached")
    at_rest(person)
    assert figure(person, "Risk") == before


def test_on_a_narrow_window_pictures_go_below_each_other_and_labels_take_a_second_line(
    chrome: Any, address: str
) -> None:
    window = chrome.new_context(viewport={"width": 1024, "height": 768})
    page = window.new_page()
    visit(page, f"{address}/burden")
    page.wait_for_selector("[data-testid='stColumn'] [data-testid='stVegaLiteChart']")
    widths = page.evaluate(
        """() => [...document.querySelectorAll("[data-testid='stColumn']")]
            .filter(e => e.querySelector("[data-testid='stVegaLiteChart']")).map(e => e.clientWidth)"""
    )
    assert widths
    assert min(widths) >= 380
    visit(page, f"{address}/members")
    cut = page.evaluate(
        """() => [...document.querySelectorAll("[data-testid='stMetricLabel'] p")].map(e => {
            e.textContent = "A label that is longer than its figure has room for"; return e.parentElement; })
            .filter(e => e.scrollWidth > e.clientWidth).length"""
    )
    assert cut == 0
    window.close()
