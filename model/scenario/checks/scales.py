"""Checks of scales: interoperability levels, risk bands, commonality, and the level of the tail."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from model.language.faults import Fault
from model.scenario.checks.registry import check, hint, some
from model.scenario.ledger import HEADING, Places
from model.scenario.scenario import Scenario


@check("level", "effectiveness")
def levels_rise_to_one(s: Scenario, at: Places) -> Iterator[Fault]:
    """Effectiveness rises from level to level, and is 1 at the last."""
    levels = s.sets["level"]
    for lower, upper in pairwise(levels):
        if s.effectiveness[upper] <= s.effectiveness[lower]:
            message = (
                f"'effectiveness' must rise from level to level; '{lower}' above it has {s.effectiveness[lower]:g}"
            )
            remedy = "List the levels from the lowest to the highest."
            yield at.error(("effectiveness", upper), s.effectiveness[upper], message, remedy)
    if levels and s.effectiveness[levels[-1]] != 1:
        place = ("effectiveness", levels[-1])
        yield at.error(place, s.effectiveness[levels[-1]], "'effectiveness' of the last level must be 1", "Type 1.")


@check("up_to", "severity")
def risk_bands_rise_to_one(s: Scenario, at: Places) -> Iterator[Fault]:
    """Bands end ever later, the last at 1."""
    ends = list(s.severity)
    for earlier, later in pairwise(ends):
        if later <= earlier:
            message = f"'up_to' must rise from row to row; the row above has {earlier:g}"
            yield at.error(("Risk bands.up_to", later), later, message, "Sort the rows by up_to.")
    if ends and ends[-1] != 1:
        place = ("Risk bands.up_to", ends[-1])
        yield at.error(place, ends[-1], "'up_to' of the last band must be 1", "Type 1, or add a row.")


@check("up_to", "severity")
def severity_never_falls(s: Scenario, at: Places) -> Iterator[Fault]:
    """A further missing unit is never less severe than the one before: the programme stays linear."""
    for (earlier, mild), (later, grave) in pairwise(s.severity.items()):
        if later > earlier and grave < mild:
            message = f"'weight' must not fall from band to band; the band before has {mild:g}"
            yield at.error(("severity", later), grave, message, f"Type {mild:g} or more.")
    if s.severity and not any(s.severity.values()):
        yield at.error(
            ("severity", HEADING), 0, "all weights are zero, so nothing missing would count", "Type weights."
        )


@check("member", "commonality")
def members_have_all_in_common_with_themselves(s: Scenario, at: Places) -> Iterator[Fault]:
    """The diagonal of the matrix, where given, is 1."""
    for member in s.sets["member"]:
        value = s.commonality[member, member]
        if value != 1:
            message = f"the commonality of '{member}' with itself must be 1"
            yield at.error(("commonality", (member, member)), value, message, "Type 1, or leave the cell blank.")


@hint("member", "commonality")
def commonality_is_symmetric(s: Scenario, at: Places) -> Iterator[Fault]:
    """What one member has in common with another holds the other way round, as a rule."""
    members = s.sets["member"]
    uneven = [
        (one, other)
        for position, one in enumerate(members)
        for other in members[position + 1 :]
        if s.commonality[one, other] != s.commonality[other, one]
    ]
    if uneven:
        pairs = [
            f"{one} – {other}: {s.commonality[one, other]:g} and {s.commonality[other, one]:g}" for one, other in uneven
        ]
        place = next((pair for pair in uneven if at.find("commonality", pair)[1]), uneven[0][::-1])
        message = f"the matrix is not symmetric in {len(uneven)} pairs; a blank on one side takes the default"
        remedy = "Fill in both sides alike unless the difference is meant."
        yield at.warning(("commonality", place), some(pairs, 3), message, remedy)
