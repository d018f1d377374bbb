"""The compiled arrays solved by GLPK, which shares no code with HiGHS."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import swiglpk as glpk

from model.solve.lp import LP


def glpk_optimum(lp: LP, measure: str, ceilings: dict[str, float] | None = None) -> float:
    """The smallest value of a measure over all rows of the LP and some ceilings. Fails unless GLPK calls it optimal."""
    held = [lp.measure(name) for name in ceilings or {}]
    matrix = sp.vstack([lp.A, lp.K[held]], format="coo") if held else lp.A.tocoo()
    upper = np.r_[lp.row_upper, list((ceilings or {}).values())]
    lower = np.r_[lp.row_lower, np.full(len(held), -np.inf)]
    scale = float(lp.scale[lp.measure(measure)])
    cost = scale * lp.K[[lp.measure(measure)]].toarray()[0]
    glpk.glp_term_out(glpk.GLP_OFF)
    problem = glpk.glp_create_prob()
    try:
        _state(problem, matrix, (lower, upper), (lp.lower, lp.upper_bounds()), cost)
        settings = glpk.glp_smcp()
        glpk.glp_init_smcp(settings)
        settings.msg_lev, settings.presolve, settings.tol_bnd, settings.tol_dj = (
            glpk.GLP_MSG_OFF,
            glpk.GLP_ON,
            1e-9,
            1e-9,
        )
        assert glpk.glp_simplex(problem, settings) == 0
        assert glpk.glp_get_status(problem) == glpk.GLP_OPT
        return float(glpk.glp_get_obj_val(problem)) / scale
    finally:
        glpk.glp_delete_prob(problem)


Limits = tuple[np.ndarray, np.ndarray]


def _state(problem: object, matrix: sp.coo_array, rows: Limits, columns: Limits, cost: np.ndarray) -> None:
    """Hand the arrays over, one number at a time."""
    height, width = matrix.shape
    glpk.glp_add_rows(problem, height)
    glpk.glp_add_cols(problem, width)
    for set_bounds, (lower, upper) in ((glpk.glp_set_row_bnds, rows), (glpk.glp_set_col_bnds, columns)):
        for place, (low, high) in enumerate(zip(lower, upper, strict=True), 1):
            set_bounds(problem, place, _kind(low, high), max(low, -1e300), min(high, 1e300))
    for place, price in enumerate(cost, 1):
        glpk.glp_set_obj_coef(problem, place, price)
    count = matrix.nnz
    row, column, value = glpk.intArray(count + 1), glpk.intArray(count + 1), glpk.doubleArray(count + 1)
    entries = zip(*matrix.coords, matrix.data, strict=True)
    for place, (i, j, amount) in enumerate(entries, 1):
        row[place], column[place], value[place] = int(i) + 1, int(j) + 1, float(amount)
    glpk.glp_load_matrix(problem, count, row, column, value)


def _kind(low: float, high: float) -> int:
    if low == high:
        return int(glpk.GLP_FX)
    below, above = np.isfinite(low), np.isfinite(high)
    kinds = {(True, True): glpk.GLP_DB, (True, False): glpk.GLP_LO, (False, True): glpk.GLP_UP}
    return int(kinds.get((bool(below), bool(above)), glpk.GLP_FR))
