"""Member by capability as figures that can be compared whatever the unit: what the heat map of the front end shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.report.apportionment import asked_in, challenge
from model.solve.plan import Plan
from model.wording import words

if TYPE_CHECKING:
    import pandas as pd

_NOTHING = 1e-6


@dataclass(frozen=True)
class Shade:
    """One way to colour the map: a column of :func:`cells`, what it is, and where its colours begin, turn and end.

    ``middle`` is the value without colour of a scale with two sides; None: from nothing to much.
    """

    column: str
    title: str
    says: str
    low: float = 0.0
    middle: float | None = None
    high: float | None = None
    format: str = ".0%"


SHADES: Mapping[str, Shade] = {
    "Holdings": Shade(
        "part_held", "Part of all holdings (%)",
        "Colour: the member's part of what all members together are asked to hold of the capability in these years (%).",
    ),
    "Change from today": Shade(
        "change", "Change from today (%)",
        "Colour: what the member is asked to hold in these years against what it holds at the start (%); +100 % and more, and "
        "what is new to it, are the darkest orange.",
        -1.0, 0.0, 1.0, "+.0%",
    ),
    "Contribution": Shade(
        "part_required", "Part of what is required (%)",
        "Colour: the member's contributions as a part of what the tasks of a situation require of the capability in these years (%), in "
        "the situation to which it gives the largest part.",
    ),
    "Against fair share": Shade(
        "times", "Contribution, in fair shares",
        "Colour: the part of all requirements that rests on the member, over its fair share of the burden: 1 is exactly its fair share.",
        0.0, 1.0, 3.0, ".2~f",
    ),
    "Change from the base": Shade(
        "moved", "Change from the base plan (%)",
        "Colour: what the member is asked to hold in these years against the plan without the levers (%).",
        -1.0, 0.0, 1.0, "+.0%",
    ),
}  # fmt: skip
"""Every way to colour the map, by the name it is chosen by."""


def cells(plan: Plan, year: int, base: Plan | None = None) -> pd.DataFrame:
    """A row for each member and capability it holds or may acquire, in the period of ``year``.

    ``held``, ``start`` and ``sent`` in units (of ``unit``; sent: effective ones, of ``required`` in the situation to which the member
    gives the largest part: situations exclude each other, so that nothing is summed over them); the columns of
    :data:`SHADES` as fractions of 1, ``times`` in fair shares; None where a figure means nothing (no requirement, no start).
    ``base`` is the plan that ``moved`` compares with.
    """
    import pandas as pd

    d, held = plan.data, plan.values["held"]
    total = {c: sum(held[m, c, 0, year] for m in d.members_of_field[c]) for c in d.sets["capability"]}
    was = base.values["held"] if base is not None and base.found else {}
    sent = _sent(plan, year)
    rows = []
    for m, c in plan.data.deployable:
        now, start = held[m, c, 0, year], d.initial[m, c]
        given, required = sent.get((m, c), (0.0, 0.0))
        part_held = now / total[c] if total[c] > 0 else None
        part_required = given / required if required > 0 else None
        label = challenge(plan, m, c)[1]
        rows.append(
            (
                m, c, words.unit_of(plan.scenario, c), start, now, now - start, part_held, _change(now, start), given, required,
                part_required, asked_in(plan, m, c, year), _change(now, was.get((m, c, 0, year), now)),
                str(getattr(label, "value", label)),
            )
        )  # fmt: skip
    columns = [
        "member", "capability", "unit", "start", "held", "added", "part_held", "change", "sent", "required",
        "part_required", "times", "moved", "challenge",
    ]  # fmt: skip
    fractions = dict.fromkeys(("part_held", "change", "part_required", "times", "moved"), float)
    return pd.DataFrame(rows, columns=columns).astype(fractions)


def _sent(plan: Plan, year: int) -> dict[tuple[str, str], tuple[float, float]]:
    """By member and capability: effective units contributed, and required, in the situation to which it gives the largest part."""
    d, found = plan.data, dict[tuple[str, str], tuple[float, float]]()
    required: dict[tuple[str, str], float] = {}
    given: dict[tuple[str, str, str], float] = {}
    for (k, c, t), value in d.required.items():
        if t == year:
            required[d.situation_of[k], c] = required.get((d.situation_of[k], c), 0.0) + value
    for (m, k, c, t), value in plan.values["contributed"].items():
        if t == year:
            given[m, d.situation_of[k], c] = given.get((m, d.situation_of[k], c), 0.0) + value
    for m, c in d.deployable:
        parts = [(given.get((m, p, c), 0.0), whole) for (p, what), whole in required.items() if what == c]
        found[m, c] = max(parts, key=lambda part: (part[0] / part[1], part[1]), default=(0.0, 0.0))
    return found


def _change(now: float, was: float) -> float | None:
    """By what part it grew: 1 where it is new, None where there is nothing and was nothing."""
    if was > _NOTHING:
        return now / was - 1.0
    return 1.0 if now > _NOTHING else None


def bought(plan: Plan) -> dict[tuple[str, str], float]:
    """What each member is asked to spend on new units of each capability, over the horizon, not discounted; the largest first."""
    found: dict[tuple[str, str], float] = {}
    for m, c, cost in plan.records("orders").pick("member", "capability", "cost"):
        found[m, c] = found.get((m, c), 0.0) + cost
    some = {pair: cost for pair, cost in found.items() if cost > _NOTHING}
    return dict(sorted(some.items(), key=lambda item: -item[1]))


def answer(plan: Plan) -> str:
    """Who is asked to buy most, in a sentence."""
    what, spent = bought(plan), dict[str, float]()
    for (m, _), cost in what.items():
        spent[m] = spent.get(m, 0.0) + cost
    if not spent:
        return "Nobody is asked to buy anything: every target is what is left of today's holdings."
    most = max(spent, key=lambda m: spent[m])
    above = next(c for m, c in what if m == most)
    first, last = plan.data.sets["period"][0], plan.data.sets["period"][-1]
    currency, years = words.currency_of(plan.scenario), f"{first}–{last + plan.data.step - 1}"
    everybody = words.count(len(plan.scenario.sets["member"]), "member")
    total = words.money(sum(spent.values()), currency)
    return (
        f"{len(spent)} of {everybody} are asked to buy new units in {years}, for {total} in all; "
        f"the most is asked of {most}: {words.money(spent[most], currency)}, above all for {above}."
    )
