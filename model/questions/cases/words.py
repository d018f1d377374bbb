"""Planning for cases in sentences a planner can repeat."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from model.questions.cases.result import AVERAGE, HERE, CasesResult
from model.questions.cases.tables import overspent, plans_of, regret_table
from model.solve.case_measures import AIMS, aimed
from model.wording.amounts import POINT, currency_of, is_money, money, number, step

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
        *_regret(result),
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


def _regret(result: CasesResult) -> Iterator[str]:
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
