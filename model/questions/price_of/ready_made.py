"""The settings behind each ready-made curve: one rule, or one circumstance, at several strengths, everything else as it is."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field

import numpy as np

from model.language.registry import typed_into
from model.language.shown import Shown
from model.layers.burden_keys.keys import lacks
from model.scenario.scenario import Scenario


@dataclass(frozen=True)
class Unit:
    """In which steps the slope of a curve is told: how large one is in the setting's strength (with its direction), and in words."""

    size: float
    says: str


@dataclass(frozen=True, eq=False)
class Setting(Shown):
    """One strength of a rule: the series it belongs to, how strong (None: off), in words, the scenario and policies off.

    ``tolerance`` sets consensus: what each member may perceive at most, as a multiple of the risk it compares with.
    ``ceilings`` are limits on measures. ``aim`` is what is minimised, in order; where it is not risk first, the strength is
    what the first measure comes to.
    """

    series: str
    strength: float | None
    says: str
    scenario: Scenario
    off: frozenset[str] = frozenset()
    given: bool = False
    """Whether this is what the workbook says."""
    tolerance: float | None = None
    ceilings: Mapping[str, float] = field(default_factory=dict)
    aim: tuple[str, ...] = ("risk", "cost")


@dataclass(frozen=True, eq=False)
class Step(Shown):
    """What a setting leads to; without a plan ``measures`` is empty. ``bound`` names members it holds back or forces."""

    setting: Setting
    status: str
    measures: Mapping[str, float]
    budget_worth: float = np.nan
    """Fall in risk if all budgets doubled at the plan's own prices."""
    cut: tuple[float, float] = (np.nan, np.nan)
    """Parts by which to cut every budget: the first adds no more risk than this step, the second no less."""
    bound: tuple[str, ...] = ()
    strain: float = np.nan
    """Largest part of the risk it compares with that any member perceives (of the curve of consensus only)."""


Curve = Generator[Setting, Step | None, None]
"""The settings of a curve, one after the other; what came of each is sent back, so that the next can be placed by it."""


_KEYS = ("gdp", "population", "custom", "equal")
"""Burden keys laid beside the workbook's own; `alliance burden --fairness` draws any."""


def _fairness(scenario: Scenario) -> Curve:
    """The band from off to 0, under each burden key the workbook has figures for."""
    given_key, given = scenario.settings["burden_key"], scenario.settings["fairness_band"]
    usable = [key for key in _KEYS if not lacks(scenario, key)]
    for key in sorted({*usable, given_key}, key=lambda name: (name != given_key, name)):
        keyed = scenario.with_settings(burden_key=key)
        yield Setting(f"{key} key", None, "no fairness band", keyed.with_settings(fairness_band=None))
        for band in sorted({1.0, 0.5, 0.25, 0.1, 0.05, 0.0, *([given] if given is not None else [])}, reverse=True):
            says = f"every burden within {100 * band:g} % of its fair share"
            yield Setting(
                f"{key} key",
                band,
                says,
                keyed.with_settings(fairness_band=band),
                given=(key, band) == (given_key, given),
            )


def _consensus(scenario: Scenario) -> Curve:
    """Consensus off, where it would begin to bind, and the rule; then the largest risk any member perceives, lower and lower.

    Where the rule binds, it comes in steps: from what the worst placed member perceives without it, as a multiple of the risk it
    would face alone (or perceives in the status quo, where members compare with that), down to once that risk; the steps end
    where no plan keeps to one. Rules of voice, excess and opt-outs are drawn where the workbook has them.
    """
    asked = scenario.with_settings(consensus=True, consensus_voice=1.0, consensus_excess=None)
    given = dict(scenario.settings) == dict(asked.settings)
    off = scenario.with_settings(consensus=False)
    base = yield Setting("consensus", None, "no consensus needed", off, given=not scenario.settings["consensus"])
    start = base.strain if base is not None and base.strain > 0 else 1.0
    for part in (0.0, 0.25, 0.5, 0.75) if start > 1 else ():
        step = yield _promise(asked, start - part * (start - 1), given)
        if step is None or not step.measures:
            break
    yield _promise(asked, 1.0, given)
    if start < 1:
        yield _promise(asked, start, given)
    yield from _worst_placed(off)
    yield from _by_voice(scenario)
    yield from _with_excess(scenario)
    yield from _opting_out(scenario)


def _promise(asked: Scenario, times: float, given: bool) -> Setting:
    most = "more risk than" if times == 1 else f"more than {100 * times:.3g} % of the risk"
    says = f"nobody perceives {most} {reference(asked)}"
    return Setting("consensus", times, says, asked, given=given and times == 1, tolerance=times)


def reference(scenario: Scenario, who: str = "it") -> str:
    """What a member compares with, or each of several, to follow "more risk than"."""
    return f"{who} would face alone" if scenario.settings["consensus_against"] == "alone" else "in the status quo"


def _by_voice(scenario: Scenario) -> Curve:
    """More and more of the voice must perceive no more risk than it compares with."""
    given, settings = scenario.settings["consensus_voice"], {"consensus": True, "consensus_excess": None}
    if given >= 1:
        return
    yield Setting(VOICE, None, "no consensus needed", scenario.with_settings(consensus=False))
    for part in sorted({0.5, 2 / 3, 0.75, 0.9, 1.0, given}):
        says = f"members with {100 * part:.3g} % of the voice perceive no more risk than {reference(scenario, 'each')}"
        asked = scenario.with_settings(**settings, consensus_voice=part)
        is_given = part == given and bool(scenario.settings["consensus"])
        yield Setting(VOICE, part, says, asked, given=is_given, tolerance=1.0)


def _with_excess(scenario: Scenario) -> Curve:
    """Less and less excess of risk, added up by voice, is put up with."""
    given, settings = scenario.settings["consensus_excess"], {"consensus": True, "consensus_voice": 1.0}
    if given is None:
        return
    yield Setting(EXCESS, None, "no consensus needed", scenario.with_settings(consensus=False))
    for most in sorted({2 * given, given, given / 2, 0.0}, reverse=True):
        says = f"at most {most:.4g} more risk, added up by voice, than {reference(scenario, 'each')}"
        asked = scenario.with_settings(**settings, consensus_excess=min(1.0, most))
        is_given = most == given and bool(scenario.settings["consensus"])
        yield Setting(EXCESS, most, says, asked, given=is_given, tolerance=1.0)


def _opting_out(scenario: Scenario) -> Curve:
    """Everybody takes part in every task, against the opt-outs of the workbook."""
    if scenario.still_counts:
        yield Setting(OUT, None, "everybody takes part in every task", scenario.with_values("still_counts", {}))
        yield Setting(OUT, 1.0, "opt-outs as the workbook says", scenario, given=True)


VOICE, EXCESS, OUT = "voice that must agree", "excess that is put up with", "opt-outs"


def _worst_placed(scenario: Scenario) -> Curve:
    """The largest risk any member perceives, from what it is without a limit to the least it can be."""
    start = yield Setting(WORST, None, "no limit on what anybody perceives", scenario)
    end = yield Setting(
        WORST, 0.0, "the largest risk anybody perceives as low as can be", scenario, aim=(_WORST, "risk", "cost")
    )
    if start is None or end is None or not start.measures or not end.measures:
        return
    high, low = start.measures[_WORST], end.measures[_WORST]
    for part in (0.25, 0.5, 0.75, 0.9) if high - low > 1e-6 * high else ():
        limit = high - part * (high - low)
        yield Setting(WORST, limit, f"nobody perceives a risk above {limit:.4g}", scenario, ceilings={_WORST: limit})


WORST, _WORST = "worst placed member", "worst_perceived_risk"


def _share(scenario: Scenario) -> Curve:
    """The rule off, as given, and then no capability's limit above some part."""
    yield Setting("share rule", None, "no share rule", scenario, frozenset(typed_into("Capabilities.max_share")))
    limits = scenario.capability_max_share
    yield Setting("share rule", max(limits.values(), default=1.0), "as the workbook says", scenario, given=True)
    for most in (0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1):
        if any(limit > most for limit in limits.values()):
            tight = {capability: min(limit, most) for capability, limit in limits.items()}
            says = f"no member provides more than {100 * most:g} % of any requirement"
            yield Setting("share rule", most, says, scenario.with_values("capability_max_share", tight))


def _challenge(scenario: Scenario) -> Curve:
    given = scenario.settings["challenge"]
    off = scenario.with_settings(challenge=None)
    yield Setting("challenge", None, "no limit on the challenge", off, given=given is None)
    for times in sorted({10.0, 5.0, 4.0, 3.0, 2.0, 1.5, 1.0, *([given] if given is not None else [])}, reverse=True):
        says = f"at most {times:g} times its fair share asked of a member"
        yield Setting("challenge", times, says, scenario.with_settings(challenge=times), given=times == given)


def _interoperability(scenario: Scenario) -> Curve:
    """Commonality brought nearer to 1, upgrades and exercises made cheaper, and new units delivered at a higher or lower level."""
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        nearer = {pair: value + part * (1.0 - value) for pair, value in scenario.commonality.items()}
        says = "commonality as it is" if part == 0 else f"{100 * part:g} % of the missing commonality made good"
        yield Setting("commonality", part, says, scenario.with_values("commonality", nearer), given=part == 0)
    for factor in (1.0, 0.75, 0.5, 0.25, 0.0):
        cheaper = scenario.scale("upgrade_cost", factor).scale("exercise_cost", factor)
        says = f"upgrades and exercises at {100 * factor:g} % of their cost"
        yield Setting("cost of upgrades and exercises", factor, says, cheaper, given=factor == 1)
    yield from _deliveries(scenario)


def _deliveries(scenario: Scenario) -> Curve:
    """Every new unit at a level, and the level they come at given up.

    A higher level is paid for: unit prices rise by what the upgrades from today's level cost. The costs of later upgrades and of
    exercises, which the workbook gives as parts of the unit price, stay what they are in money. At a lower level units cost what
    they cost today: what the higher one is worth.
    """
    levels, upgrades = scenario.sets["level"], scenario.values["upgrade_cost"]
    given = levels.index(scenario.settings["delivery_level"] or levels[0])
    for series, places in (("level of deliveries", range(given, len(levels))), (LOWER, range(given, -1, -1))):
        for place in places if len(places) > 1 else ():
            share = sum(upgrades[level] for level in levels[given + 1 : place + 1])
            dearer = scenario.scale("unit_cost", 1 + share)
            dearer = dearer.scale("upgrade_cost", 1 / (1 + share)).scale("exercise_cost", 1 / (1 + share))
            says = f"new units delivered at {levels[place]}"
            says += f" (unit prices up by {100 * share:.3g} %)" if share else ""
            chosen = dearer if share else scenario
            yield Setting(series, place, says, chosen.with_settings(delivery_level=levels[place]), given=place == given)


LOWER = "lower level of deliveries"


@dataclass(frozen=True)
class ReadyMade:
    """A ready-made curve: its title, its settings, and the cell of what it turns, whose policies are those that bind members."""

    title: str
    settings: Callable[[Scenario], Curve]
    cell: str = ""


CURVES: Mapping[str, ReadyMade] = {
    "fairness": ReadyMade("Fairness: burdens within a band around fair shares", _fairness, "Settings.fairness_band"),
    "consensus": ReadyMade("Consensus: nobody worse off than alone", _consensus, "Settings.consensus"),
    "share": ReadyMade("The share rule: no member provides too large a part", _share, "Capabilities.max_share"),
    "challenge": ReadyMade(
        "The reasonable challenge: no member is asked for too much", _challenge, "Settings.challenge"
    ),
    "interoperability": ReadyMade("Interoperability: what standardising buys", _interoperability),
}
"""The ready-made curves by name."""


UNITS: Mapping[str, Unit] = {
    "consensus": Unit(-0.1, "each tenth of its risk alone that every member is promised"),
    VOICE: Unit(0.1, "each tenth of the voice more that must agree"),
    EXCESS: Unit(-0.01, "each point less of excess"),
    OUT: Unit(1.0, "all opt-outs together"),
    WORST: Unit(-0.01, "each point less for the worst placed member"),
    "share rule": Unit(-0.01, "each percentage point less from one member"),
    "challenge": Unit(-1.0, "each fair share less that may be asked of a member"),
    "commonality": Unit(0.1, "each tenth of the missing commonality made good"),
    "cost of upgrades and exercises": Unit(-0.1, "each tenth off that cost"),
    "level of deliveries": Unit(1.0, "each level higher"),
    LOWER: Unit(-1.0, "each level lower"),
}
"""In which steps the slope of each series is told."""

BAND = Unit(-0.01, "each percentage point narrower")
"""The same for the fairness band, whatever the burden key."""
