"""Bargains in sentences: what divergence costs, what each plan does for the worst placed, and who would vote for which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.wording.amounts import level, listed, number

if TYPE_CHECKING:
    from model.questions.bargaining.result import Bargaining

NAMED = 3


def sentences(found: Bargaining) -> list[str]:
    """What a planner can repeat in a meeting."""
    said = [_divergence(found)] if len(found.divergence.ideal) == len(found.members) else []
    said += [_plan(found, name) for name in found.plans]
    said += [f"There is no plan {name}: {why}." for name, why in found.unmade.items()]
    said.append(_votes(found))
    if found.bargain is not None:
        said.append(
            f"The Nash bargain misses at most {number(max(100 * found.bargain.error, 1e-4), 1)} % of the mean gain "
            f"({number(found.bargain.mean_gain, 3)}); linear programmes solved for it: {found.bargain.solves}."
        )
    return [*said, *([found.stopped] if found.stopped else [])]


def _divergence(found: Bargaining) -> str:
    apart = found.divergence
    lost = {m: apart.perceived[m] - apart.ideal[m] for m in apart.ideal}
    most = [m for m in sorted(lost, key=lambda m: (-lost[m], m))[:NAMED] if lost[m] > 1e-7]
    if apart.lost < 1e-7:
        return "Priorities cost nothing: no member would make a plan that serves it better."
    who = listed([f"{m} {number(lost[m], 3)}" for m in most])
    return (
        f"Because priorities differ, members perceive {number(apart.lost, 3)} more risk (mean by voice) than each would under a plan "
        f"of its own for all forces; most give up {who}."
    )


def _plan(found: Bargaining, name: str) -> str:
    plan, seen = found.plans[name], found.perceived[name]
    worst = max(seen, key=lambda m: (seen[m], m))
    s = plan.scenario
    return (
        f"{name[:1].upper()}{name[1:]}: {level(s, 'risk', plan.measures['risk'])}, {level(s, 'cost', plan.measures['cost'])}; "
        f"{worst} perceives most, {number(seen[worst], 3)}."
    )


def _votes(found: Bargaining) -> str:
    tally = {name: [m for m in found.members if found.votes[m] == name] for name in found.plans}
    parts = [f"{len(who)} for {name}{_some(who)}" for name, who in tally.items()]
    return f"By perceived risk, then burden, members would vote: {', '.join(parts)}."


def _some(who: list[str]) -> str:
    """A few names in parentheses."""
    more = [f"{len(who) - NAMED} more"] if len(who) > NAMED else []
    return f" ({listed([*who[:NAMED], *more])})" if who else ""
