"""By which dimensions the places of policies are told in tables: the usual ones, and those of layers a problem uses."""

from __future__ import annotations

from model.solve.lp import LP

USUAL = ("member", "situation", "task", "capability", "period")
_OF_LAYERS = ("partner", "supplier", "programme")


def place_dimensions(lp: LP) -> tuple[str, ...]:
    """The dimensions in the order of a table's columns; what no policy of this problem has is not there."""
    blocks = {**lp.rows, **lp.bound_blocks}
    used = {dim: None for block in blocks.values() if block.keys and block.may_bend for dim in block.index}
    return (
        *USUAL,
        *(dim for dim in _OF_LAYERS if dim in used),
        *(dim for dim in used if dim not in (*USUAL, *_OF_LAYERS)),
    )


def column(dimension: str) -> str:
    """What a dimension is called as a column: a period by its first year."""
    return "year" if dimension == "period" else dimension
