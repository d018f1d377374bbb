"""The decisions as rules see them, as ``m``: variables and quantities by name.

Which names there are, the registry says; the type checker asks it (``tests/names_for_mypy.py``), so that a misspelt one is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Sum = Callable[[Iterable[Any]], Any]


class Decisions:
    """What rules see as ``m``: each variable and quantity as a mapping by key (a scalar as itself).

    A quantity is worked out when it is first asked for, so that any may be made of any other. ``sum`` adds terms up; none at all
    is zero.
    """

    sum: Sum

    def __init__(self, add: Sum, known: Mapping[str, Any] | None = None) -> None:
        self.__dict__.update(known or {}, sum=add, _waiting={})

    def put(self, name: str, value: Any) -> None:
        """What a variable or quantity is."""
        self.__dict__[name] = value

    def later(self, name: str, make: Callable[[], Any]) -> None:
        """What makes a quantity, when it is asked for."""
        self.__dict__.pop(name, None)
        self.__dict__["_waiting"][name] = make

    def __getattr__(self, name: str) -> Any:
        make = None if name.startswith("_") else self.__dict__["_waiting"].pop(name, None)
        if make is None:
            raise AttributeError(f"there is no decision and no quantity called {name!r}, or it is made of itself")
        return self.__dict__.setdefault(name, make())

    def known(self) -> dict[str, Any]:
        """All that has been worked out, by name."""
        return {name: value for name, value in self.__dict__.items() if name != "sum" and not name.startswith("_")}
