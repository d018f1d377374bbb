"""What the alliance decides. Every decision is an amount, so none is negative; a rule returns its largest value, if any."""

from __future__ import annotations

from model.core import domains
from model.core.parameters import Data
from model.language.registry import variable


@variable("unit", symbol="A", over=domains.orders, doing="buying it")
def ordered(d: Data, member: str, capability: str, period: int) -> None:
    """Units ordered in a period: paid at once, delivered a lead time later."""


@variable("unit", symbol="S", over=domains.stocks, doing="keeping it (sustainment and exercises)")
def held(d: Data, member: str, capability: str, level: int, period: int) -> None:
    """Units held at an interoperability level or better; at level 0, everything held."""


@variable("unit", symbol="U", over=domains.lifted_stocks, doing="lifting it to a higher level")
def lifted(d: Data, member: str, capability: str, level: int, period: int) -> float | None:
    """Units lifted to a level from the one below; none where `new_orders` is no."""
    return None if d.settings["new_orders"] else d.none


@variable("effective unit", symbol="Y", over=domains.contributions, by_case=True)
def contributed(d: Data, member: str, task: str, capability: str, period: int) -> None:
    """Effective units a member contributes to a task."""


@variable("effective unit", symbol="z", over=domains.bands, by_case=True)
def short(d: Data, task: str, capability: str, period: int, band: int) -> float:
    """Shortfall in a risk band: at most the band's part of the requirement."""
    return d.band_width[band] * d.required[task, capability, period]


@variable("fraction of 1", symbol=r"\gamma", over=domains.weakest_link_requirements, by_case=True)
def gap(d: Data, task: str, capability: str, period: int) -> float:
    """Gap of the worst member where the weakest link counts."""
    return d.whole


@variable("money", symbol="b", supports=("unfairness", "burden_is_not_too_high", "burden_is_not_too_low"))
def burden(d: Data, member: str) -> None:
    """Discounted spending of a member over the horizon."""


@variable("money", symbol="b^+", supports=("unfairness",))
def overburden(d: Data, member: str) -> None:
    """Burden beyond the fair share."""


@variable("weight", symbol="L", supports=("tail_risk", "worst_perceived_risk"))
def task_loss(d: Data, task: str) -> None:
    """Graded shortfall of a task, importance-weighted, over capabilities and periods."""


@variable("fraction of 1", symbol=r"\eta", supports=("tail_risk",))
def tail_threshold(d: Data) -> None:
    """The risk beyond which a situation belongs to the tail."""


@variable("fraction of 1", symbol=r"\xi", supports=("tail_risk",))
def tail_excess(d: Data, situation: str) -> None:
    """By how much a situation's own risk exceeds the threshold."""


@variable("fraction of 1", supports=("worst_perceived_risk",))
def perceived_by_worst(d: Data) -> None:
    """The perceived risk of the member that perceives most."""


@variable("fraction of 1", supports=("dependence",))
def largest_part(d: Data) -> None:
    """The largest part of any requirement met by the sum of contributions that rests on one member."""
