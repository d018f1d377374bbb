"""Who takes part in a joint programme, and which part of its development each participant bears."""

from __future__ import annotations

from math import fsum

from model.language.names import listed
from model.layers.burden_keys.keys import fair_shares, figures_of
from model.scenario.scenario import Scenario

Shares = dict[str, float]


def participants(s: Scenario, programme: str) -> tuple[str, ...]:
    """The members that take part, in order of their names; members and groups of the list that do not exist count for nothing."""
    who = figures_of(s)
    named = {m for name in listed(s.participants[programme] or "", who.names) for m in who.of(name)}
    return tuple(m for m in who.names if m in named)


def unknown_participants(s: Scenario, programme: str) -> tuple[str, ...]:
    """Names in the list of participants that are neither a member nor a group."""
    who = figures_of(s)
    return tuple(name for name in listed(s.participants[programme] or "", who.names) if not who.of(name))


def development_shares(s: Scenario, programme: str) -> Shares:
    """The part of the development cost each participant bears, summing to 1; equal parts where nobody weighs anything."""
    who = participants(s, programme)
    how = s.development_sharing[programme]
    if how == "key":
        key = fair_shares(s, s.programme_key[programme])
        weights = {m: key[m] for m in who}
    elif how == "workshare":
        weights = {m: s.workshare.get((programme, m), 0.0) for m in who}
    else:
        weights = dict.fromkeys(who, 1.0)
    total = fsum(weights.values())
    return {m: weight / total if total > 0 else 1.0 / len(who) for m, weight in weights.items()}
