"""Consensus by voice as a reduction: a problem with everybody's consent becomes one in which the outvoted are let off it."""

from __future__ import annotations

from model.certificate import Refutation
from model.scenario.scenario import Scenario
from model.solve.dissent import RULE, Dissent, dissent, no_vote_helps, weights_of
from model.solve.linear import Aims
from model.solve.steps import Compiled
from model.solve.watch import Watch


def is_by_voice(scenario: Scenario, off: tuple[str, ...]) -> bool:
    """Whether consensus is a matter of enough voice, so that somebody may be outvoted."""
    settings = scenario.settings
    return bool(settings["consensus"]) and settings["consensus_voice"] < 1 and RULE not in off


def outvoting(compiled: Compiled, aims: Aims, watch: Watch) -> tuple[Compiled, Dissent]:
    """The problem with those let off consensus whom these aims outvote, and who they are; its reading goes by the same choice."""
    stated = compiled.stated
    needed = stated.scenario.settings["consensus_voice"]
    aim = weights_of(compiled.lp, aims.objectives, aims.weights)
    found = dissent(compiled.lp, stated.accepted, stated.data.voice, needed, aim, watch)
    return compiled.outvoting(found.outvoted), found


def no_vote(compiled: Compiled, watch: Watch) -> Refutation:
    """The proof that there is no plan, whatever the vote."""
    stated = compiled.stated
    needed, voice = stated.scenario.settings["consensus_voice"], stated.data.voice
    found = no_vote_helps(compiled.lp, stated.accepted, voice, needed, compiled.reading, watch)
    return found or Refutation(False, float("nan"), failures=("it was not proved for every vote that there is none",))
