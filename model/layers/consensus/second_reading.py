"""What members have to agree to, as rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.certificate.columns import Columns
from model.certificate.figures import Array, Figures
from model.certificate.rows import Given, Line, Rule, written
from model.certificate.tasks import normalised

POLICIES = (
    "consensus_holds",
    "excess_is_limited",
)
"""What somebody decided, and may be switched off."""


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """What members have to agree to, each as far as it is not outvoted; and how much excess is put up with."""
    if not f.settings["consensus"]:
        return
    own, weighs = normalised(f, f.needs.felt)
    if "consensus_holds" not in given.off:
        agree = [m for m, name in enumerate(f.members) if weighs[m] and name not in given.outvoted]
        yield written("consensus_holds", "<=", (_consent(f, x, m, own[m], given) for m in agree))
    most = f.settings["consensus_excess"]
    if most is not None:
        yield written("excess_is_limited", "<=", [((), most, zip(x.excess, f.needs.voice, strict=True))])


def _consent(f: Figures, x: Columns, m: int, own: Array, given: Given) -> Line:
    """A member perceives no more risk than it compares with, but for the excess that is put up with."""
    perceived = zip(x.task_loss, own, strict=True)
    return (f.members[m],), given.accepted.get(f.members[m], np.nan), [*perceived, (x.excess[m], -1.0)]
