"""Whether a group would rather go alone, and the least money that would have to change hands so that none would."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linprog

from model.language.faults import SolverError
from model.questions.cost_sharing.games.game import Charges, Costs, Game
from model.questions.cost_sharing.games.nucleolus import least_excess


def core_excess(costs: Costs, allocation: Mapping[str, float]) -> tuple[frozenset[str], float]:
    """The group that is charged most beyond its own cost, and by how much (same unit as the costs).

    An allocation that pays the whole cost is in the core where this is zero or less; above zero, the group would gain so much
    by leaving. Everybody together does not count as a group. Of groups equally bad the smallest is given. Raises UsageError
    for an incomplete game, or an allocation for other members.
    """
    game = Game.of(costs)
    charges = game.charges(allocation)
    if len(game.members) == 1:
        return frozenset(game.members), float(charges[0] - game.total)
    excesses = game.excesses(charges)
    worst = excesses[1:-1].max()
    near = [g for g in range(1, game.everybody) if excesses[g] >= worst - 1e-12 * game.size]
    number = min(near, key=lambda g: (game.belongs[g].sum(), g))
    return game.group(number), float(excesses[number])


def least_transfer(costs: Costs, borne: Mapping[str, float]) -> Charges:
    """The charges nearest to what members bear now at which no group would gain by leaving.

    ``borne`` is what each bears today. Nearest is by the money that changes hands, half the sum of all differences. Where the core
    is empty, the charges are those of the least core nearest to what is borne, and ``statement`` says so; ``excess`` is the
    least possible largest complaint, or 0. Raises UsageError for an incomplete game or another alliance's burdens.
    """
    game = Game.of(costs)
    now, n = game.charges(borne), len(game.members)
    slack = max(0.0, least_excess(game)) if n > 1 else 0.0
    slack = slack * (1 + 1e-9) if slack > 1e-9 * game.size else 0.0
    open_groups = np.arange(1, game.everybody)
    eye, belongs = np.eye(n), game.belongs[open_groups]
    done = linprog(
        np.r_[np.zeros(n), np.full(n, 0.5)],
        A_ub=np.block([[belongs, np.zeros((len(open_groups), n))], [eye, -eye], [-eye, -eye]]),
        b_ub=np.r_[game.costs[open_groups] + slack, now, -now] / game.size,
        A_eq=np.r_[np.ones(n), np.zeros(n)][None, :],
        b_eq=[game.total / game.size],
        bounds=[(None, None)] * n + [(0, None)] * n,
        method="highs",
    )
    if done.status != 0:
        raise SolverError(f"The least transfer could not be found: {done.message}")
    said = f"The core is empty; some group still pays {slack:,.6g} more than it would by itself." if slack else ""
    return game.named(done.x[:n] * game.size, said, slack)


def money_moved(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """The money that changes hands between two ways to bear the same cost: half the sum of all differences."""
    return 0.5 * sum(abs(after[member] - before[member]) for member in after)
