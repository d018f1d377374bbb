"""The figures of who makes what is ordered, derived from the sheet Industry once more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.language.names import normalised
from model.scenario.scenario import Scenario

Array = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Industry:
    """Parts of every order and limits a year (inf: none) by capability and supplier; ``home`` is what named suppliers leave.

    ``is_of`` says which supplier is the industry of which member, by member and supplier; ``back`` which part of what a member
    spends must come back to it (NaN: none).
    """

    suppliers: tuple[str, ...]
    part: Array
    limit: Array
    home: Array
    is_of: Truth
    back: Array


def industry(s: Scenario) -> Industry:
    """The sheet Industry and the column juste_retour as arrays."""
    capabilities, members = s.sets["capability"], s.sets["member"]
    suppliers = tuple(sorted({supplier for _, supplier in s.work_share}))
    part = np.zeros((len(capabilities), len(suppliers)))
    limit = np.full(part.shape, np.inf)
    for (capability, supplier), share in s.work_share.items():
        at = capabilities.index(capability), suppliers.index(supplier)
        part[at] = share
        most = s.supplier_limit[capability, supplier]
        limit[at] = np.inf if most is None else most
    same = [[normalised(member) == normalised(supplier) for supplier in suppliers] for member in members]
    back = [np.nan if (least := s.juste_retour.get(m)) is None else least for m in members]
    return Industry(
        suppliers=suppliers,
        part=part,
        limit=limit,
        home=np.maximum(0.0, 1.0 - part.sum(axis=1)),
        is_of=np.array(same, dtype=bool).reshape(len(members), len(suppliers)),
        back=np.array(back, dtype=float),
    )
