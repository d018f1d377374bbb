"""Building the NATO problem and handing it to HiGHS: ours against linopy and against Pyomo's own HiGHS interface, same LP."""

from __future__ import annotations

import contextlib
import io
import warnings
from statistics import median
from typing import Any

import highspy
import numpy as np
import pandas as pd
import scipy.sparse as sp

from benchmarks.measure import NATO, in_turns, table
from model.core.data import Data
from model.formulation.build import build, keys_of
from model.language.registry import parts
from model.solve.compile import compile_data
from model.solve.engine import Engine, _Reduced
from model.solve.lp import LP
from model.workbook.read.load import load

WEIGHTS = {"risk": 1.0, "cost": 1e-3}


def main() -> None:
    """Print seconds and ratios."""
    scenario = load(NATO)
    lp = compile_data(Data(scenario))
    labelled = _labelled(lp)
    ours = "this project: data, build, compile, hand over"
    works = {
        ours: lambda: _ours(scenario),
        "arrays alone to HiGHS": lambda: _arrays(lp),
        "linopy, coefficients given by label": lambda: _linopy(scenario, lp, labelled),
        "Pyomo's HiGHS interface": lambda: _pyomo(scenario),
    }
    in_turns(works, 1)
    taken = in_turns(works)
    rows = []
    for name, times in taken.items():
        ratios = [time / base for time, base in zip(times, taken[ours], strict=True)]
        rows.append((name, median(times), median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"))
    title = f"Build and hand over {lp.A.shape[0]:,} × {lp.A.shape[1]:,}, {lp.A.nnz:,} non-zeros (processor seconds)"
    table(title, ("way", "seconds", "times ours", "in five rounds"), rows)


def _ours(scenario: Any) -> None:
    _arrays(compile_data(Data(scenario)))


def _arrays(lp: LP) -> None:
    highs = highspy.Highs()
    highs.silent()
    highs.passModel(_Reduced.of(lp, WEIGHTS, None).as_highs())


def _labelled(lp: LP) -> dict[str, list[tuple[Any, str, Any, float]]]:
    """Every coefficient with its labels, by rule: (key of the row, variable, key of the column, value)."""
    columns = [(name, key) for name, block in lp.columns.items() for key in block.keys]
    found, matrix = {}, lp.A.tocsr()
    for name, block in lp.rows.items():
        part = matrix[block.places].tocoo()
        triples = zip(part.row.tolist(), part.col.tolist(), part.data.tolist(), strict=True)
        found[name] = [(block.keys[row], *columns[column], value) for row, column, value in triples]
    return found


def _linopy(scenario: Any, lp: LP, labelled: dict[str, list[tuple[Any, str, Any, float]]]) -> None:
    """The same variables and rows, stated the way linopy likes best: whole blocks of labelled arrays.

    Both start from the scenario: the figures the rules use are worked out here as for us. Multiplying them out to
    coefficients, which linopy's user would also have to do, is not counted against it; placing each coefficient by its
    labels is.
    """
    d = Data(scenario)
    for part in parts("parameter"):
        getattr(d, part.name)
    for part in parts("variable", "constraint"):
        keys_of(part, d)
    import linopy

    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        model = linopy.Model()
        index = pd.RangeIndex(lp.A.shape[1], name="column")
        x = model.add_variables(lp.lower, lp.upper_bounds(), coords=[index], name="x")
        for name, block in lp.rows.items():
            if block.keys:
                _add_block(model, x, _placed(lp, block, labelled[name]), lp, block.places, name)
        model.add_objective((lp.K[lp.measure("risk")].toarray().ravel() * x).sum())
        linopy.io.to_highspy(model)


def _placed(lp: LP, block: Any, coefficients: list[tuple[Any, str, Any, float]]) -> Any:
    """The coefficients of one rule as a matrix, each placed by its labels."""
    at, row_at = {name: columns.at for name, columns in lp.columns.items()}, block.at
    rows = [row_at[key] - block.start for key, _, _, _ in coefficients]
    columns = [at[variable][key] for _, variable, key, _ in coefficients]
    values = [value for *_, value in coefficients]
    return sp.csr_array((values, (rows, columns)), shape=(len(block.keys), lp.A.shape[1]))


def _add_block(model: Any, x: Any, part: Any, lp: LP, places: slice, name: str) -> None:
    """Rows of one rule as a linear expression with as many terms as its longest row."""
    import linopy
    import xarray

    counts = np.diff(part.indptr)
    height, width = part.shape[0], max(1, int(counts.max()))
    columns, values = np.full((height, width), -1), np.zeros((height, width))
    within = np.arange(part.nnz) - np.repeat(part.indptr[:-1], counts)
    columns[np.repeat(np.arange(height), counts), within] = x.labels.values[part.indices]
    values[np.repeat(np.arange(height), counts), within] = part.data
    rows = pd.RangeIndex(height, name="row")
    data = xarray.Dataset(
        {"coeffs": (("row", "_term"), values), "vars": (("row", "_term"), columns)}, coords={"row": rows}
    )
    left = linopy.LinearExpression(data, model)
    lower, upper = lp.row_lower[places], lp.row_upper[places]
    signs, sides = (
        np.where(lower == upper, "=", np.where(np.isinf(lower), "<=", ">=")),
        np.where(np.isinf(lower), upper, lower),
    )
    sign = xarray.DataArray(signs, coords={"row": rows}, dims="row")
    model.add_constraints(left, sign, xarray.DataArray(sides, coords={"row": rows}, dims="row"), name=name)


def _pyomo(scenario: Any) -> None:
    """Pyomo's persistent interface told to take the model in."""
    from pyomo.contrib.appsi.solvers import Highs

    model = build(Data(scenario))
    for objective in list(model.component_objects()):
        if objective.ctype.__name__ == "Objective" and objective.local_name != "risk":
            objective.deactivate()
    Highs().set_instance(model)


if __name__ == "__main__":
    main()


__all__ = ["Engine", "main"]
