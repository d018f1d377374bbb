"""Cooperative games with published answers, and games made up by a rule, as costs by group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

import numpy as np

Group = frozenset[str]
Costs = dict[Group, float]


def groups(members: Iterable[str]) -> Iterator[Group]:
    """Every non-empty group, by size, then in the members' order."""
    names = list(members)
    return (frozenset(g) for size in range(1, len(names) + 1) for g in combinations(names, size))


def game(members: Iterable[str], cost: Callable[[Group], float]) -> Costs:
    """What every group pays, by a rule."""
    return {group: float(cost(group)) for group in groups(members)}


def listed(members: Iterable[str], values: Iterable[float]) -> Costs:
    """Values in the order of :func:`groups`."""
    return dict(zip(groups(members), map(float, values), strict=True))


def random_game(seed: int, members: int, power: float = 0.6) -> Costs:
    """A game of random costs that grow with size; mostly not subadditive where ``power`` is near 1."""
    rng = np.random.default_rng(seed)
    return game([f"m{i}" for i in range(members)], lambda g: rng.uniform(1, 2) * len(g) ** power)


def concave_game(seed: int, members: int) -> Costs:
    """A random game with decreasing costs to scale, so that its core is large: a concave function of weights and a fixed cost."""
    rng = np.random.default_rng(seed)
    weight = {f"m{i}": float(w) for i, w in enumerate(rng.uniform(0.5, 3, members))}
    fixed = float(rng.uniform(0, 2))
    return game(weight, lambda g: fixed + sum(weight[m] for m in g) ** 0.7)


def airport(lengths: dict[str, float]) -> Costs:
    """A runway as long as the longest plane of a group needs."""
    return game(lengths, lambda g: max(lengths[m] for m in g))


def bankruptcy(estate: float, claims: dict[str, float]) -> Costs:
    """What is left of an estate for a group when all others have had their claims, with the sign turned."""
    return game(claims, lambda g: -max(0.0, estate - sum(claims[m] for m in claims if m not in g)))


TENNESSEE = listed(["navigation", "flood control", "power"], [163520, 140826, 250096, 301607, 378821, 367370, 412584])
"""The Tennessee Valley Authority's dams, thousands of dollars (Ransmeier 1942; Straffin & Heaney 1981)."""

AIRPORT = airport({"1": 8, "2": 11, "3": 13, "4": 18})
"""Four sizes of plane (Littlechild & Owen 1973)."""

TALMUD = bankruptcy(200, {"1": 100, "2": 200, "3": 300})
"""An estate of 200 (Aumann & Maschler 1985); a game of worth, sign turned."""

GLOVES = listed(["1", "2", "3"], [0, 0, 0, -1, 0, -1, -1])
"""Two left gloves and a right one (the shape of Owen 1975); a game of worth, sign turned."""

ALLIANCE = listed(["A", "B", "C"], [82, 54, 96, 124, 168, 118, 192])
"""The costs of ``tests.questions.test_games_linear``'s alliance on paper."""
