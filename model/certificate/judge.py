"""The verdict on a solved stage: gathers the plan and its prices by name, judges them, and says what is wrong where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from model.certificate.cells import NOTHING, Cells
from model.certificate.columns import Key, label
from model.certificate.figures import FLOOR, Array
from model.certificate.measures import Measured
from model.certificate.programme import Programme, Stage, programme
from model.certificate.reading import Reading, read
from model.certificate.residuals import Residuals, residuals
from model.language.shown import Shown
from model.scenario.scenario import Scenario

Labelled = Mapping[str, Mapping[Key, float] | Cells]

_NAMED = 3
"""Worst places named of each kind."""


@dataclass(frozen=True)
class Place:
    """One place where plan or prices are off: which residual, where, how large, and a sentence."""

    kind: str
    where: str
    size: float
    says: str


@dataclass(frozen=True)
class Certificate(Shown):
    """What was found about one stage. ``primal``, ``dual`` and ``complementarity`` are the largest relative residuals.

    Each row and column is measured by its own largest term, so ``tolerance`` means the same everywhere and in any unit;
    what is smaller than that part of every row it stands in is not seen. ``objective`` is recomputed from the plan in
    natural units; no plan whatever does better than ``bound`` (up to the rounding of its own sum) if it is
    ``rigorous``; else it rests on wrong-signed reduced costs being rounding. ``sizes`` counts rows, columns and
    nonzeros; ``failures`` says in plain words why it did not pass. ``measures`` are all measures of the plan worked out by their
    definitions, where what is printed of them was to be judged as well; ``misprinted`` is what is then wrong, among the failures.
    """

    passed: bool
    objective: float
    bound: float
    gap: float
    primal: float
    dual: float
    complementarity: float
    rigorous: bool
    tolerance: float = 1e-6
    seconds: float = 0.0
    sizes: Mapping[str, int] = field(default_factory=dict)
    worst: tuple[Place, ...] = ()
    failures: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    misprinted: tuple[str, ...] = ()


def certify(
    scenario: Scenario, stage: Stage, values: Labelled, duals: Labelled, tolerance: float = 1e-6
) -> Certificate:
    """Reads the scenario and judges the plan. For several stages under the same policies, read once and judge each."""
    begun = perf_counter()
    return judge(read(scenario, stage.off, stage.accepted, stage.outvoted), stage, values, duals, tolerance, begun)


def judge(
    reading: Reading,
    stage: Stage,
    values: Labelled,
    duals: Labelled,
    tolerance: float = 1e-6,
    begun: float | None = None,
    printed: Mapping[str, float] | None = None,
) -> Certificate:
    """Judges a plan and its prices; and the measures ``printed`` of it, each of which must be what its definition makes of the
    plan's decisions.

    ``values``: by variable and key; ``duals``: by rule and key (``ceiling`` by ``(measure,)``), as objective per unit
    of the right-hand side, so at least 0 on an active >= row and at most 0 on an active <= row. What is missing is 0.
    Prices of rows that the reading does not have prove nothing and count for nothing.
    """
    begun = perf_counter() if begun is None else begun
    p = programme(reading, stage)
    everything, strangers = _plan(reading, p, values)
    x = np.where(p.used, everything, 0.0)
    y, unknown = prices_of(p, duals)
    unreadable = not_finite(p, x, y)
    faults = [*reading.faults, *other_policies(reading, stage), *strangers, *unreadable]
    own = reading.measured(everything) if printed and not unreadable else Measured({})
    misprinted = _misprinted(reading, own, printed or {}, tolerance)
    faults += misprinted
    found = _refused(faults) if unreadable else _judged(reading, p, (x, y), faults, unknown, tolerance)
    sizes = {"rows": p.matrix.shape[0], "columns": int(p.used.sum()), "nonzeros": p.matrix.nnz}
    found = replace(found, measures=own.measures, misprinted=tuple(misprinted))
    return replace(found, tolerance=tolerance, sizes=sizes, seconds=perf_counter() - begun)


def _misprinted(reading: Reading, own: Measured, printed: Mapping[str, float], tolerance: float) -> list[str]:
    """A sentence for each printed measure, or shortfall, that is not what the plan's decisions make it."""
    if not own.measures:
        return []
    found = []
    for name, value in printed.items():
        true = own.measures.get(name, np.nan)
        size = max(abs(true), FLOOR * reading.measures[name].natural) if name in reading.measures else 1.0
        if not abs(value - true) <= tolerance * size:
            found.append(f"{name} is given as {value:.9g}, and the plan's decisions make it {true:.9g}")
    if not own.astray <= tolerance:
        found.append(f"{own.where} is not what the plan's decisions make it: it is off by {own.astray:.2g} of its size")
    return found


def _refused(faults: list[str]) -> Certificate:
    """Nothing can be computed."""
    nan = float("nan")
    return Certificate(False, nan, nan, nan, nan, nan, nan, rigorous=False, failures=tuple(faults))


def _judged(
    reading: Reading,
    p: Programme,
    pair: tuple[Array, Array],
    faults: list[str],
    unknown: list[tuple[str, Key]],
    tolerance: float,
) -> Certificate:
    x, y = pair
    r = residuals(p, reading.columns.reach, x, y)
    primal, dual = _top(r.broken, r.outside), _top(r.wrong_sign, r.unpriced)
    complementarity = _top(r.idle_price, r.idle_cost)
    failures = (*faults, *_verdict(r, primal, dual, complementarity, tolerance, unknown))
    return Certificate(
        passed=not failures,
        objective=r.objective,
        bound=r.bound,
        gap=r.gap,
        primal=primal,
        dual=dual,
        complementarity=complementarity,
        rigorous=r.loose == 0,
        worst=_worst(reading, p, r, x, y),
        failures=failures,
    )


def other_policies(reading: Reading, stage: Stage) -> list[str]:
    """Whether the reading was made for other policies than the stage's."""
    consensus = any(rule.name == "consensus_holds" for rule in reading.rules)
    same = dict(reading.accepted) == dict(stage.accepted) and reading.outvoted == stage.outvoted
    if reading.off != stage.off or (consensus and not same):
        return ["the reading was made with other policies switched off, or other consent, than the stage says"]
    return []


def _plan(reading: Reading, p: Programme, values: Labelled) -> tuple[Array, list[str]]:
    """x in the order of the columns, and a sentence for each variable with values where it has no business."""
    columns, strangers = reading.columns, []
    given = {name: Cells.of(cells) for name, cells in values.items()}
    x = np.concatenate([given.get(name, NOTHING).ordered(keys) for name, keys in columns.keys.items()])
    for name, cells in given.items():
        extra = cells.strangers(columns.keys.get(name, ()))
        if extra and not (name in columns.on_demand and _unused(reading, p, name)):
            key, value = extra[0]
            strangers.append(f"{len(extra)} values of {name} stand where it cannot: {label(name, key)} is {value:.6g}")
    return x, strangers


def _unused(reading: Reading, p: Programme, name: str) -> bool:
    first = reading.columns.start[name]
    return not p.used[first : first + len(reading.columns.keys[name])].any()


def prices_of(p: Programme, duals: Labelled) -> tuple[Array, list[tuple[str, Key]]]:
    """y in the order of the rows, and the priced rows that do not exist."""
    given = {name: Cells.of(cells) for name, cells in duals.items()}
    y = np.concatenate([given.get(name, NOTHING).ordered(keys) for name, keys in p.blocks])
    rows = dict(p.blocks)
    unknown = [(name, key) for name, cells in given.items() for key, _ in cells.strangers(rows.get(name, ()))]
    return y, unknown


def not_finite(p: Programme, x: Array, y: Array) -> list[str]:
    """What keeps arithmetic from meaning anything."""
    found = [
        (x, "the plan"),
        (y, "the prices"),
        (p.matrix.data, "a rule"),
        (p.right, "a limit"),
        (p.cost, "the objective"),
    ]
    return [f"{what} holds a number that is not finite" for numbers, what in found if not np.isfinite(numbers).all()]


def _top(*parts: Array) -> float:
    """The largest of all; NaN if there is one."""
    return max((float(part.max()) for part in parts if part.size), default=0.0, key=lambda v: (np.isnan(v), v))


def _verdict(
    r: Residuals, primal: float, dual: float, complementarity: float, tolerance: float, unknown: list[tuple[str, Key]]
) -> list[str]:
    """A sentence for each test that failed; a residual that is NaN fails."""
    tests = (
        (primal, "the plan breaks a rule or a bound"),
        (dual, "the prices leave something to be gained"),
        (complementarity, "a price and the slack it should exclude stand together"),
        (r.gap, f"the objective {r.objective:.9g} and its bound {r.bound:.9g} are apart"),
    )
    said = [
        f"{what}: {size:.2g} of its own size, allowed {tolerance:.2g}" for size, what in tests if not size <= tolerance
    ]
    if said and unknown:
        said.append(
            f"{len(unknown)} prices belong to no row of the reading, such as {min(label(*row) for row in unknown)}"
        )
    return said


def _worst(reading: Reading, p: Programme, r: Residuals, x: Array, y: Array) -> tuple[Place, ...]:
    """The worst few places of each kind, worst first."""
    row, column = p.row_name, reading.columns.name
    activity = p.matrix @ x
    kinds: tuple[tuple[str, Array, Callable[[int], str], Callable[[int], str]], ...] = (
        ("primal", r.broken, row, lambda i: f"its terms come to {activity[i]:.6g}, its limit is {p.right[i]:.6g}"),
        ("primal", r.outside, column, lambda j: f"is {x[j]:.6g}, allowed is 0 to {p.upper[j]:.6g}"),
        ("dual", r.wrong_sign, row, lambda i: f"its price {y[i]:.6g} has the wrong sign"),
        ("dual", r.unpriced, column, lambda j: "more of it would still lower the objective at these prices"),
        (
            "complementarity",
            r.idle_price,
            row,
            lambda i: f"has price {y[i]:.6g} though it is slack by {abs(activity[i] - p.right[i]):.6g}",
        ),
        (
            "complementarity",
            r.idle_cost,
            column,
            lambda j: f"is {x[j]:.6g} though its reduced cost says it should be at a bound",
        ),
    )
    return tuple(
        Place(kind, name(i), float(sizes[i]), f"{name(i)}: {says(i)}")
        for kind, sizes, name, says in kinds
        for i in _largest_of(sizes)
        if not sizes[i] <= 0
    )


def _largest_of(sizes: Array) -> list[int]:
    """Where the largest few are, largest first; a NaN counts as largest."""
    ranked = np.where(np.isnan(sizes), np.inf, sizes)
    few = np.argpartition(-ranked, _NAMED)[:_NAMED] if len(ranked) > _NAMED else np.arange(len(ranked))
    return sorted(map(int, few), key=lambda i: (-ranked[i], i))
