"""What members have to agree to, as rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.certificate.columns import Columns
from model.certificate.figures import Figures
from model.certificate.rows import Given, Rule, entries, rows
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
        consent = rows("consensus_holds", weighs & [m not in given.outvoted for m in f.members], f.members)
        limits = [given.accepted.get(member, np.nan) for member in f.members]
        beyond = entries(consent.at, x.excess, -1.0)
        yield consent.rule("<=", limits, entries(consent.at[:, None], x.task_loss, own), beyond)
    most = f.settings["consensus_excess"]
    if most is not None:
        limited = rows("excess_is_limited", np.array(True))
        yield limited.rule("<=", most, entries(limited.at, x.excess, f.needs.voice))
