"""Checks of what members pay for together: common funding and joint programmes."""

from __future__ import annotations

from collections.abc import Iterator

from model.data.checks.registry import check, hint, some
from model.data.checks.years import horizon_is_sound
from model.data.faults import Fault, UsageError
from model.data.keys import MAX_KEYS, key_names, lacks, own_keys
from model.data.ledger import Places
from model.data.names import normalised, suggestion
from model.data.programmes import participants, unknown_participants
from model.data.scenario import Scenario

_HORIZON = ("first_year", "last_year", "years_per_period")
_KEYS = (
    "population", "border", "custom_key", "groups", "income", "gdp", "burden_key",
    "key_rule", "key_by", "key_amount", "key_limit", "key_group", "key_borne_by",
)  # fmt: skip
_WHO = ("member", "groups", "programme", "participants")


@check("capability", "sharing", "common_cost_factor")
def no_weakest_link_is_owned_in_common(s: Scenario, at: Places) -> Iterator[Fault]:
    """Where the worst member decides, nothing the alliance owns can stand in for it."""
    for capability in s.common_cost_factor:
        if s.sharing[capability] == "weakest link":
            message = (
                f"'{capability}' is shared as weakest link: the worst member decides, so the alliance cannot own it"
            )
            remedy = "Remove the row, or change sharing on Capabilities."
            yield at.error(("Common funding.capability", capability), capability, message, remedy)


@hint("capability", "common_holding", "common_max_stock")
def common_stock_starts_within_its_limit(s: Scenario, at: Places) -> Iterator[Fault]:
    """What the alliance owns is not above what it may own."""
    for capability, most in s.common_max_stock.items():
        if most is not None and s.common_holding[capability] > most:
            message = f"'max_stock' is below the {s.common_holding[capability]:g} units the alliance owns already"
            remedy = "The difference is given up at once; raise max_stock if that is not meant."
            yield at.warning(("common_max_stock", capability), most, message, remedy)


@hint("capability", "common_from_year", *_HORIZON)
def common_funding_begins_within_the_horizon(s: Scenario, at: Places) -> Iterator[Fault]:
    """A year after the last one leaves nothing to order."""
    for capability, year in s.common_from_year.items():
        if year is not None and horizon_is_sound(s) and year > s.periods[-1]:
            message = "the alliance may order only after the last period has begun, so it never orders"
            yield at.warning(("common_from_year", capability), year, message, "Choose an earlier year.")


@check("member", "capability", "common_key", *_KEYS)
def keys_of_common_funding_can_be_reckoned(s: Scenario, at: Places) -> Iterator[Fault]:
    """Every member's part of what the alliance owns is known."""
    for capability, key in s.common_key.items():
        yield from _unusable_key(s, at, ("common_key", capability), key)


@check("member", "programme", "programme_key", "development_sharing", *_KEYS)
def keys_of_programmes_can_be_reckoned(s: Scenario, at: Places) -> Iterator[Fault]:
    """Every participant's part of development is known, where it goes by a key."""
    for programme, key in s.programme_key.items():
        if s.development_sharing[programme] == "key":
            yield from _unusable_key(s, at, ("programme_key", programme), key)


def _unusable_key(s: Scenario, at: Places, place: tuple[str, str], key: str | None) -> Iterator[Fault]:
    """A key there is not, or that lacks figures; the alliance's own burden key is checked elsewhere."""
    if key is None or key == s.settings["burden_key"] or len(own_keys(s)) > MAX_KEYS:
        return
    known = key_names(s)
    if normalised(key) not in map(normalised, known):
        remedy = f"{suggestion(key, known)}Choose one of these, or add its steps to the sheet Keys."
        yield at.error(place, key, f"there is no burden key of this name; there are {', '.join(known)}", remedy)
        return
    try:
        missing = [{"custom_key": "key"}.get(column, column) for column in lacks(s, key)]
    except UsageError:  # a key that goes by itself or by one there is not: reported on Keys
        return
    if missing:
        message = f"the burden key {key} goes by {', '.join(missing)}, and that is blank for a member or says nothing"
        yield at.error(place, key, message, f"Fill in {', '.join(missing)} on Members, or choose another key.")


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


@hint("programme", "development_from", "development_years", "development_cost", *_HORIZON)
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


@hint("programme", "earliest_year", "programme_capability", "capability", "lead_time", *_HORIZON)
def programmes_deliver_within_the_horizon(s: Scenario, at: Places) -> Iterator[Fault]:
    """An order through the programme can arrive before the plan ends."""
    if not horizon_is_sound(s):
        return
    for programme, year in s.earliest_year.items():
        lead = s.lead_time[s.programme_capability[programme]] or 0.0
        if year is not None and year + lead > s.settings["last_year"]:
            message = f"nothing ordered through the programme would arrive within the plan{_all_the_same(s, programme)}"
            yield at.warning(("earliest_year", programme), year, message, "Choose an earlier year.")


@hint("programme", "programme_capability", "decision", "quantity", "task", "capability", *_HORIZON)
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
