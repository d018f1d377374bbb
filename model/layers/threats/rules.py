"""Risk by type of threat: what the tasks of one kind lack, and the kind that is covered least."""

from __future__ import annotations

from typing import Any

from model.core.data import Data
from model.core.decisions import Decisions
from model.language.registry import constraint, derived, measure, parameter, quantity, variable
from model.layers.threats import domains as here


@derived
def tasks_of_kind(d: Data) -> dict[str, list[str]]:
    """The tasks of each type of threat; those without a kind belong to none."""
    kind_of = d.scenario.task_kind
    return {kind: [k for k in d.sets["task"] if kind_of[k] == kind] for kind in d.scenario.kinds}


@parameter("fraction of 1", over=here.tagged_tasks)
def kind_part(d: Data, task: str) -> float:
    """Weight of one unit of a task's loss in the risk of its kind."""
    alike = [k for k in d.sets["task"] if d.task_kind[k] == d.task_kind[task]]
    whole = sum(d.task_weight[k] * d.span[k] for k in alike)
    return d.task_weight[task] / whole if whole > 0 else 0.0


@variable("fraction of 1", supports=("worst_kind_risk",), under="variables")
def risk_of_worst_kind(d: Data) -> None:
    """The risk of the type of threat that is covered least."""


@quantity("fraction of 1", over=here.kinds)
def kind_risk(m: Decisions, d: Data, kind: str) -> Any:
    r"""A type of threat's own risk: that of its tasks, as they weigh against one another.

    .. math:: r_o = \frac{\sum_{k\in K_o} w_k L_k}{\sum_{k\in K_o,c,t} w_k i_c}

    Coverage of a kind is one minus its risk.
    """
    return m.sum([d.kind_part[k] * m.task_loss[k] for k in d.tasks_of_kind[kind]])


@constraint("fraction of 1", over=here.kinds, supports=("worst_kind_risk",))
def kind_counts(m: Decisions, d: Data, kind: str) -> Any:
    r"""The risk of the kind that is covered least is at least that of every kind.

    .. math:: V \ge r_o
    """
    return m.risk_of_worst_kind >= m.kind_risk[kind]


@measure("fraction of 1", symbol="V", needs=("task_loss", "task_loss_adds_up"))
def worst_kind_risk(m: Decisions, d: Data) -> Any:
    r"""The risk of the type of threat that is covered least; 0 where no task has a kind.

    .. math:: V = \max_o r_o
    """
    return 1 * m.risk_of_worst_kind
