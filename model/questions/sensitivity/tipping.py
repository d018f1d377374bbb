"""What would have to change for one member's apportionment to change: the nearest turning points, from real re-solves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from model.language.faults import UsageError
from model.questions.answer import QuestionResult
from model.questions.sensitivity.tornado import pulled
from model.questions.time_limit import finished, said_of
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording.figures import apart

Tell = Callable[[str, float, int], None]

STEPS = (0.01, 0.05, 0.2, 0.5)
"""Parts by which a lever is pulled, one after the other, until the apportionment changes."""

CHANGED = 0.05
"""Units by which a stock must move in some year to count as another apportionment."""

_HALVINGS = 4


@dataclass(frozen=True, eq=False)
class Tipping(QuestionResult):
    """``table``: a row a lever and direction: the largest pull that was tried and changed nothing, the smallest that changed the
    apportionment, and how it changed (``year``, ``was``, ``becomes``). Empty where no pull tried changed it. ``stopped`` says what
    the time limit left undone."""

    table: pd.DataFrame
    says: tuple[str, ...]
    solves: int
    stopped: str = ""

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Turning points"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"turning points": self.table}


def tipping(
    problem: Problem,
    plan: Plan,
    member: str,
    capability: str,
    levers: Sequence[str] | None = None,
    steps: Sequence[float] = STEPS,
    tell: Tell | None = None,
    watch: Watch | None = None,
) -> Tipping:
    """The smallest change of each lever, down and up, after which ``member`` is asked to hold other amounts of ``capability``.

    By default its own price of the capability, its budget, and what is required of the capability. Each lever is pulled further
    and further until something changes, then the turning point is closed in on by halves. A larger pull may change it back; that
    is not looked for. ``watch`` limits the time: turning points found by then are kept. Raises UsageError for a member or
    capability there is not.
    """
    _check(plan, member, capability)
    names = levers or (f"cost_factor[{member}, {capability}]", f"budget[{member}]", f"requirement[*, {capability}]")
    watch = watch or Watch()
    search = _Search(problem, _stocks(plan, member, capability), member, capability, tell, watch)
    ways = [(name, sign) for name in names for sign in (-1.0, 1.0)]
    records = finished(watch, ways, lambda way: search.turn(*way, tuple(steps)))
    columns = ["member", "capability", "lever", "same_at", "changed_at", "year", "was", "becomes", "unit", "remark"]
    table = pd.DataFrame.from_records(records, columns=columns)
    stopped = said_of(len(records), len(ways), "searches for a turning point")
    says = (*_said(table, member, capability), *([stopped] if stopped else []))
    return Tipping(table, says, search.solves, stopped)


def _check(plan: Plan, member: str, capability: str) -> None:
    for what, name in (("member", member), ("capability", capability)):
        if name not in plan.scenario.sets[what]:
            raise UsageError(f"there is no {what} called {name!r}; there are {', '.join(plan.scenario.sets[what])}")
    if not _stocks(plan, member, capability):
        raise UsageError(f"{member} neither holds {capability} nor may order any, so nothing can change that")


def _stocks(plan: Plan, member: str, capability: str) -> dict[int, float]:
    return {t: v for (m, c, level, t), v in plan.values["held"].items() if (m, c, level) == (member, capability, 0)}


class _Search:
    """Re-solves of one problem, against the stocks of its plan."""

    def __init__(
        self,
        problem: Problem,
        stocks: dict[int, float],
        member: str,
        capability: str,
        tell: Tell | None,
        watch: Watch,
    ) -> None:
        self.problem, self.stocks, self.tell, self.solves = problem, stocks, tell, 0
        self.member, self.capability, self.watch = member, capability, watch
        self.unit = str(problem.scenario.unit.get(capability) or "unit")

    def turn(self, lever: str, sign: float, steps: tuple[float, ...]) -> tuple[object, ...]:
        """One lever one way: where the apportionment is still the same, where it has changed, and how."""
        same, found, why = 0.0, None, ""
        for step in steps:
            found, why = self.change(lever, sign * step)
            if found is not None or why:
                break
            same = step
        if found is None:
            return self.member, self.capability, lever, sign * same, None, None, None, None, self.unit, why
        changed = step
        for _ in range(_HALVINGS):
            middle = (same + changed) / 2
            nearer, _ = self.change(lever, sign * middle)
            same, changed, found = (same, middle, nearer) if nearer else (middle, changed, found)
        return self.member, self.capability, lever, sign * same, sign * changed, *found, self.unit, ""

    def change(self, lever: str, part: float) -> tuple[tuple[int, float, float] | None, str]:
        """The year in which the stock moves most, what it was and what it becomes; None where it stays, and why if it cannot be told."""
        if self.tell is not None:
            self.tell(f"pulling {lever} by {part:+.2%}", 0.0, self.solves)
        after, why = pulled(self.problem, lever, part, self.watch)
        self.solves += after is not None
        if after is None and not why:
            return None, ""
        if after is None or not after.found:
            if not why and after is not None and after.status != "infeasible":
                why = after.message
            return None, why or "no plan keeps every policy then"
        now = _stocks(after, self.member, self.capability)
        year = max(self.stocks, key=lambda t: abs(now.get(t, 0.0) - self.stocks[t]))
        moved = abs(now.get(year, 0.0) - self.stocks[year]) > CHANGED
        return ((year, self.stocks[year], now.get(year, 0.0)) if moved else None), ""


def _said(table: pd.DataFrame, member: str, capability: str) -> list[str]:
    lines = [f"What would have to change for {member} to be asked for another amount of {capability}:"]
    for row in table.itertuples():
        if row.remark:
            lines.append(f"{row.lever}: {row.remark}.")
        elif row.changed_at is None or row.changed_at != row.changed_at:
            lines.append(f"{row.lever}: nothing changes up to {row.same_at:+.0%}.")
        else:
            was, becomes = apart(row.was, row.becomes, scale=1.0, places=2)
            same, changed = apart(row.same_at, row.changed_at)
            lines.append(
                f"{row.lever}: between {same} % and {changed} % its stock in {row.year:.0f} goes from {was} to {becomes} {row.unit}."
            )
    return lines
