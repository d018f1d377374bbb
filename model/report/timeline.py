"""What happens when: spending by purpose, orders, deliveries and holdings, member by member and capability by capability."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from model.core import domains
from model.solve.plan import Plan
from model.wording import words

if TYPE_CHECKING:
    import pandas as pd

PURPOSES = ("Acquisition", "Upgrades", "Sustainment", "Exercises")
"""What money is spent on, in the order it is shown."""

_NOTHING = 1e-9


def spending(plan: Plan) -> pd.DataFrame:
    """Money spent: member, capability, domain, year, years (the period in words), purpose, value in the scenario's currency.

    Not discounted; adds up to the table ``spending``. Rows with nothing are left out.
    """
    return _frame(plan, _spent(plan), "purpose")


def _spent(plan: Plan) -> Iterator[tuple[Any, ...]]:
    d, held = plan.data, plan.values["held"]
    for m, c, t, cost in plan.records("orders").pick("member", "capability", "year", "cost"):
        yield m, c, t, "Acquisition", cost
    for m, c, t, cost in plan.records("upgrades").pick("member", "capability", "year", "cost"):
        yield m, c, t, "Upgrades", cost
    for m, c, t in d.keys(domains.fields_in_time):
        yield m, c, t, "Sustainment", d.upkeep_cost[m, c] * held[m, c, 0, t]
        yield m, c, t, "Exercises", sum(d.training_cost[m, c, level] * held[m, c, level, t] for level in d.levels_of[m])


def orders(plan: Plan, delivered: bool = False) -> pd.DataFrame:
    """Units ordered, or delivered, with what they cost: member, capability, domain, year, years, units, value (money).

    Deliveries after the last period are left out, as is the stock there was at the beginning.
    """
    periods, at = set(plan.data.sets["period"]), "delivered" if delivered else "year"
    picked = plan.records("orders").pick("member", "capability", at, "value", "cost")
    return _frame(plan, (row for row in picked if row[2] in periods), "units")


def holdings(plan: Plan) -> pd.DataFrame:
    """Units held, by interoperability level: member, capability, domain, level, year, years, units, value.

    ``value`` is what the units would cost new, at list price.
    """
    picked = plan.records("holdings").pick("member", "capability", "year", "level", "value")
    rows = ((m, c, t, level, units, units * plan.data.unit_cost[c]) for m, c, t, level, units in picked)
    return _frame(plan, rows, "level", "units")


def _frame(plan: Plan, rows: Iterator[tuple[Any, ...]], *names: str) -> pd.DataFrame:
    import pandas as pd

    kept = [row for row in rows if abs(row[-1]) > _NOTHING]
    frame = pd.DataFrame.from_records(kept, columns=["member", "capability", "year", *names, "value"])
    frame.insert(2, "domain", frame["capability"].map(domains_of(plan)))
    frame.insert(4, "years", frame["year"].map({t: words.period(t, plan.data.step) for t in plan.data.sets["period"]}))
    return frame


def domains_of(plan: Plan) -> dict[str, str]:
    """The domain of each capability; "other" where the scenario names none."""
    return {c: str(plan.scenario.domain.get(c) or "other") for c in plan.scenario.sets["capability"]}


def chosen(frame: pd.DataFrame, members: Collection[str], capabilities: Collection[str]) -> pd.DataFrame:
    """The rows of some members and capabilities; none named: of all."""
    if members:
        frame = frame[frame["member"].isin(list(members))]
    return frame[frame["capability"].isin(list(capabilities))] if capabilities else frame


def offered(plan: Plan, members: Collection[str]) -> dict[int, float]:
    """Money offered in each period by some members (none named: all), not discounted."""
    found = dict.fromkeys(plan.data.sets["period"], 0.0)
    for m, t, budget in plan.records("spending").pick("member", "year", "budget"):
        if not members or m in members:
            found[t] += budget
    return found


def large_money(currency: str) -> tuple[float, str]:
    """How many of the scenario's money make the unit of an axis, and its name: ``(1000, "bn USD")`` for USD m."""
    said = words.billion(currency)
    return (1000.0, said.removeprefix("1 ")) if said.startswith("1 bn") else (1.0, currency)


def years_of(plan: Plan) -> list[str]:
    """The periods in words, in order."""
    return [words.period(t, plan.data.step) for t in plan.data.sets["period"]]


def answer(plan: Plan, ordered: pd.DataFrame, delivered: pd.DataFrame, spent: float, offer: float | None) -> str:
    """The busiest ordering period, the largest delivery, and how much of the offer is used, in sentences.

    ``offer`` is None where only some capabilities are looked at, for which nobody offers money apart.
    """
    currency, told = words.currency_of(plan.scenario), []
    if ordered.empty:
        told.append("Nothing is ordered.")
    else:
        by_year = ordered.groupby("years", sort=False)["value"].sum()
        busy = str(by_year.idxmax())
        told.append(f"Most is ordered in {busy}, for {words.money(float(by_year.max()), currency)}.")
    if not delivered.empty:
        arrivals = delivered.groupby(["capability", "years"], sort=False)[["units", "value"]].sum()
        capability, years = arrivals["value"].idxmax()
        units = float(arrivals.loc[(capability, years), "units"])
        told.append(
            f"The largest delivery is {capability} in {years}: {words.amount(units, plan.scenario, capability)}."
        )
    if offer is None:
        told.append(f"{words.money(spent, currency)} is spent over all years.")
    elif offer > 0:
        told.append(f"Of {words.money(offer, currency)} offered, {words.percent(spent / offer)} is spent.")
    return " ".join(told)
