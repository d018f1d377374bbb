"""How times are taken and tables printed."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

NATO = Path(__file__).resolve().parents[1] / "inputs" / "nato_2035.xlsx"


def seconds(work: Callable[[], Any], times: int = 3) -> float:
    """The median processor time of some runs of this process, after a collection of garbage."""
    taken = []
    for _ in range(times):
        gc.collect()
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def in_turns(works: Mapping[str, Callable[[], Any]], rounds: int = 5) -> dict[str, list[float]]:
    """Processor times of several pieces of work done in turns, so that a slow spell of the machine meets all alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(seconds(work, 1))
    return taken


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on stdout, in Markdown."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(headings) + " |")
    print("|" + "---|" * len(headings))
    for row in rows:
        print("| " + " | ".join(_said(cell) for cell in row) + " |", flush=True)


def _said(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.3g}" if abs(cell) < 100 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) and abs(cell) >= 10_000 else str(cell)
