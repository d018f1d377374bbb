"""The Shapley value by sampling, for more members than can be enumerated: with an interval that says how sure it is.

Members join in random orders. Each order is used together with its reverse (antithetic sampling: who comes early in one
comes late in the other, so that the two errors pull against each other), and the orders of a round start with each member in
turn (stratified by who comes first). Rounds are independent and equally distributed; the interval is Student's over their means.
It covers the truth at its stated rate from about thirty rounds on; with fewer, and costs that few orders show, a little less often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from model.language.faults import UsageError
from model.questions.cost_sharing.games.game import Array

Cost = Callable[[frozenset[str]], float]
"""What a group pays by itself; never asked for nobody."""


@dataclass(frozen=True)
class Sampled:
    """Charges by sampling. Member by member, the true Shapley value lies within ``margin`` of them with probability ``confidence``.

    ``rounds`` independent rounds of ``orders`` orders each; the charges add up to what everybody costs, whatever was drawn.
    """

    charges: dict[str, float]
    margin: dict[str, float]
    confidence: float
    rounds: int
    orders: int


class ShapleySample:
    """Rounds of orders, drawn one after the other from one seed; asked for an estimate at any time after the second round."""

    def __init__(self, members: Sequence[str], cost: Cost, seed: int = 0) -> None:
        self.members = tuple(sorted(members))
        if len(self.members) < 2:
            raise UsageError("sampling orders makes sense for two members or more")
        self._cost = cost
        self._random = np.random.default_rng(seed)
        self._means: list[Array] = []

    @property
    def rounds(self) -> int:
        """Rounds drawn so far."""
        return len(self._means)

    def draw(self, stratified: bool = True) -> None:
        """One round more: an order starting with each member (or just one order) and its reverse."""
        n, orders = len(self.members), []
        for first in range(n) if stratified else [int(self._random.integers(n))]:
            others = self._random.permutation([i for i in range(n) if i != first])
            orders.append([first, *others.tolist()])
        found = [self._added(order) for o in orders for order in (o, o[::-1])]
        self._means.append(np.mean(found, axis=0))

    def estimate(self, confidence: float = 0.95) -> Sampled:
        """The mean of all rounds and its margin. Raises UsageError before the second round, and for a confidence out of 0…1."""
        if not 0 < confidence < 1:
            raise UsageError(f"a confidence lies between 0 and 1, not at {confidence}")
        if self.rounds < 2:
            raise UsageError("an interval needs two rounds or more")
        means = np.array(self._means)
        spread = means.std(axis=0, ddof=1) / np.sqrt(self.rounds)
        margin = stdtrit(self.rounds - 1, 0.5 + confidence / 2) * spread
        by_name = [dict(zip(self.members, map(float, row), strict=True)) for row in (means.mean(axis=0), margin)]
        return Sampled(by_name[0], by_name[1], confidence, self.rounds, 2)

    def _added(self, order: Sequence[int]) -> Array:
        """What each member adds to the cost when they join in this order."""
        added, so_far, before = np.zeros(len(self.members)), frozenset[str](), 0.0
        for i in order:
            so_far |= {self.members[i]}
            cost = self._cost(so_far)
            added[i], before = cost - before, cost
        return added


def sampled_shapley(
    members: Sequence[str],
    cost: Cost,
    rounds: int = 30,
    confidence: float = 0.95,
    seed: int = 0,
    stratified: bool = False,
) -> Sampled:
    """The Shapley value from random orders and their reverses, with intervals; the same for the same seed.

    ``cost`` gives what a group pays by itself, in any unit of money. A round is one random order and its reverse, or with ``stratified``
    one order starting with each member and their reverses. Raises UsageError for fewer than two members or rounds.
    """
    sample = ShapleySample(members, cost, seed)
    for _ in range(rounds):
        sample.draw(stratified)
    return sample.estimate(confidence)
