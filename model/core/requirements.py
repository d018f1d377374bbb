"""Whether contributions meet what the tasks require, and the risk in what they do not."""

from __future__ import annotations

from typing import Any

from model.core import domains
from model.core.decisions import Decisions
from model.core.parameters import Data
from model.language.registry import additions, constraint, measure, quantity


@quantity("effective unit", over=domains.requirements)
def shortfall(m: Decisions, d: Data, task: str, capability: str, period: int) -> Any:
    r"""Effective units missing from a requirement.

    .. math:: z_{kct} = \sum_b z_{kctb}
    """
    return m.sum([m.short[task, capability, period, b] for b in d.sets["band"]])


@quantity("effective unit", over=domains.requirements)
def provided(m: Decisions, d: Data, task: str, capability: str, period: int) -> Any:
    r"""Effective units contributed to a requirement by all members and by the alliance's own forces, and lent by partners.

    .. math:: \sum_m Y_{mkct} + Y^{\circ}_{kct} + \sum_j V_{jkct}
    """
    key = task, capability, period
    return m.sum([*(m.contributed[n, *key] for n in d.contributors[key]), *additions("provided", m, d, *key)])


@constraint(
    "effective unit",
    over=domains.pooled_requirements,
    may_bend=True,
    source="Brown, Dell & Newman 2004: elastic requirements",
    remedy="{task} would be asked for {amount} less of {capability} ({unit}) in {years}",
    cells=("Requirements.quantity",),
    reason="other",
    takes="the requirement it helps to meet",
    limit="the requirement of {capability} for {task} in {year}",
    least=True,
    asks=True,
)
def requirement_is_met(m: Decisions, d: Data, task: str, capability: str, period: int) -> Any:
    r"""Contributions, what partners lend and an admitted shortfall cover what the task requires.

    .. math:: \sum_m Y_{mkct} + Y^{\circ}_{kct} + \sum_j V_{jkct} + z_{kct} \ge R_{kct}
    """
    key = task, capability, period
    return m.provided[key] + m.shortfall[key] >= d.required[key]


@constraint(
    "effective unit",
    over=domains.weakest_link_requirements,
    may_bend=True,
    source="Hirshleifer 1983; Sandler & Hartley: weakest link",
    remedy="{task} would be asked for {amount} less of {capability} ({unit}) in {years}",
    cells=("Requirements.quantity",),
    reason="other",
    takes="the mean gap it closes",
    asks=True,
)
def weakest_link_counts(m: Decisions, d: Data, task: str, capability: str, period: int) -> Any:
    r"""Where the weakest link counts, the worst member's gap and the mean gap together make the shortfall.

    .. math:: z_{kct} \ge \nu R_{kct} \gamma_{kct} + (1-\nu)\big(R_{kct} - \sum_m Y_{mkct}\big)
    """
    key, worst = (task, capability, period), d.settings["weakest_link_weight"]
    missing = (1 - worst) * (d.required[key] - m.provided[key])
    gap = d.whole if task in d.left_to_nobody else m.gap[key]
    return m.shortfall[key] >= worst * d.required[key] * gap + missing


@constraint(
    "fraction of 1",
    over=domains.debts,
    takes="the worst gap it closes",
)
def gap_is_seen(m: Decisions, d: Data, member: str, task: str, capability: str, period: int) -> Any:
    r"""The worst gap is at least the part of its debt that any member leaves open.

    .. math:: \gamma_{kct} \ge 1 - Y_{mkct} / (R_{kct} \kappa_{mk})
    """
    debt = d.task_share[member, task] * d.required[task, capability, period]
    paid = m.contributed.get((member, task, capability, period))
    return m.gap[task, capability, period] + (paid / debt if paid is not None else 0) >= d.whole


@quantity("weight")
def graded_shortfall(m: Decisions, d: Data, task: str) -> Any:
    r"""A task's shortfalls as parts of what is required, graded by severity and importance.

    .. math:: L_k = \sum_{c,t} i_c \sum_b g_b\, z_{kctb} / R_{kct}
    """
    keys = [key for key in d.keys(domains.bands) if key[0] == task]
    return m.sum(
        [d.importance[c] * d.band_severity[b] / d.required[k, c, t] * m.short[k, c, t, b] for k, c, t, b in keys]
    )


@constraint("weight", supports=("tail_risk", "worst_perceived_risk"))
def task_loss_adds_up(m: Decisions, d: Data, task: str) -> Any:
    r"""A task's loss is its graded shortfall.

    .. math:: L_k = \sum_{c,t} i_c \sum_b g_b\, z_{kctb} / R_{kct}
    """
    return m.task_loss[task] == m.graded_shortfall[task]


@measure("fraction of 1", symbol=r"\mathrm{risk}")
def risk(m: Decisions, d: Data) -> Any:
    r"""The weighted, severity-graded part of what is required that is not there.

    .. math:: \frac{\sum_k w_k L_k}{\sum_{k,c,t} w_k i_c}

    Coverage of the alliance is one minus risk.
    """
    return m.sum([d.task_part[k] * m.graded_shortfall[k] for k in d.sets["task"]])


@quantity("fraction of 1")
def situation_risk(m: Decisions, d: Data, situation: str) -> Any:
    r"""A situation's own risk.

    .. math:: r_p = \frac{\sum_{k\in K_p} w_k L_k}{\sum_{k\in K_p,c,t} w_k i_c}
    """
    return m.sum([d.situation_part[k] * m.task_loss[k] for k in d.tasks_of[situation]])


@constraint("fraction of 1", supports=("tail_risk",), source="Rockafellar & Uryasev 2000")
def tail_excess_counts(m: Decisions, d: Data, situation: str) -> Any:
    r"""A situation whose risk lies beyond the threshold counts with the excess.

    .. math:: \xi_p \ge r_p - \eta
    """
    beyond = m.tail_excess[situation] if d.settings["cvar_level"] < 1 else 0
    return beyond + m.tail_threshold >= m.situation_risk[situation]


@measure("fraction of 1", symbol=r"\mathrm{tail\ risk}", source="Rockafellar & Uryasev 2000")
def tail_risk(m: Decisions, d: Data) -> Any:
    r"""The mean risk over the worst situations.

    .. math:: \eta + \frac{1}{1-\mathrm{cvar\_level}} \sum_p \pi_p\, \xi_p

    At level 1 it is the risk of the worst situation.
    """
    tail = 1 - d.settings["cvar_level"]
    if tail <= 0:
        return 1 * m.tail_threshold
    return m.tail_threshold + m.sum([d.likelihood[p] / tail * m.tail_excess[p] for p in d.sets["situation"]])


@quantity("fraction of 1")
def perceived_risk(m: Decisions, d: Data, member: str) -> Any:
    r"""Risk as a member sees it, by its own priorities; a task it stays out of counts only where `still_counts` says so.

    .. math:: \frac{\sum_k \pi\omega\theta_{mk} L_k}{\sum_{k,c,t} \pi\omega\theta_{mk} i_c}
    """
    return m.sum([d.own_part[member, k] * m.task_loss[k] for k in d.sets["task"]])


@constraint("fraction of 1", supports=("worst_perceived_risk",))
def perception_counts(m: Decisions, d: Data, member: str) -> Any:
    r"""The worst perceived risk is at least that of every member.

    .. math:: W \ge r_m
    """
    return m.perceived_by_worst >= m.perceived_risk[member]


@measure("fraction of 1", symbol="W")
def worst_perceived_risk(m: Decisions, d: Data) -> Any:
    r"""The risk as the member sees it that sees most.

    .. math:: W = \max_m r_m
    """
    return 1 * m.perceived_by_worst
