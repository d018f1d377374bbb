"""Every way to share the alliance's cost side by side: what each charges each member, whether any group would rather go, who gains."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from model.language.cached import cached_property
from model.language.shown import Shown
from model.questions.answer import QuestionResult
from model.questions.cost_sharing.coalition_core import Dissatisfied, Transfer
from model.questions.cost_sharing.coalitions import AllianceGame, left_out
from model.questions.cost_sharing.games.core import money_moved
from model.questions.cost_sharing.games.game import Charges, Game
from model.questions.cost_sharing.games.sampling import Sampled
from model.wording.amounts import currency_of, listed, money

if TYPE_CHECKING:
    from model.report.pages import Chart

Costs = dict[frozenset[str], float]

AS_IT_FALLS = "as the plan falls"
OWEN = "Owen charges"
LEAST_TRANSFER = "least transfer into the core"


@dataclass(frozen=True, eq=False)
class Method(Shown):
    """One way to share: the charges by member (money), the group it treats worst, and what must be said about it.

    ``charges`` is None where the rule has no answer for this game; ``statement`` says why.
    """

    name: str
    charges: Charges | None
    worst: Dissatisfied | None = None
    statement: str = ""


@dataclass(frozen=True, eq=False)
class SideBySide(QuestionResult):
    """Every method's charges on one scenario, as tidy tables and as sentences; money of the scenario, discounted.

    ``alone`` is what each member would pay by itself, ``leading`` the same with itself in the lead of every situation, ``costs``
    what every group would (None where they are too many), ``sampled`` the sampled Shapley value with its margins, ``stopped`` what
    the time limit left undone.
    """

    game: AllianceGame
    methods: tuple[Method, ...]
    alone: Mapping[str, float]
    leading: Mapping[str, float]
    costs: Costs | None = None
    transfer: Transfer | None = None
    sampled: Sampled | None = None
    stopped: str = field(default="")

    @property
    def answered(self) -> list[Method]:
        """The methods that have an answer."""
        return [method for method in self.methods if method.charges is not None]

    @cached_property
    def charges(self) -> pd.DataFrame:
        """A row a member: alone (under the alliance's leads, and leading itself), spending, own loss, what each method charges."""
        rows = []
        for m in self.game.scenario.sets["member"]:
            row = {"member": m, "alone": self.alone.get(m), "alone_in_the_lead": self.leading.get(m)}
            row |= {"spends": self.game.spent[m], "own_loss": self.game.lost[m]}
            row |= {method.name: _charge(method, m) for method in self.answered}
            rows.append({**row, "unit": currency_of(self.game.scenario)})
        return pd.DataFrame(rows)

    @cached_property
    def payments(self) -> pd.DataFrame:
        """A row a method and member: charge, payment to others beyond what it bears anyway, and gain over going alone."""
        borne = self.game.borne
        rows = [
            (
                method.name,
                m,
                _charge(method, m),
                _charge(method, m) - borne[m],
                None if m not in self.alone else self.alone[m] - _charge(method, m),
                currency_of(self.game.scenario),
            )
            for method in self.answered
            for m in self.game.scenario.sets["member"]
        ]
        return pd.DataFrame(rows, columns=["method", "member", "charge", "pays_to_others", "gain_over_alone", "unit"])

    @cached_property
    def core(self) -> pd.DataFrame:
        """A row a method: in the core or not, the group treated worst, what it would gain by leaving, and money moved."""
        rows = []
        for method in self.methods:
            worst = method.worst
            rows.append(
                (
                    method.name,
                    "no answer" if method.charges is None else _in_words(worst),
                    ", ".join(sorted(worst.group)) if worst and worst.group else None,
                    worst.excess if worst and worst.group else None,
                    worst.bound if worst else None,
                    money_moved(self.game.borne, method.charges) if method.charges is not None else None,
                    method.statement or None,
                    currency_of(self.game.scenario),
                )
            )
        columns = [
            "method", "in_the_core", "worst_treated_group", "it_would_gain_by_leaving", "no_group_gains_more_than", "money_moved",
            "statement", "unit",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """A row a group, where all were solved: what it pays by itself and what its members save by forming it."""
        rows = [
            (
                len(g),
                ", ".join(sorted(g)),
                cost,
                math.fsum(self.alone[m] for m in g) - cost,
                currency_of(self.game.scenario),
            )
            for g, cost in sorted((self.costs or {}).items(), key=lambda item: (len(item[0]), sorted(item[0])))
        ]
        return pd.DataFrame(rows, columns=["members (number)", "group", "cost", "saved_against_alone", "unit"])

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Cost sharing"

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        found = {"charges": self.charges, "core": self.core, "payments": self.payments}
        return {**found, "groups": self.groups} if self.costs else found

    @cached_property
    def says(self) -> list[str]:
        """What a planner can repeat in a meeting."""

        return sentences(self)


def _charge(method: Method, member: str) -> float:
    return method.charges[member] if method.charges is not None else math.nan


def _in_words(worst: Dissatisfied | None) -> str:
    in_core = None if worst is None else worst.in_core
    return "not settled" if in_core is None else "yes" if in_core else "no"


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


SHOWN = ("as the plan falls", "Owen", "proportional to GDP", "Shapley", "nucleolus")
"""Ways to share that the chart shows; the tables have them all."""


def _charts(found: SideBySide) -> list[Chart]:
    from model.report.pages import Chart

    at = {str(name): i for i, name in enumerate(found.charges.columns)}
    shown = tuple(at[name] for name in at if name.startswith(SHOWN))
    unit = str(found.charges["unit"].iloc[0])
    return [
        Chart("What some ways to share charge each member", "column", "charges", shown, "member", f"charge ({unit})"),
        Chart(
            "What the worst-treated group would gain by leaving (below zero: no group gains)", "bar", "core", (3,), "way to share",
            f"gain by leaving ({unit})",
        ),
    ]  # fmt: skip
