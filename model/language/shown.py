"""What a notebook or a Python prompt shows of an object: what it is and what it says, on a few lines, and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from html import escape
from importlib import import_module
from numbers import Real
from types import ModuleType
from typing import Any

LINES, WIDTH = 3, 100
"""A text of this many lines and columns fits below any cell."""
_SHORT = 40


class Shown:
    """Says itself in at most three lines, wherever Python prints it; a dataclass that inherits from it prints no fields.

    ``in_words`` gives the sentences, of which the first are printed; a notebook shows all of them, as text alone: nothing in a
    name from a workbook is taken for HTML or for a formula.
    """

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "__repr__" not in cls.__dict__:
            cls.__repr__ = Shown.__repr__  # type: ignore[method-assign]  # a dataclass leaves one that is there

    def in_words(self) -> Sequence[str]:
        """What it says in sentences; where it says nothing, its fields in short."""
        said = getattr(self, "says", ())
        return (said,) if isinstance(said, str) else said or (in_short(self),)

    def __repr__(self) -> str:
        lines = [line for text in self.in_words() for line in str(text).splitlines() if line.strip()]
        name = type(self).__name__
        shown = [cut(f"{name}: {line}" if at == 0 else f"  {line}", WIDTH) for at, line in enumerate(lines[:LINES])]
        if len(lines) > LINES:
            shown[-1] = cut(shown[-1], WIDTH - 2) + " …"
        return "\n".join(shown) or name

    def _repr_html_(self) -> str:
        return html_of(type(self).__name__, self.in_words())


def html_of(title: str, texts: Iterable[str]) -> str:
    """A heading and paragraphs as HTML; every character of them is text, dollar signs too."""
    said = "".join(f'<p style="white-space: pre-wrap">{escape(str(text))}</p>' for text in texts)
    return f'<div class="tex2jax_ignore mathjax_ignore"><p><strong>{escape(title)}</strong></p>{said}</div>'


def cut(text: str, most: int) -> str:
    """A text of so many characters at most."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def in_short(thing: Any) -> str:
    """The fields of a dataclass, each in a word or two."""
    named = [field.name for field in fields(thing) if field.repr] if is_dataclass(thing) else ()
    return ", ".join(f"{name} {_value_in_short(getattr(thing, name))}" for name in named)


def _value_in_short(value: Any) -> str:
    if isinstance(value, str):
        return repr(cut(value, _SHORT))
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, Real):
        return f"{float(value):.6g}"
    if shape := getattr(value, "shape", ()):
        return " × ".join(f"{size:,}" for size in shape)
    if isinstance(value, Mapping | Sequence | AbstractSet):
        return f"({len(value):,})"
    return cut(str(value), _SHORT) if isinstance(value, Shown) else type(value).__name__


def room(asking: str, name: str) -> ModuleType:
    """A module of a room above, which writes and draws what stands below it: found by its name when somebody wants to see it."""
    return import_module(f"{asking.partition('.')[0]}.{name}")
