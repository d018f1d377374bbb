"""Pictures of every page for the documents, in light and dark: `python -m benchmarks.screenshots`, or with the names of some pages.

They are taken of the NATO scenario and written to `docs/images/pages/`. Pages that start long work are given time to finish it.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.browser import ROOT, at_rest, browser, path_of, served, visit
from ui.start import PAGES

FOLDER = ROOT / "docs" / "images" / "pages"
WIDTH, HEIGHT, TALLEST = 1400, 900, 1500
"""Pixels of the window, and the most a picture is high."""

LONGEST = 900.0
"""Seconds that long work of a page may take."""

COLOURS = 128
SCHEMES = ("light", "dark")


def main(names: list[str], scenario: str = "nato_2035", folder: Path = FOLDER) -> int:
    """Take pictures of these pages, or of all; 2 where a page is not known."""
    known = [name for named in PAGES.values() for name in named]
    if unknown := [name for name in names if name not in known]:
        print(f"No page called {unknown[0]}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    with served(scenario) as address, browser() as started:
        for name in names or known:
            for scheme in SCHEMES:
                path = folder / f"{name}_{scheme}.png"
                path.write_bytes(picture(started, f"{address}/{path_of(name)}", scheme))
                print(f"{path.name}: {path.stat().st_size // 1000} kB", flush=True)
    return 0


def picture(started: Any, address: str, scheme: str) -> bytes:
    """A page in these colours, whole where it is not too tall, as a small PNG; the colours hold from a page's first moment."""
    page = started.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme)
    visit(page, address)
    _finish_work(page)
    tall = page.evaluate("document.querySelector(\"[data-testid='stMainBlockContainer']\").scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": max(HEIGHT, min(TALLEST, int(tall)))})
    page.evaluate("document.querySelector(\"[data-testid='stMain']\").scrollTo(0, 0)")
    page.wait_for_timeout(1500)  # pictures take on the new width, and tables slide into place
    seen, small = Image.open(io.BytesIO(page.screenshot())), io.BytesIO()
    page.close()
    seen.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def _finish_work(page: Any) -> None:
    """Start the long work that the page offers, and wait for its result."""
    start = page.locator("[data-testid='stMain'] [data-testid='stBaseButton-primary']:enabled")
    if start.count() != 1:
        return
    start.click()
    page.wait_for_timeout(2000)
    page.locator("[data-testid='stProgress']").first.wait_for(state="detached", timeout=1000 * LONGEST)
    at_rest(page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
