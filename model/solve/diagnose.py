"""Why there is no plan: the smallest set of policies that cannot hold together, and the cheapest ways out with amounts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from model.certificate import Refutation
from model.core.parameters import Data
from model.language.registry import PARTS, Part
from model.language.shown import Shown
from model.solve.answers import Ray
from model.solve.engine import Engine, Watch
from model.solve.hot import cold_method
from model.solve.lp import LP, Array, Block, Key
from model.solve.origins import cell_of

CEILING = "ceiling"

ENOUGH = 15.0
"""Seconds after which a large problem's diagnosis is content with what it has: the cheapest way out, and a conflict that may
hold a policy too many."""

_PRICED = 1e-7
"""Part of the largest price below which a price is rounding."""

_LEAST = 1e-9
"""A stretch below this part of a row's size is rounding."""

_CEILING = "the ceiling on {measure} would have to rise by {amount}"
"""The remedy where a ceiling gives way."""

PROVED = "That no plan exists is proved from the scenario's own figures."


@dataclass(frozen=True)
class Clash:
    """One policy in the smallest conflict, at one place of the scenario."""

    rule: str
    key: Key
    says: str
    where: str = ""


@dataclass(frozen=True)
class WayOut:
    """One way to make a plan possible: what gives way, by how much, in words; ``size`` is relative to what is allowed now."""

    rule: str
    says: tuple[str, ...]
    size: float


@dataclass(frozen=True)
class Diagnosis(Shown):
    """Why no plan exists: the policies in conflict (identities hidden) and the ways out, the smallest change first.

    ``prices`` are those of the least stretch of all policies together, ``proof`` what the certificate makes of them: there is no
    plan only where it passed.
    """

    conflict: tuple[Clash, ...]
    ways_out: tuple[WayOut, ...]
    prices: Ray | None = field(default=None, repr=False, compare=False)
    proof: Refutation | None = field(default=None, repr=False, compare=False)

    def in_words(self) -> tuple[str, ...]:
        """The diagnosis."""
        return (self.summary,)

    @property
    def summary(self) -> str:
        """The diagnosis in a few sentences."""
        clash = "; ".join(clash.says + (f" ({clash.where})" if clash.where else "") for clash in self.conflict[:8])
        ways = " — or: ".join("; ".join(way.says[:4]) for way in self.ways_out[:4])
        told = (
            f"No plan satisfies all policies. These cannot hold together: {clash}."
            if clash
            else "No plan satisfies all policies."
        )
        told = f"{told} The cheapest ways out: {ways}." if ways else told
        return f"{told} {PROVED}" if self.proof and self.proof.passed else told


def diagnose(engine: Engine, lp: LP, d: Data, watch: Watch) -> Diagnosis:
    """The smallest conflict among policies, and for each policy in it the least it would have to give way."""
    rows, begun = _bounds_as_rows(lp), time.perf_counter()
    together, blamed = _way_out(engine, rows, d, watch, None)
    places = _smallest(engine, rows, blamed, watch)
    clashes = [_clash(rows, int(place), d) for place in places]
    conflict = tuple(sorted(clashes, key=lambda clash: _physical(clash.rule)))  # what somebody decided comes first
    single: list[WayOut | None] = []
    for name in dict.fromkeys(clash.rule for clash in conflict):
        if single and time.perf_counter() - begun > ENOUGH:
            break
        single.append(_way_out(engine, rows, d, watch, (name,))[0])
    found = {way.says: way for way in (together, *single) if way is not None}
    return Diagnosis(conflict, tuple(sorted(found.values(), key=lambda way: way.size)), _as_ray(lp, rows, blamed))


def _as_ray(lp: LP, rows: LP, blamed: Array) -> Ray:
    """The prices of the least stretch by rows and measures of the problem itself; bounds of columns need none."""
    over = np.zeros(len(lp.measures))
    if CEILING in rows.rows:
        block = rows.rows[CEILING]
        over[[lp.measure(key[0]) for key in block.keys]] = blamed[block.places]
    return Ray(blamed[: lp.A.shape[0]], over)


def _smallest(engine: Engine, rows: LP, blamed: Array, watch: Watch) -> Array:
    """Policies that cannot hold together, none of which could be left out; where that takes too long, those with a price.

    The prices of the least stretch prove that no plan keeps the policies that have one: only among these is looked for a
    smaller conflict.
    """
    hard = np.ones(rows.A.shape[0], dtype=bool)
    for block in rows.rows.values():
        if block.may_bend:
            hard[block.places] = False
    suspects = np.flatnonzero(~hard & (np.abs(blamed) > _PRICED * np.abs(blamed).max(initial=0.0)))
    kept = hard.copy()
    kept[suspects] = True
    if len(suspects):
        rows = replace(
            rows, row_lower=np.where(kept, rows.row_lower, -np.inf), row_upper=np.where(kept, rows.row_upper, np.inf)
        )
    small = replace(watch, time_limit=min(watch.left, ENOUGH), begun=time.perf_counter())
    found = engine.smallest_conflict(rows, hard, small)
    return found if len(found) else suspects[np.argsort(-np.abs(blamed[suspects]), kind="stable")]


def _bounds_as_rows(lp: LP) -> LP:
    """The same problem with policy bounds and ceilings as rows, so that everything that may bend is a row."""
    A, lower, upper, blocks = [lp.A.tocsr()], [lp.row_lower], [lp.row_upper], dict(lp.rows)
    height = lp.A.shape[0]
    for name, block in lp.bound_blocks.items():
        if name in lp.off or not block.keys:
            continue
        columns = np.array([lp.columns[block.name].at[key] for key in block.keys])
        ones = np.ones(len(columns))
        A.append(sp.csr_array((ones, (np.arange(len(columns)), columns)), shape=(len(columns), lp.A.shape[1])))
        lower.append(np.full(len(columns), -np.inf))
        upper.append(lp.bounds[name][columns])
        blocks[name] = Block(name, block.index, block.keys, height, block.may_bend)
        height += len(columns)
    capped = np.flatnonzero(np.isfinite(lp.ceilings))
    if len(capped):
        A.append(lp.K[capped])
        lower.append(np.full(len(capped), -np.inf))
        upper.append(lp.ceilings[capped])
        blocks[CEILING] = Block(CEILING, ("measure",), tuple((lp.measures[i],) for i in capped), height, True)
    used = lp.used({})
    live = {
        name: replace(block, supports=()) if used & set(block.supports) else block for name, block in blocks.items()
    }
    return replace(
        lp, rows=live, A=sp.vstack(A, format="csc"), row_lower=np.concatenate(lower), row_upper=np.concatenate(upper),
        bounds={}, ceilings=np.full(len(lp.measures), np.inf),
    )  # fmt: skip


def _way_out(
    engine: Engine, rows: LP, d: Data, watch: Watch, only: Sequence[str] | None
) -> tuple[WayOut | None, Array]:
    """The least relative stretch of policies (all but physical ones, or those named) that lets a plan exist, None if none does;
    and what a unit more room in each row would save of it."""
    wanted = [n for n in rows.rows if not _physical(n)] if only is None else only
    names = [n for n, b in rows.rows.items() if b.may_bend and b.keys and n not in rows.off and n in wanted]
    places = np.array([place for n in names for place in range(rows.rows[n].start, rows.rows[n].stop)], dtype=np.int64)
    if not len(places):
        return None, np.zeros(rows.A.shape[0])
    at_upper, width = np.isfinite(rows.row_upper[places]), rows.A.shape[1]
    entries = np.where(at_upper, -1.0, 1.0), (places, np.arange(len(places)))
    stretch = sp.csc_array(entries, shape=(rows.A.shape[0], len(places)))
    size = _sizes(rows, places, d)
    elastic = replace(
        rows, A=sp.hstack([rows.A, stretch], format="csc"),
        K=sp.hstack([rows.K, sp.csr_array((len(rows.measures), len(places)))], format="csr"),
        lower=np.r_[rows.lower, np.zeros(len(places))], upper=np.r_[rows.upper, np.full(len(places), np.inf)],
    )  # fmt: skip
    aim = np.r_[np.zeros(width), 1.0 / size]
    answer = engine.solve(elastic, {}, None, cold_method(elastic), watch, aim)
    given = answer.x[width:] if answer.status == "optimal" else np.zeros(len(places))
    bent = [(int(place), float(x)) for place, x, s in zip(places, given, size, strict=True) if x > _LEAST * s]
    if not bent:
        return None, answer.y
    bending = dict.fromkeys(_name_of(rows, place).name for place, _ in bent)
    way = WayOut(", ".join(bending), tuple(_remedies(rows, d, bent)), float((given / size).sum()))
    return way, answer.y


def _sizes(rows: LP, places: Array, d: Data) -> Array:
    """What a stretch of each row is measured against: its limit; where that is nothing, what is usual for its unit."""
    budgets, needs = [v for v in d.budget.values() if v > 0], list(d.required.values())
    usual = {"money": float(np.mean(budgets)) if budgets else 1.0, "fraction of 1": 1.0}
    other = float(np.mean(needs)) if needs else 1.0
    limit = np.abs(np.where(np.isfinite(rows.row_upper[places]), rows.row_upper[places], rows.row_lower[places]))
    names = [_name_of(rows, int(place)).name for place in places]
    units = [d.parts[name].unit if name in d.parts else "fraction of 1" for name in names]
    return np.where(limit > 1e-9, limit, [usual.get(unit, other) for unit in units])


def _name_of(rows: LP, place: int) -> Block:
    return next(block for block in rows.rows.values() if block.start <= place < block.stop)


def _clash(rows: LP, place: int, d: Data) -> Clash:
    block = _name_of(rows, place)
    key = block.keys[place - block.start]
    says = d.parts[block.name].says.rstrip(".") if block.name in d.parts else "the ceiling set on a measure"
    inside = f" [{', '.join(str(part) for part in key)}]" if key else ""
    return Clash(block.name, key, f"{says}{inside}", _where(block.name, block.index, key, d))


def _where(rule: str, index: Iterable[str], key: Key, d: Data) -> str:
    """The cell of the workbook a policy comes from, where the scenario remembers it."""
    at = dict(zip(index, key, strict=True))
    return cell_of(d.scenario, rule, at)


def _remedies(rows: LP, d: Data, bent: Sequence[tuple[int, float]]) -> list[str]:
    """One sentence for each rule and thing, its amounts added up over the years."""
    groups: dict[tuple[Any, ...], list[tuple[dict[str, Any], float]]] = {}
    for place, amount in bent:
        block = _name_of(rows, place)
        at = dict(zip(block.index, block.keys[place - block.start], strict=True))
        thing = (block.name, *(value for dim, value in at.items() if dim != "period"))
        groups.setdefault(thing, []).append((at, amount))
    sentences = []
    for (name, *_), found in sorted(groups.items(), key=lambda item: -sum(amount for _, amount in item[1])):
        at, years = found[0][0], sorted(at["period"] for at, _ in found if "period" in at)
        part = d.parts.get(name)
        text = _remedy(name, part, at)
        amount = sum(a for _, a in found) if part is None or part.adds_up else max(a for _, a in found)
        unit = d.scenario.unit.get(at.get("capability"), "") or "units"
        said = text.format(
            amount=_number(amount), years=_span(years, d.step), currency=d.settings["currency"], unit=unit,
            reference="alone" if d.settings["consensus_against"] == "alone" else "in the status quo", **at,
        )  # fmt: skip
        where = _where(name, at, tuple(at.values()), d)
        sentences.append(f"{where}: {said}" if where else said)
    return sentences


def _physical(rule: str) -> bool:
    """Whether nobody can decide to bend it by themselves."""
    return rule in PARTS and PARTS[rule].physical


def _remedy(rule: str, part: Part | None, at: Mapping[str, Any]) -> str:
    """What it means that a rule gives way, to be filled in; one from outside need not bring a sentence of its own."""
    if rule == CEILING:
        return _CEILING
    if part is None or part.remedy:
        return part.remedy if part else rule + " would have to give way by {amount}"
    places = ", ".join(f"{{{dimension}}}" for dimension in at if dimension != "period")
    where = f" for {places}" if places else ""
    unit = {"money": " {currency}", "unit": " {unit}", "effective unit": " {unit}"}.get(part.unit, "")
    return f"the rule {rule} would have to give way{where} by {{amount}}{unit}{' in {years}' if 'period' in at else ''}"


def _number(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.3g}"


def _span(years: Sequence[int], step: int) -> str:
    if not years:
        return "the horizon"
    last = years[-1] + step - 1
    return f"{years[0]}" if years[0] == last else f"{years[0]}–{last}"
