"""Compare plans there are already, without solving anything again: what a session has kept beside what it started from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from model.language.faults import UsageError
from model.questions.compare.differences import differences
from model.questions.compare.result import Compared, Comparison, say
from model.solve.plan import Plan


def compare_plans(plans: Mapping[str, Plan], baseline: str) -> Comparison:
    """The comparison of plans by their labels with one of them: inputs by cell, results absolute and relative.

    A plan that was not found is a row with its status. Raises UsageError for fewer than two plans or an unknown baseline.
    """
    if len(plans) < 2:
        raise UsageError("A comparison takes two plans at least.")
    if baseline not in plans:
        raise UsageError(f"there is no plan called {baseline!r} among those compared; there are {', '.join(plans)}")
    items = tuple(Compared(label, plan.scenario, plan.status, plan.message, plan) for label, plan in plans.items())
    base = plans[baseline].scenario
    inputs = tuple(
        (label, difference)
        for label, plan in plans.items() if label != baseline and plan.scenario is not base
        for difference in differences(base, plan.scenario)
    )  # fmt: skip
    found = Comparison(items, baseline, inputs)
    return replace(found, says=tuple(say(found)))


def rules_differ(base: Plan, other: Plan) -> tuple[str, ...]:
    """In words, the policies only one of two plans has switched off: no cell of a workbook says that."""
    off, more = set(base.lp.off), set(other.lp.off)
    told = [f"the policy {name.replace('_', ' ')} is switched off" for name in sorted(more - off)]
    return (*told, *(f"the policy {name.replace('_', ' ')} is switched on" for name in sorted(off - more)))
