"""The game of a scenario in sentences a planner can repeat: what going together is worth, which ways to share hold, what moves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.questions.cost_sharing.coalitions import left_out
from model.questions.cost_sharing.games.game import Game
from model.wording.amounts import currency_of, listed, money

if TYPE_CHECKING:
    from model.questions.cost_sharing.result import Method, SideBySide

NAMED = 4
"""Members told by name; the tables have them all."""

ENOUGH = 30
"""Pairs of random orders from which the margins of sampled charges hold at their stated rate."""

_VOICE = {"gdp": "GDP", "population": "population", "equal": "equal parts"}


def sentences(found: SideBySide) -> list[str]:
    """All of it, most important first."""
    said = [
        _together(found),
        *_worth(found),
        *_held(found),
        *_left(found),
        *_moved(found),
        *_leading(found),
        *_odd(found),
    ]
    return [*said, *(f"{_first(method.name)}: {method.statement}" for method in found.methods if method.statement)]


def _together(found: SideBySide) -> str:
    game = found.game
    return (
        f"Everybody together pays {_money(found, game.total)}: {_money(found, math.fsum(game.spent.values()))} spent, and risk "
        f"{game.plan.measures['risk']:.4f} at the stated value of {_money(found, game.value)} for risk 1 (whose part in it is whose "
        f"goes by {_VOICE[game.voice]} and own priorities)."
    )


def _worth(found: SideBySide) -> list[str]:
    """What going together saves."""
    if set(found.alone) != set(found.game.members):
        return []
    apart = math.fsum(found.alone.values())
    saved = apart - found.game.total
    said = f"Each alone, they would pay {_money(found, apart)} in spending and losses"
    if saved <= 0:
        return [f"{said}: {_money(found, -saved)} less than together. This alliance does not pay."]
    return [f"{said}; going together is worth {_money(found, saved)} to them ({saved / apart:.0%} of it)."]


def _held(found: SideBySide) -> list[str]:
    """Which methods no group has a reason to leave under."""
    holding = [method.name for method in found.answered if method.worst and method.worst.in_core]
    if not holding:
        return []
    return [f"No group would gain by leaving under: {listed(holding)}."]


def _left(found: SideBySide) -> list[str]:
    """Under which methods who would leave, and where it is not known."""
    said = []
    for method in found.answered:
        worst = method.worst
        if worst is None or worst.in_core is None:
            said.append(_open(found, method))
        elif not worst.in_core:
            said.append(
                f"{_first(method.name)}: {_group(found, worst.group)} would gain {_money(found, worst.excess)} by leaving."
            )
    return [text for text in said if text]


def _open(found: SideBySide, method: Method) -> str:
    worst = method.worst
    if worst is None:
        return f"{_first(method.name)}: not looked into."
    return (
        f"{_first(method.name)}: no group that gains by leaving was found in the time given; none gains more than "
        f"{_money(found, worst.bound)}."
    )


def _moved(found: SideBySide) -> list[str]:
    """The least payments that leave nobody a reason to go."""
    transfer = found.transfer
    if transfer is None:
        return []
    game = found.game
    if transfer.moved <= 1e-6 * abs(game.total):
        return ["As the plan falls, no group has a reason to leave: no money has to change hands."]
    pays = {m: transfer.charges[m] - game.borne[m] for m in game.members}
    gets = sorted((m for m in pays if pays[m] < 0), key=lambda m: pays[m])[:NAMED]
    gives = sorted((m for m in pays if pays[m] > 0), key=lambda m: -pays[m])[:NAMED]
    said = (
        f"For no group to have a reason to leave, {_money(found, transfer.moved)} has to change hands: most is paid by "
        f"{listed([f'{m} ({_money(found, pays[m])})' for m in gives])}, and goes to "
        f"{listed([f'{m} ({_money(found, -pays[m])})' for m in gets])}."
    )
    if transfer.least < transfer.moved * (1 - 1e-6):
        said = said.replace(
            "has to change hands",
            f"is enough (the least is at least {_money(found, transfer.least)})",
        )
    return [said]


def _leading(found: SideBySide) -> list[str]:
    """How much the members' own command would change what they pay alone, and who would rather have that."""
    if set(found.leading) != set(found.game.members) or set(found.alone) != set(found.game.members):
        return []
    apart, leading = math.fsum(found.alone.values()), math.fsum(found.leading.values())
    said = [
        f"Groups are reckoned under the alliance's leads. Each alone and leading itself, members would pay {_money(found, leading)} in "
        f"all instead of {_money(found, apart)}."
    ]
    for method in found.answered:
        assert method.charges is not None
        gains = {m: method.charges[m] - found.leading[m] for m in found.leading}
        rather = sorted((m for m in gains if gains[m] > 1e-6 * abs(found.game.total)), key=lambda m: -gains[m])
        if rather:
            said.append(
                f"{_first(method.name)}: alone and leading itself would be cheaper for {listed(rather[:NAMED])}."
            )
    return said


def _odd(found: SideBySide) -> list[str]:
    """What a reader must know of the game itself."""
    gone = left_out(found.game.scenario)
    said = [f"Left out of the game, because it belongs to no member: {listed(gone)}."] if gone else []
    if found.costs:
        apart = Game.of(found.costs).split_that_pays()
        if apart is not None:
            said.append(
                f"{_group(found, apart[0])} and {_group(found, apart[1])} pay less apart than together: the game is not subadditive."
            )
    if found.sampled is not None:
        sampled = found.sampled
        widest = max(sampled.margin, key=lambda m: sampled.margin[m])
        few = (
            ""
            if sampled.rounds >= ENOUGH
            else f" With fewer than {2 * ENOUGH} orders the margins are somewhat too narrow."
        )
        said.append(
            f"The Shapley value is an estimate from {sampled.rounds * sampled.orders} random orders: each charge is right to within its "
            f"margin with {sampled.confidence:.0%} confidence; the widest is ± {_money(found, sampled.margin[widest])} ({widest}).{few}"
        )
    return said


def _group(found: SideBySide, group: frozenset[str]) -> str:
    """A group by name; a large one by who is not in it."""
    outside = set(found.game.members) - group
    if len(group) <= NAMED or len(outside) > NAMED:
        named = sorted(group)[:NAMED]
        more = len(group) - len(named)
        return listed(named) if not more else f"{', '.join(named)} and {more} more"
    return f"everybody but {listed(sorted(outside))}"


def _first(text: str) -> str:
    """A name at the start of a sentence."""
    return text[:1].upper() + text[1:]


def _money(found: SideBySide, value: float) -> str:
    return money(value, currency_of(found.game.scenario))
