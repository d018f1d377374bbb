"""Links that outlive a session: a shipped scenario and the changes made to it, written out in the address."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode, urlsplit, urlunsplit

from model.language.columns import MEASURES
from model.language.faults import UsageError
from model.language.names import did_you_mean
from model.scenario.levers.edits import Edit, parse_edit
from model.wording.words import joined

SCENARIO, SET, CEILING = "scenario", "set", "ceiling"
"""Query parameters: the scenario's name, one edit each (``budget[Poland]=0.9``), one ceiling each (``risk=0.05``)."""

MOST, LONGEST = 60, 300
"""Most changes a link may ask for, and the most characters of each."""


class Query(Protocol):
    """What is asked for behind the question mark of an address."""

    def get_all(self, key: str) -> list[str]:
        """Every value given for a name."""
        ...


@dataclass(frozen=True)
class Link:
    """What a link asks for, and what of it cannot be had, in words."""

    source: str
    edits: tuple[Edit, ...] = ()
    ceilings: Mapping[str, float] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


def read(query: Query, known: Iterable[str], first: str) -> Link:
    """What an address asks for. Whatever cannot be understood is left out and told; ``first`` opens where nothing is named."""
    names, refused = list(known), []
    source = next(iter(query.get_all(SCENARIO)), first)[:LONGEST]
    if source not in names:
        near = did_you_mean(source, names)
        hint = f"Did you mean {near}? " if near else ""
        refused.append(
            f"The link names the scenario {source!r}, which does not ship. {hint}There are {joined(names)}; {first} is shown."
        )
        return Link(first, refused=tuple(refused))
    edits: list[Edit] = []
    ceilings: dict[str, float] = {}
    for text in query.get_all(SET)[:MOST]:
        try:
            edits.append(parse_edit(text[:LONGEST]))
        except UsageError as failure:
            refused.append(f"A change in the link was left out: {failure}")
    for text in query.get_all(CEILING)[:MOST]:
        name, _, value = text[:LONGEST].partition("=")
        if (limit := _number(value)) is not None and name in MEASURES:
            ceilings[name] = limit
        else:
            refused.append(
                f"A ceiling in the link was left out: {text[:LONGEST]!r} should read like risk=0.05, for one of {joined(MEASURES)}."
            )
    return Link(source, tuple(edits), ceilings, tuple(refused))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def written(address: str, link: Link) -> str:
    """The link as an address on the same server as ``address``: its front page, then what is asked for."""
    parts = urlsplit(address)
    folder = parts.path.rpartition("/")[0] + "/"
    query = [(SCENARIO, link.source), *((SET, edit.text) for edit in link.edits)]
    query += [(CEILING, f"{name}={limit:.10g}") for name, limit in link.ceilings.items()]
    return urlunsplit((parts.scheme, parts.netloc, folder, urlencode(query), ""))
