"""The worth of columns at the prices of one stage: which rows a column needs or helps, and what one unit of it takes up there.

At an optimum what a column earns is used up by the rows it needs: its reduced cost is what is left over. Whoever asks why
something is as it is walks from a column to its rows, and from a row that is no policy to the column that could loosen it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from model.language.cached import cached_property
from model.solve.lp import LP, Array, Key
from model.solve.stages import Stage


class Entry(NamedTuple):
    """One unit of a column ``uses`` so much room of a row (negative: makes room), at ``price``: the fall in the stage's measure for
    one unit more room. ``takes`` = uses x price is the worth it takes up there."""

    rule: str
    key: Key
    uses: float
    price: float

    @property
    def takes(self) -> float:
        return self.uses * self.price


class Worth:
    """The prices of one stage of an LP, ready to be asked column by column. Holds no state but what it caches."""

    def __init__(self, lp: LP, stage: Stage) -> None:
        self.lp, self.stage = lp, stage

    @cached_property
    def prices(self) -> Array:
        """By row: the fall in the measure for one unit more room."""
        return np.where(self._from_below, self.stage.multipliers, -self.stage.multipliers)

    @cached_property
    def measures(self) -> Array:
        """What a unit of each column adds to each measure, a row a measure."""
        return np.asarray(self.lp.K.toarray())  # a handful of rows

    @cached_property
    def ceilings(self) -> Array:
        """By column: what a unit of it is worth to the ceilings on measures; negative where it takes room up."""
        return np.asarray(self.lp.K.T @ self.stage.ceiling_multipliers)

    def place(self, variable: str, key: Key) -> int:
        """Where a column stands. Raises KeyError where there is no such decision."""
        return self.lp.columns[variable].at[key]

    def reduced(self, variable: str, key: Key) -> float:
        """What a unit more of a column would add to the measure; negative where only a limit on the column keeps it out."""
        return float(self.stage.reduced[self.place(variable, key)])

    def entries(self, place: int) -> Iterator[Entry]:
        """The rows with a price that a column is part of."""
        A, rows, prices, below = self.lp.A, self._rows, self._plain_prices, self._from_below
        run = slice(A.indptr[place], A.indptr[place + 1])
        for row, coefficient in zip(A.indices[run].tolist(), A.data[run].tolist(), strict=True):
            if price := prices[row]:
                rule, key = rows[row]
                yield Entry(rule, key, -coefficient if below[row] else coefficient, price)

    @cached_property
    def _rows(self) -> list[tuple[str, Key]]:
        return [(name, key) for name, block in self.lp.rows.items() for key in block.keys]

    @cached_property
    def _plain_prices(self) -> list[float]:
        return list(self.prices.tolist())

    @cached_property
    def _from_below(self) -> Array:
        """By row: whether its limit is a least value, so that more room is a smaller one."""
        return np.isfinite(self.lp.row_lower)
