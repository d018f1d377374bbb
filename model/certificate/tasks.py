"""What binds contributions and shortfalls: releases, caveats, requirements, losses and perceptions, as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import Array, Figures
from model.certificate.rows import Given, Rule, Term, entries, rows, written

POLICIES = (
    "caveat_is_respected",
    "forces_are_used_once",
    "requirement_is_met",
    "shared_forces_suffice",
    "weakest_link_counts",
)
"""What somebody decided, and may be switched off."""


def task_rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """Every rule of this topic."""
    yield from _releases(f, x)
    yield from _requirements(f, x)
    yield from _weakest_links(f, x)
    yield from _losses(f, x, given.off)
    yield _dependence(f, x)


def _gain(f: Figures) -> Array:
    """What a unit of each level adds when deployed, by member, situation, capability and level."""
    step = np.diff(f.forces.effect, axis=2, prepend=0.0)
    return f.forces.deployable[:, None, :, None] * step[:, :, None, :]


def _releases(f: Figures, x: Columns) -> Iterator[Rule]:
    """Contributions are made of forces: used once a situation if rival, by each task alone if not, within caveats."""
    gain, of, y = _gain(f), f.needs.situation_of, x.contributed
    stock = np.moveaxis(x.held, 2, 3)  # member, capability, period, level
    rival = f.needs.rival[:, None]
    used = np.zeros((len(f.members), len(f.situations), len(f.capabilities), len(f.periods)), dtype=bool)
    for k, p in enumerate(of):
        used[:, p] |= y[:, k] != ABSENT
    once = rows("forces_are_used_once", used & rival, f.members, f.situations, f.capabilities, f.periods)
    yield once.rule(
        "<=",
        0.0,
        entries(once.at[:, of], y, 1.0),
        entries(once.at[..., None], stock[:, None], -gain[:, :, :, None]),
    )
    axes = (f.members, f.tasks, f.capabilities, f.periods)
    by_task = gain[:, of][:, :, :, None]  # member, task, capability, (period), level
    shared = rows("shared_forces_suffice", (y != ABSENT) & ~rival, *axes)
    supply = entries(shared.at[..., None], stock[:, None], -by_task)
    yield shared.rule("<=", 0.0, entries(shared.at, y, 1.0), supply)

    part = f.needs.released[..., None]
    caveat = rows("caveat_is_respected", (y != ABSENT) & (part < 1), *axes)
    supply = entries(caveat.at[..., None], stock[:, None], -part[..., None] * by_task)
    yield caveat.rule("<=", 0.0, entries(caveat.at, y, 1.0), supply)


def _requirements(f: Figures, x: Columns) -> Iterator[Rule]:
    """What is required and pooled is provided by members, lent by partners, or missing."""
    required, axes = f.needs.required, (f.tasks, f.capabilities, f.periods)
    met = rows("requirement_is_met", (required > 0) & ~f.needs.weakest[:, None], *axes)
    missing = entries(met.at[..., None], x.short, 1.0)
    given = (x.contributed, x.commonly_contributed, x.lent)
    yield met.rule(">=", required, *(entries(met.at, column, 1.0) for column in given), missing)


def _weakest_links(f: Figures, x: Columns) -> Iterator[Rule]:
    """Where the weakest link counts, what is missing follows the worst member's gap as well as the sum."""
    required, axes, worst = f.needs.required, (f.tasks, f.capabilities, f.periods), f.settings["weakest_link_weight"]
    needed = (required > 0) & f.needs.weakest[:, None]
    counts = rows("weakest_link_counts", needed, *axes)
    nobody = (f.needs.owed.max(axis=0) <= 0)[:, None, None]
    yield counts.rule(
        ">=",
        np.where(nobody, required, (1 - worst) * required),
        entries(counts.at[..., None], x.short, 1.0),
        entries(counts.at, x.gap, np.where(nobody, 0.0, -worst * required)),
        entries(counts.at, x.contributed, 1 - worst),
    )
    fair = f.needs.owed[:, :, None, None]
    debt = fair * required
    seen = rows("gap_is_seen", needed & (fair > 0), f.members, *axes)
    part = 1 / np.where(debt > 0, debt, 1.0)
    yield seen.rule(">=", 1.0, entries(seen.at, x.gap, 1.0), entries(seen.at, x.contributed, part))


def _losses(f: Figures, x: Columns, off: Collection[str]) -> Iterator[Rule]:
    """Graded losses of tasks; the tail of situations; what each member perceives."""
    needs, consensus = f.needs, bool(f.settings["consensus"]) and "consensus_holds" not in off
    loss = rows("task_loss_adds_up", np.ones(len(f.tasks), dtype=bool), f.tasks)
    graded = loss_of_shortfalls(f)
    yield loss.rule(
        "=",
        0.0,
        entries(loss.at, x.task_loss, 1.0),
        entries(loss.at[:, None, None, None], x.short, -graded),
        serves=() if consensus else ("tail_risk", "worst_perceived_risk", "worst_kind_risk"),
    )
    in_situation = needs.situation_of == np.arange(len(f.situations))[:, None]
    is_mean = f.settings["cvar_level"] < 1
    tail = [[(int(x.tail_threshold), 1.0), (excess, float(is_mean))] for excess in x.tail_excess]
    yield at_least_risk(f, x, "tail_excess_counts", f.situations, in_situation * needs.weight, tail, "tail_risk")
    worst = [[(int(x.perceived_by_worst), 1.0)]] * len(f.members)
    yield at_least_risk(f, x, "perception_counts", f.members, needs.felt, worst, "worst_perceived_risk")


def at_least_risk(
    f: Figures, x: Columns, name: str, whose: Sequence[str], weight: Array, less: Sequence[list[Term]], serves: str
) -> Rule:
    """What is ``less`` for each is at least its risk: task losses as it weighs them, where it weighs any."""
    own, weighs = normalised(f, weight)
    lines = (
        ((whose[i],), 0.0, [*less[i], *zip(x.task_loss, -own[i], strict=True)]) for i in np.flatnonzero(weighs).tolist()
    )
    return written(name, ">=", lines, serves=(serves,))


def loss_of_shortfalls(f: Figures) -> Array:
    """What a missing unit costs its task, by task, capability, period and band."""
    required = f.needs.required[..., None]
    part = f.needs.severity / np.where(required > 0, required, 1.0)
    loss: Array = f.needs.importance[:, None, None] * part
    return loss


def whole_losses(f: Figures) -> Array:
    """The loss of each task if nothing at all is provided."""
    whole: Array = ((f.needs.required > 0) * f.needs.importance[:, None]).sum(axis=(1, 2))
    return whole


def normalised(f: Figures, weight: Array) -> tuple[Array, np.ndarray]:
    """Weights on task losses, by whoever weighs them, such that losing everything is 1; and who weighs anything."""
    total = weight @ whole_losses(f)
    return weight / np.where(total > 0, total, 1.0)[:, None], total > 0


def _dependence(f: Figures, x: Columns) -> Rule:
    """No member provides a larger part of a pooled requirement than the largest part."""
    axes = (f.members, f.tasks, f.capabilities, f.periods)
    resting = rows("dependence_counts", (x.contributed != ABSENT) & ~f.needs.weakest[:, None], *axes)
    part = entries(resting.at, x.largest_part, -f.needs.required)
    return resting.rule("<=", 0.0, entries(resting.at, x.contributed, 1.0), part, serves=("dependence",))
