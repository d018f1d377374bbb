"""Hand a solved stage to the certificate by name: values and forces by rule and key, nothing of the compiled matrix."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.solve import certificate
from model.solve.certificate import Cells, Certificate, Reading
from model.solve.lp import LP, Array
from model.solve.stages import Stage


def prove(reading: Reading, lp: LP, stage: Stage, x: Array | None = None) -> Certificate:
    """The certificate of one stage, for its own optimal point or for another plan that claims to be as good."""
    senses = {rule.name: rule.sense for rule in reading.rules}
    claim = certificate.Stage(dict(stage.weights), dict(stage.ceilings), lp.off, reading.accepted, reading.outvoted)
    return certificate.judge(reading, claim, _values(lp, stage.x if x is None else x), _duals(lp, stage, senses))


def _values(lp: LP, x: Array) -> dict[str, Cells]:
    return {name: Cells(block.keys, x[block.places]) for name, block in lp.columns.items()}


def _duals(lp: LP, stage: Stage, senses: Mapping[str, str]) -> dict[str, Cells]:
    """Duals in the orientation of the certificate's own row: pushing up on a >= row, down on a <= row."""
    found: dict[str, Cells] = {}
    for name, block in lp.rows.items():
        places = block.places
        y, lower = stage.multipliers[places], lp.row_lower[places]
        one_sided = lower != lp.row_upper[places]
        force = np.where(one_sided & np.isinf(lower), -y, y)
        sign = np.where(one_sided & (senses.get(name) == "<="), -1.0, 1.0)
        found[name] = Cells(block.keys, sign * force)
    found["ceiling"] = Cells(tuple((name,) for name in lp.measures), stage.ceiling_multipliers)
    return found
