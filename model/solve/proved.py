"""One answer that is proved: solver settings in turn until an answer passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from model.solve.engine import LADDER

Answered = TypeVar("Answered")


def proved(
    attempt: Callable[[str], Answered], is_settled: Callable[[Answered], bool], before: Iterable[str] = ()
) -> Answered:
    """The first answer that is settled, under each solver setting in turn; the last one where none is.

    ``attempt`` solves under a setting named in :data:`model.solve.engine.LADDER`, and proves what it found where there is a
    certificate to pass. ``is_settled`` says whether the answer stands, as a plan or as the proved reason why there is none.
    ``before`` names settings to try ahead of all others.
    """
    for settings in (*before, *(name for name, _ in LADDER)):
        answer = attempt(settings)
        if is_settled(answer):
            break
    return answer
