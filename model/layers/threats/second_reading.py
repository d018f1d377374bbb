"""Risk by type of threat, as rows."""

from __future__ import annotations

from collections.abc import Iterator

from model.certificate.columns import Columns
from model.certificate.figures import Figures
from model.certificate.rows import Given, Rule
from model.certificate.tasks import at_least_risk


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """The risk of the type that is covered least is at least that of every type."""
    worst = [[(int(x.risk_of_worst_kind), 1.0)]] * len(f.kinds)
    weight = f.needs.of_kind * f.needs.weight
    yield at_least_risk(f, x, "kind_counts", f.kinds, weight, worst, "worst_kind_risk")
