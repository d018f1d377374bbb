"""Fair shares read a second time: the steps of a burden key on plain arrays, apart from the reckoning rules use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.language.faults import UsageError
from model.language.names import normalised
from model.layers.burden_keys.recipes import FIGURES, RECIPES, Rule
from model.scenario.scenario import Scenario

Array = NDArray[np.float64]
Truth = NDArray[np.bool_]

_CLOSE = 1e-12
_DEEPEST = 60


def fair_shares(s: Scenario, name: str) -> Array:
    """Shares of the members, in the scenario's order, under a burden key. Raises UsageError for one there is not."""
    return _Key(s).shares(name)


def _part(weights: Array) -> Array:
    """Weights that sum to one; equal where nobody weighs anything."""
    total = weights.sum()
    return weights / total if total > 0 else np.full(len(weights), 1 / max(len(weights), 1))


@dataclass
class _Now:
    """Where a key has got to: shares, incomes after relief, who is fixed, who had a discount."""

    x: Array
    income: Array
    fixed: Truth
    let_off: Truth


class _Key:
    """The figures of one scenario that keys go by, and what each step does with them."""

    def __init__(self, s: Scenario) -> None:
        self.s, self.members = s, s.sets["member"]
        self.gdp = self._column("gdp")
        given = [s.values.get("income", {}).get(m) for m in self.members]
        self.income = np.array([g if v is None else v for g, v in zip(self.gdp, given, strict=True)], dtype=float)
        self.heads = self._column("population")
        self.debt = self._column("debt")
        known = self.heads > 0
        self.known: dict[str, Array] = {}
        self.mean = self.income[known].sum() / self.heads[known].sum() if known.any() else 0.0

    def _column(self, key: str) -> Array:
        cells: Mapping[Any, Any] = self.s.values.get(key, {})
        return np.array([cells.get(m) or 0.0 for m in self.members], dtype=float)

    def _weights(self, figure: str) -> Array:
        if figure == "equal":
            return np.ones(len(self.members))
        if figure == "income":
            return self.income
        if figure == "exposure":
            s = self.s
            matters = {k: s.probability[s.task_situation[k]] * s.consequence[k] for k in s.sets["task"]}
            return np.array([sum(w * s.priority[m, k] for k, w in matters.items()) for m in self.members], dtype=float)
        return self._column("custom_key" if figure == "custom" else figure)

    def _rules(self, name: str) -> tuple[Rule, ...]:
        if name in RECIPES:
            return RECIPES[name]
        own = [at for at in self.s.values.get("key_rule", {}) if normalised(at[0]) == normalised(name)]
        if not own:
            raise UsageError(f"there is no burden key {name!r}: it is no named key and not on the sheet Keys")
        rule, *others = (
            self.s.values[f"key_{what}"] for what in ("rule", "by", "amount", "limit", "group", "borne_by")
        )
        ordered = sorted(own, key=lambda at: at[1])
        return tuple(Rule(rule[at], *(column.get(at) for column in others)) for at in ordered)

    def shares(self, name: str, depth: int = 0) -> Array:
        if depth > _DEEPEST:
            raise UsageError(f"the burden key {name!r} goes by others more than {_DEEPEST} deep, or in circles")
        word = normalised(name)
        if word not in self.known:
            self.known[word] = _part(self._weights(name)) if name in FIGURES else self._folded(name, depth)
        return self.known[word]

    def _folded(self, name: str, depth: int) -> Array:
        nobody = np.zeros(len(self.members), dtype=bool)
        now = _Now(_part(np.ones(len(self.members))), self.income, nobody, nobody)
        for rule in self._rules(name):
            by = self.shares(rule.by, depth + 1) if rule.by else now.x
            now = getattr(self, "_" + rule.what.replace(" ", "_"))(now, rule, by)
        return now.x

    def _who(self, group: str | None) -> Truth:
        if group is None:
            return np.ones(len(self.members), dtype=bool)
        word, named = normalised(group), self.s.values.get("groups", {})
        said: Iterable[str] = (str(named.get(m) or "") for m in self.members)
        return np.array(
            [
                word == normalised(m) or word in (normalised(g) for g in text.split(","))
                for m, text in zip(self.members, said, strict=True)
            ],
            dtype=bool,
        )

    def _poor(self, limit: float, income: Array) -> Truth:
        return (self.heads > 0) & (income < limit * self.mean * self.heads)

    def _start(self, now: _Now, rule: Rule, by: Array) -> _Now:
        within = by * self._who(rule.group)
        nobody = np.zeros(len(by), dtype=bool)
        return _Now(_part(within) if within.sum() > 0 else by, self.income, nobody, nobody)

    def _mix(self, now: _Now, rule: Rule, by: Array) -> _Now:
        part = rule.amount or 0.0
        return _Now(now.x + part * (by - now.x), now.income, now.fixed, now.let_off)

    def _relieve_debt(self, now: _Now, rule: Rule, by: Array) -> _Now:
        poor = self._poor(1.0 if rule.limit is None else rule.limit, now.income)
        income = np.where(poor, np.maximum(0.0, now.income - (rule.amount or 0.0) * self.debt), now.income)
        left = np.divide(income, now.income, out=np.ones_like(income), where=now.income > 0)
        x = now.x * left
        return _Now(_part(x) if x.sum() > 0 else now.x, income, now.fixed, now.let_off)

    def _relieve_low_income(self, now: _Now, rule: Rule, by: Array) -> _Now:
        limit = 1.0 if rule.limit is None else rule.limit
        poor, new = self._poor(limit, now.income), now.x.copy()
        distance = 1 - now.income[poor] / (self.heads[poor] * limit * self.mean)
        new[poor] *= 1 - (rule.amount or 0.0) * distance
        return _Now(_filled(now.x, new, poor, now.fixed), now.income, now.fixed, now.let_off)

    def _floor(self, now: _Now, rule: Rule, by: Array) -> _Now:
        who = self._who(rule.group)
        level = min(rule.amount or 0.0, 1 / max(who.sum(), 1))
        return self._limited(now, who, level, lambda x: x < level * (1 - _CLOSE))

    def _ceiling(self, now: _Now, rule: Rule, by: Array) -> _Now:
        who, level = self._who(rule.group), 1.0 if rule.amount is None else rule.amount
        if not (~who & (now.x > 0)).any():
            level = max(level, 1 / (now.x > 0).sum())
        return self._limited(now, who, level, lambda x: x > level * (1 + _CLOSE))

    def _limited(self, now: _Now, who: Truth, level: float, beyond: Any) -> _Now:
        x, at = now.x, np.zeros(len(who), dtype=bool)
        while (more := who & ~at & beyond(x)).any():
            at = at | more
            x = _filled(x, np.where(at, level, x), at, now.fixed)
        return _Now(x, now.income, now.fixed | at, now.let_off)

    def _set(self, now: _Now, rule: Rule, by: Array) -> _Now:
        who = self._who(rule.group)
        if not who.any():
            return now
        new = np.where(who, min(rule.amount or 0.0, 1 / who.sum()), now.x)
        return _Now(_filled(now.x, new, who, now.fixed), now.income, now.fixed | who, now.let_off)

    def _discount(self, now: _Now, rule: Rule, by: Array) -> _Now:
        bear = self._who(rule.borne_by) if rule.borne_by else np.zeros(len(self.members), dtype=bool)
        who = self._who(rule.group) & ~bear & ~now.let_off
        if rule.limit is not None:
            who &= self._poor(rule.limit, self.income)
        if not who.any() or not bear.any():
            return now
        new = np.where(who, now.x * (1 - (rule.amount or 0.0)), now.x)
        x = _filled(now.x, new, ~bear, np.zeros_like(bear))
        return _Now(x, now.income, now.fixed, now.let_off | who)

    def _pool(self, now: _Now, rule: Rule, by: Array, weights: Array) -> _Now:
        free = ~now.fixed
        tier = free & (by > (rule.limit or 0.0))
        if not tier.any():
            return now
        left = 1 - now.x[now.fixed].sum()
        pot = left if (tier == free).all() else min(rule.amount or 0.0, left)
        new = now.x.copy()
        new[tier] = pot * _part(weights[tier])
        return _Now(_filled(now.x, new, tier, now.fixed), now.income, now.fixed | tier, now.let_off)

    def _pool_equally(self, now: _Now, rule: Rule, by: Array) -> _Now:
        return self._pool(now, rule, by, np.ones_like(now.x))

    def _pool_in_proportion(self, now: _Now, rule: Rule, by: Array) -> _Now:
        return self._pool(now, rule, by, now.x)

    def _level_the_largest(self, now: _Now, rule: Rule, by: Array) -> _Now:
        order = sorted(range(len(now.x)), key=lambda i: (-round(float(now.x[i]), 11), self.members[i]))
        if len(order) < 2 or now.x[order[1]] <= 0:
            return now
        top, second = order[0], order[1]
        spared = self._who(rule.group) if rule.group else np.zeros(len(now.x), dtype=bool)
        kept = spared.copy()
        kept[[top, second]] = False
        if rule.amount is not None:
            level = min(rule.amount, 0.5)
        elif spared[second]:
            level = now.x[second]
        else:
            base = (
                now.x.sum() - now.x[top] - now.x[kept].sum()
            )  # what rises together: the second and all that take part
            level = (1 - now.x[kept].sum()) * now.x[second] / (base + now.x[second])
        new, at = now.x.copy(), kept.copy()
        new[[top, second]], at[[top, second]] = level, True
        return _Now(_filled(now.x, new, at, np.zeros_like(kept)), now.income, now.fixed, now.let_off)

    def _join(self, now: _Now, rule: Rule, by: Array) -> _Now:
        who = self._who(rule.group) if rule.group else np.zeros(len(now.x), dtype=bool)
        if not who.any():
            return now
        x = _filled(now.x, np.where(who, by, now.x), who, np.zeros_like(who))
        return _Now(x, now.income, now.fixed, now.let_off)


def _filled(old: Array, new: Array, at: Truth, fixed: Truth) -> Array:
    """``new`` where ``at``; the rest of the whole among the others in proportion, sparing ``fixed`` ones if it can be borne."""
    able = ~at & (old > 0)
    for bearing in (able & ~fixed, able):
        rest = 1 - new[at].sum() - old[~at & ~bearing].sum()
        if bearing.any() and rest >= -_CLOSE:
            return np.where(bearing, old * max(rest, 0.0) / old[bearing].sum(), np.where(at, new, old))
    return _part(np.where(at, new, 0.0))
