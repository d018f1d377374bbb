"""How tests look for a fault: where, how grave, and the words in it."""

from __future__ import annotations

from collections.abc import Iterable

from model.language.faults import Fault


def expect(faults: Iterable[Fault], sheet: str, cell: str, severity: str, *words: str) -> Fault:
    """The one fault at that place that has all the words in what was found, the message or the remedy."""
    here = [f for f in faults if (f.sheet, f.cell, f.severity) == (sheet, cell, severity)]
    found = [f for f in here if all(word in f"{f.found} {f.message} {f.remedy}" for word in words)]
    assert len(found) == 1, "\n".join(["wanted one, have:", *map(repr, here or faults)])
    assert found[0].message
    assert found[0].remedy
    return found[0]
