"""Burden keys reckoned: each is a fold of steps over the members' shares, and every step can be looked at.

Pure functions of a scenario's columns. Which keys there are is written in :mod:`model.layers.burden_keys.recipes` and on the sheet
`Keys`; what each kind of step does to the shares is in :mod:`model.layers.burden_keys.steps`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum

from model.language.faults import UsageError
from model.language.names import normalised, suggestion
from model.layers.burden_keys.recipes import FIGURES, RECIPES, Rule
from model.layers.burden_keys.steps import STEPS, Members, State, Weights, in_proportion
from model.layers.burden_keys.words import said
from model.scenario.scenario import Scenario

Amounts = Mapping[str, float]


@dataclass(frozen=True)
class Step:
    """One step of a key done: its place, what it does in words, and every member's share after it (summing to 1)."""

    place: int
    says: str
    shares: Amounts


MAX_KEYS = 40
"""Keys of its own a workbook may have."""


def own_keys(s: Scenario) -> dict[str, tuple[Rule, ...]]:
    """The keys of the sheet `Keys`, by name as first spelt in order of name and step; steps in order."""
    rules: dict[str, list[Rule]] = {}
    spelt: dict[str, str] = {}
    for name, step in sorted(s.values.get("key_rule", {}), key=lambda at: (at[0], at[1])):
        known = spelt.setdefault(normalised(name), name)
        what, *cells = (s.values[column].get((name, step)) for column in _CELLS)
        rules.setdefault(known, []).append(Rule(what or "start", *cells))
    return {name: tuple(found) for name, found in rules.items()}


_CELLS = ("key_rule", "key_by", "key_amount", "key_limit", "key_group", "key_borne_by")
"""The columns of the sheet `Keys` in the order of :class:`Rule`."""


def key_names(s: Scenario) -> tuple[str, ...]:
    """Every key there is: the named ones and those of the sheet `Keys`."""
    return (*FIGURES, *RECIPES, *own_keys(s))


def goes_by(s: Scenario, name: str) -> dict[str, tuple[Rule, ...]]:
    """A key and every other it goes by, directly or through others, with their steps; those gone by stand first.

    Raises UsageError for a key there is not, and for one that goes by itself.
    """
    own, found, under_way = own_keys(s), dict[str, tuple[Rule, ...]](), list[str]()
    spelt = {normalised(one): one for one in (*FIGURES, *RECIPES, *own)}

    def visit(word: str) -> None:
        known = spelt.get(normalised(word))
        if known is None:
            near = suggestion(word, spelt.values())
            raise UsageError(f"There is no burden key {word!r}; there are {', '.join(spelt.values())}. {near}".strip())
        if known in under_way:
            circle = " by ".join([*under_way[under_way.index(known) :], known])
            raise UsageError(f"The burden key {known!r} goes by itself: {circle}. Let one of them start by a figure.")
        if known in found:
            return
        under_way.append(known)
        rules = (Rule("start", known),) if known in FIGURES else RECIPES.get(known) or own[known]
        for rule in rules if known not in FIGURES else ():
            if rule.by:
                visit(rule.by)
        found[under_way.pop()] = rules

    if len(own) > MAX_KEYS:
        raise UsageError(f"There are {len(own)} burden keys on the sheet Keys, and at most {MAX_KEYS} are accepted.")
    visit(name)
    return found


def needs(s: Scenario, name: str) -> frozenset[str]:
    """The columns of `Members` a key cannot do without, besides gdp. Raises UsageError as :func:`goes_by` does."""
    found = set()
    for key, rules in goes_by(s, name).items():
        found |= {_COLUMN_OF[key]} if key in _COLUMN_OF else set()
        found |= {"population"} if any(rule.per_head for rule in rules) else set()
    return frozenset(found)


_COLUMN_OF = {"population": "population", "border": "border", "custom": "custom_key"}
"""The column of `Members` behind a figure that need not be filled in."""


def lacks(s: Scenario, name: str) -> tuple[str, ...]:
    """The columns a key needs and that are blank for some member, or say nothing for all; empty where it can be reckoned."""
    members = s.sets["member"]
    cells = {column: [s.values.get(column, {}).get(m) for m in members] for column in sorted(needs(s, name))}
    found = [column for column, values in cells.items() if None in values or not any(values)]
    who = figures_of(s)
    nobody = [group for group in bearers(s, name) if not who.of(group)]
    return (*found, *(["groups"] if nobody else []))


def bearers(s: Scenario, name: str) -> tuple[str, ...]:
    """The groups that bear discounts under a key: without anybody in them the key means nothing."""
    groups = [rule.borne_by for rules in goes_by(s, name).values() for rule in rules]
    return tuple(dict.fromkeys(group for group in groups if group))


def fold(s: Scenario, name: str) -> tuple[Step, ...]:
    """A key step by step: after each, every member's share. Raises UsageError as :func:`goes_by` does."""
    who, known = figures_of(s), dict[str, Weights]()
    steps: tuple[Step, ...] = ()
    for key, rules in goes_by(s, name).items():  # the key itself comes last
        steps = tuple(_steps(rules, who, known)) if key not in FIGURES else _figure(key, who)
        known[normalised(key)] = dict(steps[-1].shares)
    return steps


def fair_shares(s: Scenario, name: str | None = None) -> dict[str, float]:
    """Every member's share (fractions of 1, summing to 1) under a key; by default the one of the settings.

    Where a figure is blank it counts as nothing; where all are, shares are equal. Raises UsageError as :func:`goes_by` does.
    """
    return dict(fold(s, s.settings["burden_key"] if name is None else name)[-1].shares)


def side_by_side(s: Scenario) -> dict[str, Amounts]:
    """The shares under every key the scenario has figures for, by key; income only where it is more than gdp's stand-in."""
    given = figures_of(s).without_income < len(s.sets["member"])
    return {name: fair_shares(s, name) for name in key_names(s) if not lacks(s, name) and (given or name != "income")}


def figures_of(s: Scenario) -> Members:
    """What keys know about the members, in order of their names."""
    names = tuple(sorted(s.sets["member"]))
    gdp = {m: s.values.get("gdp", {}).get(m) or 0.0 for m in names}

    def column(key: str) -> dict[str, float | None]:
        return {m: s.values.get(key, {}).get(m) for m in names}

    income = {m: gdp[m] if value is None else value for m, value in column("income").items()}
    groups = s.values.get("groups", {})
    return Members(
        names,
        {
            "gdp": gdp,
            "income": income,
            "exposure": {m: _exposure(s, m) for m in names},
            "equal": dict.fromkeys(names, 1.0),
            **{name: _or_none(column(name)) for name in ("population", "border", "debt")},
            "custom": _or_none(column("custom_key")),
        },
        {m: frozenset(normalised(word) for word in str(groups.get(m) or "").split(",") if word.strip()) for m in names},
        sum(value is None for value in column("income").values()),
    )


def _or_none(cells: Mapping[str, float | None]) -> Weights:
    """Blanks count as nothing."""
    return {m: value or 0.0 for m, value in cells.items()}


def _exposure(s: Scenario, member: str) -> float:
    """How much all tasks matter to a member: probability, consequence and its own priority, summed over tasks.

    What could not be read of a faulty workbook counts as nothing: checks look at its keys all the same.
    """
    situation = s.values.get("task_situation", {})
    factors = (
        (
            s.values.get("probability", {}).get(situation.get(k)),
            s.values.get("consequence", {}).get(k),
            s.values.get("priority", {}).get((member, k)),
        )
        for k in sorted(s.sets["task"])
    )
    return fsum((a or 0.0) * (b or 0.0) * (c or 0.0) for a, b, c in factors)


def _figure(name: str, who: Members) -> tuple[Step, ...]:
    """A key that is one figure, shared out in proportion."""
    shares = in_proportion(who.figures[name])
    return (Step(1, said(Rule("start", name), State(who, shares), State(who, shares)), shares),)


def _steps(rules: tuple[Rule, ...], who: Members, known: Mapping[str, Weights]) -> Iterator[Step]:
    """The steps of a key, one after the other; ``known``: shares under the keys it goes by, by normalised name."""
    state = State(who, in_proportion(who.figures["equal"]))
    for place, rule in enumerate(rules, start=1):
        done = STEPS[rule.what](state, rule, known[normalised(rule.by)] if rule.by else None)
        yield Step(place, said(rule, state, done), done.shares)
        state = done
