"""Why a member holds what it holds of a capability in a year: the sums behind the number, and what one more unit would bring.

Every section is a sum: its lines add up to its total. The prices are those of one stage of the plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pandas as pd

from model.core import domains
from model.language.columns import MEASURES
from model.language.faults import SolverError
from model.language.registry import PARTS
from model.language.shown import Shown
from model.questions.answer import QuestionResult
from model.questions.explain.accounts import Account, Accounts, Term, without_carrying
from model.questions.matching import named, period_of
from model.solve.nearby import BUDGET
from model.solve.plan import Plan

HELD, FORCE, ONE_MORE, OTHERWISE, EFFORT = (
    "held", "force", "one more unit", "the money otherwise", "one more effective unit",
)  # fmt: skip
"""Names of sections; all but the first and third go on with what they are about."""

SAME = 1e-6
"""Amounts that differ by less than this part of their size are the same."""


@dataclass(frozen=True)
class Line:
    """One term of a sum: ``quantity`` at ``price`` makes ``value`` where there is a price."""

    item: str
    year: int | None
    value: float
    unit: str
    quantity: float | None = None
    price: float | None = None
    rule: str = ""
    binds: str = ""
    variable: str = ""


@dataclass(frozen=True)
class Section(Shown):
    """A sum: lines that add up to the total."""

    name: str
    lines: tuple[Line, ...]
    total: float
    unit: str

    @property
    def error(self) -> float:
        """By how much the lines miss the total."""
        return abs(math.fsum(line.value for line in self.lines) - self.total)


@dataclass(frozen=True, eq=False)
class Explanation(QuestionResult):
    """The number, the sums behind it, and what they say.

    ``held`` is what the member holds (units); ``order`` the period an order for that year is placed in (None: it cannot be);
    ``gain`` what one more unit would lower the stage's measure by, after everything it costs (not positive at an optimum,
    save where nothing can be ordered).
    """

    member: str
    capability: str
    year: int
    measure: str
    held: float
    unit: str
    order: int | None
    gain: float
    sections: tuple[Section, ...]
    says: tuple[str, ...] = field(default=())

    @property
    def table(self) -> pd.DataFrame:
        """One row a line: member, capability, section, item, year, quantity, price, value and its unit, the section's total."""
        rows = [
            (
                self.member, self.capability, s.name, line.item, line.rule, line.year, line.quantity, line.price, line.value,
                line.unit, line.binds, s.total,
            )
            for s in self.sections
            for line in s.lines
        ]  # fmt: skip
        columns = ["member", "capability", "section", "item", "rule", "year", "quantity", "price", "value", "unit", "binds",
                   "total"]  # fmt: skip
        return pd.DataFrame.from_records(rows, columns=columns)

    def section(self, name: str) -> Section:
        """A section by name. Raises KeyError where there is none."""
        return {section.name: section for section in self.sections}[name]


@dataclass(frozen=True, eq=False)
class Case:
    """What is asked about: a member, a capability and a period in a plan, with the prices of a stage."""

    plan: Plan
    accounts: Accounts
    member: str
    capability: str
    year: int

    @property
    def unit(self) -> str:
        return str(self.plan.scenario.unit.get(self.capability) or "unit")

    @property
    def money(self) -> str:
        return str(self.plan.scenario.settings["currency"]) or "money"

    @property
    def measure(self) -> str:
        return self.accounts.stage.measure

    @property
    def gain_unit(self) -> str:
        """The unit of what a step gains: that of the measure."""
        if self.measure not in MEASURES:
            return "units of the weighting"
        return self.money if self.measure in ("cost", "unfairness") else "fraction of 1"

    @property
    def field(self) -> tuple[str, str]:
        return self.member, self.capability

    @property
    def order(self) -> int | None:
        """The period in which what arrives in the year is ordered, where there is such a decision."""
        when = self.plan.data.ordered_for(self.capability, self.year)
        return when if when is not None and self.accounts.exists("ordered", (*self.field, when)) else None


def explain(plan: Plan, member: str, capability: str, year: int, stage: str | None = None) -> Explanation:
    """The chain of policies and prices behind what a member holds of a capability in the period of a year.

    ``stage`` names the measure whose prices are used (default: the first). Names match in any case or by a part only one
    name has. Raises UsageError for unknown names and years, SolverError where there is no plan.
    """
    from model.questions.explain.words import say

    if not plan.found:
        raise SolverError(plan.message or "there is no plan")
    who = named("member", member, plan.scenario.sets["member"])
    what = named("capability", capability, plan.scenario.sets["capability"])
    case = Case(plan, Accounts(plan, plan.stage(stage)), who, what, period_of(plan.scenario, year))
    if (who, what) not in plan.data.keys(domains.fields):
        nothing = f"{who} holds no {what} and may not acquire any (Cost factors: no), so there is nothing to decide."
        return Explanation(who, what, case.year, case.measure, 0.0, case.unit, None, 0.0, (), (nothing,))
    sum_of = bill(case, worth(case))
    sections = (holding(case), *forces(case), sum_of, *marginal_use(case), *efforts(case))
    held = case.accounts.amount("held", (who, what, 0, case.year))
    found = Explanation(who, what, case.year, case.measure, held, case.unit, case.order, sum_of.total, sections)
    return replace(found, says=tuple(say(case, found)))


def holding(case: Case) -> Section:
    """Where the number comes from: the start less wear, each delivery less wear, less what was given up."""
    d, a = case.plan.data, case.accounts
    years = [t for t in d.sets["period"] if t <= case.year]
    rho = d.survival[case.capability]
    lines, before = [], 0.0
    for i, t in enumerate(years):
        left = rho ** (len(years) - 1 - i)
        start = d.initial[case.field] if i == 0 else rho * before
        when = d.ordered_for(case.capability, t)
        arrives = a.amount("ordered", (*case.field, when)) if when is not None else 0.0
        before = a.amount("held", (*case.field, 0, t))
        given_up = start + arrives - before
        if i == 0:
            lines.append(Line("left of what it held at the start", t, left * start, case.unit, start, left))
        if arrives > SAME:
            lines.append(Line(f"left of what was ordered in {when}", t, left * arrives, case.unit, arrives, left))
        if abs(given_up) > SAME * max(1.0, start + arrives):
            lines.append(Line("given up", t, -left * given_up, case.unit, -given_up, left))
        elif given_up:  # the solver's rounding, so that the lines still add up
            lines[0] = Line(*_with_value(lines[0], lines[0].value - left * given_up))
    return Section(HELD, tuple(lines), before, case.unit)


def _with_value(line: Line, value: float) -> tuple[str, int | None, float, str, float | None, float | None]:
    return line.item, line.year, value, line.unit, line.quantity, line.price


def forces(case: Case) -> Iterator[Section]:
    """By situation (by task where forces are not used up): what can be sent, to what it goes, and what limits each."""
    d, unit = case.plan.data, f"effective {case.unit}"
    used_up = d.sharing[case.capability] == "rival"
    for situation in d.sets["situation"]:
        tasks = [k for k in d.tasks_of[situation] if (k, case.capability, case.year) in d.required]
        force = case.plan.quantity("force")[case.member, situation, case.capability, case.year]
        groups = [(situation, tasks)] if used_up else [(f"{situation}, {k}", [k]) for k in tasks]
        for name, group in (pair for pair in groups if pair[1]):
            sent = {k: case.accounts.amount("contributed", (case.member, k, case.capability, case.year)) for k in group}
            idle = force - math.fsum(sent.values())
            lines = [Line(k, case.year, v, unit, binds="; ".join(binding(case, k, v, force, idle))) for k, v in sent.items()]  # fmt: skip
            lines.append(Line("not sent", case.year, idle, unit))
            yield Section(f"{FORCE}: {name}", tuple(lines), force, unit)


def binding(case: Case, task: str, sent: float, force: float, idle: float) -> Iterator[str]:
    """What keeps the member from sending a task more."""
    d, key = case.plan.data, (case.member, task, case.capability, case.year)
    if not case.accounts.exists("contributed", key):
        nothing = d.release.get(key[:3], 1.0) == 0
        out = key[:2] in d.still_counts
        yield "it stays out of the task" if out else "its caveat releases nothing" if nothing else "it owes nothing"
        return
    near = SAME * max(1.0, force)
    for name, limit in case.plan.lp.bounds.items():
        at = float(limit[case.plan.lp.columns["contributed"].at[key]])
        if name not in case.plan.lp.off and sent >= at - near:
            said = PARTS[name].at_limit if name in PARTS else ""
            yield (said or f"{name} allows {{at:.4g}}").format(at=at)
    if d.release[key[:3]] < 1 and sent >= d.release[key[:3]] * force - near:
        yield f"its caveat releases no more than {d.release[key[:3]]:.0%}"
    if idle <= near and force > near:
        yield "all it can send is sent"
    missing = case.plan.quantity("shortfall")[key[1:]]
    if missing <= SAME * d.required[key[1:]]:
        yield "the requirement is met in full"


def worth(case: Case) -> Account:
    """What one more unit in the year would earn and cost."""
    return without_carrying(case.accounts.account(case.accounts.one_more(*case.field, case.year, case.order)))


def bill(case: Case, account: Account) -> Section:
    """The account of one more unit as a sum; where none can be ordered, of one it were given."""
    return Section(ONE_MORE, tuple(_line(case, term) for term in account.terms), account.gain, case.gain_unit)


def _line(case: Case, term: Term) -> Line:
    return Line(
        _place(term.key, case), _year(term.key, case), term.value, case.gain_unit, term.uses, term.price, term.rule,
        variable=term.variable,
    )  # fmt: skip


def _year(key: tuple[object, ...], case: Case) -> int | None:
    last = key[-1] if key else None
    return last if isinstance(last, int) and last in case.plan.data.position else None


def _place(key: tuple[object, ...], case: Case) -> str:
    """What a rule's key says beyond the member, the capability and the year."""
    own = {case.member, case.capability}
    return ", ".join(str(part) for part in key if part not in own and not isinstance(part, int)) or case.member


def marginal_use(case: Case) -> Iterator[Section]:
    """What sets the price of the money an order takes: the member's order that year that just pays, as an account."""
    when, a = case.order, case.accounts
    if when is None or not (price := a.price(BUDGET, (case.member, when))):
        return
    for other in case.plan.data.fields_of[case.member]:
        key = (case.member, other, when)
        arrival = case.plan.data.arrival(other, when)
        bought = a.amount("ordered", key)
        if other == case.capability or bought <= SAME or arrival not in case.plan.data.position:
            continue
        account = without_carrying(a.account(a.one_more(case.member, other, arrival, when)))
        own = [t for t in account.terms if t.rule == BUDGET and t.key == (case.member, when)]
        takes = math.fsum(term.uses for term in own)
        if takes <= 0 or not account.even:
            continue
        rest = math.fsum(term.value for term in account.terms if term not in own)
        lines = (
            Line("everything it earns and costs besides", when, rest, case.gain_unit, bought, None, "", "", other),
            Line("what it takes of the budget", when, -takes * price, case.gain_unit, takes, price, BUDGET, "", other),
        )  # fmt: skip
        yield Section(f"{OTHERWISE}: {other}", lines, account.gain, case.gain_unit)
        return


def efforts(case: Case) -> Iterator[Section]:
    """By task: what one more effective unit sent to it would earn (the requirement's price) and take."""
    for task in case.plan.data.sets["task"]:
        key = (case.member, task, case.capability, case.year)
        if case.accounts.exists("contributed", key):
            account = case.accounts.account({("contributed", key): 1.0})
            lines = tuple(_line(case, term) for term in account.terms)
            yield Section(f"{EFFORT}: {task}", lines, account.gain, case.gain_unit)
