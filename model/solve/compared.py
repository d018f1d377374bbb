"""What each member compares a plan with under consensus: risks found by solving other problems first, before its own is stated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from model.language.faults import SolverError
from model.scenario.scenario import Scenario
from model.solve.alone import alone, status_quo
from model.solve.dissent import RULE
from model.solve.engine import Engine
from model.solve.linear import Aims, solved
from model.solve.plan import Plan
from model.solve.steps import Compiled, Stated
from model.solve.watch import Watch


def accepted_risks(scenario: Scenario, off: Iterable[str] = (), watch: Watch | None = None) -> dict[str, float]:
    """The risk each member compares with, where consensus is asked for; none where it is not, and 1 where that rule is off.

    Raises SolverError when one of these solves was stopped or could not be settled.
    """
    if not scenario.settings["consensus"]:
        return {}
    if RULE in off:
        return dict.fromkeys(scenario.sets["member"], 1.0)
    return compared_with(scenario, watch, off)


def compared_with(scenario: Scenario, watch: Watch | None = None, off: Iterable[str] = ()) -> dict[str, float]:
    """The risk each member compares with under consensus, as the setting `consensus_against` chooses.

    A policy that is switched off (``off``) binds neither the plan nor what it is compared with.
    """
    if scenario.settings["consensus_against"] == "status quo":
        return risks_in_status_quo(scenario, watch, off)
    return risks_alone(scenario, watch, off)


def risk_alone(scenario: Scenario, member: str, watch: Watch | None = None, off: Iterable[str] = ()) -> float:
    """The risk a member would face on its own: as it perceives it, with its own forces and budget.

    ``off`` are policies that are switched off, for it as for the alliance. 1 where even its own pledges are beyond it. Raises
    SolverError when the solve was stopped or could not be settled.
    """
    plan = _best(alone(scenario, member), ("risk",), watch, off)
    if plan.status == "infeasible":
        return 1.0
    if not plan.found:
        raise SolverError(
            f"What {member} would face alone could not be settled, and consensus needs it. {plan.message}"
        )
    return plan.measures["risk"]


def risks_alone(scenario: Scenario, watch: Watch | None = None, off: Iterable[str] = ()) -> dict[str, float]:
    """The same of every member."""
    return {m: risk_alone(scenario, m, watch, off) for m in scenario.sets["member"]}


def risks_in_status_quo(scenario: Scenario, watch: Watch | None = None, off: Iterable[str] = ()) -> dict[str, float]:
    """The risk each member perceives with today's forces, used as the alliance would use them: for least risk, then least cost.

    Raises SolverError when the solve was stopped or could not be settled.
    """
    plan = _best(status_quo(scenario), ("risk", "cost"), watch, off)
    if not plan.found:
        raise SolverError(f"What today's forces give could not be settled, and consensus needs it. {plan.message}")
    return plan.quantity("perceived_risk")


def alone_and_today(plan: Plan, watch: Watch | None = None) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Under consensus, what members would face alone and in the status quo: the one they compare with as it was, the other found
    now, and nothing where it could not be settled."""
    scenario, off = plan.scenario, plan.lp.off
    if not plan.accepted or RULE in off:
        return {}, {}
    if scenario.settings["consensus_against"] == "status quo":
        return _if_settled(lambda: risks_alone(scenario, watch, off)), plan.accepted
    return plan.accepted, _if_settled(lambda: risks_in_status_quo(scenario, watch, off))


def _if_settled(find: Callable[[], dict[str, float]]) -> dict[str, float]:
    try:
        return find()
    except SolverError:
        return {}


def _best(scenario: Scenario, objectives: tuple[str, ...], watch: Watch | None, off: Iterable[str]) -> Plan:
    """The best plan of a scenario without consensus and without programmes to decide: a linear programme."""
    compiled = Compiled.of(Stated.of(scenario, {}), {}, tuple(off))
    return solved(compiled, Aims(objectives), Engine(), watch or Watch()).plan
