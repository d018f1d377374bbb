"""Risk by type of threat, as rows."""

from __future__ import annotations

from collections.abc import Iterator

from model.certificate.columns import Columns
from model.certificate.figures import Figures
from model.certificate.rows import Given, Rule, entries, rows
from model.certificate.tasks import normalised


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """The risk of the type that is covered least is at least that of every type."""
    own, weighs = normalised(f, f.needs.of_kind * f.needs.weight)
    kinds = rows("kind_counts", weighs, f.kinds)
    risk = entries(kinds.at[:, None], x.task_loss, -own)
    yield kinds.rule(">=", 0.0, entries(kinds.at, x.risk_of_worst_kind, 1.0), risk, serves=("worst_kind_risk",))
