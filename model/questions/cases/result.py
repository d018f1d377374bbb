"""Planning when it is not known which case will come: one plan for all cases, what knowing would be worth, what is regretted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import fsum, inf, isfinite
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.language.cached import cached_property
from model.questions.answer import QuestionResult
from model.solve.case_measures import AIMS, aimed, over
from model.solve.given import Amounts, amounts_of
from model.solve.nearby import BUDGET
from model.solve.plan import Plan
from model.solve.uncertain import CasesPlan, Uncertain, common
from model.solve.valuation import COST, Valuation
from model.wording.amounts import POINT, currency_of, is_money, money, number, step, unit_of

if TYPE_CHECKING:
    from model.report.pages import Chart

HERE, AVERAGE = "all cases", "the average case"
"""What the plan for all cases at once and the plan for the average case are called among those for a case."""

_SOME = 1e-6


@dataclass(frozen=True, eq=False)
class Answer:
    """One way to decide: its aimed-at measure over cases and its expected cost; None where it has none, and why.

    ``here and now`` decides once for all cases, ``wait and see`` once the case is known, ``average case`` for the mean of all.
    """

    name: str
    value: float | None
    cost: float | None
    why: str = ""


@dataclass(frozen=True, eq=False)
class CasesResult(QuestionResult):
    """What comes of planning for cases. ``plan`` is the one for all cases; without one there is nothing else but ``says``.

    ``values`` holds, by plan and case, what the plan's orders and holdings are worth in the case; plans are those of
    :data:`HERE`, of :data:`AVERAGE` and of each case by itself. ``known`` are the cases' own plans.
    """

    uncertain: Uncertain
    aim: str
    plan: CasesPlan
    known: Mapping[str, Plan] = field(default_factory=dict)
    average: Plan | None = None
    values: Mapping[tuple[str, str], Valuation] = field(default_factory=dict)
    stopped: str = ""

    @property
    def found(self) -> bool:
        """Whether there is a plan for all cases."""
        return self.plan.found

    @property
    def measure(self) -> str:
        """The measure cases are compared by."""
        return self.uncertain.graded

    def over(self, by_case: Mapping[str, float]) -> float:
        """What the aim makes of one figure a case."""
        likely = self.uncertain.likely
        return over(self.aim, [by_case[case] for case in likely], list(likely.values()), self.uncertain.level)

    def mean(self, by_case: Mapping[str, float]) -> float:
        """The mean over cases."""
        return fsum(likely * by_case[case] for case, likely in self.uncertain.likely.items())

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The ways to decide, by name."""
        measures = self.plan.measures
        here = Answer("here and now", self.plan.stages[0].value, measures[f"expected_{COST}"])
        return {answer.name: answer for answer in (here, self._wait_and_see(), self._average_case())}

    def _wait_and_see(self) -> Answer:
        missing = [case for case in self.uncertain.likely if case not in self.known]
        if missing:
            return Answer("wait and see", None, None, f"no plan for {', '.join(missing)} by itself")
        best = {case: plan.measures[self.measure] for case, plan in self.known.items()}
        costs = {case: plan.measures[COST] for case, plan in self.known.items()}
        return Answer("wait and see", self.over(best), self.mean(costs))

    def _average_case(self) -> Answer:
        found = {case: self.values.get((AVERAGE, case)) for case in self.uncertain.likely}
        there = {case: value for case, value in found.items() if value is not None}
        if self.average is None or len(there) < len(found):
            return Answer("average case", None, None, "there is no plan for the average case")
        costs = self.mean({case: value.cost for case, value in there.items()})
        wrong = [case for case, value in there.items() if not value.allowed]
        if wrong:
            return Answer("average case", None, costs, f"its orders and holdings break policies in {', '.join(wrong)}")
        return Answer("average case", self.over({c: value.value or 0.0 for c, value in there.items()}), costs)

    @property
    def perfect_information(self) -> float | None:
        """How much lower the aim would be if it were known in advance which case comes; None where that is not known."""
        return _fall(self.answers["here and now"].value, self.answers["wait and see"].value)

    @property
    def stochastic_solution(self) -> float | None:
        """How much lower the aim is than with the plan for the average case; infinite where that plan is not to be had."""
        if self.average is not None and "break policies" in self.answers["average case"].why:
            return inf
        return _fall(self.answers["average case"].value, self.answers["here and now"].value)

    @property
    def says(self) -> list[str]:
        """The findings in sentences."""

        return sentences(self)

    @property
    def title(self) -> str:
        """What heads the answer."""
        return f"{self.uncertain.scenario.name}: all cases at once"

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tidy tables by name; the first is the main one."""

        return tables(self)

    @property
    def table(self) -> pd.DataFrame:
        """A row a case."""
        return self.tables["cases"]


def _fall(before: float | None, after: float | None) -> float | None:
    """A difference that rounding does not turn negative."""
    if before is None or after is None:
        return None
    fall = before - after
    return 0.0 if abs(fall) <= _SOME * max(abs(before), abs(after)) else fall


def acquired(plan: Plan) -> Amounts:
    """What a plan orders, lifts and holds."""
    assert plan.x is not None
    return amounts_of(plan.lp, plan.x, common())


def units(result: CasesResult) -> tuple[str, str]:
    """The units of the measure and of cost."""
    scenario = result.uncertain.scenario
    return unit_of(scenario, result.measure), currency_of(scenario)


def orders(plan: Plan) -> dict[Any, float]:
    """Units ordered by member, capability and period."""
    return {key: value for key, value in plan.values["ordered"].items() if value > _SOME}


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
    return fsum(breach.by for breach in value.breaches if breach.rule == BUDGET)


def broken_in_words(value: Valuation) -> str:
    """The policies a plan breaks in a case: ``budget_is_respected (Poland 2028, …)``."""
    return "; ".join(_places(value)) or value.message


def _places(value: Valuation, most: int = 3) -> Iterator[str]:
    for rule in dict.fromkeys(breach.rule for breach in value.breaches):
        where = [" ".join(map(str, breach.key)) for breach in value.breaches if breach.rule == rule]
        more = f", and {len(where) - most} more" if len(where) > most else ""
        yield f"{rule} ({', '.join(where[:most])}{more})"


_MOST = 8
"""Cases named one by one in a sentence."""


def sentences(result: CasesResult) -> list[str]:
    """The findings, most important first; without a plan, why there is none."""
    if not result.found:
        return [f"There is no plan over all cases. {result.plan.message}"]
    return [
        *_opening(result),
        *_here_and_now(result),
        *_information(result),
        *_average(result),
        *_regret_said(result),
        *_proof(result),
    ]


def _opening(result: CasesResult) -> Iterator[str]:
    likely = result.uncertain.likely
    named = [f"{case} ({number(100 * share, 3)} %)" for case, share in likely.items()]
    told = ", ".join(named[:_MOST]) + (f" and {len(named) - _MOST} more" if len(named) > _MOST else "")
    yield (
        f"{len(likely)} case{'s' if len(likely) > 1 else ''} may come: {told}. What members order, lift and hold is decided now and is "
        "the same in all of them; what they contribute to tasks is decided once it is known which has come. Spending keeps "
        "within the budgets of every case."
    )


def _here_and_now(result: CasesResult) -> Iterator[str]:
    measure, plan, scenario = result.measure, result.plan, result.uncertain.scenario
    value = plan.measures[aimed(result.aim, measure)]
    in_cases = {case: own.measures[measure] for case, own in plan.plans.items()}
    worst = max(in_cases, key=lambda case: in_cases[case])
    best = min(in_cases, key=lambda case: in_cases[case])
    best_said, worst_said = (_value(result, in_cases[case]) for case in (best, worst))
    spread = (
        f": {best_said} in {best}, {worst_said} in {worst}" if best_said != worst_said else ", the same in every case"
    )
    cost = money(plan.measures["expected_cost"], currency_of(scenario))
    yield (
        f"Here and now: the plan for all cases has the least {measure.replace('_', ' ')} {AIMS[result.aim]}, "
        f"{_value(result, value)}{spread}. It costs {cost} on average."
    )


def _information(result: CasesResult) -> Iterator[str]:
    worth, answer = result.perfect_information, result.answers["wait and see"]
    if worth is None or answer.value is None:
        yield f"What knowing the case in advance would be worth is not known: {answer.why}."
        return
    yield (
        f"Wait and see: if it were known in advance which case comes, it would be {_value(result, answer.value)}. Perfect "
        f"information is worth {_step(result, worth)}"
        + (": no more is to be gained by knowing." if worth == 0 else ".")
    )


def _average(result: CasesResult) -> Iterator[str]:
    worth, answer = result.stochastic_solution, result.answers["average case"]
    if worth is None:
        yield f"What planning for all cases instead of the average is worth is not known: {answer.why}."
    elif not isfinite(worth):
        beyond = {case: overspent(value) for (plan, case), value in result.values.items() if plan == AVERAGE}
        worst = max(beyond, key=lambda case: beyond[case])
        amount = money(beyond[worst], currency_of(result.uncertain.scenario))
        told = f"; in {worst} it spends {amount} beyond the budgets" if beyond[worst] > 0 else ""
        yield (
            f"The plan for the average case is not to be had: {answer.why}{told}. So no number says what planning for all cases is "
            "worth; the table of plans in cases says what it would give if that were let pass."
        )
    elif answer.value is not None:
        yield (
            f"Planning for the average case and then meeting the real ones gives {_value(result, answer.value)}: planning for "
            f"all cases at once is worth {_step(result, worth)}."
        )


def _regret_said(result: CasesResult) -> Iterator[str]:
    table = regret_table(result)
    if len(plans_of(result)) < 2 or table.empty:
        return
    largest = table.columns[-1]
    rated = table.dropna(subset=[largest]).set_index("plan_for")[largest]
    refused = [plan for plan in table["plan_for"] if plan not in rated.index]
    if len(rated):
        least = str(rated.idxmin())
        told = (
            f" (with the plan for {HERE} {_step(result, float(rated[HERE]))})"
            if least != HERE and HERE in rated
            else ""
        )
        yield (
            f"Regret: the plan for {least} is the one of the {len(table)} compared that can be regretted least. Whichever case comes, "
            f"{_step(result, float(rated.min()))} at most {'is' if is_money(result.measure) else 'are'} lost against the plan one "
            f"would have made for it{told}."
        )
    if refused:
        yield f"Made for one case and not to be had in another, where policies would be broken: the plan for {', '.join(refused)}."


def _proof(result: CasesResult) -> Iterator[str]:
    gap = max(proof.gap for proof in result.plan.certificates)
    how = f" It was found in parts, in {result.plan.rounds} rounds." if result.plan.rounds else ""
    ties = "" if result.plan.ties_broken else " Ties between equally good plans were not broken."
    yield (
        "Proved best: the certificate, from its own reading of every case, leaves no gap above "
        f"{gap:.1g} of the aim.{how}{ties}"
    )


def _value(result: CasesResult, value: float) -> str:
    if is_money(result.measure):
        return money(value, currency_of(result.uncertain.scenario))
    return number(value, 4)


def _step(result: CasesResult, value: float) -> str:
    if is_money(result.measure):
        return step(result.uncertain.scenario, result.measure, value)
    return f"{number(value / POINT, 3)} points of {result.measure.replace('_', ' ')}"


def _charts(found: CasesResult) -> list[Chart]:
    """The measure in every case with the plan for all and with the case's own; regret by plan and case."""
    from model.report.pages import Chart

    unit, _ = units(found)
    measure = found.measure.replace("_", " ")
    at = list(found.table.columns).index
    pair = tuple(at(name) for name in found.table.columns if name.startswith(f"{found.measure}_"))
    count = len(found.uncertain.cases)
    return [
        Chart(
            f"{measure.capitalize()} in every case, with the plan for all cases and with the case's own", "column", "cases",
            pair, "case", f"{measure} ({unit})",
        ),
        Chart(
            f"Regret: {measure} lost in each case, by the case a plan was made for", "column", "regret",
            tuple(range(1, 1 + count)), "plan for", f"{measure} lost ({unit})",
        ),
    ]  # fmt: skip
