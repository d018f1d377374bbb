"""Checks of the types of threat that tasks are tagged with."""

from __future__ import annotations

from collections.abc import Iterator

from model.language.faults import Fault
from model.language.names import normalised_heading
from model.scenario.checks.registry import check
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario


@check("task", "task_kind")
def a_kind_is_spelt_in_one_way(s: Scenario, at: Places) -> Iterator[Fault]:
    """Two spellings would be two kinds, each with a part of the figures."""
    first: dict[str, str] = {}
    for task, kind in s.task_kind.items():
        known = first.setdefault(normalised_heading(kind), kind) if kind else kind
        if known != kind:
            message = f"this kind is spelt '{known}' elsewhere"
            yield at.error(("task_kind", task), kind, message, f"Type '{known}', or another word for another kind.")


@check("task_kind", "objectives")
def an_objective_by_kind_has_kinds(s: Scenario, at: Places) -> Iterator[Fault]:
    """Without a tagged task no kind has a risk that could be minimised."""
    if "worst_kind_risk" in s.settings["objectives"] and not s.kinds:
        message = "'objectives' names worst_kind_risk, but no task has a kind"
        remedy = "Fill in the column kind on Tasks, or take the measure out of the list."
        yield at.error(("objectives", None), "worst_kind_risk", message, remedy)
