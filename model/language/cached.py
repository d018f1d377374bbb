"""Attributes that are worked out when first asked for, without a lock.

``functools.cached_property`` before Python 3.12 holds one lock per property of the *class* while it computes: two threads
with two unrelated scenarios, each waiting for what the other holds, stop each other for ever. Here two threads that ask
the same object at the same time may both work it out; both get the one that was ready first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class cached_property(Generic[T]):
    """A method whose value is kept in the object's ``__dict__`` under its own name, where it can also be set or deleted."""

    def __init__(self, func: Callable[[Any], T]) -> None:
        self.func, self.__doc__, self.__module__ = func, func.__doc__, func.__module__
        self.name = func.__name__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> cached_property[T]: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...

    def __get__(self, instance: object | None, owner: type | None = None) -> cached_property[T] | T:
        if instance is None:
            return self
        found: T = instance.__dict__.setdefault(self.name, self.func(instance))
        return found
