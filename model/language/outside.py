"""Rules from outside as a scenario carries them, and what is said where one fails. Nothing here knows the package's own rules."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from model.language.faults import AllianceError, UsageError


@dataclass(frozen=True)
class OwnRules:
    """The rules that come with a scenario, and the file they were read from, if they were. Empty, it is false.

    It travels to other processes as the text of its file, which is run there once more; without a file, by the names of its
    functions, which must be importable there.
    """

    parts: tuple[Any, ...] = ()
    file: str = ""
    source: str = ""
    reader: Callable[[str, str], OwnRules] | None = None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __reduce__(self) -> tuple[Any, ...]:
        return (self.reader, (self.source, self.file)) if self.reader else (OwnRules, (self.parts,))

    @property
    def text(self) -> list[str]:
        """The code that makes the rules, as far as it is known: two problems with the same text are the same."""
        return [self.source] if self.file else [_code_of(part) for part in self]

    @property
    def unread(self) -> tuple[str, ...]:
        """The constraints without a second reading."""
        return tuple(part.name for part in self if part.kind == "constraint" and part.second_reading is None)


def call(part: Any, *given: Any, key: tuple[Any, ...] = ()) -> Any:
    """What a part gives for a key. Raises UsageError where one from outside fails: which, for which key, and why."""
    if not part.own:
        return part.rule(*given, *key)
    try:
        return part.rule(*given, *key)
    except AllianceError:
        raise
    except Exception as failure:
        raise failed(part, key, why(failure), line_of(failure, _file_of(part))) from failure


def keys_said(part: Any, listed: Callable[[Any], list[Any]]) -> list[tuple[Any, ...]]:
    """The keys that ``over`` gives a part from outside. Raises UsageError where they are none of its index."""
    over = part.over
    assert over is not None
    try:
        keys = listed(over)
    except AllianceError:
        raise
    except Exception as failure:
        raise failed(
            part, None, f"its keys (over) cannot be listed: {why(failure)}", line_of(failure, _file_of(part))
        ) from failure
    wrong = [key for key in keys if not isinstance(key, tuple) or len(key) != len(part.index)]
    if wrong:
        raise failed(part, None, f"over gives the key {wrong[0]!r}, and a key here is ({', '.join(part.index)},)")
    if len(set(keys)) != len(keys):
        raise failed(part, None, f"over gives the key {next(key for key in keys if keys.count(key) > 1)!r} twice")
    return keys


def failed(part: Any, key: tuple[Any, ...] | None, reason: str, line: int | str = "", what: str = "") -> UsageError:
    """The fault of a part from outside: where it stands, what it is, for which key, and why."""
    at = f" for {', '.join(map(str, key))}" if key else ""
    subject = what or f"the {'rule' if part.kind == 'constraint' else part.kind} {part.name}"
    place = f"{_file_of(part)}, line {line}" if line else part.place
    return UsageError(f"{place}: {subject} {'fails' if what else 'cannot be stated'}{at}: {reason}.")


def second_reading(part: Any, reader: Any) -> list[Any]:
    """The rows of a part's second reading. Raises UsageError where it fails."""
    assert part.second_reading is not None
    try:
        return list(part.second_reading(reader))
    except AllianceError:
        raise
    except Exception as failure:
        line = line_of(failure, _file_of(part))
        raise failed(part, None, why(failure), line, f"the second reading of the rule {part.name}") from failure


def wrong_row(part: Any, key: Any, reason: str) -> UsageError:
    """The fault of a row of a second reading."""
    return failed(
        part, key if isinstance(key, tuple) else None, reason, "", f"the second reading of the rule {part.name}"
    )


def _file_of(part: Any) -> str:
    return part.rule.__code__.co_filename


def line_of(failure: BaseException, file: str) -> int | str:
    """The last line of the file that took part in a failure."""
    lines = [frame.lineno for frame in traceback.extract_tb(failure.__traceback__) if frame.filename == file]
    return lines[-1] if lines and lines[-1] else "?"


def why(failure: BaseException) -> str:
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
    known = {*dir(owner), *getattr(owner, "parts", ()), *getattr(getattr(owner, "scenario", owner), "values", ())}
    near = get_close_matches(name, sorted(one for one in known if not one.startswith("_")), 2)
    return f"; perhaps {' or '.join(near)} is meant" if near else ""


def _code_of(part: Any) -> str:
    made = [part.rule, *([part.second_reading] if part.second_reading else [])]
    try:
        return "\n".join(map(inspect.getsource, made))
    except (OSError, TypeError):  # typed into a console that keeps no text
        return repr([(part.name, one.__code__.co_code.hex(), one.__code__.co_consts) for one in made])
