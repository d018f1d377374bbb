"""Text is text in Chromium: what stands in a workbook or in the address leads nowhere, fetches nothing and formats nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest

from benchmarks.browser import at_rest, browser, chromium, is_elsewhere, path_of, served, visit
from ui.start import PAGES

pytest.importorskip("playwright.sync_api", reason="BROWSER TESTS DID NOT RUN: playwright is not installed")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="BROWSER TESTS DID NOT RUN: no Chromium; name its path in CHROMIUM"),
]

ROOT = Path(__file__).resolve().parents[2]
NAMES = [name for named in PAGES.values() for name in named]

EVIL = {
    "Northland": "www.evil.test/a ![x](http://evil.test/p.png)",
    "Midland": "N http://evil.test/b me@evil.test <img src=//evil.test/i.png>",
    "Southland": "HTTPS://Evil.test/c ftp://evil.test <http://evil.test>",
    "Brigade": ":material/home: :wave: :red[stop] :blue-badge[x] www.evil.test",
    "Air defence battery": "$x^2$ ~~gone~~ `code` **bold** *thin* [^1] -> http://evil.test",
    "Patrol ship": "mailto:me@evil.test xmpp:me@evil.test/x a+b@evil.test",
    "Attack in the north": "[x](javascript:alert(1)) [x]: http://evil.test",
    "Closed sea lanes": "<script>alert(2)</script> &lt;b&gt; https://evil.test",
    "Hold the border": "1. www.evil.test",
    "Guard the cities": "# http://evil.test/d",
    "Keep the sea lanes": "- | a | http://evil.test/e |",
    "USD m": "m http://evil.test/f",
    "Tutorial: three members": "T www.evil.test ![x](http://evil.test/t.png)",
    "land": "www.evil.test/land", "brigade": "www.evil.test/unit ![x](http://evil.test/u.png)", "assumption": "www.evil.test/source",
}  # fmt: skip
"""Names of the tutorial, and what they are called in a hostile workbook."""

FORMATS = "del, code, em, sup, table, .katex, .stMarkdownBadge, .stMarkdownColoredText, img, a"
FOREIGN = """() => [...document.querySelectorAll("a[href], img[src], iframe, object, embed, script[src], link[href], form")]
    .map(e => [e.tagName, e.href || e.src || e.data || e.action || "frame"])"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served("tutorial") as at:
        yield at


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tutorial with every name of it made hostile."""
    book = openpyxl.load_workbook(ROOT / "inputs" / "tutorial.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in EVIL:
                    cell.value, cell.data_type = EVIL[cell.value], "s"
    path = tmp_path_factory.mktemp("evil") / "www.evil.test me@evil.test.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Any]:
    """A tab; whatever it asks other machines for, and whatever a page was kept from loading, is an error."""
    asked: list[str] = []
    complaints: list[str] = []
    with browser() as chrome:
        tab = chrome.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        tab.set_default_timeout(60_000)
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda said: complaints.append(said.text))
        yield tab
    assert [url for url in asked if is_elsewhere(url)] == []
    assert [text for text in complaints if "Content Security Policy" in text] == []


def harmless(tab: Any, address: str) -> None:
    """Nothing on the page leads to or loads from elsewhere, or is formatted by what somebody wrote."""
    found = [(tag, to) for tag, to in tab.evaluate(FOREIGN) if not to.startswith((address, "data:", "blob:"))]
    assert found == []
    formatted = tab.evaluate(f"""() => [...document.querySelectorAll("[data-testid='stMarkdownContainer'] :is({FORMATS})")]
        .map(e => e.textContent)""")
    assert [text for text in formatted if re.search(r"x\^?2|gone|code|thin|stop|evil", text)] == []
    assert "👋" not in tab.inner_text("body")
    assert "home" not in tab.evaluate("() => [...document.querySelectorAll(\"[role='img']\")].map(e => e.textContent)")


@pytest.fixture(scope="module")
def opened(page: Any, address: str, workbook: Path) -> str:
    """The query of the session that has the hostile workbook open, with a lever pulled and a what-if kept."""
    visit(page, f"{address}/data")
    page.locator("input[type=file]").set_input_files(workbook)
    page.get_by_text("is solved and on screen").wait_for()
    at_rest(page)
    harmless(page, address)
    page.get_by_label("Name what is on screen").fill("www.evil.test ![x](http://evil.test/k.png) :wave:")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("button", name="Show “").wait_for()
    return str(page.url.partition("?")[2])


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_leads_nowhere(page: Any, address: str, opened: str, name: str) -> None:
    visit(page, f"{address}/{path_of(name)}?{opened}")
    assert "evil.test" in page.inner_text("body").replace("\u2060", "")
    harmless(page, address)
    if page.locator("[data-testid='stDataFrame']").count():  # its own CSV would hold live formulas
        page.locator("[data-testid='stDataFrame']").first.hover(force=True)
    assert page.get_by_role("button", name="Download as CSV").filter(visible=True).count() == 0
    opened_here = page.locator("[data-testid='stExpander'] summary")
    for at in range(opened_here.count()):
        opened_here.nth(at).click()
    for help_sign in page.locator("[data-testid='stTooltipHoverTarget']").all()[:8]:
        help_sign.hover(force=True)
    at_rest(page)
    harmless(page, address)


@pytest.mark.parametrize("scenario", ["tutorial", EVIL["Northland"]])
def test_the_address_leads_nowhere(page: Any, address: str, scenario: str) -> None:
    asked = [how.format(text) for text in EVIL.values() for how in ("{}", "{}=1", "budget[{}]=2", "withdraw={}")]
    query = {"scenario": scenario, "set": asked[:50], "ceiling": [f"{text}=1" for text in EVIL.values()]}
    visit(page, f"{address}/?{urlencode(query, doseq=True)}")
    page.get_by_role("button", name="Dismiss").wait_for()
    harmless(page, address)
