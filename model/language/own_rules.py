"""Rules from outside the package: the same grammar, but a rule belongs to the problem it is given to and to no other.

A decorated function carries its part (``rule.part``) and is registered nowhere. A file of rules is Python code, which is run
because its user named it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from pathlib import Path
from string import Formatter
from typing import Any

from model.language.faults import AllianceError, UsageError
from model.language.outside import OwnRules, line_of, why
from model.language.registry import PARTS, Kind, Part, index_of

_DETAILS: dict[Kind, tuple[str, ...]] = {
    "constraint": ("over", "may_bend", "source", "remedy", "cells", "reason", "second_reading"),
    "quantity": ("over", "source"),
    "parameter": ("over", "source", "symbol"),
}
"""What may be said of a part from outside, by its kind."""

_READ: ContextVar[list[Part]] = ContextVar("parts of the file that is being read")

Rule = Callable[..., Any]


def own_rules(rules: OwnRules | Iterable[Rule]) -> OwnRules:
    """The rules of these decorated functions. Raises UsageError for what is none, and where two have one name."""
    if isinstance(rules, OwnRules):
        return rules
    found: list[Part] = []
    for rule in rules:
        part = getattr(rule, "part", None)
        if not isinstance(part, Part) or not part.own:
            raise UsageError(
                f"{rule!r} is no rule: decorate it with @constraint, @quantity or @parameter of this package"
            )
        _add(found, part)
    return OwnRules(tuple(found))


def load_rules(path: str | Path) -> OwnRules:
    """The rules of a Python file, which is run. Raises UsageError with file and line for whatever is wrong with it."""
    try:
        source = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise UsageError(f"There is no file {path}: name the Python file with your rules.") from missing
    except (OSError, UnicodeDecodeError) as failure:
        reason = failure.strerror if isinstance(failure, OSError) else "it is no text in UTF-8"
        raise UsageError(f"The rules in {path} could not be read: {reason}.") from failure
    return read_rules(source, str(path))


def read_rules(source: str, file: str) -> OwnRules:
    """The rules that a text of Python makes when it is run, which came from ``file``. Raises UsageError."""
    found: list[Part] = []
    token = _READ.set(found)
    try:
        exec(compile(source, file, "exec"), {"__name__": Path(file).stem, "__file__": file})
    except SyntaxError as wrong:
        raise UsageError(f"{file}, line {wrong.lineno}: this is no Python: {wrong.msg}.") from wrong
    except AllianceError:
        raise
    except (Exception, SystemExit) as failure:
        raise UsageError(f"{file}, line {line_of(failure, file)}: {why(failure)}.") from failure
    finally:
        _READ.reset(token)
    if not found:
        raise UsageError(f"There are no rules in {file}: decorate a function with @constraint.")
    return OwnRules(tuple(found), file, source, read_rules)


def _decorator(kind: Kind) -> Callable[..., Callable[[Rule], Rule]]:
    def with_details(unit: str, **details: Any) -> Callable[[Rule], Rule]:
        if unknown := set(details) - set(_DETAILS[kind]):
            raise TypeError(f"@{kind} takes no {sorted(unknown)[0]!r}; it takes {', '.join(_DETAILS[kind])}")

        def carry(rule: Rule) -> Rule:
            index = index_of(kind, rule)
            _check_remedy(details.get("remedy", ""), index)
            part = Part(kind, rule, unit, index, own=True, **details)
            rule.part = part  # type: ignore[attr-defined]
            _add(_READ.get([]), part)
            return rule

        return carry

    with_details.__name__ = with_details.__qualname__ = kind
    with_details.__doc__ = f"""Makes a function a {kind} of the formulation, for the problems it is given to.

        ``unit`` is its unit ("unit", "money", "fraction of 1"); it may also take {", ".join(_DETAILS[kind])}. Raises TypeError for
        anything else.
        """
    return with_details


def _check_remedy(remedy: str, index: tuple[str, ...]) -> None:
    known = (*index, "amount", "years", "currency", "unit")
    for _, name, _, _ in Formatter().parse(remedy):
        if name is not None and name not in known:
            raise TypeError(
                f"the remedy cannot tell {{{name}}}; it can tell {', '.join(f'{{{one}}}' for one in known)}"
            )


constraint = _decorator("constraint")
quantity = _decorator("quantity")
parameter = _decorator("parameter")


def _add(found: list[Part], part: Part) -> None:
    if part.name in PARTS or any(part.name == other.name for other in found):
        raise UsageError(
            f"{part.place}: there is already a rule, figure or decision called {part.name!r}; choose another name."
        )
    found.append(part)
