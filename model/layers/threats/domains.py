"""Where types of threat come in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.core.domains import Key

if TYPE_CHECKING:
    from model.core.data import Data


def kinds(d: Data) -> Iterator[Key]:
    """(kind,) of threat that tasks are tagged with."""
    return ((kind,) for kind in d.tasks_of_kind)


def tagged_tasks(d: Data) -> Iterator[Key]:
    """(task,) with a kind."""
    return ((k,) for k in d.sets["task"] if d.task_kind[k])
