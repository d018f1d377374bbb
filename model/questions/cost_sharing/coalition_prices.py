"""Who owns what a solve has priced: the Owen charges of a plan, and bounds on what any group would pay, from one solve each.

What a task lacks hurts each member by its own wish, so that everyone pays its own part of a task's price (Lindahl prices); what a
member owns (forces, money, its part of industry) earns it the rent the others pay for it. By duality the charges pay the cost; and
since any other group faces the same needs and owns no more than its members do, no group can be cheaper than its members'
charges together: the charges are in the core (Owen 1975 for what is owned, Foley 1970 for what is shared).
"""

from __future__ import annotations

import numpy as np

from model.language.faults import SolverError
from model.questions.cost_sharing.coalition_lp import (
    GAPS,
    INDUSTRY,
    GroupAnswer,
    GroupLP,
    by_member,
    column_worth,
    row_worth,
)
from model.solve.engine import Engine, Watch
from model.solve.lp import LP, Array, Block


def charges(groups: GroupLP, lp: LP, multipliers: Array, reduced: Array, group: Array) -> Array:
    """What the prices of a group's programme charge each member, money: needs at their prices less rents on what is owned.

    ``multipliers`` by row and ``reduced`` by column in money. Members outside the group are charged only the rent on their part of
    industry. Raises SolverError for a priced rule that belongs to nobody.
    """
    n = len(groups.members)
    rows, columns = row_worth(lp, multipliers), column_worth(lp, reduced)
    found = by_member(rows, groups.row_owner, n) + by_member(columns, groups.column_owner, n)
    for block in lp.rows.values():
        worth = rows[block.places]
        if block.name == INDUSTRY:
            found += groups.industry * float(multipliers[block.places] @ _whole_limits(groups, block))
        elif "task" in block.index and (block.name == GAPS or "member" not in block.index):
            found += _by_wish(groups, block, worth, group)
        elif "member" not in block.index and np.abs(worth).sum() > 0:
            raise SolverError(f"the rule {block.name} has a price and no owner, so that it cannot be charged to anyone")
    for block in lp.columns.values():
        if "task" in block.index and "member" not in block.index:
            found += _by_wish(groups, block, columns[block.places], group)
    return found


def cut(groups: GroupLP, engine: Engine, answer: GroupAnswer, group: Array, watch: Watch | None = None) -> Array | None:
    """Charges u by member, money, such that any group T costs at least the sum of u over T; for the group solved, exactly.

    None where no such charges follow from its prices.
    """
    found = charges(groups, answer.lp, answer.multipliers, answer.reduced, group)
    if group.all():
        return found
    outside = groups.producers(engine, answer, group, watch)
    return None if outside is None else found + outside


def _whole_limits(groups: GroupLP, block: Block) -> Array:
    """Industry's limits for everybody together."""
    limits = groups.lp.row_upper[block.places]
    return np.where(np.isfinite(limits), limits, 0.0)


def _by_wish(groups: GroupLP, block: Block, worth: Array, group: Array) -> Array:
    """The worth of places of tasks, shared by how much each member of the group wants each task."""
    found, at = np.zeros(len(groups.members)), block.index.index("task")
    by_task: dict[str, float] = {}
    for key, value in zip(block.keys, worth.tolist(), strict=True):
        by_task[key[at]] = by_task.get(key[at], 0.0) + value
    for task, value in by_task.items():
        wish = np.where(group, groups.wanted[task], 0.0)
        if wish.sum() > 0:
            found += value * wish / wish.sum()
    return found
