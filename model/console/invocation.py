"""The command that is running: what it was asked, where its results go, and which workbooks it has read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TextIO

from model.language.outside import OwnRules
from model.language.own_rules import load_rules
from model.scenario.source import Source, as_records

_NOT_RECORDED = ("workbook", "workbooks", "out", "json")
"""Arguments that say nothing of the result: where it goes, and files that are recorded with their content."""


@dataclass
class Invocation:
    """One call of the command line."""

    command: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    results: TextIO | None = None
    read: list[Source] = field(default_factory=list)
    rules: OwnRules = field(default_factory=OwnRules)

    @property
    def as_json(self) -> bool:
        """Whether one JSON object was asked for."""
        return bool(self.arguments.get("json"))

    def own_rules(self) -> OwnRules:
        """The rules of the file that was named with --rules, read once; none where none was named. Raises UsageError."""
        if not self.rules and (file := self.arguments.get("rules")):
            self.rules = load_rules(str(file))
        return self.rules

    @property
    def asked(self) -> dict[str, Any]:
        """For the record of the run: the command, and every argument that decides its result."""
        return {
            "command": self.command,
            "arguments": {k: v for k, v in self.arguments.items() if k not in _NOT_RECORDED},
        }

    @property
    def origin(self) -> dict[str, Any]:
        """For JSON: the workbook with path and hash (all of them where there are several), and the warnings of its check."""
        several = len(self.read) > 1
        warnings = [
            {**one, **({"workbook": source.path} if several else {})}
            for source in self.read
            for one in as_records(source.warnings)
        ]
        first = {"workbook": self.read[0].record} if self.read else {}
        return {**first, **({"workbooks": [one.record for one in self.read]} if several else {}), "warnings": warnings}


_CURRENT: ContextVar[Invocation] = ContextVar("invocation")


def current() -> Invocation:
    """The command that is running; an empty one outside the command line."""
    return _CURRENT.get(Invocation())


@contextmanager
def running(invocation: Invocation) -> Iterator[Invocation]:
    """``invocation`` is the command that is running, meanwhile."""
    token = _CURRENT.set(invocation)
    try:
        yield invocation
    finally:
        _CURRENT.reset(token)
