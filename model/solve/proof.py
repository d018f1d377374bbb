"""Hand a solved stage to the certificate by name: values and forces by rule and key, nothing of the compiled matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from model import certificate
from model.certificate import Cells, Certificate, Reading, Refutation
from model.language.faults import SolverError
from model.solve.answers import Ray
from model.solve.lp import LP, Array
from model.solve.stages import Stage


def prove(
    reading: Reading,
    lp: LP,
    stage: Stage,
    x: Array | None = None,
    cases: Sequence[str] = (),
    fixed: Sequence[str] = (),
    printed: Mapping[str, float] | None = None,
) -> Certificate:
    """The certificate of one stage, for its own optimal point or for another plan that claims to be as good.

    Over ``cases``, what a rule that stands once is worth is told of the first of them. ``fixed`` names variables that were held at
    given amounts: what holding them is worth is their reduced cost. ``printed`` are the measures that will be shown of the plan:
    with them, they and what tables take from helper columns are judged as well.
    """
    senses = {rule.name: rule.sense for rule in reading.rules}
    claim = certificate.Stage(dict(stage.weights), dict(stage.ceilings), lp.off, reading.accepted, reading.outvoted)
    duals = _over(cases, lp, _duals(lp, stage.multipliers, stage.ceiling_multipliers, senses))
    if fixed:
        blocks = [lp.columns[name] for name in fixed]
        keys = tuple((block.name, *key) for block in blocks for key in block.keys)
        duals[certificate.GIVEN] = Cells(keys, np.concatenate([stage.reduced[block.places] for block in blocks]))
    return certificate.judge(reading, claim, _values(lp, stage.x if x is None else x), duals, printed=printed)


def refuted(reading: Reading, lp: LP, ray: Ray, cases: Sequence[str] = ()) -> Refutation:
    """Whether prices prove, by the certificate's own reading, that no plan keeps the rules, policies and ceilings of a problem."""
    senses = {rule.name: rule.sense for rule in reading.rules}
    limits = {name: float(most) for name, most in zip(lp.measures, lp.ceilings, strict=True) if np.isfinite(most)}
    claim = certificate.Stage({}, limits, lp.off, reading.accepted, reading.outvoted)
    return certificate.refute(reading, claim, _over(cases, lp, _duals(lp, ray.y, ray.ceiling_y, senses)))


def refuted_by(reading: Reading, lp: LP, ray: Ray | None, cases: Sequence[str] = ()) -> Refutation:
    """The same by a solver's dual ray, whichever way round it gave it, if it gave any."""
    if ray is None:
        return Refutation(False, float("nan"), failures=("the solver gave no prices to prove it by",))
    proof = refuted(reading, lp, ray, cases)
    return proof if proof.passed else refuted(reading, lp, ray.turned, cases)


def _over(cases: Sequence[str], lp: LP, duals: dict[str, Cells]) -> dict[str, Cells]:
    """Duals as the reading of several cases knows its rules."""
    return {name: _told_of(cases[0], lp, name, cells) for name, cells in duals.items()} if cases else duals


def measures_of(lp: LP, x: Array) -> dict[str, float]:
    """Every measure of a plan, as it is printed."""
    return dict(zip(lp.measures, (lp.K @ x).tolist(), strict=True))


def check_printed(proof: Certificate) -> None:
    """Raises SolverError where a measure is not what its definition makes of the plan."""
    if proof.misprinted:
        raise SolverError(f"The measures of a plan could not be confirmed: {'; '.join(proof.misprinted)}.")


def _told_of(case: str, lp: LP, name: str, cells: Cells) -> Cells:
    if name not in lp.rows or lp.rows[name].index[:1] == ("case",):
        return cells
    return Cells(tuple((case, *key) for key in cells.keys), cells.numbers)


def _values(lp: LP, x: Array) -> dict[str, Cells]:
    return {name: Cells(block.keys, x[block.places]) for name, block in lp.columns.items()}


def _duals(lp: LP, multipliers: Array, ceilings: Array, senses: Mapping[str, str]) -> dict[str, Cells]:
    """Duals in the orientation of the certificate's own row: pushing up on a >= row, down on a <= row."""
    found: dict[str, Cells] = {}
    for name, block in lp.rows.items():
        places = block.places
        y, lower = multipliers[places], lp.row_lower[places]
        one_sided = lower != lp.row_upper[places]
        force = np.where(one_sided & np.isinf(lower), -y, y)
        sign = np.where(one_sided & (senses.get(name) == "<="), -1.0, 1.0)
        found[name] = Cells(block.keys, sign * force)
    found["ceiling"] = Cells(tuple((name,) for name in lp.measures), ceilings)
    return found
