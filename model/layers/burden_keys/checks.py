"""Checks of the sheet `Keys` and of the figures the chosen burden key goes by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from model.language.faults import Fault, UsageError
from model.language.names import normalised, suggestion
from model.layers.burden_keys.keys import MAX_KEYS, bearers, figures_of, goes_by, key_names, lacks, own_keys
from model.layers.burden_keys.recipes import NAMES, NEEDS
from model.layers.burden_keys.steps import Members
from model.scenario.checks.registry import check, some
from model.scenario.ledger import HEADING, Places
from model.scenario.scenario import Scenario

_BY_COLUMN = ("gdp", "population", "equal", "custom")
"""Keys the check of plain columns looks after."""

_KEYS = ("key_rule", "key_by", "key_amount", "key_limit", "key_group", "key_borne_by")

KEY_COLUMNS = (
    "population", "border", "custom_key", "groups", "income", "gdp", "burden_key",
    "key_rule", "key_by", "key_amount", "key_limit", "key_group", "key_borne_by",
)  # fmt: skip
"""Columns and settings that any burden key may go by."""


@check("member", "burden_key", "population", "border", "custom_key", "groups", "income", "gdp", *_KEYS)
def burden_key_in_steps_can_be_reckoned(s: Scenario, at: Places) -> Iterator[Fault]:
    """The chosen key is there, its figures are filled in, and what gdp stands in for is said."""
    name = s.settings["burden_key"]
    if name is None or name in _BY_COLUMN or len(own_keys(s)) > MAX_KEYS:
        return
    place = ("burden_key", None)
    known = {normalised(one): one for one in key_names(s)}
    if normalised(name) not in known:
        remedy = f"{suggestion(name, known.values())}Choose one of these, or add its steps to the sheet Keys."
        yield at.error(
            place, name, f"there is no burden key of this name; there are {', '.join(known.values())}", remedy
        )
        return
    try:
        missing = lacks(s, name)
    except UsageError:  # a key that goes by itself or by one there is not: reported on Keys
        return
    for column in missing:
        yield from _missing(s, at, name, column)
    if not missing and "income" in goes_by(s, name):
        blank = [m for m in s.sets["member"] if s.values.get("income", {}).get(m) is None]
        if blank:
            message = f"'income' is blank, and the burden key {name} goes by it: gdp stands in for these members"
            yield at.warning(("income", HEADING), some(blank), message, "Fill in the column income on Members.")


def _missing(s: Scenario, at: Places, name: str, column: str) -> Iterator[Fault]:
    """What a key needs and does not find in one column."""
    shown = "key" if column == "custom_key" else column
    remedy = f"Fill in the column {shown} on Members, or change burden_key."
    if column == "groups":
        who = figures_of(s)
        nobody = [group for group in bearers(s, name) if not who.of(group)]
        message = f"under the burden key {name} discounts are borne by {', '.join(nobody)}, and nobody is in that group"
        yield at.error(("groups", HEADING), "nobody", message, remedy)
        return
    cells = s.values.get(column, {})
    blank = [m for m in s.sets["member"] if cells.get(m) is None]
    what = f"blank for {some(blank)}" if blank else "zero for every member"
    message = f"'{shown}' is needed because the setting burden_key is {name}"
    yield at.error((column, blank[0] if 0 < len(blank) < len(s.sets["member"]) else HEADING), what, message, remedy)


@check("member", "groups", *_KEYS)
def steps_of_keys_make_sense(s: Scenario, at: Places) -> Iterator[Fault]:
    """Every step has what it needs, goes by a key there is, and speaks of members there are; a key begins with a start."""
    rules = s.values.get("key_rule", {})
    if not rules:
        return
    if (count := len(own_keys(s))) > MAX_KEYS:
        message = f"at most {MAX_KEYS} burden keys are accepted on this sheet"
        yield at.error(("Keys.key", HEADING), f"{count} keys", message, "Remove those that are not needed.")
        return
    known = {normalised(name): name for name in key_names(s)}
    who, first, seen = figures_of(s), dict[str, tuple[str, int]](), dict[tuple[str, int], str]()
    for name, step in sorted(rules, key=lambda key: (key[0], key[1])):
        key = (name, step)
        if normalised(name) in NAMES:
            message = f"'{name}' is a burden key that needs no sheet, so these steps would never be used"
            yield at.error(("Keys.key", key), name, message, "Give the key another name.")
        if (normalised(name), step) in seen:
            yield at.error(
                ("Keys.key", key), name, "the same key and step stand twice, in another spelling", "Keep one."
            )
        seen[normalised(name), step] = name
        first.setdefault(normalised(name), key)
        yield from _step(s, at, key, known, who)
    for key in first.values():
        if rules[key] not in ("start", None):
            message = "the first step of a key must say what to start from"
            yield at.error(("key_rule", key), rules[key], message, "Begin with the rule start, by gdp for instance.")
    yield from _circles(s, at, [key[0] for key in first.values()])


def _step(s: Scenario, at: Places, key: tuple[str, int], known: dict[str, str], who: Members) -> Iterator[Fault]:
    cells: dict[str, Any] = {
        column: s.values[f"key_{column}"].get(key) for column in ("by", "amount", "limit", "group", "borne_by")
    }
    rule = s.values["key_rule"][key]
    for column in NEEDS.get(rule, ()):
        if cells[column] is None:
            remedy = "Fill it in."
            yield at.error((f"key_{column}", key), "blank", f"the rule '{rule}' needs the column {column}", remedy)
    if rule == "discount" and cells["group"] is None and cells["limit"] is None:
        message = "a discount needs a group it is for, or a limit below which it is given"
        yield at.error(("key_group", key), "blank", message, "Fill in group or limit.")
    if cells["by"] is not None and normalised(cells["by"]) not in known:
        message = f"there is no burden key of this name; there are {', '.join(known.values())}"
        yield at.error(("key_by", key), cells["by"], message, f"{suggestion(cells['by'], known.values())}Correct it.")
    for column in ("group", "borne_by"):
        if cells[column] is not None and not who.of(cells[column]):
            message = f"nobody is in the group '{cells[column]}', and no member has that name"
            remedy = "Name the group in the column groups on Members, or correct it."
            yield at.error((f"key_{column}", key), cells[column], message, remedy)


def _circles(s: Scenario, at: Places, names: list[str]) -> Iterator[Fault]:
    """Keys that go by themselves, by way of others or not."""
    for name in names:
        try:
            goes_by(s, name)
        except UsageError as wrong:
            if "by itself" in str(wrong):
                remedy = "Let one of them start by a figure, such as gdp."
                place = next(key for key in s.values["key_rule"] if key[0] == name)
                yield at.error(("key_by", place), name, "the key goes by itself, so it has no shares", remedy)


def unusable_key(s: Scenario, at: Places, place: tuple[str, str], key: str | None) -> Iterator[Fault]:
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
