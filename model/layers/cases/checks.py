"""Checks of the sheets `Cases` and `Case factors`: probabilities, and levers that can be pulled as they say."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

from model.language.faults import Fault, UsageError
from model.layers.cases.factors import COMMON, Pull, pull_of, pulled, same, strip
from model.scenario.checks.registry import check
from model.scenario.ledger import HEADING, Places
from model.scenario.levers.names import find_lever
from model.scenario.scenario import Scenario

MAX_CASES = 200
"""Most cases a workbook may have."""

_CLOSE = 1e-6


@check("case_probability")
def probabilities_of_cases_make_sense(s: Scenario, at: Places) -> Iterator[Fault]:
    """Not too many cases, and probabilities that sum to 1."""
    likely = s.values.get("case_probability", {})
    if len(likely) > MAX_CASES:
        message = f"at most {MAX_CASES} cases are accepted"
        yield at.error(("case_probability", HEADING), f"{len(likely)} cases", message, "Merge some of them.")
    total = fsum(value for value in likely.values() if value)
    if likely and abs(total - 1) > _CLOSE:
        message = "the probabilities of the cases do not sum to 1; each is divided by their sum"
        yield at.warning(("case_probability", HEADING), total, message, "Correct them, or leave it if that is meant.")


@check("case_probability", "case_value", "member", "capability", "situation", "task", "level")
def case_factors_can_be_done(s: Scenario, at: Places) -> Iterator[Fault]:
    """Every row names a lever, a target there is and a value the lever takes, and no two rows the same."""
    rows = s.values.get("case_value", {})
    if len(s.values.get("case_probability", {})) > MAX_CASES:
        return
    seen: dict[str, list[Pull]] = {}
    bare = strip(s)
    for row in rows:
        try:
            pull = pull_of(s, row)
            pulled(bare, pull)
        except UsageError as wrong:
            yield _refused(s, at, row, wrong)
            continue
        if any(same(pull, other) for other in seen.setdefault(row[0], [])):
            message = "the same lever is pulled twice for the same thing in this case, in another spelling"
            yield at.error(("Case factors.lever", row), row[1], message, "Keep one of the two.")
        seen[row[0]].append(pull)


def _refused(s: Scenario, at: Places, row: tuple[str, str, str | None], wrong: UsageError) -> Fault:
    """The fault at the cell it is about: the lever, its value or its target."""
    remedy = "Correct it; `alliance levers` lists the levers, what they take and what they are pulled for."
    try:
        lever = find_lever(row[1])
    except UsageError:
        remedy = f"{remedy} Names stand in the column target, without brackets."
        return at.error(("Case factors.lever", row), row[1], str(wrong), remedy)
    if lever.name in COMMON:
        return at.error(("Case factors.lever", row), row[1], str(wrong), "Remove the row.")
    if str(wrong).startswith(f"{lever.name} takes {lever.allowed}"):
        return at.error(("case_value", row), s.values["case_value"][row], str(wrong), remedy)
    return at.error(("Case factors.target", row), row[2] or "blank", str(wrong), remedy)
