"""What a solve gives back: a plan with its proof, or the reason why there is none, with the same face."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.core.decisions import Decisions
from model.core.parameters import Data
from model.formulation.build import keys_of
from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.language.registry import Part, parts, typed_into
from model.language.shown import Shown, room
from model.scenario.scenario import Scenario
from model.solve.answers import Answer
from model.solve.dissent import Dissent
from model.solve.lp import LP, Array, Key
from model.solve.own_rules import unread
from model.solve.stages import Stage
from model.solve.tables import Table, table
from model.wording.amounts import currency_of, is_money, money, named
from model.wording.words import percent

_NOISE = 1e-8
"""A measure below this, as the solver sees it (up to about a thousand), is nothing."""

if TYPE_CHECKING:
    import pandas as pd

    from model.certificate import Certificate, Refutation
    from model.solve.diagnose import Diagnosis


@dataclass(frozen=True)
class Verdict:
    """Why a programme is opened or not: every measure with it opened and with it closed, all others as decided; None where no plan
    satisfies the policies then. Money is discounted: ``development`` is what all participants pay together, ``savings`` what the
    discount saves on the ``units`` ordered through it. ``burdens`` and ``risks`` are what opening changes for each member. Not
    ``settled``: the time limit came first, and None says nothing about that decision."""

    programme: str
    opened: bool
    free: bool
    when_open: Mapping[str, float] | None
    when_closed: Mapping[str, float] | None
    units: float
    development: float
    savings: float
    burdens: Mapping[str, float]
    risks: Mapping[str, float]
    settled: bool = True


@dataclass(frozen=True, eq=False)
class Chosen:
    """Which programmes a plan opens. ``free``: those the model decided. ``relaxed`` and ``relaxed_opened``: the measures, and how far
    each programme is opened, if programmes could be opened in part. ``bounds``: by objective, what no choice of programmes can beat
    while the objectives before it hold. ``aims``: the objectives, or the weighting, of the solve."""

    opened: Mapping[str, bool]
    free: tuple[str, ...] = ()
    relaxed: Mapping[str, float] = field(default_factory=dict)
    relaxed_opened: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, float] = field(default_factory=dict)
    aims: tuple[tuple[str, ...], Mapping[str, float] | None] = ((), None)


@dataclass(frozen=True, eq=False)
class Alternatives:
    """What a plan is compared with in tables, each found by a solve of its own: every joint programme decided the other way, and under
    consensus the risk each member would face alone and in the status quo (nothing where that could not be settled)."""

    verdicts: tuple[Verdict, ...] = ()
    alone: Mapping[str, float] = field(default_factory=dict)
    status_quo: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Plan(Shown):
    """The result of a solve. ``status`` is "optimal" only when every stage passed its certificate.

    ``x`` are the columns of ``lp`` (natural units), ``stages`` the objectives in order with their duals, ``certificates``
    one for each stage. Without a plan ``x`` is None, ``measures`` empty and ``message`` says why; ``diagnosis`` names the
    policies in conflict where no plan satisfies them, and ``refutation`` is the proof of that. Under consensus ``accepted`` is the
    risk each member compares with, and ``dissent`` says who is outvoted. ``programmes`` says which joint programmes are opened and
    why, where the workbook has any; ``alternatives`` what the plan is compared with, once that was asked for
    (:meth:`model.solve.problem.Problem.with_alternatives`): tables solve nothing, and leave blank what was not. ``last`` is the
    solver's answer the plan came from: what is solved near it starts from there.
    """

    scenario: Scenario
    data: Data
    lp: LP
    status: str
    x: Array | None = None
    stages: tuple[Stage, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    message: str = ""
    diagnosis: Diagnosis | None = None
    refutation: Refutation | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    iterations: int = 0
    settings: str = "as is"
    ties_broken: bool = False
    accepted: Mapping[str, float] = field(default_factory=dict)
    dissent: Dissent = field(default_factory=Dissent)
    programmes: Chosen | None = None
    alternatives: Alternatives | None = None
    last: Answer | None = field(default=None, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """For another process: without the solver's last answer, whose basis only this process can read, and without what was worked
        out of the plan, which is worked out again when it is asked for."""
        return {**{each.name: self.__dict__[each.name] for each in fields(self)}, "last": None}

    def in_words(self) -> list[str]:
        """Whether it is proved, its measures and its size; without a plan, why there is none."""
        name = self.scenario.name
        if not self.found:
            return [f"none for scenario {name} ({self.status})", *([self.message] if self.message else [])]
        currency, first = currency_of(self.scenario), [stage.measure for stage in self.stages]
        said = [
            f"{named(measure)} {money(value, currency) if is_money(measure) else percent(value)}"
            for measure, value in sorted(self.measures.items(), key=lambda pair: pair[0] not in first)
        ]
        size = f"{self.size['rows']:,} rows and {self.size['columns']:,} columns"
        return [f"of scenario {name}, certified, from {size}", ", ".join(said)]

    def _repr_html_(self) -> str:
        return str(room(__name__, "report.shown").plan_as_html(self))

    def to_excel(self, path: str | Path) -> Path:
        """Write the solution workbook, as the command line does; gives its path.

        Raises UsageError where there is no plan, OutputError where the file cannot be written; what stood there stays.
        """
        written: Path = room(__name__, "report.shown").plan_to_excel(self, path)
        return written

    def plot(self, number: int = 0) -> Any:
        """A chart of the solution workbook as an altair chart: 0 coverage of each task, and so on; another number lists them.

        Raises UsageError where there is no plan or no such chart, ImportError where altair is not installed.
        """
        return room(__name__, "report.shown").plan_drawn(self, number)

    def beside(self, alternatives: Alternatives) -> Plan:
        """The same plan, compared with these; what was worked out of it already need not be worked out again."""
        other = replace(self, alternatives=alternatives)
        known = ("measures", "values", "_quantities")
        other.__dict__.update({name: self.__dict__[name] for name in known if name in self.__dict__})
        return other

    @property
    def found(self) -> bool:
        """Whether there is a certified plan."""
        return self.status == "optimal"

    @property
    def parts(self) -> Mapping[str, Part]:
        """The formulation it was made with, rules from outside among it, by name."""
        return self.data.parts

    @property
    def uncertified_rules(self) -> tuple[str, ...]:
        """Rules from outside that the certificate takes as they were stated, since they have no second reading."""
        return unread(self.scenario.rules, self.lp.off)

    @property
    def size(self) -> dict[str, int]:
        """Rows, columns and non-zeros of the whole LP."""
        rows, columns = self.lp.A.shape
        return {"rows": rows, "columns": columns, "nonzeros": int(self.lp.A.nnz)}

    @cached_property
    def measures(self) -> dict[str, float]:
        """Every measure's final value in its natural unit; empty where there is no plan. A measure that
        has nothing to go by in the scenario is left out; what the solver leaves over of nothing is nothing."""
        if self.x is None or not self.found:
            return {}
        values = np.where(np.abs(found := self.lp.K @ self.x) * self.lp.scale > _NOISE, found, 0.0)
        named = zip(self.lp.measures, values.tolist(), strict=True)
        return {name: value for name, value in named if not self.scenario.lacks(name)}

    @cached_property
    def values(self) -> dict[str, dict[Any, float]]:
        """Every variable's values by key (plain where the index has one dimension)."""
        if self.x is None:
            raise SolverError(self.message or "there is no plan")
        found = {}
        for block in self.lp.columns.values():
            keys = block.keys if len(block.index) > 1 else [key[0] for key in block.keys] if block.index else [()]
            found[block.name] = dict(zip(keys, self.x[block.places].tolist(), strict=True))
        return found

    def quantity(self, name: str) -> dict[Any, float]:
        """A registered quantity's values by key, from its one definition.

        Raises UsageError for an unknown name, SolverError where there is no plan.
        """
        if name not in (known := [part.name for part in parts("quantity", among=self.parts)]):
            raise UsageError(f"there is no quantity called {name!r}; there are {sorted(known)}")
        return self._quantities[name]

    @cached_property
    def _quantities(self) -> dict[str, dict[Any, float]]:
        m = Decisions(math.fsum)
        for block in self.lp.columns.values():
            m.put(block.name, self.values[block.name] if block.index else self.values[block.name][()])
        named = parts("quantity", among=self.parts)
        for part in named:
            m.later(part.name, partial(self._quantity, m, part))
        return {part.name: getattr(m, part.name) for part in named}

    def _quantity(self, m: Decisions, part: Part) -> dict[Any, float]:
        keys, single = keys_of(part, self.data), len(part.index) == 1
        return {key[0] if single else key: float(part.rule(m, self.data, *key)) for key in keys}

    def table(self, name: str) -> pd.DataFrame:
        """A tidy table of the plan: its dimensions, ``year``, ``value`` and ``unit``; see :mod:`model.solve.tables`."""
        return self.records(name).frame()

    def records(self, name: str) -> Table:
        """The same table as plain records, made once."""
        if name not in self._tables:
            self._tables[name] = table(self, name)
        return self._tables[name]

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {}

    def stage(self, measure: str | None = None) -> Stage:
        """The stage of a measure; by default the first."""
        if not self.stages:
            raise SolverError(self.message or "there is no plan")
        if measure is None:
            return self.stages[0]
        for stage in self.stages:
            if stage.measure == measure:
                return stage
        raise UsageError(f"no stage minimised {measure!r}; there are {[stage.measure for stage in self.stages]}")

    def gains(self, rule: str, measure: str | None = None) -> dict[Key, float]:
        """By how much one unit more room in a rule would lower the stage's measure: the one sign convention of all prices.

        Never negative for a policy that is an inequality; per unit of the rule's right-hand side, in the measure's unit. What the
        plan itself chose about joint programmes is nobody's policy and has none (their verdicts say what the other choice does).
        """
        found = self._all_gains(rule, measure)
        if self.programmes and rule in typed_into("Programmes.decision"):
            return {key: 0.0 if key[0] in self.programmes.free else gain for key, gain in found.items()}
        return found

    def _all_gains(self, rule: str, measure: str | None) -> dict[Key, float]:
        stage, lp = self.stage(measure), self.lp
        if rule in lp.rows:
            block = lp.rows[rule]
            places = block.places
            one_sided = np.where(
                np.isfinite(lp.row_lower[places]), stage.multipliers[places], -stage.multipliers[places]
            )
            return dict(zip(block.keys, (one_sided + 0.0).tolist(), strict=True))
        if rule in lp.bounds:
            return self._bound_gains(rule, stage)
        raise UsageError(f"there is no rule called {rule!r}; there are {[*lp.rows, *lp.bounds]}")

    def _bound_gains(self, rule: str, stage: Stage) -> dict[Key, float]:
        block, limit = self.lp.bound_blocks[rule], self.lp.bounds[rule]
        columns = np.array([self.lp.columns[block.name].at[key] for key in block.keys], dtype=np.int64)
        binding = (
            limit[columns] <= self.lp.upper_bounds()[columns]
            if rule not in self.lp.off
            else np.zeros(len(columns), dtype=bool)
        )
        gains = np.where(binding, np.maximum(-stage.reduced[columns], 0.0), 0.0)
        return dict(zip(block.keys, gains.tolist(), strict=True))

    def prices(self, rule: str, measure: str | None = None) -> pd.DataFrame:
        """The gains of a rule as a tidy table: its dimensions, ``value``, ``unit``.

        ``value`` is the fall in the stage's measure for one unit more room in the rule.
        """
        import pandas as pd

        gains, part = self.gains(rule, measure), self.parts[rule]
        columns = list(zip(*gains, strict=True)) if gains else [()] * len(part.index)
        frame = pd.DataFrame(
            {
                ("year" if dim == "period" else dim): list(column)
                for dim, column in zip(part.index, columns, strict=True)
            }
        )
        unit = f"{self.stage(measure).measure} per {self.unit_said(part.unit)}"
        return frame.assign(value=list(gains.values()), unit=unit)

    def unit_said(self, unit: str) -> str:
        """A unit of the formulation as users read it: money in the scenario's currency."""
        return unit.replace("money", str(self.scenario.settings["currency"]) or "money")
