"""A cooperative cost game: what every group of members would pay by itself, checked once, as arrays the solutions work on.

Groups are numbered by bits: member i of ``members`` belongs to group g where bit i of g is set; the last group is everybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from model.language.cached import cached_property
from model.language.faults import UsageError

Costs = Mapping[frozenset[str], float]
Array = np.ndarray

MOST_MEMBERS = 16
"""With more members the groups are too many to list (2 to that power); sampling and row generation take over."""

MOST_SPLIT = 10
"""Members up to which every split of every group is looked at (3 to that power)."""

SMALL = 1e-7
"""A difference that is none, as a part of the largest cost."""


class Charges(dict[str, float]):
    """What each member is charged, in the unit of the costs; they add up to what everybody together costs.

    ``statement`` says what a reader must know about the answer (an empty core, say); empty where there is nothing to say.
    ``excess`` is the most that any group is charged beyond its own cost; None where it was not worked out.
    """

    def __init__(self, charges: Mapping[str, float], statement: str = "", excess: float | None = None) -> None:
        super().__init__(charges)
        self.statement, self.excess = statement, excess


@dataclass(frozen=True, eq=False)
class Game:
    """``costs[g]`` is what group number g pays by itself; ``costs[0]``, nobody's, is 0."""

    members: tuple[str, ...]
    costs: Array

    @classmethod
    def of(cls, costs: Costs) -> Game:
        """The game of costs given for every non-empty group, in any order.

        Raises UsageError where a group is missing, a cost is no finite number, or there are more than 16 members.
        """
        members = _members_of(costs)
        at = {member: 1 << i for i, member in enumerate(members)}
        found = np.full(1 << len(members), np.nan)
        found[0] = 0.0
        for group, cost in costs.items():
            if group and not math.isfinite(cost):
                raise UsageError(f"the cost of {named(group)} is {cost}; every group needs a finite cost")
            if group:
                found[sum(at[member] for member in group)] = float(cost)
        if np.isnan(found).any():
            missing = frozenset(_names(members, int(np.flatnonzero(np.isnan(found))[0])))
            raise UsageError(
                f"no cost is given for {named(missing)}; a game of {len(members)} members needs the cost of each of its "
                f"{len(found) - 1} non-empty groups"
            )
        return cls(members, found)

    @property
    def everybody(self) -> int:
        """The number of the group of all."""
        return len(self.costs) - 1

    @property
    def total(self) -> float:
        """What everybody together costs."""
        return float(self.costs[-1])

    @cached_property
    def size(self) -> float:
        """The largest cost, by amount; 1 where all are nothing."""
        return float(np.abs(self.costs).max()) or 1.0

    @cached_property
    def belongs(self) -> Array:
        """A row a group, a column a member: 1 where the member belongs to the group."""
        numbers = np.arange(len(self.costs))[:, None]
        return ((numbers >> np.arange(len(self.members))) & 1).astype(float)

    @cached_property
    def alone(self) -> Array:
        """What each member pays by itself."""
        return self.costs[1 << np.arange(len(self.members))]

    @cached_property
    def last(self) -> Array:
        """What each member adds to the cost of all others: its separable cost."""
        return self.total - self.costs[self.everybody - (1 << np.arange(len(self.members)))]

    def group(self, number: int) -> frozenset[str]:
        """The members of a group."""
        return frozenset(_names(self.members, number))

    def named(self, charges: Array, statement: str = "", excess: float | None = None) -> Charges:
        """Charges by name; that the game is not subadditive is said with them."""
        said = " ".join(text for text in (statement, self.remark) if text)
        return Charges(dict(zip(self.members, (float(c) for c in charges), strict=True)), said, excess)

    @cached_property
    def remark(self) -> str:
        """That some groups pay less apart than together; empty where none do, or with too many members to look at all splits."""
        apart = self.split_that_pays() if len(self.members) <= MOST_SPLIT else None
        if apart is None:
            return ""
        one, other = sorted(map(named, apart))
        return (
            f"The game is not subadditive: {one} on the one hand and {other} on the other pay less apart than together."
        )

    def charges(self, allocation: Mapping[str, float]) -> Array:
        """An allocation in the order of the members. Raises UsageError where it is not one of exactly these members."""
        if set(allocation) != set(self.members):
            raise UsageError(f"the allocation is for {named(allocation)}, the costs are of {named(self.members)}")
        found = np.array([allocation[member] for member in self.members], dtype=float)
        if not np.isfinite(found).all():
            raise UsageError("every charge of an allocation has to be a finite number")
        return found

    def excesses(self, charges: Array) -> Array:
        """What each group is charged beyond its own cost; negative where it gains by staying."""
        found: Array = self.belongs @ charges - self.costs
        return found

    def split_that_pays(self) -> tuple[frozenset[str], frozenset[str]] | None:
        """Two groups that would pay less apart than together; None where there are none (the game is subadditive)."""
        worst, found = SMALL * self.size, None
        for number in range(1, len(self.costs)):
            part = (number - 1) & number
            while part > number - part:  # each split once: the part with the higher number
                saved = self.costs[number] - self.costs[part] - self.costs[number - part]
                if saved > worst:
                    worst, found = saved, (part, number - part)
                part = (part - 1) & number
        return None if found is None else (self.group(found[0]), self.group(found[1]))


def _members_of(costs: Costs) -> tuple[str, ...]:
    """Every member of any group, sorted. Raises UsageError for none, and for too many."""
    for group in costs:
        if not isinstance(group, frozenset):
            raise UsageError(f"a group is a frozenset of members, not {group!r}")
    members = tuple(sorted({member for group in costs for member in group}))
    if not members:
        raise UsageError("a game needs at least one member; give the cost of every non-empty group")
    if len(members) > MOST_MEMBERS:
        raise UsageError(
            f"with {len(members)} members the groups are too many to list (at most {MOST_MEMBERS} members); "
            "use sampled_shapley and the core check by row generation"
        )
    return members


def _names(members: tuple[str, ...], number: int) -> list[str]:
    return [member for i, member in enumerate(members) if number >> i & 1]


def named(group: Iterable[str]) -> str:
    """A group as it is printed: its members by name."""
    return ", ".join(sorted(group)) or "nobody"
