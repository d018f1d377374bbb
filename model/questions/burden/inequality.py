"""How unequally a burden is spread: the usual indices, as plain functions of amounts by member.

Every function takes mappings over the same members (money, people, any unit: indices have none) and leaves them as they are.
Where nobody bears anything, indices are not a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Amounts = Mapping[str, float]


def shares(amounts: Amounts) -> dict[str, float]:
    """Each member's part of the whole; not a number where the whole is nothing."""
    total = sum(amounts.values())
    return {m: value / total if total > 0 else float("nan") for m, value in amounts.items()}


def gini(amounts: Amounts, people: Amounts | None = None) -> float:
    """0: all bear the same; near 1: one bears all. With ``people``, among inhabitants, each bearing its member's mean."""
    return concentration(amounts, {m: amounts[m] / _of(people, m) for m in amounts if _of(people, m) > 0}, people)


def concentration(amounts: Amounts, rank_by: Amounts, people: Amounts | None = None) -> float:
    """The index of concentration: the Gini index with members ranked by another figure (-1 … 1), smallest first.

    Above 0: the large bear more than the small. Members of equal rank count as one. With ``people``, units are inhabitants.
    """
    rank, cumulative = lorenz_points(amounts, rank_by, people)
    widths, heights = np.diff(rank), (cumulative[1:] + cumulative[:-1]) / 2
    return float(1.0 - 2.0 * (widths @ heights))


def lorenz_points(amounts: Amounts, rank_by: Amounts, people: Amounts | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The Lorenz curve (or, ranked by another figure, the concentration curve): cumulated parts of members and of amounts."""
    steps: dict[float, tuple[float, float]] = {}
    for m in rank_by:
        heads, amount = steps.get(rank_by[m], (0.0, 0.0))
        steps[rank_by[m]] = heads + _of(people, m), amount + amounts[m]
    parts = np.array([(0.0, 0.0), *(steps[rank] for rank in sorted(steps))]).cumsum(axis=0)
    whole = parts[-1]
    return parts[:, 0] / whole[0], parts[:, 1] / (whole[1] if whole[1] > 0 else np.nan)


def lorenz_by_member(amounts: Amounts, weights: Amounts) -> pd.DataFrame:
    """The Lorenz curve of amounts over weights: members from the least burdened for their weight to the most.

    Columns ``member``, ``weight`` and ``amount``: running totals as fractions of 1, from (0, 0) to (1, 1). Members without
    weight are left out. Empty where there is no amount or no weight.
    """
    import pandas as pd

    kept = {m: weight for m, weight in weights.items() if weight > 0}
    whole, total = sum(kept.values()), sum(amounts[m] for m in kept)
    rows, w, a = [], 0.0, 0.0
    if whole > 0 and total > 0:
        rows.append(("", 0.0, 0.0))
        for m in sorted(kept, key=lambda m: amounts[m] / kept[m]):
            w, a = w + kept[m] / whole, a + amounts[m] / total
            rows.append((m, w, a))
    return pd.DataFrame(rows, columns=["member", "weight", "amount"])


def kakwani(burden: Amounts, means: Amounts, people: Amounts | None = None) -> float:
    """Progressivity (Kakwani 1977): concentration of the burden, ranked by means, less the Gini index of means.

    0: the burden is in proportion to means; above 0: those with more bear more than in proportion. With ``people`` the ranking
    is by means per head and units are inhabitants, as for taxes; without, members are units.
    """
    rank = {m: means[m] / _of(people, m) for m in means if _of(people, m) > 0}
    return concentration(burden, rank, people) - concentration(means, rank, people)


def theil(burden: Amounts, means: Amounts | None = None) -> float:
    """Theil's T of burdens against means (or against equal parts): 0 in proportion, the larger the farther from it."""
    part, fair = shares(burden), shares(means or dict.fromkeys(burden, 1.0))
    if any(value > 0 and fair[m] <= 0 for m, value in part.items()):
        return float("inf")
    if any(value != value for value in part.values()):
        return float("nan")
    return float(sum(value * np.log(value / fair[m]) for m, value in part.items() if value > 0))


def herfindahl(amounts: Amounts) -> float:
    """The Herfindahl-Hirschman index, sum of squared shares: 1 where one bears all; its inverse is how many bear as if alike."""
    return float(sum(value**2 for value in shares(amounts).values()))


def _of(people: Amounts | None, member: str) -> float:
    return 1.0 if people is None else people[member]
