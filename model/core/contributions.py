"""What members' forces can do for the tasks: release, caveats, and how much may rest on one member."""

from __future__ import annotations

from typing import Any

from model.core import domains
from model.core.decisions import Decisions
from model.core.parameters import Data
from model.language.registry import bound, constraint, measure, quantity


@quantity(
    "effective unit",
    over=lambda d: ((m, p, c, t) for m, c, t in d.keys(domains.fields_in_time) for p in d.sets["situation"]),
)
def force(m: Decisions, d: Data, member: str, situation: str, capability: str, period: int) -> Any:
    r"""Effective units a member could send to a situation.

    .. math:: \alpha_{mc} \sum_l (e_{mpl} - e_{mp,l-1})\, S_{mclt}
    """
    part = d.deployable[member, capability]
    return m.sum(
        [
            part * d.gain[member, situation, level] * m.held[member, capability, level, period]
            for level in d.levels_of[member]
        ]
    )


def _sendable(m: Decisions, d: Data, member: str, task: str, capability: str, period: int) -> Any:
    """What a member could send to a task by itself."""
    return m.force[member, d.situation_of[task], capability, period]


def _released(m: Decisions, d: Data, member: str, task: str, capability: str, period: int) -> Any:
    """What of it the member's caveat releases."""
    return d.release[member, task, capability] * _sendable(m, d, member, task, capability, period)


@constraint(
    "effective unit",
    over=domains.rival_releases,
    may_bend=True,
    source="one set of forces",
    remedy="{member} would send {amount} more of {capability} ({unit}) than it can deploy in {years}",
    cells=(),
    physical=True,
    reason="other",
    one_more="it adds {amount} effective {unit} to what can be sent to {item}{years}{level}",
    takes="the force it uses up",
    listed=False,
    room=lambda m, d, *key: m.force[key],
)
def forces_are_used_once(m: Decisions, d: Data, member: str, situation: str, capability: str, period: int) -> Any:
    r"""What a member sends to the tasks of a situation together stays within its deployable force.

    .. math:: \sum_{k\in K_p} Y_{mkct} \le \alpha_{mc} \sum_l (e_{mpl} - e_{mp,l-1})\, S_{mclt}
    """
    keys = [(member, k, capability, period) for k in d.tasks_of[situation]]
    sent = [m.contributed[key] for key in keys if key in m.contributed]
    return m.sum(sent) <= m.force[member, situation, capability, period]


@constraint(
    "effective unit",
    over=domains.shared_contributions,
    may_bend=True,
    source="Sandler & Hartley: non-rival goods",
    remedy="{member} would send {amount} more of {capability} ({unit}) than it can deploy in {years}",
    cells=(),
    physical=True,
    reason="other",
    one_more="it adds {amount} effective {unit} to what can be sent to {item}{years}{level}",
    takes="the force it needs",
    listed=False,
    room=_sendable,
)
def shared_forces_suffice(m: Decisions, d: Data, member: str, task: str, capability: str, period: int) -> Any:
    r"""What is not used up serves each task by itself, up to the member's deployable force.

    .. math:: Y_{mkct} \le \alpha_{mc} \sum_l (e_{mpl} - e_{mp,l-1})\, S_{mclt}
    """
    return m.contributed[member, task, capability, period] <= _sendable(m, d, member, task, capability, period)


@constraint(
    "effective unit",
    over=domains.caveated_contributions,
    may_bend=True,
    source="scenario: Caveats",
    remedy="{member} would release {amount} more of {capability} ({unit}) for {task} in {years}",
    cells=("Caveats.max_fraction",),
    reason="caveat",
    one_more="it releases {amount} more under the caveat on {item}{years}",
    one_sent="it takes up what the caveat of {member} on {item} releases{years}",
    takes="the caveat it uses up",
    room=_released,
)
def caveat_is_respected(m: Decisions, d: Data, member: str, task: str, capability: str, period: int) -> Any:
    r"""A member sends a task no more than its caveat releases.

    .. math:: Y_{mkct} \le q_{mkc}\, \alpha_{mc} \sum_l (e_{mpl} - e_{mp,l-1})\, S_{mclt}

    Where nothing is released, the contribution does not exist.
    """
    return m.contributed[member, task, capability, period] <= _released(m, d, member, task, capability, period)


@bound(
    "effective unit",
    of="contributed",
    over=domains.pooled_contributions,
    may_bend=True,
    source="scenario: max_share",
    remedy="{member} would provide {amount} of {capability} ({unit}) for {task} beyond the share rule in {years}",
    cells=("Capabilities.max_share",),
    reason="share rule",
    at_limit="no more than {at:.4g} may rest on one member (max_share)",
    listed=False,
)
def share_is_limited(m: Decisions, d: Data, member: str, task: str, capability: str, period: int) -> Any:
    r"""No more than the agreed part of a requirement rests on one member.

    .. math:: Y_{mkct} \le \sigma_c R_{kct}
    """
    return d.capability_max_share[capability] * d.required[task, capability, period]


@bound(
    "effective unit",
    of="contributed",
    over=domains.challenged_contributions,
    may_bend=True,
    source="NDPP: reasonable challenge",
    remedy="{member} would be asked for {amount} of {capability} ({unit}) for {task} beyond the challenge in {years}",
    cells=("Settings.challenge",),
    reason="challenge",
    at_limit="no more than {at:.4g} may reasonably be asked of it (challenge)",
    listed=False,
)
def challenge_is_reasonable(m: Decisions, d: Data, member: str, task: str, capability: str, period: int) -> Any:
    r"""No member is asked for more than a reasonable multiple of its fair share of a requirement.

    .. math:: Y_{mkct} \le \chi\, \kappa_{mk} R_{kct}
    """
    return d.settings["challenge"] * d.task_share[member, task] * d.required[task, capability, period]


@bound(
    "effective unit",
    of="contributed",
    over=domains.weakest_contributions,
    at_limit="{at:.4g} is all it owes",
)
def debt_is_all_that_counts(m: Decisions, d: Data, member: str, task: str, capability: str, period: int) -> Any:
    r"""Where the weakest link counts, a member gets no credit beyond what it owes.

    .. math:: Y_{mkct} \le \kappa_{mk} R_{kct}
    """
    return d.task_share[member, task] * d.required[task, capability, period]


@constraint(
    "effective unit",
    over=domains.pooled_contributions,
    supports=("dependence",),
    takes="the dependence it adds",
)
def dependence_counts(m: Decisions, d: Data, member: str, task: str, capability: str, period: int) -> Any:
    r"""The alliance depends on the member that carries the largest part of any requirement met by the sum.

    .. math:: Y_{mkct} \le D\, R_{kct}

    Where the weakest link counts, everybody carries its own part: no requirement rests on one member.
    """
    return m.contributed[member, task, capability, period] <= d.required[task, capability, period] * m.largest_part


@measure("fraction of 1", symbol=r"\mathrm{dependence}")
def dependence(m: Decisions, d: Data) -> Any:
    r"""The largest part of any requirement met by the sum of contributions that rests on one member.

    .. math:: D = \max_{m,k,c,t} Y_{mkct} / R_{kct} \quad (c \text{ not shared as weakest link})
    """
    return 1 * m.largest_part
