"""Who should be charged what of a cost that members bear together: the solutions of cooperative games, under one roof.

Each takes ``costs``: what every non-empty group of members would pay by itself, by frozenset of names, and gives what each
member is charged, a dictionary whose values add up to what everybody together pays. What a reader must know about an answer
(an empty core) stands in its ``statement``. A game of savings or worth goes in with the sign turned.
"""

from __future__ import annotations

from model.questions.cost_sharing.games.core import core_excess, least_transfer, money_moved
from model.questions.cost_sharing.games.game import Charges, Costs, Game
from model.questions.cost_sharing.games.linear import LinearGame
from model.questions.cost_sharing.games.nucleolus import least_core, nucleolus, per_capita_nucleolus
from model.questions.cost_sharing.games.sampling import Sampled, ShapleySample, sampled_shapley
from model.questions.cost_sharing.games.values import (
    proportional,
    separable_costs_remaining_benefits,
    shapley,
    shared_by,
    tau,
)

__all__ = [
    "Charges", "Costs", "Game", "LinearGame", "Sampled", "ShapleySample", "core_excess", "least_core", "least_transfer",
    "money_moved", "nucleolus", "per_capita_nucleolus", "proportional", "sampled_shapley",
    "separable_costs_remaining_benefits", "shapley", "shared_by", "tau",
]  # fmt: skip
