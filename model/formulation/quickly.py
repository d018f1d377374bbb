"""Import Pyomo without the half-second of scipy's statistics and optimisers that it loads in passing and nothing here uses."""

from __future__ import annotations

import sys
from types import ModuleType

import scipy.sparse  # noqa: F401  what is used is loaded as usual, and before Pyomo looks for scipy

_UNUSED = [
    name for name in ("scipy.stats", "scipy.optimize", "scipy.spatial", "scipy.integrate") if name not in sys.modules
]

for _name in _UNUSED:
    sys.modules[_name] = ModuleType(_name)
try:
    import pyomo.core as pyo  # not pyomo.environ, which loads every solver plug-in (0.8 s)
    from pyomo.core.expr.numeric_expr import SumExpression
    from pyomo.core.expr.relational_expr import RelationalExpression
finally:
    for _name in _UNUSED:
        del sys.modules[_name]

__all__ = ["RelationalExpression", "SumExpression", "pyo"]
