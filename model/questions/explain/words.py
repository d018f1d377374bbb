"""The sums of an explanation as sentences a planner can repeat, each with its numbers and its unit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from model.language.registry import PARTS, Part
from model.questions.explain.accounts import CEILING, OBJECTIVE
from model.questions.explain.case import (
    EFFORT,
    FORCE,
    HELD,
    ONE_MORE,
    OTHERWISE,
    SAME,
    Case,
    Explanation,
    Line,
    Section,
)
from model.wording.figures import adding_up, plain, signed


def say(case: Case, found: Explanation) -> Iterator[str]:
    """The number, what it is used for, what one more unit would bring, and what sets the prices in that."""
    yield _held(case, found)
    for section in found.sections:
        if section.name.startswith(f"{FORCE}: "):
            yield _force(case, found, section)
    bill = found.section(ONE_MORE)
    yield from _one_more(case, bill)
    yield _verdict(case, found, bill)
    for section in found.sections:
        if section.name.startswith(f"{OTHERWISE}: "):
            yield _otherwise(case, section)
        elif section.name.startswith(f"{EFFORT}: ") and section.lines:
            yield _effort(case, section)


def _sum(parts: Sequence[tuple[float, str]]) -> str:
    """``4.3 left of … + 0.7 left of … = 5.0``."""
    said, total = adding_up([value for value, _ in parts])
    texts = [f"{number} {text}".strip() for number, (_, text) in zip(map(signed, said), parts, strict=True)]
    return f"{' '.join(texts).removeprefix('+ ')} = {total}"


def _held(case: Case, found: Explanation) -> str:
    section = found.section(HELD)
    begin = f"{found.member} holds {plain(found.held)} of {found.capability} ({found.unit}) in {case.year}"
    if len(section.lines) < 2:
        return f"{begin}, all of it {section.lines[0].item}." if found.held > SAME else f"{begin}."
    return f"{begin}: {_sum([(line.value, line.item + _when(line)) for line in section.lines])}."


def _when(line: Line) -> str:
    return f" in {line.year}" if line.item == "given up" else ""


def _force(case: Case, found: Explanation, section: Section) -> str:
    about = section.name.removeprefix(f"{FORCE}: ")
    parts = [
        (line.value, f"to {line.item}" if line.item != "not sent" else line.item)
        for line in section.lines
        if abs(line.value) > SAME * max(1.0, section.total)
    ]
    idle = math.fsum(line.value for line in section.lines if abs(line.value) <= SAME * max(1.0, section.total))
    parts = [(parts[0][0] + idle, parts[0][1]), *parts[1:]] if parts else [(0.0, "to every task")]
    counts = f", as each counts for {plain(section.total / found.held)}," if found.held > SAME else ""
    limits = [f"{line.item}: {line.binds}" for line in section.lines if line.binds]
    why = f" What limits it: {'. '.join(limits)}." if limits else ""
    return f"{about}: it can send {plain(section.total)} ({section.unit}){counts} and sends {_sum(parts)}.{why}"


def _one_more(case: Case, bill: Section) -> Iterator[str]:
    how = f"ordered in {case.order}" if case.order is not None else "if it were given one"
    if not bill.lines:
        return
    yield (
        f"One more {case.unit} in {case.year}, {how} and kept as long as keeping it pays; each line is what it lowers "
        f"{case.measure} by ({case.gain_unit}), at the plan's prices, which hold for small changes:"
    )
    groups = _grouped(bill.lines)
    numbers, total = adding_up([math.fsum(line.value for line in lines) for lines in groups])
    for number, lines in zip(numbers, groups, strict=True):
        yield f"{signed(number)}: {_reason(case, lines)}"
    yield f"Together {' '.join(map(signed, numbers)).removeprefix('+ ')} = {total}."


def _grouped(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines of one kind over the years together, gains first."""
    groups: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.rule, line.item, line.variable), []).append(line)
    return sorted(groups.values(), key=lambda group: -math.fsum(line.value for line in group))


def _years(lines: Sequence[Line]) -> str:
    years = sorted(line.year for line in lines if line.year is not None)
    if not years:
        return ""
    return f" in {years[0]}" if years[0] == years[-1] else f" from {years[0]} to {years[-1]}"


def _reason(case: Case, lines: Sequence[Line]) -> str:
    """What one group of terms is, with its quantities and price."""
    first, amount = lines[0], math.fsum(abs(line.quantity or 0.0) for line in lines)
    return _phrase(case, first, amount, _years(lines)) + _at_price(case, first, lines) + "."


def _at_price(case: Case, first: Line, lines: Sequence[Line]) -> str:
    if first.rule == OBJECTIVE or not first.price:
        return ""
    prices = [abs(line.price or 0.0) for line in lines]
    low, high = min(prices), max(prices)
    per, size = ("1,000 " + case.money, 1000.0) if _of_money(first.rule, case.plan.parts) else ("1", 1.0)
    if high - low <= 1e-6 * high:
        return f" (price {plain(size * high)} per {per})"
    return f" (prices {plain(size * low)} to {plain(size * high)} per {per})"


def _of_money(rule: str, known: Mapping[str, Part]) -> bool:
    return rule in known and known[rule].unit == "money"


def _phrase(case: Case, line: Line, amount: float, years: str) -> str:
    """What one more unit does to a rule, as the rule says it; else what the rule says."""
    if line.rule == OBJECTIVE:
        return f"{PARTS[line.variable].doing} itself adds {plain(amount)} to {line.item}"
    if line.rule == CEILING:
        return f"it takes {plain(amount)} of the ceiling on {line.item}"
    part = case.plan.parts.get(line.rule)
    said = ((line.variable == "contributed" and part.one_sent) or part.one_more) if part else ""
    if not said:
        says = part.says.rstrip(".") if part else line.rule
        return f"{says[:1].lower()}{says[1:]} ({line.rule}{years})"
    return said.format(
        amount=plain(amount), money=case.money, unit=case.unit, member=case.member, item=line.item, years=years,
        doing=PARTS[line.variable].doing, level=", at a higher level" if line.quantity and line.quantity > 0 else "",
    )  # fmt: skip


def _verdict(case: Case, found: Explanation, bill: Section) -> str:
    size = max((abs(line.value) for line in bill.lines), default=0.0)
    if size == 0:
        return (
            f"One more {case.unit} would neither lower {case.measure} nor take anything that has a price in this stage, "
            "so this stage does not settle the number: other plans as good as this one may hold more or less (later stages and the "
            "rule for ties decide)."
        )
    by = _amount(case, abs(found.gain))
    if case.order is None:
        return f"But it cannot have one: {_no_order(case)}. A gift would lower {case.measure} by {by} at most."
    bought = case.accounts.amount("ordered", (*case.field, case.order))
    if abs(found.gain) <= SAME * size:
        if bought > SAME:
            return (
                f"So it just pays: {plain(bought)} are ordered in {case.order}, up to where earning and cost are equal."
            )
        return (
            f"Earning and cost are equal though none is ordered in {case.order}: in this stage the number is only one of several "
            "equally good ones."
        )
    return f"So none is ordered in {case.order}: it is not worth it by {by} for each {case.unit}."


def _amount(case: Case, value: float) -> str:
    """A gain with its unit; fractions need none."""
    return plain(value) if case.gain_unit == "fraction of 1" else f"{plain(value)} {case.gain_unit}"


def _no_order(case: Case) -> str:
    d = case.plan.data
    if case.field not in d.cost_factor:
        return f"{case.member} may not acquire {case.capability} (Cost factors: no)"
    first = d.arrival(case.capability, d.sets["period"][0])
    return f"what is ordered in {d.sets['period'][0]}, the first period, arrives in {first} (lead time)"


def _otherwise(case: Case, section: Section) -> str:
    other, (earns, takes) = section.name.removeprefix(f"{OTHERWISE}: "), section.lines
    unit = str(case.plan.scenario.unit.get(other) or "unit")
    return (
        f"What sets the price of money of {case.member} in {earns.year}: one more {unit} of {other}, of which it orders "
        f"{plain(earns.quantity or 0.0)} then, earns {_amount(case, earns.value)} after its other costs and takes "
        f"{plain(takes.quantity or 0.0)} {case.money}: {plain(1000 * (takes.price or 0.0))} per 1,000 {case.money}."
    )


def _takes(rule: str) -> str:
    return (PARTS[rule].takes if rule in PARTS else "") or rule


def _effort(case: Case, section: Section) -> str:
    task = section.name.removeprefix(f"{EFFORT}: ")
    lines = sorted(section.lines, key=lambda line: -line.value)
    numbers, total = adding_up([line.value for line in lines])
    parts = [f"{signed(n)} ({_takes(line.rule)})" for n, line in zip(numbers, lines, strict=True)]
    key = (case.member, task, case.capability, case.year)
    end = "it just pays"
    if section.total > SAME * max(abs(line.value) for line in section.lines):
        end = "more would pay, but a limit on this contribution holds"
    elif section.total < -SAME * max(abs(line.value) for line in section.lines):
        end = "the force is worth more elsewhere"
    sent = plain(case.accounts.amount("contributed", key))
    missing, required = case.plan.quantity("shortfall")[key[1:]], case.plan.data.required[key[1:]]
    lacks = f"{plain(missing)} of the {plain(required)} required are" if missing > SAME * required else "nothing is"
    return (
        f"{task}, where it sends {sent} and {lacks} still missing: one more effective {case.unit} would, at the plan's prices, "
        f"lower {case.measure} by "
        f"{' '.join(parts).removeprefix('+ ')} = {total}: {end}."
    )
