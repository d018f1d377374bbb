"""Checks of what members have to agree to, and of tasks they stay out of."""

from __future__ import annotations

from collections.abc import Iterator

from model.language.faults import Fault
from model.scenario.checks.registry import check, hint, some
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario


@check("consensus_voice", "consensus_excess")
def voice_and_excess_are_two_rules(s: Scenario, at: Places) -> Iterator[Fault]:
    """Either some members may be outvoted, or all may be a little worse off."""
    excess = s.settings["consensus_excess"]
    if excess is not None and s.settings["consensus_voice"] < 1:
        message = "'consensus_excess' stands in place of 'consensus_voice', and both are set"
        yield at.error(("consensus_excess", None), excess, message, "Leave one of the two blank.")


@check("consensus", "consensus_voice", "decision")
def one_choice_in_whole_numbers(s: Scenario, at: Places) -> Iterator[Fault]:
    """Who is outvoted, or which joint programmes are opened: one of them is decided beforehand."""
    free = [programme for programme, decision in s.decision.items() if decision == "free"]
    if free and s.settings["consensus"] and s.settings["consensus_voice"] < 1:
        message = "'consensus_voice' below 1 and a programme that is free to be opened cannot both be left to the model"
        remedy = f"Decide about {some(free)} on Programmes (open or closed), or set consensus_voice to 1."
        yield at.error(("consensus_voice", None), s.settings["consensus_voice"], message, remedy)


@hint("consensus", "consensus_against", "consensus_voice", "consensus_excess")
def details_of_consensus_need_consensus(s: Scenario, at: Places) -> Iterator[Fault]:
    """What refines a rule that is off has no effect."""
    if s.settings["consensus"]:
        return
    usual = {"consensus_against": "alone", "consensus_voice": 1.0, "consensus_excess": None}
    for name, plain in usual.items():
        if s.settings[name] != plain:
            message = f"'{name}' has no effect: consensus is no"
            yield at.warning((name, None), s.settings[name], message, "Set consensus to yes, or remove this row.")


@hint("member", "task", "quantity", "still_counts")
def somebody_takes_part(s: Scenario, at: Places) -> Iterator[Fault]:
    """A task that every member stays out of is no task of the alliance."""
    required = {task for (task, _, _), quantity in s.quantity.items() if quantity}
    for task in s.sets["task"]:
        out = [row for row in s.still_counts if row[1] == task]
        if task in required and len(out) == len(s.sets["member"]):
            message = f"every member stays out of '{task}', so all that it requires will be missing"
            yield at.warning(
                ("still_counts", out[-1]), task, message, "Remove a row here, or the task and what it requires."
            )


@hint("member", "task", "task_situation", "lead", "still_counts")
def a_lead_takes_part(s: Scenario, at: Places) -> Iterator[Fault]:
    """A framework nation that stays out of a task of its own situation."""
    for member, task in s.still_counts:
        if s.lead[s.task_situation[task]] == member:
            message = f"'{member}' leads the situation of '{task}' and stays out of the task"
            yield at.warning(
                ("still_counts", (member, task)), member, message, "Name another lead, or remove this row."
            )
