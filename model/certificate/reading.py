"""The linear programme of a scenario, rebuilt from its cells alone: the second, plain reading of FORMULATION.md."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any

import numpy as np

from model.certificate.columns import POLICIES as OF_COLUMNS
from model.certificate.columns import Columns, Layout, columns
from model.certificate.figures import Array, Figures, Whole, figures
from model.certificate.measures import Measured, measured
from model.certificate.members import POLICIES as OF_MEMBERS
from model.certificate.members import Spending, member_rules, spending
from model.certificate.own_rules import Reader, own_rules
from model.certificate.rows import Given, Rule
from model.certificate.tasks import POLICIES as OF_TASKS
from model.certificate.tasks import loss_of_shortfalls, task_rules, whole_losses
from model.language.shown import Shown
from model.layers import gather, gathered
from model.scenario.scenario import Scenario

_CLOSE = 1e-9
"""Rounding in a sum of voices."""


@dataclass(frozen=True, eq=False)
class Measure(Shown):
    """A measure as coefficients on columns; ``natural`` is its natural full size (1, or all money offered)."""

    column: Whole
    coefficient: Array
    natural: float


@dataclass(frozen=True, eq=False)
class Reading(Shown):
    """Columns, rules and measures of one scenario under given policies; serves any number of stages.

    ``accepted`` is the risk each member compares with, ``outvoted`` who need not agree. ``faults`` says what keeps the reading
    from proving anything, in plain words. ``measured`` gives every measure of a plan (x by column) by its definition, from decisions alone.
    """

    columns: Layout
    rules: tuple[Rule, ...]
    measures: Mapping[str, Measure]
    off: frozenset[str]
    accepted: Mapping[Any, float]
    measured: Callable[[Array], Measured]
    outvoted: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()


def read(
    scenario: Scenario,
    off: Collection[str] = (),
    accepted: Mapping[str, float] | None = None,
    outvoted: Collection[str] = (),
) -> Reading:
    """Rebuilds the programme. ``off``: rules switched off, by name; ``accepted``: the risk each member compares with, for
    consensus; ``outvoted``: members that need not agree, as far as the rules of voice allow.

    Shares nothing with the formulation, the registry or the compile step; takes a few hundredths of a second.
    """
    off, accepted, outvoted = frozenset(off), dict(accepted or {}), frozenset(outvoted)
    given = Given(off, accepted, outvoted)
    with np.errstate(all="ignore"):  # what is not finite is named by _faults
        f = figures(scenario)
        x = columns(f, off)
        spent = spending(f, x)
        rules = [*member_rules(f, x, off), *task_rules(f, x, given)]
        rules += [rule for layer in gather("second_reading") for rule in layer.rules(f, x, given)]
        rules += own_rules(Reader(scenario, f, x, spent), off) if scenario.rules else ()
        found = tuple(rule for rule in rules if rule.keys and rule.name not in off)
        measures = _measures(f, x, spent)
    own_policies = frozenset(part.name for part in scenario.rules if part.may_bend)
    faults = (*_identities(off - own_policies), *_cells(scenario), *_voice(f, outvoted), *_faults(found, measures, x))
    by_definition = partial(measured, f, x, off, spent.total)
    return Reading(x, found, measures, off, accepted, by_definition, outvoted, faults)


def _measures(f: Figures, x: Columns, spent: Spending) -> dict[str, Measure]:
    """The measures of section 6."""
    row, column, amount = spent.total
    discount = np.tile(f.money.discount, len(f.members))
    offered = f.money.offered
    one = np.ones(1)
    return {
        "risk": _risk(f, x),
        "tail_risk": _tail(f, x),
        "cost": Measure(column, amount * discount[row], offered),
        "unfairness": Measure(x.overburden, np.ones(len(f.members)), offered),
        "worst_perceived_risk": Measure(x.perceived_by_worst.ravel(), one, 1.0),
        "worst_kind_risk": Measure(x.risk_of_worst_kind.ravel(), one, 1.0),
        "technology_gap": Measure(x.widest_gap.ravel(), one, 1.0),
        "dependence": Measure(x.largest_part.ravel(), one, 1.0),
    }


def _risk(f: Figures, x: Columns) -> Measure:
    total = f.needs.weight @ whole_losses(f)
    graded = f.needs.weight[:, None, None, None] * loss_of_shortfalls(f) / (total if total > 0 else 1.0)
    there = x.short >= 0
    return Measure(x.short[there], graded[there], 1.0)


def _tail(f: Figures, x: Columns) -> Measure:
    """Threshold plus mean excess beyond it; at level 1 there is no excess and the threshold is the largest risk."""
    threshold, level = x.tail_threshold.ravel(), f.settings["cvar_level"]
    if level >= 1:
        return Measure(threshold, np.ones(1), 1.0)
    total = f.needs.probability.sum()
    excess = f.needs.probability / (total if total > 0 else 1.0) / (1 - level)
    return Measure(np.concatenate([threshold, x.tail_excess]), np.concatenate([np.ones(1), excess]), 1.0)


def policies() -> frozenset[str]:
    """Every rule that may be switched off, of the core and of the layers: each file names those it reads."""
    return frozenset((*OF_COLUMNS, *OF_MEMBERS, *OF_TASKS, *gathered("second_reading", "POLICIES")))


def _identities(off: frozenset[str]) -> list[str]:
    """One sentence for each name in ``off`` that is no policy."""
    return [f"{name} is no policy and cannot be switched off" for name in sorted(off - policies())]


def _voice(f: Figures, outvoted: frozenset[str]) -> list[str]:
    """A sentence where those who are not outvoted hold less of the voice than must agree."""
    held = sum(v for m, v in zip(f.members, f.needs.voice.tolist(), strict=True) if m not in outvoted)
    least = f.settings["consensus_voice"]
    if not outvoted or held >= least - _CLOSE:
        return []
    return [f"{', '.join(sorted(outvoted))} are outvoted by {held:.4g} of the voice, and {least:.4g} must agree"]


def _cells(scenario: Scenario) -> list[str]:
    """One sentence for each column of the scenario that holds a number which is not finite."""
    return [
        f"the scenario's {name} holds a number that is not finite"
        for name, cells in scenario.values.items()
        if any(isinstance(cell, float) and not isfinite(cell) for cell in cells.values())
    ]


def _faults(rules: tuple[Rule, ...], measures: Mapping[str, Measure], x: Columns) -> list[str]:
    """One sentence for each rule, measure or bound with a number that is not finite."""
    bad = [rule.name for rule in rules if not (np.isfinite(rule.right).all() and np.isfinite(rule.entries[2]).all())]
    bad += [name for name, measure in measures.items() if not np.isfinite(measure.coefficient).all()]
    bad += ["a bound"] if np.isnan(x.upper).any() else []
    return [f"{name} has a coefficient or a limit that is not a finite number" for name in bad]
