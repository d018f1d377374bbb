"""The levers of what members have to agree to, and of tasks they stay out of."""

from __future__ import annotations

from model.language.faults import UsageError
from model.scenario.levers.functions import Target
from model.scenario.levers.grammar import OFF, ON, lever
from model.scenario.scenario import Scenario


@lever("word", words=("alone", "status quo"))
def consensus_against(s: Scenario, x: str) -> Scenario:
    """What members compare the plan with under consensus: each by itself, or today's forces with nothing new."""
    return s.with_settings(consensus_against=x)


@lever("value", 0.0, 1.0, above=True, unit="fraction of 1")
def consensus_voice(s: Scenario, x: float) -> Scenario:
    """Least part of the voice held by members that perceive no more risk than they compare with; 1 is unanimity."""
    return s.with_settings(consensus_voice=x)


@lever("value", 0.0, 1.0, unit="fraction of 1", words="off")
def consensus_excess(s: Scenario, x: float | str) -> Scenario:
    """What members may perceive beyond what they compare with, added up by voice; off: nothing."""
    return s.with_settings(consensus_excess=None if x == OFF else x)


@lever("switch", words="on off")
def opt_out(s: Scenario, x: str, member: Target, task: Target) -> Scenario:
    """A member stays out of a task (on), which it then no longer counts, or takes part again (off)."""
    rows = [row for row in s.still_counts if member in (None, row[0]) and task in (None, row[1])]
    if x == ON:
        if member is None or task is None:
            raise UsageError("name who stays out of what, as in opt_out[member, task]=on")
        return s.with_values(
            "still_counts", {**s.still_counts, (member, task): s.still_counts.get((member, task), False)}
        )
    if not rows:
        raise UsageError(f"there is no opt-out of {member or task or 'anybody'} to lift")
    return s.with_values("still_counts", {row: counts for row, counts in s.still_counts.items() if row not in rows})
