"""What each member compares a plan with under consensus: risks found by solving other problems first."""

from __future__ import annotations

from collections.abc import Iterable

from model.language.faults import SolverError
from model.scenario.scenario import Scenario
from model.solve.alone import alone, status_quo
from model.solve.problem import Problem
from model.solve.watch import Watch


def risk_alone(scenario: Scenario, member: str, watch: Watch | None = None, off: Iterable[str] = ()) -> float:
    """The risk a member would face on its own: as it perceives it, with its own forces and budget.

    ``off`` are policies that are switched off, for it as for the alliance. 1 where even its own pledges are beyond it. Raises
    SolverError when the solve was stopped or could not be settled.
    """
    plan = Problem(alone(scenario, member), off=off).solve(("risk",), watch=watch)
    if plan.status == "infeasible":
        return 1.0
    if not plan.found:
        raise SolverError(
            f"What {member} would face alone could not be settled, and consensus needs it. {plan.message}"
        )
    return plan.measures["risk"]


def compared_with(scenario: Scenario, watch: Watch | None = None, off: Iterable[str] = ()) -> dict[str, float]:
    """The risk each member compares with under consensus, as the setting `consensus_against` chooses.

    A policy that is switched off (``off``) binds neither the plan nor what it is compared with.
    """
    if scenario.settings["consensus_against"] == "status quo":
        return risks_in_status_quo(scenario, watch, off)
    return {m: risk_alone(scenario, m, watch, off) for m in scenario.sets["member"]}


def risks_in_status_quo(scenario: Scenario, watch: Watch | None = None, off: Iterable[str] = ()) -> dict[str, float]:
    """The risk each member perceives with today's forces, used as the alliance would use them: for least risk, then least cost.

    Raises SolverError when the solve was stopped or could not be settled.
    """
    plan = Problem(status_quo(scenario), off=off).solve(("risk", "cost"), watch=watch)
    if not plan.found:
        raise SolverError(f"What today's forces give could not be settled, and consensus needs it. {plan.message}")
    return plan.quantity("perceived_risk")
