"""Rules from outside the package: the same grammar, but a rule belongs to the problem it is given to and to no other.

A decorated function carries its part (``rule.part``) and is registered nowhere. A file of rules is Python code, which is run
because its user named it.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from model.language.faults import AllianceError, UsageError
from model.language.registry import PARTS, Kind, Part, index_of

_DETAILS: dict[Kind, tuple[str, ...]] = {
    "constraint": ("over", "may_bend", "source", "second_reading", "remedy", "cells", "reason"),
    "quantity": ("over", "source"),
    "parameter": ("over", "source", "symbol"),
}
"""What may be said of a part from outside, by its kind."""

_READ: ContextVar[list[Part]] = ContextVar("parts of the file that is being read")

Rule = Callable[..., Any]


@dataclass(frozen=True)
class OwnRules:
    """The rules that come with a scenario, and the file they were read from, if they were. Empty, it is false.

    It travels to other processes as the text of its file, which is run there once more; without a file, by the names of its
    functions, which must be importable there.
    """

    parts: tuple[Part, ...] = ()
    file: str = ""
    source: str = ""

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __reduce__(self) -> tuple[Any, ...]:
        return (read_rules, (self.source, self.file)) if self.file else (OwnRules, (self.parts,))

    @property
    def text(self) -> list[str]:
        """The code that makes the rules, as far as it is known: two problems with the same text are the same."""
        return [self.source] if self.file else [_code_of(part) for part in self]

    @property
    def unread(self) -> tuple[str, ...]:
        """The constraints without a second reading."""
        return tuple(part.name for part in self if part.kind == "constraint" and part.second_reading is None)


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
        why = failure.strerror if isinstance(failure, OSError) else "it is no text in UTF-8"
        raise UsageError(f"The rules in {path} could not be read: {why}.") from failure
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
        raise UsageError(f"{file}, line {_line(failure, file)}: {_why(failure)}.") from failure
    finally:
        _READ.reset(token)
    if not found:
        raise UsageError(f"There are no rules in {file}: decorate a function with @constraint.")
    return OwnRules(tuple(found), file, source)


def call(part: Part, *given: Any, key: tuple[Any, ...] = ()) -> Any:
    """What a part gives for a key. Raises UsageError where one from outside fails: which, for which key, and why."""
    if not part.own:
        return part.rule(*given, *key)
    try:
        return part.rule(*given, *key)
    except AllianceError:
        raise
    except Exception as failure:
        raise failed(part, key, _why(failure), _line(failure, _file_of(part))) from failure


def keys_said(part: Part, listed: Callable[[Any], list[Any]]) -> list[tuple[Any, ...]]:
    """The keys that ``over`` gives a part from outside. Raises UsageError where they are none of its index."""
    over = part.over
    assert over is not None
    try:
        keys = listed(over)
    except AllianceError:
        raise
    except Exception as failure:
        raise failed(
            part, None, f"its keys (over) cannot be listed: {_why(failure)}", _line(failure, _file_of(part))
        ) from failure
    wrong = [key for key in keys if not isinstance(key, tuple) or len(key) != len(part.index)]
    if wrong:
        raise failed(part, None, f"over gives the key {wrong[0]!r}, and a key here is ({', '.join(part.index)},)")
    if len(set(keys)) != len(keys):
        raise failed(part, None, f"over gives the key {next(key for key in keys if keys.count(key) > 1)!r} twice")
    return keys


def failed(part: Part, key: tuple[Any, ...] | None, why: str, line: int | str = "", what: str = "") -> UsageError:
    """The fault of a part from outside: where it stands, what it is, for which key, and why."""
    at = f" for {', '.join(map(str, key))}" if key else ""
    subject = what or f"the {'rule' if part.kind == 'constraint' else part.kind} {part.name}"
    place = f"{_file_of(part)}, line {line}" if line else part.place
    return UsageError(f"{place}: {subject} {'fails' if what else 'cannot be stated'}{at}: {why}.")


def second_reading(part: Part, reader: Any) -> list[Any]:
    """The rows of a part's second reading. Raises UsageError where it fails."""
    assert part.second_reading is not None
    try:
        return list(part.second_reading(reader))
    except AllianceError:
        raise
    except Exception as failure:
        line = _line(failure, _file_of(part))
        raise failed(part, None, _why(failure), line, f"the second reading of the rule {part.name}") from failure


def wrong_row(part: Part, key: Any, why: str) -> UsageError:
    """The fault of a row of a second reading."""
    return failed(part, key if isinstance(key, tuple) else None, why, "", f"the second reading of the rule {part.name}")


def _decorator(kind: Kind) -> Callable[..., Callable[[Rule], Rule]]:
    def with_details(unit: str, **details: Any) -> Callable[[Rule], Rule]:
        if unknown := set(details) - set(_DETAILS[kind]):
            raise TypeError(f"@{kind} takes no {sorted(unknown)[0]!r}; it takes {', '.join(_DETAILS[kind])}")

        def carry(rule: Rule) -> Rule:
            part = Part(kind, rule, unit, index_of(kind, rule), own=True, **details)
            rule.part = part  # type: ignore[attr-defined]
            _add(_READ.get([]), part)
            return rule

        return carry

    return with_details


constraint = _decorator("constraint")
quantity = _decorator("quantity")
parameter = _decorator("parameter")


def _add(found: list[Part], part: Part) -> None:
    if part.name in PARTS or any(part.name == other.name for other in found):
        raise UsageError(
            f"{part.place}: there is already a rule, figure or decision called {part.name!r}; choose another name."
        )
    found.append(part)


def _file_of(part: Part) -> str:
    return part.rule.__code__.co_filename


def _line(failure: BaseException, file: str) -> int | str:
    """The last line of the file that took part in a failure."""
    lines = [frame.lineno for frame in traceback.extract_tb(failure.__traceback__) if frame.filename == file]
    return lines[-1] if lines and lines[-1] else "?"


def _why(failure: BaseException) -> str:
    """A failure in words, with the names that were perhaps meant."""
    if isinstance(failure, AttributeError) and isinstance(failure.name, str):
        return f"there is nothing called {failure.name!r} here{_perhaps(failure.name, failure.obj)}"
    if isinstance(failure, TypeError | ValueError):
        return str(failure)
    if isinstance(failure, SystemExit):
        return "it ends the program"
    if isinstance(failure, KeyError):
        return f"there is nothing under {failure}"
    return f"{type(failure).__name__}: {failure}"


def _perhaps(name: str, owner: Any) -> str:
    known = {*PARTS, *dir(owner), *getattr(getattr(owner, "scenario", owner), "values", ())}
    near = get_close_matches(name, sorted(one for one in known if not one.startswith("_")), 2)
    return f"; perhaps {' or '.join(near)} is meant" if near else ""


def _code_of(part: Part) -> str:
    made = [part.rule, *([part.second_reading] if part.second_reading else [])]
    try:
        return "\n".join(map(inspect.getsource, made))
    except (OSError, TypeError):  # typed into a console that keeps no text
        return repr([(part.name, one.__code__.co_code.hex(), one.__code__.co_consts) for one in made])
