"""The tables of planning for cases: cases, answers, regret, what each plan is worth where, and who orders what."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum
from typing import Any

import pandas as pd

from model.questions.cases.result import AVERAGE, HERE, CasesResult, orders, units
from model.solve.plan import Plan
from model.solve.valuation import COST, Valuation

_LITTLE = 0.005
"""Units below which an order is not worth a row."""


def tables(result: CasesResult) -> dict[str, pd.DataFrame]:
    """All of them, by name; none without a plan."""
    if not result.found:
        return {}
    return {
        "cases": cases_table(result),
        "answers": answers_table(result),
        "regret": regret_table(result),
        "plans in cases": values_table(result),
        "orders": orders_table(result),
    }


def cases_table(result: CasesResult) -> pd.DataFrame:
    """A row a case: what it multiplies, and the measure and the cost with the plan for all cases and with its own."""
    measure, scenario = result.measure, result.uncertain.scenario
    unit, money = units(result)
    records = []
    for case in result.uncertain.cases:
        here, own = result.plan.plans[case.name].measures, result.known.get(case.name)
        best = own.measures if own else {}
        records.append(
            {
                "case": case.name,
                "probability": case.probability,
                **{name: scenario.values[f"case_{name}"][case.name] for name in ("requirements", "budgets", "costs")},
                f"{measure}_with_the_plan_for_all ({unit})": here[measure],
                f"{measure}_if_known ({unit})": best.get(measure),
                f"regret ({unit})": _regret(result, HERE, case.name),
                f"cost_with_the_plan_for_all ({money})": here[COST],
                f"cost_if_known ({money})": best.get(COST),
                "description": case.description,
            }
        )
    return pd.DataFrame.from_records(records)


def answers_table(result: CasesResult) -> pd.DataFrame:
    """The ways to decide, and what the difference between them is worth."""
    unit, money = units(result)
    aimed = f"{result.aim}_{result.measure} ({unit})"
    records: list[dict[str, Any]] = [
        {"what": answer.name, aimed: answer.value, f"expected_cost ({money})": answer.cost, "remark": answer.why}
        for answer in result.answers.values()
    ]
    for what, value in (
        ("value of perfect information", result.perfect_information),
        ("value of planning for all cases", result.stochastic_solution),
    ):
        finite = value is not None and value < float("inf")
        remark = "" if value is None or finite else "the plan for the average case is not to be had"
        records.append({"what": what, aimed: value if finite else None, "remark": remark})
    return pd.DataFrame.from_records(records)


def regret_table(result: CasesResult) -> pd.DataFrame:
    """A row a plan, a column a case: how much worse the measure is than with the case's own plan.

    Blank where the plan's orders and holdings break a policy of the case.
    """
    unit, _ = units(result)
    names = list(result.uncertain.likely)
    records = []
    for plan in plans_of(result):
        regrets = {case: _regret(result, plan, case) for case in names}
        known = [regret for regret in regrets.values() if regret is not None]
        whole = len(known) == len(names)
        mean = fsum(result.uncertain.likely[case] * (regret or 0.0) for case, regret in regrets.items())
        records.append(
            {
                "plan_for": plan,
                **{f"{case} ({unit})": regret for case, regret in regrets.items()},
                f"expected_regret ({unit})": mean if whole else None,
                f"largest_regret ({unit})": max(known) if whole else None,
            }
        )
    return pd.DataFrame.from_records(records)


def values_table(result: CasesResult) -> pd.DataFrame:
    """A row a plan and case: the measure, the case's best, the regret, the cost, and what is broken."""
    unit, money = units(result)
    records = [
        {
            "plan_for": plan,
            "case": case,
            f"{result.measure} ({unit})": value.value,
            f"regret ({unit})": _regret(result, plan, case),
            f"cost ({money})": value.cost,
            f"spent_beyond_budgets ({money})": overspent(value),
            "broken": broken_in_words(value),
        }
        for (plan, case), value in result.values.items()
    ]
    return pd.DataFrame.from_records(records)


def orders_table(result: CasesResult) -> pd.DataFrame:
    """A row a member, capability and year: units ordered by the plan for all cases, for the average case, and for each case."""
    plans: dict[str, Plan] = {HERE: next(iter(result.plan.plans.values()))}
    plans |= {AVERAGE: result.average} if result.average else {}
    plans |= result.known
    found = {name: orders(plan) for name, plan in plans.items()}
    keys = sorted({key for ordered in found.values() for key, amount in ordered.items() if amount > _LITTLE})
    unit = result.uncertain.scenario.unit
    records = [
        {
            "member": m,
            "capability": c,
            "year": t,
            **{name.replace(" ", "_"): ordered.get((m, c, t), 0.0) for name, ordered in found.items()},
            "unit": str(unit.get(c) or "unit"),
        }
        for m, c, t in keys
    ]
    columns = ["member", "capability", "year", *(name.replace(" ", "_") for name in found), "unit"]
    return pd.DataFrame.from_records(records, columns=columns)


def plans_of(result: CasesResult) -> list[str]:
    """The plans that were valued, that for all cases first."""
    return list(dict.fromkeys(plan for plan, _ in result.values))


def _regret(result: CasesResult, plan: str, case: str) -> float | None:
    """How much worse a plan is in a case than the case's own; None where it is not to be had there, or one is not known."""
    value, own = result.values.get((plan, case)), result.known.get(case)
    if value is None or own is None or value.value is None or not value.allowed:
        return None
    return max(0.0, value.value - own.measures[result.measure])


def overspent(value: Valuation) -> float:
    """Money spent beyond budgets, over members and periods, not discounted."""
    return fsum(breach.by for breach in value.breaches if breach.rule == "budget_is_respected")


def broken_in_words(value: Valuation) -> str:
    """The policies a plan breaks in a case: ``budget_is_respected (Poland 2028, …)``."""
    return "; ".join(_places(value)) or value.message


def _places(value: Valuation, most: int = 3) -> Iterator[str]:
    for rule in dict.fromkeys(breach.rule for breach in value.breaches):
        where = [" ".join(map(str, breach.key)) for breach in value.breaches if breach.rule == rule]
        more = f", and {len(where) - most} more" if len(where) > most else ""
        yield f"{rule} ({', '.join(where[:most])}{more})"
