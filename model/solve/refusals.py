"""What is refused before a solve, and what is said where one ends without a plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from model.certificate import Certificate, Refutation
from model.language.columns import MEASURES
from model.language.faults import SolverError, UsageError
from model.scenario.scenario import Scenario


def check_finite(scenario: Scenario) -> None:
    """No figure that is not a number gets past here: the solver would loop for ever, or answer wrongly. Raises SolverError."""
    columns = [*scenario.values.items(), ("settings", scenario.settings)]
    columns.append(("severity", dict(enumerate(scenario.severity))))  # its keys are figures as well
    for column, values in columns:
        for key, value in values.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise SolverError(f"{column} of {key} is {value}, which is no finite number")


def check_measures(names: Iterable[str], scenario: Scenario) -> None:
    """Every name is a measure, and one that says something of this scenario. Raises UsageError."""
    for name in names:
        if name not in MEASURES:
            raise UsageError(f"{name!r} is no measure; there are {', '.join(MEASURES)}")
        if lacking := scenario.lacks(name):
            raise UsageError(f"{name} needs {lacking}")


def uncertified(proofs: Sequence[Certificate]) -> str:
    """What the certificates found wrong."""
    said = "; ".join(failure for proof in proofs for failure in proof.failures)
    return f"The solver's answer did not pass its certificate under any settings: {said}"


def unproved(proof: Refutation) -> str:
    """Why "no plan exists" is not said though the solver found none."""
    return (
        "The solver found no plan, but the certificate could not confirm from the scenario that there is none: "
        f"{'; '.join(proof.failures)}. {WHY['numerical trouble']}"
    )


TWO_CHOICES = (
    "Who is outvoted and which joint programmes are opened cannot both be left to the model: decide each programme (open or closed "
    "on the sheet Programmes), or set consensus_voice to 1."
)
"""Two whole-number rules at once."""

WHY = {
    "unbounded": "The problem has no bound: something pays without costing. A price or a weight in the scenario must be wrong.",
    "time limit": "The time limit was reached before a plan was proved best.",
    "interrupted": "The solve was stopped before a plan was proved best.",
    "numerical trouble": "The solver could not settle the problem; the scenario's figures may be out of all proportion to each other.",
    "infeasible": "No plan satisfies all policies.",
}
"""Why a solve ended without a plan, by its status."""
