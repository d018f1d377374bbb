"""A comparison in sentences: what differs in the inputs, and what that does to the results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from model.questions.compare.differences import Difference
from model.questions.compare.result import Compared, Comparison
from model.scenario.scenario import Scenario
from model.wording.figures import apart, plain

_NAMED, _LARGEST = 6, 3
"""How many differing cells, and how many of the largest changes of results, are told in sentences."""

_DIGITS = 10
"""Significant digits after which two figures count as the same."""

_NOTHING = 1e-7
"""A relative difference below this is the solver's rounding."""


def say(found: Comparison) -> Iterator[str]:
    """Inputs, then results, of each against the baseline, then what cannot be compared."""
    base = found.item(found.baseline)
    yield f"The baseline is {base.label}."
    if base.kind == "scenario" and found.solved and base.status != "optimal":
        yield f"{base.label} has no plan ({base.status}), so there are no differences in results. {base.message}".strip()
    for item in found.items:
        if item is not base:
            yield _inputs(found, base, item)
            if found.solved or item.kind == "run":
                yield from _results(found, base, item)
    yield from _warnings(found, base)


def _inputs(found: Comparison, base: Compared, item: Compared) -> str:
    if item.hash == base.hash:
        return f"{item.label}: the same inputs as {base.label}."
    if "run" in (item.kind, base.kind):
        return f"{item.label}: other inputs than {base.label} (by their hash); a run does not say which."
    own = [difference for label, difference in found.inputs if label == item.label]
    told = "; ".join(_cell(difference) for difference in own[:_NAMED])
    more = f"; and {len(own) - _NAMED} more (see the table inputs)" if len(own) > _NAMED else ""
    return (
        f"{item.label}: {len(own)} input{'s differ' if len(own) != 1 else ' differs'} from {base.label}: {told}{more}."
    )


def _cell(difference: Difference) -> str:
    """``Members!H4, alliance_share of Southland: 0.5 becomes 0.6 (+20 %)``."""
    place = difference.cell or difference.baseline_cell or difference.sheet
    what = f"{difference.column} of {difference.row}" if difference.row else difference.column
    if difference.kind != "changed":
        return f"{place}, the row {difference.row} is {difference.kind}"
    before, after = (_value(value) for value in (difference.baseline, difference.value))
    relative = None if difference.column.endswith("year") else difference.relative
    part = f" ({_percent(relative)})" if relative is not None else ""
    return f"{place}, {what}: {before} becomes {after}{part}"


def _value(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return plain(value, 6) if isinstance(value, float) else str(value) or "blank"


def _percent(part: float) -> str:
    return f"{100 * part:+.3g} %" if abs(part) < 10 else f"{100 * part:+,.0f} %"


def _results(found: Comparison, base: Compared, item: Compared) -> Iterator[str]:
    if not item.figures:
        yield f"{item.label} has no plan ({item.status}). {item.message}".strip()
        return
    if not base.figures:
        return
    table = found.table
    own = table[(table["scenario"] == item.label) & table["absolute"].notna()]
    changed = own[own["absolute"].abs() > _NOTHING * own[["value", "baseline"]].abs().max(axis=1).clip(lower=_NOTHING)]
    if changed.empty:
        yield f"{item.label}: no result differs from {base.label}."
        return
    yield _changes(f"{item.label}: ", changed[changed["about"] == "measure"], len(changed), "measures")
    for about, figure in _TOLD:
        part = changed[(changed["about"] == about) & (changed["figure"] == figure)]
        if not part.empty:
            ranked = part.reindex(part["absolute"].abs().sort_values(ascending=False, kind="stable").index)
            yield _changes(f"{item.label}, {figure} by {about}, largest changes: ", ranked, _LARGEST, "changes")


_TOLD = (("member", "burden"), ("capability", "coverage"), ("task", "coverage"))


def _changes(begin: str, rows: object, limit: int, what: str) -> str:
    records = rows.to_dict("records")  # type: ignore[attr-defined]
    told = [f"{row['item'].replace('_', ' ')} {_change(row)}" for row in records[:limit]]
    more = f"; {len(records) - limit} more" if len(records) > limit else ""
    return f"{begin}{'; '.join(told) or f'no {what} differ'}{more}."


def _change(row: Mapping[str, Any]) -> str:
    """``5.4 % to 16.9 % (+11.4 points)``; ``14,829 to 15,100 USD m (+1.83 %)``: fractions in points, all else as a part."""
    if row["unit"] == "fraction of 1":
        before, after = apart(row["baseline"], row["value"])
        change = plain(100 * row["absolute"], 3)
        return f"{before} % to {after} % ({'' if change.startswith('-') else '+'}{change} points)"
    part = f" ({_percent(row['relative'])})" if row["relative"] == row["relative"] else ""
    digits = 4
    while plain(row["baseline"], digits) == plain(row["value"], digits) and digits < _DIGITS:
        digits += 1
    return f"{plain(row['baseline'], digits)} to {plain(row['value'], digits)} {row['unit']}{part}"


def _warnings(found: Comparison, base: Compared) -> Iterator[str]:
    if any(item.kind == "run" for item in found.items):
        yield "Of a run only the measures and the hash of its inputs are known; its money is taken to be in the baseline's currency."
    if not isinstance(base.what, Scenario):
        return
    for item in found.items:
        if item is base or not isinstance(item.what, Scenario):
            continue
        if item.what.settings["currency"] != base.what.settings["currency"]:
            yield f"{item.label} counts money in another currency: its money is not compared."
        if item.what.periods != base.what.periods:
            yield (
                f"{item.label} plans other years ({item.what.periods[0]} to {item.what.periods[-1]}): its costs are of another "
                "span, and its stocks those of its own last period."
            )
