"""Why a member holds what it holds of a capability in a year: the sums behind the number, and what one more unit would bring.

Every section is a sum: its lines add up to its total. The prices are those of one stage of the plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from model.core import domains
from model.language.faults import SolverError
from model.language.registry import PARTS
from model.questions.explain.accounts import Account, Accounts, Term, without_carrying
from model.questions.explain.case import (
    EFFORT,
    FORCE,
    HELD,
    ONE_MORE,
    OTHERWISE,
    SAME,
    Case,
    Explanation,
    Line,
    Section,
)
from model.questions.explain.words import say
from model.questions.matching import named, period_of
from model.solve.nearby import BUDGET
from model.solve.plan import Plan


def explain(plan: Plan, member: str, capability: str, year: int, stage: str | None = None) -> Explanation:
    """The chain of policies and prices behind what a member holds of a capability in the period of a year.

    ``stage`` names the measure whose prices are used (default: the first). Names match in any case or by a part only one
    name has. Raises UsageError for unknown names and years, SolverError where there is no plan.
    """
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
