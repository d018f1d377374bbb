"""Checks of weights and keys: what everything else is weighted by must not be blank or zero throughout."""

from __future__ import annotations

from collections.abc import Iterator

from model.language.faults import Fault
from model.scenario.checks.registry import check, hint, some
from model.scenario.ledger import HEADING, Places
from model.scenario.scenario import Scenario

_KEY_COLUMNS = {"gdp": "gdp", "population": "population", "custom": "custom_key"}


def _unusable_key(s: Scenario, at: Places, setting: str) -> Iterator[Fault]:
    """Blanks in, or nothing but zeros in, the column by which a setting weighs the members."""
    column = _KEY_COLUMNS.get(s.settings[setting])
    if column is None:
        return
    values = s.values[column]
    blank = [member for member, value in values.items() if value is None]
    name = "key" if column == "custom_key" else column
    reason = f"'{name}' is needed because the setting {setting} is {s.settings[setting]}"
    if len(blank) == len(values) and at.find(column, HEADING)[1] == "":
        yield at.error((column, HEADING), "no such column", reason, f"Add the column {name}, or change {setting}.")
    elif blank:
        for member in blank:
            yield at.error((column, member), "blank", reason, f"Fill it in (0 counts as nothing), or change {setting}.")
    elif values and not any(values.values()):
        message = f"'{name}' is zero for every member, so the setting {setting} has nothing to go by"
        yield at.error((column, HEADING), 0, message, f"Fill in the column, or change {setting}.")


@check("member", "burden_key", "gdp", "population", "custom_key")
def burden_key_can_be_reckoned(s: Scenario, at: Places) -> Iterator[Fault]:
    """Every member has a fair share under the chosen key."""
    yield from _unusable_key(s, at, "burden_key")


@check("member", "voice", "gdp", "population")
def voice_can_be_reckoned(s: Scenario, at: Places) -> Iterator[Fault]:
    """Every member's voice is known."""
    if s.settings["voice"] != s.settings["burden_key"]:
        yield from _unusable_key(s, at, "voice")


@check("situation", "probability")
def some_situation_is_probable(s: Scenario, at: Places) -> Iterator[Fault]:
    """At least one situation counts."""
    if s.probability and not any(s.probability.values()):
        message = "the probability of every situation is zero, so nothing would count"
        yield at.error(("probability", HEADING), 0, message, "Give at least one situation a probability.")


@check("task", "consequence")
def some_task_has_consequences(s: Scenario, at: Places) -> Iterator[Fault]:
    """At least one task counts."""
    if s.consequence and not any(s.consequence.values()):
        message = "the consequence of every task is zero, so nothing would count"
        yield at.error(("consequence", HEADING), 0, message, "Give at least one task a consequence.")


@check("capability", "importance")
def some_capability_is_important(s: Scenario, at: Places) -> Iterator[Fault]:
    """At least one capability counts."""
    if s.importance and not any(s.importance.values()):
        message = "the importance of every capability is zero, so nothing would count"
        yield at.error(("importance", HEADING), 0, message, "Give at least one capability an importance.")


def _voices(s: Scenario) -> dict[str, float]:
    column = s.values.get(_KEY_COLUMNS.get(s.settings["voice"], ""))
    return {member: 1.0 if column is None else column.get(member) or 0.0 for member in s.sets["member"]}


@check("member", "task", "priority", "voice", "gdp", "population")
def members_with_a_voice_have_priorities(s: Scenario, at: Places) -> Iterator[Fault]:
    """A member all of whose priorities are zero has a voice and does not use it."""
    tasks, voices = s.sets["task"], _voices(s)
    silent = [m for m in voices if tasks and voices[m] and not any(s.priority[m, task] for task in tasks)]
    if silent and not any(voices[m] for m in voices if m not in silent):
        message = "no member with a voice gives any task a priority, so nothing would count"
        yield at.error(("priority", HEADING), 0, message, "Give tasks priorities above zero.")
        return
    for member in silent:
        message = f"'{member}' has a voice but gives no task any priority"
        yield at.warning(("priority", (member, tasks[0])), 0, message, "Give at least one task a priority.")


@check(
    "member", "task", "capability", "quantity", "priority", "voice", "gdp", "population",
    "probability", "consequence", "importance", "task_situation",
)  # fmt: skip
def some_requirement_counts(s: Scenario, at: Places) -> Iterator[Fault]:
    """Each factor may be positive somewhere and their product zero everywhere."""
    voices = _voices(s)
    required = [(task, capability) for (task, capability, _), quantity in s.quantity.items() if quantity]
    factors = [s.probability, s.consequence, s.importance]
    if not required or not all(any(factor.values()) for factor in factors) or not any(voices.values()):
        return
    heard = {task: any(voices[m] and s.priority[m, task] for m in voices) for task in {task for task, _ in required}}
    weights = (
        s.probability[s.task_situation[task]] * s.consequence[task] * s.importance[capability] * heard[task]
        for task, capability in required
    )
    if not any(weights) and any(heard.values()):
        message = "every requirement has the weight zero: its situation, task, capability or priorities count nothing"
        yield at.error(("quantity", HEADING), 0, message, "Check probability, consequence, importance and priorities.")


@hint("member", "gdp", "voice", "population")
def voice_counts_every_member(s: Scenario, at: Places) -> Iterator[Fault]:
    """Members that the chosen voice leaves out altogether."""
    column = _KEY_COLUMNS.get(s.settings["voice"], "")
    values = s.values.get(column, {})
    mute = [member for member, value in values.items() if value == 0]
    if mute and len(mute) < len(values):
        message = f"by the setting voice ({s.settings['voice']}) the priorities of these members count nothing"
        yield at.warning((column, mute[0]), some(mute), message, f"Check the column {column}.")
