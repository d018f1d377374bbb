"""The policies of a plan: which are in force, where they bind, and how much each holds risk up."""

from __future__ import annotations

from dataclasses import dataclass

from model.language.registry import Part
from model.report.causes import gains, pricing_stage
from model.report.figures import worth_of_room
from model.solve.lp import LP, Key
from model.solve.plan import Plan
from model.wording import words

IN_FORCE, OFF, UNUSED = "in force", "switched off", "says nothing here"
"""States of a policy; the last where the scenario has no case of it."""


@dataclass(frozen=True)
class Policy:
    """A policy as a plan has it. ``places`` is how often it says something, ``binds`` where a little more room would help.

    ``worth`` is by how much the measure of the first objective would fall, at most, if every limit of it were one per
    cent wider, as a part of the measure's value; ``where`` is the place of the largest part of that, in words.
    """

    part: Part
    state: str
    places: int
    binds: int
    worth: float
    where: str

    @property
    def name(self) -> str:
        """The policy in plain words: "Budget is respected"."""
        return named(self.part.name)


def named(rule: str) -> str:
    """A rule's name in plain words."""
    return words.capital(rule.replace("_", " "))


def measure_priced(plan: Plan) -> str:
    """The measure whose prices are told, in plain words: risk, where the plan lowers it."""
    return pricing_stage(plan).measure.replace("_", " ")


def policies(plan: Plan) -> list[Policy]:
    """Every policy there is, in the order of the formulation. Without a plan, nothing binds and nothing is priced."""
    return [_policy(plan, part) for part in plan.parts.values() if part.may_bend]


def places_of(lp: LP, rule: str) -> int:
    """How many limits a policy sets in a problem; 0 where it has no case."""
    block = lp.rows.get(rule) or lp.bound_blocks.get(rule)
    return len(block.keys) if block else 0


def _policy(plan: Plan, part: Part) -> Policy:
    places = places_of(plan.lp, part.name)
    state = OFF if part.name in plan.lp.off else IN_FORCE if places else UNUSED
    if state != IN_FORCE or not plan.found:
        return Policy(part, state, places, 0, 0.0, "")
    value, worth = pricing_stage(plan).value, worth_of_room(plan, part.name)
    if not worth:
        return Policy(part, state, places, 0, 0.0, "")
    best = max(worth, key=lambda key: worth[key])
    total = sum(worth.values()) / value if value else 0.0
    return Policy(part, state, places, len(gains(plan, part.name)), total, _where(plan, part, best))


def _where(plan: Plan, part: Part, key: Key) -> str:
    at = dict(zip(part.index, key, strict=True))
    if "period" in at:
        at["period"] = words.period(at["period"], plan.data.step)
    return ", ".join(str(value) for value in at.values())


def answer(plan: Plan) -> str:
    """How many policies are in force and bind, and which holds the plan back most."""
    found = policies(plan)
    force = [one for one in found if one.state == IN_FORCE]
    off = [one.name for one in found if one.state == OFF]
    told = [f"{words.count(len(force), 'policy', 'policies')} {'is' if len(force) == 1 else 'are'} in force"]
    if off:
        told[0] += f", {len(off)} switched off ({words.joined(off, 4)})"
    if not plan.found:
        return told[0] + (", and no plan satisfies them." if plan.status == "infeasible" else ", and there is no plan.")
    binding = [one for one in force if one.binds]
    told[0] += f"; {words.count(len(binding), 'binds', 'bind')}."
    most = max((one for one in binding if not one.part.asks), key=lambda one: one.worth, default=None)
    if most is not None and most.worth > 0:
        told.append(
            f"“{most.name}” holds {measure_priced(plan)} up most: one per cent more room in all its limits would lower it by up "
            f"to {words.percent(most.worth)} of its value."
        )
    return " ".join(told)
