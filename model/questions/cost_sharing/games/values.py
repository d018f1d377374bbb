"""Rules that share a cost by a formula: Shapley value, tau value, separable costs-remaining benefits, proportion."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from model.language.faults import UsageError
from model.questions.cost_sharing.games.game import SMALL, Array, Charges, Costs, Game, named


def shapley(costs: Costs) -> Charges:
    """What each member adds to the cost, on average over all orders in which the alliance could have come together.

    ``costs`` holds every non-empty group (at most 16 members) in any unit of money; charges are in the same unit. Source:
    Shapley, *A value for n-person games*, 1953. Raises UsageError for an incomplete game.
    """
    game = Game.of(costs)
    n, numbers = len(game.members), np.arange(len(game.costs))
    sizes = game.belongs.sum(axis=1).astype(int)
    weight = np.array([math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) for s in range(n)])
    charges = np.zeros(n)
    for i in range(n):
        without = numbers[(numbers >> i) & 1 == 0]
        added = game.costs[without + (1 << i)] - game.costs[without]
        charges[i] = math.fsum(weight[sizes[without]] * added)
    return game.named(charges)


def separable_costs_remaining_benefits(costs: Costs) -> Charges:
    """Each member pays what it adds to the cost of all others, and shares the rest by what it would still save.

    Its remaining benefit is what it would pay alone less what it adds; one that would pay less alone than it adds has none.
    Source: the United States' Inter-Agency Committee on Water Resources, the "Green Book", 1950. Raises UsageError for an
    incomplete game, and where something is left to share but nobody has a benefit to share it by.
    """
    game = Game.of(costs)
    benefit = np.maximum(game.alone - game.last, 0.0)
    rest, limit = game.total - math.fsum(game.last), SMALL * game.size
    if benefit.sum() <= limit:
        if abs(rest) > limit:
            raise UsageError(
                f"{rest:,.6g} is left beyond what members add to the cost, and nobody has a benefit left to share it by: "
                "separable costs-remaining benefits has no answer; use the Shapley value or the nucleolus"
            )
        return game.named(game.last + rest / len(game.members))
    dear = [m for m, alone, last in zip(game.members, game.alone, game.last, strict=True) if alone < last - limit]
    said = f"{named(dear)} would pay less alone than it adds to the cost of all others." if dear else ""
    return game.named(game.last + benefit / benefit.sum() * rest, said)


def tau(costs: Costs) -> Charges:
    """The point on the line between the least and the most each member could be asked for, that pays the cost.

    The least is what it adds to the cost of all others; the most, what it is left with in its best group when it pays the
    others' least. Source: Tijs, *Bounds for the core and the tau-value*, 1981. Raises UsageError for an incomplete game, and
    where the game has no tau value: the least is more than the most, or the cost does not lie between their totals.
    """
    game = Game.of(costs)
    least, most, limit = game.last, _most(game), SMALL * game.size
    room, rest = most - least, game.total - math.fsum(least)
    if (room < -limit).any() or not -limit <= rest <= math.fsum(room) + limit:
        raise UsageError(
            "this game has no tau value (it is not quasi-balanced): what members could at least be asked for is more than what they "
            "could at most be asked for, or the two do not enclose the cost; its core is empty. Use the Shapley value or the nucleolus"
        )
    part = rest / math.fsum(room) if math.fsum(room) > limit else 0.0
    return game.named(least + part * room)


def _most(game: Game) -> Array:
    """What is left of the cost of each member's best group when all others in it pay their least."""
    left = game.costs - game.belongs @ game.last
    return np.array([(left[game.belongs[:, i] > 0]).min() + game.last[i] for i in range(len(game.members))])


def proportional(costs: Costs, weights: Mapping[str, float] | None = None) -> Charges:
    """The cost in proportion to ``weights`` (a burden key, in any unit), or to what each member would pay alone.

    Raises UsageError for an incomplete game, and for weights that are negative, not for these members, or all nothing.
    """
    game = Game.of(costs)
    return shared_by(game.members, game.total, weights or dict(zip(game.members, game.alone.tolist(), strict=True)))


def shared_by(members: tuple[str, ...], total: float, weights: Mapping[str, float]) -> Charges:
    """A total in proportion to weights. Raises UsageError where they are no key for these members."""
    if set(weights) != set(members):
        raise UsageError(f"the key is for {named(weights)}, the cost is shared by {named(members)}")
    sum_of = math.fsum(weights.values())
    if not all(math.isfinite(w) and w >= 0 for w in weights.values()) or sum_of <= 0:
        raise UsageError("a key to share by has weights of zero or more, at least one of them above zero")
    return Charges({member: total * weights[member] / sum_of for member in members})
