"""Where members have to agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.core.domains import Key

if TYPE_CHECKING:
    from model.core.data import Data


def consenting_members(d: Data) -> Iterator[Key]:
    """(member,) under consensus."""
    return ((m,) for m in d.sets["member"]) if d.settings["consensus"] else iter(())


def forbearing_members(d: Data) -> Iterator[Key]:
    """(member,) under consensus that puts up with some excess."""
    return iter(()) if d.settings["consensus_excess"] is None else consenting_members(d)


def limited_excess(d: Data) -> Iterator[Key]:
    """One row, under consensus that puts up with some excess."""
    return iter([()] if d.keys(forbearing_members) else [])
