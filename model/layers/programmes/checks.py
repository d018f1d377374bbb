"""Checks of joint programmes: their keys, their participants, their years."""

from __future__ import annotations

from collections.abc import Iterator

from model.language.faults import Fault
from model.language.names import suggestion
from model.layers.burden_keys.checks import KEY_COLUMNS, unusable_key
from model.layers.programmes.participants import participants, unknown_participants
from model.scenario.checks.registry import HORIZON, check, hint, some
from model.scenario.checks.years import horizon_is_sound
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario

_WHO = ("member", "groups", "programme", "participants")


@check("member", "programme", "programme_key", "development_sharing", *KEY_COLUMNS)
def keys_of_programmes_can_be_reckoned(s: Scenario, at: Places) -> Iterator[Fault]:
    """Every participant's part of development is known, where it goes by a key."""
    for programme, key in s.programme_key.items():
        if s.development_sharing[programme] == "key":
            yield from unusable_key(s, at, ("programme_key", programme), key)


@check(*_WHO)
def participants_are_members(s: Scenario, at: Places) -> Iterator[Fault]:
    """Everybody who takes part in a programme is a member, or a group somebody is in."""
    groups = {word.strip() for text in s.groups.values() for word in str(text or "").split(",") if word.strip()}
    for programme, text in s.participants.items():
        for name in unknown_participants(s, programme):
            message = f"'{name[:60]}' is neither a member nor a group that anybody is in"
            remedy = f"{suggestion(name, [*s.sets['member'], *sorted(groups)])}Correct the name, or remove it."
            yield at.error(("participants", programme), str(text)[:60], message, remedy)


@check(*_WHO, "workshare", "development_sharing")
def workshares_belong_to_participants(s: Scenario, at: Places) -> Iterator[Fault]:
    """Only who takes part has a workshare, and only where development is shared by it."""
    for programme, member in s.workshare:
        if unknown_participants(s, programme):
            continue
        if member not in participants(s, programme):
            message = f"'{member}' does not take part in '{programme}'"
            remedy = "Add it to participants on Programmes, or remove the row."
            yield at.error(("Workshares.member", (programme, member)), member, message, remedy)
        elif s.development_sharing[programme] != "workshare":
            message = f"development of '{programme}' is not shared by workshare, so this row has no effect"
            remedy = "Write workshare under sharing on Programmes, or remove the row."
            yield at.warning(("workshare", (programme, member)), s.workshare[programme, member], message, remedy)


@hint(*_WHO, "workshare", "development_sharing")
def somebody_has_a_workshare(s: Scenario, at: Places) -> Iterator[Fault]:
    """Where development is shared by workshare, it is said by which."""
    for programme, how in s.development_sharing.items():
        if how == "workshare" and not any(s.workshare.get((programme, m)) for m in participants(s, programme)):
            message = (
                f"development of '{programme}' is shared by workshare, and no participant has one: parts are equal"
            )
            remedy = "Add rows to Workshares, or choose key or equal."
            yield at.warning(("development_sharing", programme), how, message, remedy)


@hint(*_WHO)
def programmes_are_joint(s: Scenario, at: Places) -> Iterator[Fault]:
    """A programme of one shares nothing."""
    for programme in s.sets["programme"]:
        who = participants(s, programme)
        if len(who) == 1 and not unknown_participants(s, programme):
            message = f"only {some(list(who))} takes part, so nothing is shared"
            place = ("participants", programme)
            yield at.warning(place, s.participants[programme], message, "Name everybody who takes part.")


@hint("programme", "development_from", "development_years", "development_cost", *HORIZON)
def development_is_paid_within_the_horizon(s: Scenario, at: Places) -> Iterator[Fault]:
    """What falls outside the plan's years is paid by nobody in it."""
    if not horizon_is_sound(s):
        return
    first, last = s.settings["first_year"], s.settings["last_year"]
    for programme, since in s.development_from.items():
        begins = first if since is None else since
        ends = begins + s.development_years[programme] - 1
        if s.development_cost[programme] and (begins < first or ends > last):
            message = f"development is paid from {begins} to {ends}; what falls outside {first} to {last} is left out"
            place = ("development_from" if since is not None else "development_years", programme)
            yield at.warning(place, begins, message, "Check the years, or give the cost that falls within the plan.")


@hint("programme", "earliest_year", "programme_capability", "capability", "lead_time", *HORIZON)
def programmes_deliver_within_the_horizon(s: Scenario, at: Places) -> Iterator[Fault]:
    """An order through the programme can arrive before the plan ends."""
    if not horizon_is_sound(s):
        return
    for programme, year in s.earliest_year.items():
        lead = s.lead_time[s.programme_capability[programme]] or 0.0
        if year is not None and year + lead > s.settings["last_year"]:
            message = f"nothing ordered through the programme would arrive within the plan{_all_the_same(s, programme)}"
            yield at.warning(("earliest_year", programme), year, message, "Choose an earlier year.")


@hint("programme", "programme_capability", "decision", "quantity", "task", "capability", *HORIZON)
def programmes_deliver_what_is_required(s: Scenario, at: Places) -> Iterator[Fault]:
    """Some task requires what the programme delivers."""
    if not horizon_is_sound(s):
        return
    required = {c for (_, c, year), value in s.quantity.items() if value and (year is None or year <= s.periods[-1])}
    for programme, capability in s.programme_capability.items():
        if capability not in required:
            message = f"no task requires '{capability}', so nothing is ordered through it{_all_the_same(s, programme)}"
            remedy = "Choose what a task requires, add a requirement, or remove the programme."
            yield at.warning(("programme_capability", programme), capability, message, remedy)


def _all_the_same(s: Scenario, programme: str) -> str:
    """What becomes of a programme of no use."""
    return (
        "; it is decided to be opened, and is paid for" if s.decision[programme] == "open" else ", and it stays closed"
    )
