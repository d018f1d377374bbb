"""Rules from outside before the certificate: compared with their second reading, or taken as they were stated where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from model.certificate import Reading, rule_of
from model.core.data import Data
from model.language.faults import UsageError
from model.language.outside import OwnRules
from model.language.own_rules import Rule, own_rules
from model.language.registry import PARTS
from model.scenario.scenario import Scenario
from model.solve.lp import LP, Key

_CLOSE = 1e-9
"""Part of a row's largest number by which its two readings may differ: rounding."""

Terms = Mapping[tuple[str, Key], float]
Row = tuple[str, float, Terms]
"""Sense, right-hand side and coefficients by decision."""


def under(scenario: Scenario, rules: OwnRules | Iterable[Rule] | None) -> Scenario:
    """The scenario under rules from outside: those given, or its own. Raises UsageError where one has a name that is taken."""
    found = scenario.rules if rules is None else own_rules(rules)
    for part in found:
        known = part.name in PARTS or part.name in scenario.values or part.name in scenario.settings
        if known or hasattr(Data, part.name):
            raise UsageError(
                f"{part.place}: there is already a rule, figure, column or decision called {part.name!r}; choose another name."
            )
    return scenario if rules is None else scenario.with_rules(found)


def unread(rules: OwnRules, off: Iterable[str] = ()) -> tuple[str, ...]:
    """The rules from outside in force that the certificate has no second reading of."""
    return tuple(name for name in rules.unread if name not in off)


def not_certified(names: Iterable[str]) -> str:
    """What the certificate does not prove, in a sentence; "" where it proves everything."""
    return " ".join(
        f"Not certified: rule {name} has no second reading. The proof holds for this rule as it was stated to the solver."
        for name in names
    )


def with_own_rules(reading: Reading, lp: LP, rules: OwnRules, off: Iterable[str]) -> Reading:
    """The reading with every rule from outside: of those it has not read, the rows that were stated. Raises UsageError where the
    two readings of a rule differ."""
    stated = {part.name: _stated(lp, part.name) for part in rules if part.kind == "constraint" and part.name not in off}
    c = reading.columns
    at = {(name, key): c.start[name] + i for name, keys in c.keys.items() for i, key in enumerate(keys)}
    taken = [rule_of(name, [_placed(at, key, row) for key, row in stated[name].items()]) for name in unread(rules, off)]
    for part in rules:
        both = part.name in stated and part.second_reading is not None
        if both and (differs := _differs(stated[part.name], _read(reading, part.name))):
            raise UsageError(f"{part.place}: the rule {part.name} and its second reading differ{differs}.")
    return replace(reading, rules=(*reading.rules, *(rule for rule in taken if rule.keys)))


def _stated(lp: LP, name: str) -> dict[Key, Row]:
    """A rule's rows as they were compiled, without those that say nothing."""
    block, found = lp.rows[name], dict[Key, Row]()
    labels = [(column.name, key) for column in lp.columns.values() for key in column.keys]
    rows = lp.A.tocsr()[block.start : block.stop]
    for i, key in enumerate(block.keys):
        at = slice(rows.indptr[i], rows.indptr[i + 1])
        lower, upper = (float(side[block.start + i]) for side in (lp.row_lower, lp.row_upper))
        terms = {labels[j]: float(a) for j, a in zip(rows.indices[at], rows.data[at], strict=True)}
        if terms:
            found[key] = (
                "=" if lower == upper else "<=" if np.isinf(lower) else ">=",
                upper if np.isfinite(upper) else lower,
                terms,
            )
    return found


def _placed(at: Mapping[tuple[str, Key], int], key: Key, row: Row) -> tuple[Key, str, float, dict[int, float]]:
    """A row over the columns of the reading."""
    sense, right, terms = row
    return key, sense, right, {at[decision]: amount for decision, amount in terms.items()}


def _read(reading: Reading, name: str) -> dict[Key, Row]:
    """A rule's rows as the certificate has read them, without those that say nothing."""
    c, found = reading.columns, dict[Key, Row]()
    labels = [(variable, key) for variable in sorted(c.start, key=c.start.__getitem__) for key in c.keys[variable]]
    for rule in (rule for rule in reading.rules if rule.name == name):
        rows = [dict[tuple[str, Key], float]() for _ in rule.keys]
        for row, column, amount in zip(*(part.tolist() for part in rule.entries), strict=True):
            rows[row][labels[column]] = rows[row].get(labels[column], 0.0) + amount
        for key, right, terms in zip(rule.keys, rule.right.tolist(), rows, strict=True):
            if any(terms.values()):
                found[key] = (rule.sense, right, terms)
    return found


def _differs(stated: Mapping[Key, Row], read: Mapping[Key, Row]) -> str:
    """The first place where the two readings of a rule differ, and how."""
    for key in (*stated, *(key for key in read if key not in stated)):
        at = f" for {', '.join(map(str, key))}" if key else ""
        if key not in stated or key not in read:
            return f": only {'the second reading' if key in read else 'the rule'} has a row{at}"
        if what := _difference(_turned(stated[key]), _turned(read[key])):
            return f"{at}: {what}"
    return ""


def _turned(row: Row) -> Row:
    """A limit from below as one from above."""
    sense, right, terms = row
    return ("<=", -right, {at: -amount for at, amount in terms.items()}) if sense == ">=" else row


def _difference(stated: Row, read: Row) -> str:
    if stated[0] != read[0]:
        return "one is an equation, the other a limit"
    size = _CLOSE * max(abs(stated[1]), *map(abs, stated[2].values()))
    for variable, key in {**stated[2], **read[2]}:
        one, other = stated[2].get((variable, key), 0.0), read[2].get((variable, key), 0.0)
        if abs(one - other) > size:
            return f"{variable}[{', '.join(map(str, key))}] has the coefficient {one:.6g} in the rule and {other:.6g} in the reading"
    if abs(stated[1] - read[1]) > size:
        return f"the limit is {stated[1]:.6g} in the rule and {read[1]:.6g} in the reading"
    return ""
