"""Why something stays short, where industry withholds it."""

from __future__ import annotations

from collections.abc import Sequence

from model.layers.industry.rules import supplier_keeps_up
from model.report.causes import gains
from model.report.sentences import NAMED, By, has, kind, most
from model.solve.lp import Key
from model.solve.plan import Plan
from model.wording import words


@kind("supplier", "Suppliers", "what suppliers can make", after="industry")
def _supplier(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    full = {f for c, f, _ in gains(plan, supplier_keeps_up.__name__) if c == keys[0][1]}
    if full:
        return f"{words.joined(sorted(full), NAMED)} can make no more of it"
    limited = {f for (c, f), limit in plan.data.supplier_limit.items() if c == keys[0][1] and limit is not None}
    return f"what {words.joined(sorted(limited), NAMED)} can make of it is limited"


@kind("return", "Returns to industry", "the floor on what comes back to industry", after="supplier")
def _return(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    return f"of what {most(by)} {has(by, 'orders', 'order')} too little would come back to {has(by, 'its', 'their')} own industry"
