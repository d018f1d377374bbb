"""Turn a documented function into a part of the formulation; this file is the whole grammar.

A rule's parameter names after ``m`` (the decisions) and ``d`` (the data) are its index, so
``def budget_is_respected(m, d, member, period)`` holds for every member and period, or for the keys its ``over`` gives.
The first line of its docstring is a sentence a minister can read; the equation follows.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from model.language.columns import DIMENSIONS
from model.language.shown import Shown

Kind = Literal["derived", "parameter", "variable", "quantity", "constraint", "bound", "measure"]
Keys = Iterable[tuple[Any, ...]]


@dataclass(frozen=True)
class Part(Shown):
    """One named piece of the formulation and everything known about it.

    ``may_bend`` marks a policy: somebody decided it, so it can be switched off, relaxed, priced and blamed.
    ``supports`` names the measures or policies that need this part; it is left out of a solve that uses none of them.
    ``of`` is, for a bound, the variable it limits. ``by_case`` marks a variable that is decided once it is known which case
    comes (so is whatever supports a measure); all others are common to all cases. ``under`` names another topic it stands under.

    A policy carries what is told of it elsewhere. ``remedy`` says what it means that it gives way by ``{amount}``; amounts of several years
    are added up unless ``adds_up`` is false. ``cells`` are the columns or settings its limit is typed into ("Members.alliance_share"),
    empty where it follows from several figures. ``physical``: nobody can decide to bend it by themselves, as no way out is to
    deploy what one does not have. ``reason`` is the kind of reason it is where something stays short (:mod:`model.report.sentences`),
    "other" if it has none of its own; an identity has one where it withholds something by itself.

    For the question why a figure is what it is, a rule says what one more unit held does to it (``one_more``) and one more unit sent
    (``one_sent``, and ``takes`` in a few words), a limit on what is sent what it allows ``{at}`` most (``at_limit``), and a decision what
    it is to take it (``doing``: "buying it").

    ``limit`` is what the limit of a policy is called where people decide it as an amount ("the budget of {member} in {year}"), ``least``
    where it is the smallest and not the largest. ``room`` works out what a rule allows where that follows from the plan itself, and
    is no figure of its own, of the plan's quantities, the data and the key. ``asks`` marks what says what is asked: it binds wherever
    anything is missing, and nobody would call it what holds a plan back. Prices of a rule that is not ``listed`` are too many to
    print.

    ``own`` marks a rule from outside the package, whose ``second_reading`` is for the certificate
    (:mod:`model.language.own_rules`).
    """

    kind: Kind
    rule: Callable[..., Any]
    unit: str
    index: tuple[str, ...]
    symbol: str = ""
    over: Callable[[Any], Keys] | None = None
    may_bend: bool = False
    supports: tuple[str, ...] = ()
    of: str = ""
    by_case: bool = False
    source: str = ""
    under: str = ""
    remedy: str = ""
    adds_up: bool = True
    cells: tuple[str, ...] | None = None
    physical: bool = False
    reason: str = ""
    one_more: str = ""
    one_sent: str = ""
    takes: str = ""
    at_limit: str = ""
    doing: str = "it"
    limit: str = ""
    least: bool = False
    room: Callable[..., Any] | None = None
    asks: bool = False
    listed: bool = True
    second_reading: Callable[[Any], Iterable[Any]] | None = None
    own: bool = False

    @property
    def name(self) -> str:
        return self.rule.__name__

    @property
    def place(self) -> str:
        """Where the part is written: file and line."""
        code = inspect.unwrap(self.rule).__code__
        return f"{code.co_filename}, line {code.co_firstlineno}"

    @property
    def topic(self) -> str:
        """What the part is about: the layer it belongs to, or the file of the core it is written in."""
        if self.under:
            return self.under
        package, _, file = self.rule.__module__.rpartition(".")
        return package.rpartition(".")[2] if self.in_layer else file

    @property
    def in_layer(self) -> bool:
        """Whether a layer brings the part, and not the core."""
        return self.rule.__module__.endswith(".rules")

    @property
    def says(self) -> str:
        """The sentence: the first line of the docstring."""
        return (inspect.getdoc(self.rule) or "").partition("\n")[0]

    @property
    def equation(self) -> str:
        """The LaTeX of the docstring's ``.. math::`` block, on one line."""
        _, found, rest = (inspect.getdoc(self.rule) or "").partition(".. math::")
        return " ".join(rest.partition("\n\n")[0].split()) if found else ""

    @property
    def remark(self) -> str:
        """What the docstring says beside the sentence and the equation."""
        text = inspect.getdoc(self.rule) or ""
        paragraphs = [part for part in text.split("\n\n")[1:] if not part.startswith(".. math::") and part.strip()]
        return "\n\n".join(" ".join(part.split()) for part in paragraphs if not part.startswith("    "))


PARTS: dict[str, Part] = {}
"""Every registered part by name."""

_LEADING = {"derived": 1, "parameter": 1, "variable": 1}

_ADDITIONS: dict[str, list[Callable[..., Iterable[Any]]]] = {}


def _decorator(kind: Kind) -> Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]:
    def with_details(
        unit: str, needs: Iterable[str] = (), **details: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def register(rule: Callable[..., Any]) -> Callable[..., Any]:
            PARTS[rule.__name__] = _complete(Part(kind, rule, unit, index_of(kind, rule), **details))
            for name in needs:
                PARTS[name] = replace(PARTS[name], supports=(*PARTS[name].supports, rule.__name__))
            return rule

        return register

    return with_details


def index_of(kind: Kind, rule: Callable[..., Any]) -> tuple[str, ...]:
    """The dimensions a rule is stated over: its parameters after the decisions and the data. Raises TypeError, saying what is wrong."""
    index = tuple(inspect.signature(rule).parameters)[_LEADING.get(kind, 2) :]
    if unknown := set(index) - set(DIMENSIONS):
        raise TypeError(f"{rule.__name__}: {sorted(unknown)} is no dimension; there are {list(DIMENSIONS)}")
    if rule.__name__ in PARTS:
        raise TypeError(f"two parts are called {rule.__name__!r}")
    if not rule.__doc__:
        raise TypeError(f"{rule.__name__} needs a docstring: one sentence, then its equation")
    return index


_OF_POLICIES = {
    "remedy": 'what it means that it gives way, such as remedy="{member} would need {amount} {currency} more in {years}"',
    "cells": 'the columns or settings its limit is typed into, such as cells=("Members.alliance_share",), or cells=() if there are none',
    "reason": 'the kind of reason it is where something stays short, such as reason="budget", or reason="other"',
}
"""Facts that every policy must have, and what they are."""


def _complete(part: Part) -> Part:
    """The part, if it carries every fact that is asked of it."""
    missing = [name for name in _OF_POLICIES if getattr(part, name) in ("", None)] if part.may_bend else []
    if missing:
        raise TypeError(f"{part.name} may bend, and lacks {missing[0]}: {_OF_POLICIES[missing[0]]}")
    return part


def derived(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A figure of the data that a layer brings, of whatever form, for its own rules: worked out once, read as ``d.name``."""
    return _decorator("derived")("")(rule)


def adds_to(place: str) -> Callable[[Callable[..., Iterable[Any]]], Callable[..., Iterable[Any]]]:
    """Registers what a layer adds to a sum or a list of the core, which names the place and no layer."""

    def register(add: Callable[..., Iterable[Any]]) -> Callable[..., Iterable[Any]]:
        _ADDITIONS.setdefault(place, []).append(add)
        return add

    return register


def additions(place: str, *at: Any) -> list[Any]:
    """What all layers add there, for these arguments (the data first, or the decisions and the data)."""
    return [item for add in _ADDITIONS.get(place, ()) for item in add(*at)]


parameter = _decorator("parameter")
variable = _decorator("variable")
quantity = _decorator("quantity")
constraint = _decorator("constraint")
bound = _decorator("bound")
measure = _decorator("measure")


def in_order() -> None:
    """Put all parts in one order, whatever was imported first: by topic, and within one as they were written."""
    ordered = sorted(PARTS.items(), key=lambda item: item[1].topic)
    PARTS.clear()
    PARTS.update(ordered)


def typed_into(cell: str) -> tuple[str, ...]:
    """The policies whose limit is typed into a column or setting ("Settings.fairness_band")."""
    return tuple(part.name for part in PARTS.values() if cell in (part.cells or ()))


def in_force(own: Iterable[Part]) -> Mapping[str, Part]:
    """The formulation with rules from outside, which come last: every part by name."""
    return {**PARTS, **{part.name: part for part in own}} if own else PARTS


def parts(*kinds: Kind, among: Mapping[str, Part] = PARTS) -> list[Part]:
    """All parts of the given kinds, in order; of a formulation with rules from outside where that is given."""
    return [part for part in among.values() if part.kind in kinds]


def policies(own: Iterable[Part] = ()) -> tuple[str, ...]:
    """The names of the rules that somebody decided, with those from outside."""
    return tuple(part.name for part in parts("constraint", "bound", among=in_force(own)) if part.may_bend)
