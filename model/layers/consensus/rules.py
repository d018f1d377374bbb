"""What members have to agree to: nobody, or not too many, may perceive more risk than they accept."""

from __future__ import annotations

from typing import Any

from model.core.decisions import Decisions
from model.core.parameters import Data
from model.language.registry import constraint, parameter, variable
from model.layers.consensus import domains as here


@parameter("fraction of 1", symbol=r"r_m^{\text{ref}}", over=here.consenting_members)
def accepted_risk(d: Data, member: str) -> float:
    """The risk a member compares with: what it would face alone, or perceives in the status quo (`consensus_against`)."""
    return d.accepted[member]


@parameter("fraction of 1", symbol=r"\bar e")
def accepted_excess(d: Data) -> float:
    """Risk beyond what members accept that is put up with in all, added up by voice."""
    return float(d.settings["consensus_excess"] or 0.0)


@variable("fraction of 1", symbol="e", over=here.forbearing_members, by_case=True)
def excess(d: Data, member: str) -> None:
    """Risk a member perceives beyond what it accepts, where some of it is put up with."""


@constraint(
    "fraction of 1",
    over=here.consenting_members,
    may_bend=True,
    source="scenario: consensus",
    needs=("task_loss", "task_loss_adds_up"),
    remedy="{member} would perceive {amount} more risk than {reference}",
    cells=("Settings.consensus",),
    reason="other",
)
def consensus_holds(m: Decisions, d: Data, member: str) -> Any:
    r"""Nobody perceives more risk in the alliance than in the status quo or, as the scenario chooses, than it would face alone.

    .. math:: r_m \le r_m^{\text{ref}} + e_m

    The excess is there only where some is put up with. Where consensus is by voice, the members that are outvoted are chosen
    first, as whole numbers, and the rule holds for all others.
    """
    return m.perceived_risk[member] <= d.accepted_risk[member] + m.excess.get(member, 0)


@constraint(
    "fraction of 1",
    over=here.limited_excess,
    may_bend=True,
    source="scenario: consensus_excess",
    remedy="members would perceive {amount} more risk than is put up with, added up by voice",
    cells=("Settings.consensus_excess",),
    reason="other",
)
def excess_is_limited(m: Decisions, d: Data) -> Any:
    r"""What members perceive beyond what they accept, added up by voice, stays within what is put up with.

    .. math:: \sum_m v_m e_m \le \bar e
    """
    return m.sum([d.voice[n] * e for n, e in m.excess.items()]) <= d.accepted_excess
