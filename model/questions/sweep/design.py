"""What a sweep is to run: grids, lists and samples of lever settings, written down before anything is solved."""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from model.language.faults import UsageError
from model.language.names import parted
from model.scenario.levers.edits import LEVERS, Edit, as_edits, head_and_value, parse_edit

Array = np.ndarray[Any, np.dtype[Any]]

MOST = 1_000_000
"""Runs of one sweep: more is a slip of the hand."""


@dataclass(frozen=True)
class Axis:
    """One lever and what it may be set to: some values, or everything from ``low`` to ``high`` (then ``edits`` holds both ends)."""

    edits: tuple[Edit, ...]
    is_range: bool = False

    @property
    def name(self) -> str:
        """The lever with its targets, as one types it."""
        return name_of(self.edits[0])

    def at(self, place: float) -> Edit:
        """The setting at a place from 0 to 1: along the range, or of the values."""
        if not self.is_range:
            return self.edits[min(int(place * len(self.edits)), len(self.edits) - 1)]
        low, high = (float(edit.value) for edit in self.edits)
        value = low + place * (high - low)
        return replace(
            self.edits[0], value=float(round(value)) if LEVERS[self.edits[0].lever].kind == "year" else value
        )


@dataclass(frozen=True)
class Design:
    """The runs of a sweep, in order: the edits of each. ``names`` are the levers, ``says`` what kind of design it is."""

    runs: tuple[tuple[Edit, ...], ...]
    names: tuple[str, ...]
    says: str


def name_of(edit: Edit) -> str:
    """A lever with its targets: the text of an edit without its value."""
    return f"{edit.lever}[{', '.join(edit.targets)}]" if edit.targets else edit.lever


def axis(text: str) -> Axis:
    """``budget[Poland]=0.8,0.9,1`` (values), ``…=0.8..1.2`` (a range, to sample), ``…=0.8..1.2/5`` (five even steps).

    Raises UsageError where it reads otherwise, or where there is no such lever.
    """
    head, tail = head_and_value(text)
    if not head or not tail:
        raise UsageError(f"{text!r} should read like budget[Poland]=0.8,0.9,1 or budget[Poland]=0.8..1.2")
    if ".." in tail:
        return _range(text, head, tail)
    values = parted(tail)
    if not all(values):
        raise UsageError(f"{text!r} leaves a value blank between two commas")
    edits = tuple(parse_edit(f"{head}={value}") for value in values)
    if twice := [edit.text for i, edit in enumerate(edits) if edit in edits[:i]]:
        raise UsageError(f"{twice[0]} stands twice in {text!r}")
    return Axis(edits)


def _range(text: str, head: str, tail: str) -> Axis:
    ends, _, steps = tail.partition("/")
    try:
        low, high = (float(end) for end in ends.split(".."))
        count = int(steps) if steps else 0
    except ValueError:
        low, high, count = math.nan, math.nan, 0
    if not (math.isfinite(low) and math.isfinite(high) and low < high) or (steps and count < 2):
        raise UsageError(
            f"{text!r} should read like {head}=0.8..1.2, from a number to a larger one, or {head}=0.8..1.2/5 for five steps"
        )
    if not count:
        return Axis((parse_edit(f"{head}={low!r}"), parse_edit(f"{head}={high!r}")), is_range=True)
    values = [low + (high - low) * step / (count - 1) for step in range(count)]
    return Axis(tuple(parse_edit(f"{head}={round(value, 12)!r}") for value in values))


def _axes(texts: Sequence[str]) -> list[Axis]:
    if not texts:
        raise UsageError("A sweep needs levers to move: --set 'budget[Poland]=0.8,0.9,1', or --list with a CSV file")
    axes = [axis(text) for text in texts]
    names = [one.name for one in axes]
    if twice := [name for i, name in enumerate(names) if name in names[:i]]:
        raise UsageError(f"{twice[0]} is set twice; put all its values after one equals sign")
    return axes


def grid(texts: Sequence[str]) -> Design:
    """Every combination of the values; the last lever moves fastest, so that neighbours follow each other.

    Raises UsageError for a range without steps, and for more than a million runs.
    """
    axes = _axes(texts)
    for one in axes:
        if one.is_range:
            raise UsageError(
                f"{one.name} has a range: draw from it with --sample 100, or step through it with "
                f"{one.name}={one.edits[0].value}..{one.edits[1].value}/5"
            )
    sizes = [len(one.edits) for one in axes]
    _check_count(math.prod(sizes))
    says = f"grid of {' × '.join(str(size) for size in sizes)}" if len(sizes) > 1 else "list of values"
    return Design(tuple(itertools.product(*(one.edits for one in axes))), tuple(one.name for one in axes), says)


def sample(texts: Sequence[str], count: int, seed: int = 0, latin: bool = False, sobol: bool = False) -> Design:
    """``count`` draws, each lever by itself: evenly from its range, or from its values; ``latin`` and ``sobol`` spread them out.

    A Latin hypercube has one draw in each of ``count`` equal parts of every range; a Sobol sequence (scrambled) fills the space of
    all levers together, best where ``count`` is a power of two. The same seed gives the same draws; a longer sample begins with
    the draws of a shorter one, but for Latin hypercubes. Raises UsageError for fewer than one draw, and for both at once.
    """
    axes = _axes(texts)
    if count < 1:
        raise UsageError(f"--sample {count}: at least one draw is needed")
    if seed < 0:
        raise UsageError(f"--seed {seed}: a seed is a whole number from 0")
    _check_count(count)
    if latin and sobol:
        raise UsageError("draws are a Latin hypercube or a Sobol sequence: leave one of --latin and --sobol out")
    kind = "Latin hypercube" if latin else "Sobol sequence" if sobol else "Monte Carlo sample"
    places = _places(kind, count, len(axes), seed)
    runs = tuple(tuple(one.at(float(place)) for one, place in zip(axes, row, strict=True)) for row in places)
    return Design(runs, tuple(one.name for one in axes), f"{kind} of {count:,} draws with seed {seed}")


def _places(kind: str, count: int, dimensions: int, seed: int) -> Array:
    """Points of the unit cube, one a row."""
    draws = np.random.default_rng(seed)
    if kind == "Monte Carlo sample":
        return draws.random((count, dimensions))
    from scipy.stats import qmc  # takes as long to load as all the rest

    if kind == "Latin hypercube":
        return np.asarray(qmc.LatinHypercube(dimensions, rng=draws).random(count))
    whole = math.ceil(math.log2(count)) if count > 1 else 0  # a sequence is drawn by powers of two, and cut
    return np.asarray(qmc.Sobol(dimensions, rng=draws).random_base2(whole))[:count]


def listed(path: str | Path) -> Design:
    """A CSV file: a lever a column (``budget[Poland]``), a run a row; a blank cell leaves the lever alone.

    Columns are parted by commas or semicolons. Raises UsageError naming the line where it cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as reason:
        said = getattr(reason, "strerror", None) or "it is not text in UTF-8"
        raise UsageError(f"The list {path} cannot be read: {said}.") from reason
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise UsageError(
            f"The list {path} needs a first line with levers, such as budget[Poland], and a line for each run"
        )
    heads = [cell.strip() for cell in rows[0]]
    if not all(heads) or len(set(heads)) < len(heads):
        raise UsageError(f"The first line of {path} has a blank or the same lever twice")
    _check_count(len(rows) - 1)
    return runs_of(_listed_run(path, number, heads, row) for number, row in enumerate(rows[1:], start=2))


def _listed_run(path: str | Path, number: int, heads: Sequence[str], row: Sequence[str]) -> tuple[Edit, ...]:
    if len(row) > len(heads):
        raise UsageError(
            f"Row {number} of {path} has more cells than the first; a lever with two targets, as cost_factor[Poland, tanks], needs quotes"
        )
    try:
        return tuple(
            parse_edit(f"{head}={cell.strip()}") for head, cell in zip(heads, row, strict=False) if cell.strip()
        )
    except UsageError as wrong:
        raise UsageError(f"Row {number} of {path}: {wrong}") from wrong


def runs_of(runs: Iterable[str | Edit | Iterable[str | Edit]]) -> Design:
    """Runs as they are: the edits of each, as text or made. Raises UsageError for a text that is no edit."""
    found = tuple(as_edits(run) for run in runs)
    _check_count(len(found))
    names = tuple(dict.fromkeys(name_of(edit) for run in found for edit in run))
    return Design(found, names, f"list of {len(found):,} runs")


def _check_count(count: int) -> None:
    if count > MOST:
        raise UsageError(f"These are {count:,} runs; a sweep has at most {MOST:,}")
