"""The front end on the NATO scenario, as a person waits for it in a browser: first screen, levers, pages."""

from __future__ import annotations

import math
import re
import statistics
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.browser import PATIENCE, at_rest, browser, drawn, served, visit
from benchmarks.measure import table
from ui.start import PAGES

NEAR = (
    ("Member", "United States", "Budget"),
    ("Member", "United States", "Holding"),
    ("Task", "Defend the north-east", "Requirement"),
    ("Task", "Defend the north-east", "Consequence"),
    ("Capability", "Fifth-generation fighter squadron", "Requirement"),
    ("Capability", "Fifth-generation fighter squadron", "Unit cost"),
    ("Member", "Poland", "Budget"),
    ("Member", "Canada", "Budget"),
    ("Member", "France", "Holding"),
    ("Task", "Secure the Atlantic", "Consequence"),
    ("Capability", "Attack submarine", "Requirement"),
    ("Capability", "Tanker aircraft", "Unit cost"),
)
"""Levers of one member, task or capability: the list in the panel, the name chosen there, the lever. The first six are those in
view when the scenario opens, which is where the plan has most, so the farthest changes of their kind."""

FAR = (
    ("Member", "All members", "Budget"),
    ("Task", "All tasks", "Requirement"),
    ("Capability", "All capabilities", "Unit cost"),
)
"""Levers over everybody and everything: the solver is as good as asked for another plan."""

PLACES = (0.45, 0.55, 0.35, 0.6, 0.48)
"""Where each lever is put, between its ends: 95 %, 105 %, 85 %, 110 % and 98 %."""

FIRST_SCREENS = 5
_SOLVED = re.compile(r"Solved and proved in ([\d.]+) s")
_NEW_PICTURE = """said => {
    const panel = document.querySelector("[data-testid='stSidebar']").innerText;
    const now = (panel.match(/Changed: .*/) || [""])[0];
    return now && now !== said
        && document.querySelector("[data-testid='stApp']").dataset.testScriptState === "notRunning"
        && !document.querySelector("[data-stale='true'], [data-testid='stSkeleton'], [data-testid='stSpinner']");
}"""


def main() -> None:
    """Print medians and the slowest of each, beside what they should be."""
    with browser() as started, served("nato_2035") as address:
        cold = _first_screen(started, address)
        warm = [_first_screen(started, address) for _ in range(FIRST_SCREENS)]
        near, solving = _levers(started, address, NEAR)
        far, far_solving = _levers(started, address, FAR)
        page = started.new_page(viewport={"width": 1400, "height": 1000})
        visit(page, address)
        fresh, again = _pages(page), _pages(page)
    rows = [
        _row("first screen, scenario already solved for somebody else", warm, "5"),
        _row("lever of a member, task or capability, to the new picture", near, "1.2"),
        _row("of which solving and proof", solving, "0.5"),
        _row("lever over everybody, to the new picture", far, ""),
        _row("of which solving and proof", far_solving, ""),
        _row("all of these moves together, to the new picture", near + far, "1.2"),
        _row("of which solving and proof", solving + far_solving, "0.5"),
        _row("to another page, first time", [*fresh.values()], "0.7"),
        _row("to another page, again", [*again.values()], "0.7"),
    ]
    table("The front end, NATO scenario, seconds on the clock", ("wait", "times", "median", "longest", "target"), rows)
    table("First screen of a fresh server", ("seconds",), [(cold,)])
    table("To each page", ("page", "first time (s)", "again (s)"), [(n, fresh[n], again[n]) for n in fresh])


def _row(name: str, taken: list[float], target: str) -> tuple[str, int, float, float, str]:
    return name, len(taken), statistics.median(taken) if taken else math.nan, max(taken, default=math.nan), target


def _first_screen(started: Any, address: str) -> float:
    """From typing the address, in a browser that has seen nothing of it, to the page with its picture."""
    page = started.new_page(viewport={"width": 1400, "height": 1000})
    begun = time.perf_counter()
    visit(page, address)
    page.wait_for_selector("[data-testid='stVegaLiteChart'] svg", timeout=1000 * PATIENCE)
    taken = time.perf_counter() - begun
    page.close()
    return taken


def _levers(started: Any, address: str, levers: Sequence[tuple[str, str, str]]) -> tuple[list[float], list[float]]:
    """Every lever moved in a session of its own: seconds to the new picture, and of solving."""
    taken: list[float] = []
    solving: list[float] = []
    for chooser, name, lever in levers:
        page = started.new_page(viewport={"width": 1400, "height": 1000})
        visit(page, address)
        label = f"{lever}, all" if name.startswith("All ") else f"{lever}: {name}"
        _choose(page, chooser, name, label)
        here = (len(taken), len(solving))
        _move(page, label, taken, solving)
        middle = [statistics.median(every[at:]) for every, at in zip((taken, solving), here, strict=True)]
        print(f"{label}: {middle[0]:.2f} s to the picture, {middle[1]:.2f} s solving", flush=True)
        page.close()
    return taken, solving


def _choose(page: Any, chooser: str, name: str, label: str) -> None:
    """Another name in one of the panel's lists, until the lever with this label is there."""
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name=re.compile(f"{chooser}$"))
    box.evaluate("element => element.scrollIntoView({block: 'center'})")
    box.click()
    box.fill(name)
    page.get_by_role("option", name=name).first.click()
    page.get_by_role("group", name=label, exact=True).wait_for()
    at_rest(page)


def _move(page: Any, label: str, taken: list[float], solving: list[float]) -> None:
    """A lever put to some places by a click on its track; adds the seconds to the new picture, and those of solving."""
    for place in PLACES:
        group = page.get_by_test_id("stSidebar").get_by_role("group", name=label, exact=True)
        group.scroll_into_view_if_needed()
        box, said = group.bounding_box(), _said(page)
        begun = time.perf_counter()
        page.mouse.click(box["x"] + place * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_function(_NEW_PICTURE, arg=said, timeout=1000 * PATIENCE)
        taken.append(time.perf_counter() - begun)
        found = _SOLVED.search(_said(page))
        solving += [float(found[1])] if found else []


def _said(page: Any) -> str:
    """What the side panel says has changed."""
    found = re.search(r"Changed: .*", page.locator("[data-testid='stSidebar']").inner_text())
    return found[0] if found else ""


def _pages(page: Any) -> dict[str, float]:
    """Seconds from the click on a page's name in the menu to the page, for each page; the one on screen comes last."""
    taken = {}
    every = [(group, title) for group, named in PAGES.items() for title, _ in named.values()]
    for group, title in [*every[1:], every[0]]:
        before = page.locator("[data-testid='stMain'] h2").first.inner_text()
        page.locator("[data-testid='stTopNavSection']").filter(has_text=group).click()
        link = page.locator("[data-testid='stTopNavDropdownLink']").filter(has=page.get_by_text(title, exact=True))
        link.wait_for()
        begun = time.perf_counter()
        link.click()
        page.wait_for_function(
            "before => document.querySelector(\"[data-testid='stMain'] h2\")?.innerText !== before",
            arg=before,
            timeout=1000 * PATIENCE,
        )
        drawn(page)
        taken[title] = time.perf_counter() - begun
    return taken


if __name__ == "__main__":
    main()
