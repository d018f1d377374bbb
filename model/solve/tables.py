"""The plan as tidy tables: one row a fact, its dimensions, a value and the unit in the row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.core import domains
from model.language.faults import UsageError
from model.language.shown import Shown
from model.layers import gathered
from model.solve.places import column, place_dimensions

if TYPE_CHECKING:
    import pandas as pd

    from model.solve.plan import Plan


@dataclass(frozen=True)
class Table(Shown):
    """Named columns and records: what a table is before anybody asks for a pandas frame, which takes longer to load."""

    columns: tuple[str, ...]
    records: list[tuple[Any, ...]]

    def in_words(self) -> tuple[str, ...]:
        """How many rows, and the columns."""
        return (f"{len(self.records):,} rows of {', '.join(self.columns)}",)

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Table:
        """The records of a pandas frame; what is missing is None."""
        columns = [
            [
                None if missing else value
                for value, missing in zip(frame[name].tolist(), frame[name].isna(), strict=True)
            ]
            for name in frame.columns
        ]
        return cls(tuple(map(str, frame.columns)), list(zip(*columns, strict=True)))

    def pick(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """The records with only the given columns, in the order asked for."""
        places = [self.columns.index(column) for column in columns]
        return (tuple(record[place] for place in places) for record in self.records)

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        place = self.columns.index(name)
        return [record[place] for record in self.records]

    def keep(self, column: str, wanted: Callable[[Any], bool]) -> Table:
        """Only the records whose value in a column is wanted."""
        place = self.columns.index(column)
        return Table(self.columns, [record for record in self.records if wanted(record[place])])

    def by(self, column: str) -> dict[Any, dict[str, Any]]:
        """Records by the value in one column, which must be different in each."""
        place = self.columns.index(column)
        return {record[place]: dict(zip(self.columns, record, strict=True)) for record in self.records}

    def frame(self) -> pd.DataFrame:
        """The same as a pandas frame."""
        import pandas as pd

        return pd.DataFrame.from_records(self.records, columns=list(self.columns))


Maker = Callable[["Plan"], Table]

TABLES: dict[str, Maker] = {}
"""Every table that any plan has, by name, in the order they are exported."""


@dataclass(frozen=True)
class Spent:
    """A kind of spending as tables call it, and the quantities that make it up. ``back``: money that comes back, below zero in tables.

    Together all kinds are all that is spent. A layer lists its own as ``SPENT_ON``; ``used`` says whether a plan has any of it.
    """

    name: str
    quantities: tuple[str, ...]
    used: Callable[[Plan], bool] = lambda plan: True
    back: bool = False


SPENT_ON = (
    Spent("acquisition", ("acquisition",)),
    Spent("upgrades", ("upgrading",)),
    Spent("sustainment", ("sustainment",)),
    Spent("exercises", ("exercises",)),
)
"""What members' money goes into, whatever layers there are."""


def _table(make: Maker) -> Maker:
    TABLES[make.__name__] = make
    return make


def table(plan: Plan, name: str) -> Table:
    """One table of a plan. Raises UsageError for an unknown name, SolverError where there is no plan."""
    known = TABLES | _of_layers()
    if name not in known:
        raise UsageError(f"there is no table called {name!r}; there are {', '.join(known)}")
    return known[name](plan)


def names_of(plan: Plan) -> list[str]:
    """The tables a plan has: those any has, and those of the layers its workbook uses."""
    return [*TABLES, *(name for name in _of_layers() if plan.records(name).records)]


def maker(name: str) -> Maker:
    """What makes a table; its docstring says what is in it."""
    return (TABLES | _of_layers())[name]


def kinds_of_spending(plan: Plan) -> list[Spent]:
    """The kinds of spending of a plan, in the order tables have them: what comes back, last."""
    kinds = (*SPENT_ON, *gathered("tables", "SPENT_ON"))
    return sorted((kind for kind in kinds if kind.used(plan)), key=lambda kind: kind.back)


def spent_on(plan: Plan) -> tuple[str, ...]:
    """Their names."""
    return tuple(kind.name for kind in kinds_of_spending(plan))


def _of_layers() -> dict[str, Maker]:
    return {make.__name__: make for make in gathered("tables", "TABLES")}


def _table_of(records: Iterable[tuple[Any, ...]], *columns: str) -> Table:
    return Table(columns, list(records))


def unit_of(plan: Plan, capability: str, effective: bool = False) -> str:
    """What a capability is counted in."""
    unit = str(plan.scenario.unit.get(capability) or "unit")
    return f"effective {unit}" if effective else unit


def money_of(plan: Plan) -> str:
    """What money is counted in."""
    return str(plan.scenario.settings["currency"]) or "money"


@_table
def contributions(plan: Plan) -> Table:
    """Effective units each member contributes to each task."""
    values, situation = plan.values["contributed"], plan.data.situation_of
    records = ((m, situation[k], k, c, t, v, unit_of(plan, c, True)) for (m, k, c, t), v in values.items())
    return _table_of(records, "member", "situation", "task", "capability", "year", "value", "unit")


@_table
def holdings(plan: Plan) -> Table:
    """Units each member holds, by the interoperability level they are at."""
    names, held = plan.scenario.sets["level"], plan.values["held"]

    def records() -> Iterable[tuple[Any, ...]]:
        for m, c, t in plan.data.keys(domains.fields_in_time):
            levels = plan.data.levels_of[m]
            for level, above in zip(levels, [*levels[1:], None], strict=True):
                better = held[m, c, above, t] if above is not None else 0.0
                name = names[max(level, plan.data.floor[m])]
                yield m, c, name, t, max(0.0, held[m, c, level, t] - better), unit_of(plan, c)

    return _table_of(records(), "member", "capability", "level", "year", "value", "unit")


@_table
def stocks(plan: Plan) -> Table:
    """Units each member holds, at any level."""
    held = plan.values["held"]
    records = ((m, c, t, held[m, c, 0, t], unit_of(plan, c)) for m, c, t in plan.data.keys(domains.fields_in_time))
    return _table_of(records, "member", "capability", "year", "value", "unit")


@_table
def orders(plan: Plan) -> Table:
    """Units each member orders, by itself and through joint programmes, when they arrive and what they cost."""
    d, money = plan.data, money_of(plan)
    records = (
        (m, c, t, d.arrival(c, t), units, unit_of(plan, c), cost, money)
        for (m, c, t), (units, cost) in all_orders(plan).items()
    )
    return _table_of(records, "member", "capability", "year", "delivered", "value", "unit", "cost", "cost_unit")


def all_orders(plan: Plan) -> dict[tuple[str, str, int], tuple[float, float]]:
    """Units a member orders of a capability in a period, by itself and through programmes, and what they cost it."""
    d = plan.data
    found = {key: (units, units * d.acquisition_cost[key[:2]]) for key, units in plan.values["ordered"].items()}
    for (g, m, t), units in plan.values["jointly_ordered"].items():
        key = m, d.programme_capability[g], t
        before = found.get(key, (0.0, 0.0))
        found[key] = before[0] + units, before[1] + units * d.joint_price[g, m]
    return found


@_table
def upgrades(plan: Plan) -> Table:
    """Units each member lifts to a higher interoperability level, and what that costs."""
    d, names, money = plan.data, plan.scenario.sets["level"], money_of(plan)
    records = (
        (m, c, names[level], t, v, unit_of(plan, c), v * d.lifting_cost[m, c, level], money)
        for (m, c, level, t), v in plan.values["lifted"].items()
    )
    return _table_of(records, "member", "capability", "level", "year", "value", "unit", "cost", "cost_unit")


@_table
def requirements(plan: Plan) -> Table:
    """What each task requires, what is provided, what is missing, and the part covered."""
    d, short, provided = plan.data, plan.quantity("shortfall"), plan.quantity("provided")
    records = (
        (
            d.situation_of[k],
            k,
            c,
            t,
            r,
            provided[k, c, t],
            short[k, c, t],
            1.0 - short[k, c, t] / r,
            unit_of(plan, c, True),
        )
        for (k, c, t), r in d.required.items()
    )
    return _table_of(
        records, "situation", "task", "capability", "year", "required", "provided", "shortfall", "coverage", "unit"
    )


@_table
def spending(plan: Plan) -> Table:
    """What each member spends in each period, on what, and what it offered."""
    kinds, money = kinds_of_spending(plan), money_of(plan)
    made_of = [[plan.quantity(name) for name in kind.quantities] for kind in kinds]
    signs = [-1.0 if kind.back else 1.0 for kind in kinds]

    def parts(key: Any) -> Iterator[float]:
        return (sign * sum(figure[key] for figure in figures) for sign, figures in zip(signs, made_of, strict=True))

    records = (
        (*key, plan.data.budget[key], spent, *parts(key), money) for key, spent in plan.quantity("spend").items()
    )
    return _table_of(records, "member", "year", "budget", "spent", *spent_on(plan), "unit")


@_table
def burdens(plan: Plan) -> Table:
    """What each member bears over the horizon, discounted, against its fair share under the key."""
    d, burden = plan.data, plan.quantity("discounted_spend")
    total = sum(burden.values())
    offered = {m: sum(d.discount[t] * d.budget[m, t] for t in d.sets["period"]) for m in d.sets["member"]}
    records = (
        (m, b, b / total if total else 0.0, d.fair_share[m], d.fair_share[m] * total, offered[m], money_of(plan))
        for m, b in burden.items()
    )
    return _table_of(records, "member", "burden", "share", "fair_share", "fair_burden", "offered", "unit")


@_table
def risks(plan: Plan) -> Table:
    """Risk of each task and its situation (0: all that is required is there; 1: nothing is), and its part in the whole."""
    d, loss = plan.data, plan.quantity("graded_shortfall")
    situation = {p: sum(d.situation_part[k] * loss[k] for k in d.tasks_of[p]) for p in d.sets["situation"]}
    records = (
        (
            d.situation_of[k],
            k,
            loss[k] / d.span[k] if d.span[k] else 0.0,
            situation[d.situation_of[k]],
            d.task_part[k] * loss[k],
            "fraction of 1",
        )
        for k in d.sets["task"]
    )
    return _table_of(records, "situation", "task", "value", "situation_risk", "part_of_risk", "unit")


@_table
def perceptions(plan: Plan) -> Table:
    """Risk as each member perceives it, by its own priorities."""
    d, loss = plan.data, plan.quantity("graded_shortfall")
    records = ((m, sum(d.own_part[m, k] * loss[k] for k in d.sets["task"]), "fraction of 1") for m in d.sets["member"])
    return _table_of(records, "member", "value", "unit")


@_table
def prices(plan: Plan) -> Table:
    """What one unit more room in each policy would gain, for every stage; only where it would gain anything."""
    records, dimensions = [], place_dimensions(plan.lp)
    for stage in plan.stages:
        for name in [*plan.lp.rows, *plan.lp.bounds]:
            part = plan.parts[name]
            if not part.may_bend:
                continue
            for key, value in plan.gains(name, stage.measure).items():
                if value > 1e-12:
                    at = dict(zip(part.index, key, strict=True))
                    where = [at.get(dim) for dim in dimensions]
                    records.append(
                        (stage.measure, name, *where, value, f"{stage.measure} per {plan.unit_said(part.unit)}")
                    )
    return _table_of(records, "measure", "rule", *map(column, dimensions), "value", "unit")
