"""Which columns and settings of a scenario each part of the formulation reads, found from its code and never declared.

A what-if edit changes few of them, so that most of a problem can be kept: this file says which parts must be stated
again. It errs on the side of too many: a name that might mean a column counts as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType
from typing import Any

from model.core import domains
from model.core.data import Data
from model.language.cached import cached_property
from model.language.registry import PARTS, Part
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS

SETTINGS = frozenset(column.name for sheet in SHEETS if sheet.form == "settings" for column in sheet.columns)
COLUMNS = frozenset(column.key for sheet in SHEETS if sheet.form != "settings" for column in sheet.columns)


@cache
def reads(name: str) -> frozenset[str]:
    """The columns and settings a part, a domain or an attribute of the data reads, directly or through others."""
    return _closure(_functions(name))


@cache
def rule_reads(name: str) -> frozenset[str]:
    """The same for what a part states, leaving out where it holds."""
    return _closure(iter([PARTS[name].rule]))


def _closure(functions: Iterator[Any]) -> frozenset[str]:
    found: set[str] = set()
    seen: set[int] = set()
    waiting = list(functions)
    while waiting:
        function = waiting.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        for word in _words(function.__code__):
            if word in COLUMNS or word in SETTINGS:
                found.add(word)
            waiting += [*_functions(word), *_local(function, word)]
    return frozenset(found)


def changed(before: Scenario, after: Scenario) -> frozenset[str] | None:
    """The columns and settings in which two scenarios differ; None where their sets, periods or risk bands do."""
    same_shape = before.periods == after.periods and len(before.severity) == len(after.severity)
    if not same_shape or dict(before.sets) != dict(after.sets):
        return None
    columns = {key for key in COLUMNS if key in after.values and _differs(before.values.get(key), after.values[key])}
    settings = {name for name in SETTINGS if before.settings.get(name) != after.settings.get(name)}
    return frozenset(columns | settings)


def _differs(before: Any, after: Any) -> bool:
    return before is not after and dict(before or {}) != dict(after)


def _functions(word: str) -> Iterator[FunctionType]:
    """The code behind a word: a part and where it holds, an attribute of the data or the scenario, a domain."""
    part = PARTS.get(word)
    if isinstance(part, Part):
        yield from (function for function in (part.rule, part.over) if isinstance(function, FunctionType))
    for owner in (Data, Scenario):
        attribute = owner.__dict__.get(word)
        inner = getattr(attribute, "func", None) or getattr(attribute, "fget", None) or attribute
        if isinstance(inner, FunctionType) and not word.startswith("__"):
            yield inner
    domain = getattr(domains, word, None)
    if isinstance(domain, FunctionType):
        yield domain


def _local(function: FunctionType, word: str) -> Iterator[FunctionType]:
    """A helper function, in whichever room."""
    helper = function.__globals__.get(word)
    if isinstance(helper, FunctionType) and helper.__module__.startswith(__name__.partition(".")[0] + "."):
        yield helper


def _words(code: CodeType) -> Iterator[str]:
    """Every name and every short text in a function, those inside it included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _words(constant)
        elif isinstance(constant, str):
            yield constant
        elif isinstance(constant, tuple):
            yield from (item for item in constant if isinstance(item, str))


class Moved:
    """Tells which parts say something else after an edit: by name first, and then by value.

    A part that reads an edited column only by way of figures that came out the same (a member's holdings changed, but not
    which capabilities it has) need not be stated again. Called with a part or a domain.
    """

    def __init__(self, edited: frozenset[str], before: Data, after: Data) -> None:
        self._edited, self._before, self._after = edited, before, after
        self._found: dict[Any, bool] = {}

    def __call__(self, what: Any) -> bool:
        if not stale(what, self._edited):
            return False
        if what not in self._found:
            self._found[what] = self._code_moved(what.rule) if isinstance(what, Part) else self._keys_moved(what)
        return self._found[what]

    def _keys_moved(self, domain: Callable[..., Any]) -> bool:
        return self._code_moved(domain) and self._before.keys(domain) != self._after.keys(domain)

    def _code_moved(self, function: Callable[..., Any]) -> bool:
        """Whether anything that a rule or a domain goes by stands for something else now."""
        return any(self._word_moved(word) for word in _goes_by(function))

    def _word_moved(self, word: str) -> bool:
        """Whether a name a rule reads stands for something else now."""
        part, domain = PARTS.get(word), getattr(domains, word, None)
        if isinstance(domain, FunctionType):
            return self(domain)
        if (part is not None and part.kind == "parameter") or isinstance(Data.__dict__.get(word), cached_property):
            if word not in self._found:
                found = stale(word, self._edited) and getattr(self._before, word) != getattr(self._after, word)
                self._found[word] = bool(found)
            return self._found[word]
        if part is not None and part.kind != "variable":
            return self(part)
        return word in self._edited


@cache
def _goes_by(function: Callable[..., Any]) -> tuple[str, ...]:
    """Every name that a function goes by, itself or through helpers that have no value of their own to compare."""
    words, seen = dict[str, None](), {id(function)}
    waiting: list[Any] = [function]
    while waiting:
        code = waiting.pop()
        for word in _words(code.__code__):
            words[word] = None
            fresh = [helper for helper in (*_local(code, word), *_behind(word)) if id(helper) not in seen]
            seen.update(map(id, fresh))
            waiting += fresh
    return tuple(words)


def _behind(word: str) -> Iterator[Any]:
    """The code behind a name that has no value of its own to compare: attributes of the scenario, methods of the data."""
    valued = isinstance(getattr(domains, word, None), FunctionType) or isinstance(
        Data.__dict__.get(word), cached_property
    )
    if word not in PARTS and not valued:
        yield from _functions(word)


def domain_reads(domain: Callable[..., Any]) -> frozenset[str]:
    """The same for a domain given as a function, named or not."""
    if domain.__name__ != "<lambda>":
        return reads(domain.__name__)
    words = set(_words(domain.__code__)) if isinstance(domain, FunctionType) else set()
    direct = words & (COLUMNS | SETTINGS)
    return frozenset(direct.union(*(reads(word) for word in words)))


def stale(what: Any, edited: frozenset[str]) -> bool:
    """Whether a part has to be stated again, or a name or a domain worked out again, after these columns and settings changed."""
    if isinstance(what, Part):
        return bool(rule_reads(what.name) & edited)
    return bool((domain_reads(what) if callable(what) else reads(what)) & edited)
