"""What each kind of step of a burden key does to the members' shares. Shares are fractions of 1 and always sum to 1.

Whatever a step frees or takes is shared out by one rule (:func:`settled`): in proportion to their shares among the members
that no step has fixed, and only where there are none of these among those an earlier step fixed. A limit that cannot be
kept by so few members is loosened to the nearest that can.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from math import fsum

from model.language.names import normalised
from model.layers.burden_keys.recipes import Rule

Weights = dict[str, float]

ALIKE = 11
"""Shares that are the same to so many decimals are alike, and members with them ranked by name."""

_TINY = 1e-12
"""Below this part of a limit, a share counts as within it."""


@dataclass(frozen=True)
class Members:
    """The members in order of their names, their figures by key, and the groups they are in (normalised words).

    ``without_income``: for how many gdp stands in for income.
    """

    names: tuple[str, ...]
    figures: Mapping[str, Weights]
    groups: Mapping[str, frozenset[str]]
    without_income: int = 0

    def of(self, group: str | None) -> tuple[str, ...]:
        """The members of a group, or the one member of that name; everybody where none is named."""
        if group is None:
            return self.names
        word = normalised(group)
        return tuple(m for m in self.names if word in self.groups[m] or word == normalised(m))

    @property
    def mean_per_head(self) -> float:
        """Income of all per head of all, over members with inhabitants; 0 where there are none."""
        income, people = self.figures["income"], self.figures["population"]
        there = [m for m in self.names if people[m] > 0]
        heads = fsum(people[m] for m in there)
        return fsum(income[m] for m in there) / heads if heads > 0 else 0.0

    def below(self, limit: float, income: Weights | None = None) -> tuple[str, ...]:
        """Members with inhabitants whose income per head is below so many times the mean."""
        income, people = income or self.figures["income"], self.figures["population"]
        most = limit * self.mean_per_head
        return tuple(m for m in self.names if people[m] > 0 and income[m] < most * people[m])


@dataclass(frozen=True)
class State:
    """A key half done: the shares, the incomes after relief (None: as given), who is fixed, and who had a discount."""

    who: Members
    shares: Weights
    income: Weights | None = None
    held: frozenset[str] = frozenset()
    discounted: frozenset[str] = frozenset()


def in_proportion(weights: Weights) -> Weights:
    """Shares in proportion to weights; equal where nobody weighs anything."""
    total = fsum(weights.values())
    return {m: value / total if total > 0 else 1.0 / len(weights) for m, value in weights.items()}


def settled(shares: Weights, fixed: Weights, held: Collection[str]) -> Weights:
    """The shares with some fixed anew, and the rest of the whole shared out in proportion among the others.

    Members in ``held`` keep theirs as long as somebody else can bear the rest. Where nobody is left, the fixed ones are
    brought to sum to one.
    """
    open_to_all = [m for m in shares if m not in fixed and shares[m] > 0]
    for free in ([m for m in open_to_all if m not in held], open_to_all):
        others = fsum(value for m, value in shares.items() if m not in fixed and m not in free)
        rest = 1.0 - fsum(fixed.values()) - others
        if free and rest >= -_TINY:
            left = max(0.0, rest)
            scaled = {m: left * part for m, part in in_proportion({m: shares[m] for m in free}).items()}
            return {m: scaled.get(m, fixed.get(m, shares[m])) for m in shares}
    return in_proportion({m: fixed.get(m, 0.0) for m in shares})


Do = Callable[[State, Rule, Weights | None], State]

STEPS: dict[str, Do] = {}
"""Every kind of step by its word in the workbook: the state before, the rule, and the shares by its other key."""


def _step(word: str) -> Callable[[Do], Do]:
    def register(do: Do) -> Do:
        STEPS[word] = do
        return do

    return register


def _number(value: float | None, blank: float) -> float:
    return blank if value is None else float(value)


@_step("start")
def _start(state: State, rule: Rule, by: Weights | None) -> State:
    shares, who = by or state.shares, state.who.of(rule.group)
    within = {m: shares[m] if m in who else 0.0 for m in shares} if who else shares
    return State(state.who, in_proportion(within) if fsum(within.values()) > 0 else shares)


@_step("mix")
def _mix(state: State, rule: Rule, by: Weights | None) -> State:
    part, other = _number(rule.amount, 0.0), by or state.shares
    return replace(state, shares={m: (1 - part) * old + part * other[m] for m, old in state.shares.items()})


@_step("relieve debt")
def _relieve_debt(state: State, rule: Rule, by: Weights | None) -> State:
    before = state.income or state.who.figures["income"]
    relieved = state.who.below(_number(rule.limit, 1.0), before)
    debt, part = state.who.figures["debt"], _number(rule.amount, 0.0)
    after = {m: max(0.0, value - part * debt[m]) if m in relieved else value for m, value in before.items()}
    left = {m: after[m] / value if value > 0 else 1.0 for m, value in before.items()}
    shares = {m: value * left[m] for m, value in state.shares.items()}
    return replace(state, shares=in_proportion(shares) if fsum(shares.values()) > 0 else state.shares, income=after)


@_step("relieve low income")
def _relieve_low_income(state: State, rule: Rule, by: Weights | None) -> State:
    income, people = state.income or state.who.figures["income"], state.who.figures["population"]
    limit = _number(rule.limit, 1.0)
    threshold, part = limit * state.who.mean_per_head, _number(rule.amount, 0.0)
    fixed = {
        m: state.shares[m] * (1 - part * (1 - income[m] / people[m] / threshold))
        for m in state.who.below(limit, income)
    }
    return replace(state, shares=settled(state.shares, fixed, state.held))


@_step("floor")
def _floor(state: State, rule: Rule, by: Weights | None) -> State:
    who = state.who.of(rule.group)
    least = min(_number(rule.amount, 0.0), 1.0 / max(len(who), 1))
    shares, fixed = state.shares, dict[str, float]()
    while below := [m for m in who if m not in fixed and shares[m] < least * (1 - _TINY)]:
        fixed |= dict.fromkeys(below, least)
        shares = settled(shares, fixed, state.held)
    return replace(state, shares=shares, held=state.held | fixed.keys())


@_step("ceiling")
def _ceiling(state: State, rule: Rule, by: Weights | None) -> State:
    who = state.who.of(rule.group)
    paying = [m for m, value in state.shares.items() if value > 0]
    most = _number(rule.amount, 1.0)
    if set(paying) <= set(who):
        most = max(most, 1.0 / len(paying))
    shares, fixed = state.shares, dict[str, float]()
    while over := [m for m in who if m not in fixed and shares[m] > most * (1 + _TINY)]:
        fixed |= dict.fromkeys(over, most)
        shares = settled(shares, fixed, state.held)
    return replace(state, shares=shares, held=state.held | fixed.keys())


@_step("set")
def _set(state: State, rule: Rule, by: Weights | None) -> State:
    who = state.who.of(rule.group)
    each = min(_number(rule.amount, 0.0), 1.0 / max(len(who), 1))
    shares = settled(state.shares, dict.fromkeys(who, each), state.held) if who else state.shares
    return replace(state, shares=shares, held=state.held | set(who))


@_step("discount")
def _discount(state: State, rule: Rule, by: Weights | None) -> State:
    bearers = set(state.who.of(rule.borne_by)) if rule.borne_by else set()
    who = set(state.who.of(rule.group)) - bearers - state.discounted
    who &= set(state.who.names if rule.limit is None else state.who.below(rule.limit))
    if not who or not bearers:
        return state
    off = {m: state.shares[m] * (1 - _number(rule.amount, 0.0)) for m in state.who.names if m in who}
    others = {m: value for m, value in state.shares.items() if m not in who and m not in bearers}
    shares = settled(state.shares, {**off, **others}, frozenset())
    return replace(state, shares=shares, discounted=state.discounted | who)


def _pool(state: State, rule: Rule, by: Weights | None, equally: bool) -> State:
    size, limit = by or state.shares, _number(rule.limit, 0.0)
    free = [m for m in state.who.names if m not in state.held]
    tier = [m for m in free if size[m] > limit]
    if not tier:
        return state
    left = 1.0 - fsum(state.shares[m] for m in state.who.names if m in state.held)
    pool = left if len(tier) == len(free) else min(_number(rule.amount, 0.0), left)
    weights = in_proportion({m: 1.0 if equally else state.shares[m] for m in tier})
    fixed = {m: pool * weights[m] for m in tier}
    return replace(state, shares=settled(state.shares, fixed, state.held), held=state.held | set(tier))


@_step("pool equally")
def _pool_equally(state: State, rule: Rule, by: Weights | None) -> State:
    return _pool(state, rule, by, equally=True)


@_step("pool in proportion")
def _pool_in_proportion(state: State, rule: Rule, by: Weights | None) -> State:
    return _pool(state, rule, by, equally=False)


@_step("level the largest")
def _level(state: State, rule: Rule, by: Weights | None) -> State:
    ranked = sorted(state.shares, key=lambda m: (-round(state.shares[m], ALIKE), m))
    if len(ranked) < 2 or state.shares[ranked[1]] <= 0:
        return state
    (first, second), spared = ranked[:2], set(state.who.of(rule.group)) if rule.group else set()
    kept = {m: state.shares[m] for m in ranked[2:] if m in spared}
    if rule.amount is not None:
        level = min(float(rule.amount), 0.5)
    elif second in spared:
        level = state.shares[second]
    else:  # the second rises by the same factor as all that take part, and the largest comes to meet it
        rising = fsum(state.shares[m] for m in ranked[2:] if m not in spared)
        level = (1.0 - fsum(kept.values())) / (2.0 + rising / state.shares[second])
    return replace(state, shares=settled(state.shares, {first: level, second: level, **kept}, frozenset()))


@_step("join")
def _join(state: State, rule: Rule, by: Weights | None) -> State:
    who, at = state.who.of(rule.group), by or state.shares
    fixed = {m: at[m] for m in who} if rule.group else {}
    return replace(state, shares=settled(state.shares, fixed, frozenset()) if fixed else state.shares)
