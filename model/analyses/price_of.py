"""Ready-made curves: what fairness, consensus, the share rule, the challenge and interoperability cost in risk and money.

Each curve solves the scenario as it stands with one rule set to several strengths. The first row of a series is the rule
switched off (for interoperability: the alliance as it is); every other row is compared with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from model.analyses import amounts
from model.analyses.front import Effort
from model.data.faults import UsageError
from model.data.scenario import Scenario
from model.solve.plan import Plan
from model.solve.problem import Problem

_SAME = 1e-7
"""A difference in risk below this is none."""


@dataclass(frozen=True, eq=False)
class Setting:
    """One strength of a rule: the series it belongs to, how strong (None: off), in words, the scenario and policies off."""

    series: str
    strength: float | None
    says: str
    scenario: Scenario
    off: frozenset[str] = frozenset()
    given: bool = False
    """Whether this is what the workbook says."""


@dataclass(frozen=True, eq=False)
class Step:
    """What a setting leads to; without a plan ``measures`` is empty. ``bound`` names members it holds back or forces."""

    setting: Setting
    status: str
    measures: Mapping[str, float]
    budget_worth: float = np.nan
    """Fall in risk if all budgets doubled at the plan's own prices."""
    bound: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class PriceOf:
    """One ready-made curve."""

    scenario: Scenario
    what: str
    steps: tuple[Step, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a setting: risk, cost and unfairness, and how much more than the first row of its series.

        ``budget_cut_at_most``: the extra risk is no more than what cutting every budget by this part would do, by the
        shadow prices of the first row (blank where that is more than everything, or no budget binds).
        """
        unit = f"risk: fraction of 1; cost, unfairness: {amounts.currency_of(self.scenario)}"
        records = []
        for step in self.steps:
            base = self.base(step.setting.series)
            values = [step.measures.get(name, np.nan) for name in ("risk", "cost", "unfairness")]
            extra = [
                value - base.measures.get(name, np.nan) for name, value in zip(("risk", "cost"), values, strict=False)
            ]
            setting = step.setting
            start = (
                setting.series,
                np.nan if setting.strength is None else setting.strength,
                setting.says,
                setting.given,
                step.status,
            )
            records.append((*start, *values, *extra, _cut(extra[0], base.budget_worth), ", ".join(step.bound), unit))
        columns = [
            "series", "strength", "setting", "as_given", "status", "risk", "cost", "unfairness", "extra_risk", "extra_cost",
            "budget_cut_at_most", "binds", "unit",
        ]  # fmt: skip
        return pd.DataFrame.from_records(records, columns=columns)

    def base(self, series: str) -> Step:
        """The step others of the series are compared with: its first."""
        return next(step for step in self.steps if step.setting.series == series)

    @property
    def series(self) -> tuple[str, ...]:
        """The series, in order."""
        return tuple(dict.fromkeys(step.setting.series for step in self.steps))

    def curve(self, series: str) -> pd.DataFrame:
        """Risk and cost by setting, of one series: for charts."""
        table = self.table[self.table["series"] == series]
        return table[["setting", "risk", "cost", "unit"]].reset_index(drop=True)

    @cached_property
    def says(self) -> tuple[str, ...]:
        """The curve in sentences, one a series."""
        return tuple(_series_said(self, series) for series in self.series)


def price_of(problem: Problem, what: str, effort: Effort | None = None) -> PriceOf:
    """A ready-made curve: fairness, consensus, share, challenge or interoperability.

    A setting without a plan is a row that says so. Raises UsageError for another word.
    """
    scenario = problem.scenario
    if what not in CURVES:
        raise UsageError(f"there is no ready-made price of {what!r}; there are {', '.join(CURVES)}")
    effort, begun, steps = effort or Effort(), time.perf_counter(), []
    off, settings = frozenset(problem.off), list(CURVES[what](problem.scenario))
    for number, setting in enumerate(settings, 1):
        if effort.progress:
            effort.progress(f"setting {number} of {len(settings)}: {setting.says}", time.perf_counter() - begun, 0)
        left = None if effort.time_limit is None else max(0.0, begun + effort.time_limit - time.perf_counter())
        changed = problem.changed(scenario=setting.scenario, off=sorted(off | setting.off))
        plan = changed.solve(("risk", "cost"), time_limit=left)
        if plan.found:
            problem = changed  # the next setting is near this one and starts from it
        steps.append(_step(setting, plan, what))
    return PriceOf(scenario, what, tuple(steps))


def _step(setting: Setting, plan: Plan, what: str) -> Step:
    if not plan.found:
        return Step(setting, plan.status, {})
    worth = sum(gain * plan.data.budget[key] for key, gain in plan.gains("budget_is_respected", "risk").items())
    bound: dict[str, float] = {}
    for rule in _RULES.get(what, ()):
        for key, gain in plan.gains(rule, "risk").items():
            bound[str(key[0])] = bound.get(str(key[0]), 0.0) + gain
    most = sorted((member for member in bound if bound[member] > 1e-12), key=lambda member: (-bound[member], member))
    return Step(setting, plan.status, plan.measures, float(worth), tuple(most[:5]))


def _cut(extra: float, worth: float) -> float:
    """Risk is convex in the budgets, so their prices bound from above the cut that would do as much."""
    if not extra > _SAME or not worth > 0 or extra > worth:
        return np.nan
    return extra / worth


# ---------------------------------------------------------------- curves


def _fairness(scenario: Scenario) -> Iterator[Setting]:
    """The band from off to 0, under each burden key the workbook has figures for."""
    given_key, given = scenario.settings["burden_key"], scenario.settings["fairness_band"]
    columns = {"gdp": scenario.gdp, "population": scenario.population, "custom": scenario.custom_key}
    usable = [key for key, column in columns.items() if all(value is not None for value in column.values())]
    for key in sorted({*usable, "equal"}, key=lambda name: (name != given_key, name)):
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


def _consensus(scenario: Scenario) -> Iterator[Setting]:
    given = bool(scenario.settings["consensus"])
    yield Setting("consensus", 0.0, "no consensus needed", scenario.with_settings(consensus=False), given=not given)
    says = "nobody perceives more risk than it would face alone"
    yield Setting("consensus", 1.0, says, scenario.with_settings(consensus=True), given=given)


def _share(scenario: Scenario) -> Iterator[Setting]:
    """The rule off, as given, and then no capability's limit above some part."""
    yield Setting("share rule", None, "no share rule", scenario, frozenset({"share_is_limited"}))
    limits = scenario.capability_max_share
    yield Setting("share rule", max(limits.values(), default=1.0), "as the workbook says", scenario, given=True)
    for most in (0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1):
        if any(limit > most for limit in limits.values()):
            tight = {capability: min(limit, most) for capability, limit in limits.items()}
            says = f"no member provides more than {100 * most:g} % of any requirement"
            yield Setting("share rule", most, says, scenario.with_values("capability_max_share", tight))


def _challenge(scenario: Scenario) -> Iterator[Setting]:
    given = scenario.settings["challenge"]
    off = scenario.with_settings(challenge=None)
    yield Setting("challenge", None, "no limit on the challenge", off, given=given is None)
    for times in sorted({10.0, 5.0, 4.0, 3.0, 2.0, 1.5, 1.0, *([given] if given is not None else [])}, reverse=True):
        says = f"at most {times:g} times its fair share asked of a member"
        yield Setting("challenge", times, says, scenario.with_settings(challenge=times), given=times == given)


def _interoperability(scenario: Scenario) -> Iterator[Setting]:
    """Commonality brought nearer to 1, and upgrades and exercises made cheaper."""
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        nearer = {pair: value + part * (1.0 - value) for pair, value in scenario.commonality.items()}
        says = "commonality as it is" if part == 0 else f"{100 * part:g} % of the missing commonality made good"
        yield Setting("commonality", part, says, scenario.with_values("commonality", nearer), given=part == 0)
    for factor in (1.0, 0.75, 0.5, 0.25, 0.0):
        cheaper = scenario.scale("upgrade_cost", factor).scale("exercise_cost", factor)
        says = f"upgrades and exercises at {100 * factor:g} % of their cost"
        yield Setting("cost of upgrades and exercises", factor, says, cheaper, given=factor == 1)


CURVES: Mapping[str, Callable[[Scenario], Iterator[Setting]]] = {
    "fairness": _fairness,
    "consensus": _consensus,
    "share": _share,
    "challenge": _challenge,
    "interoperability": _interoperability,
}
"""The ready-made curves by name."""

_RULES = {
    "fairness": ("burden_is_not_too_high", "burden_is_not_too_low"),
    "consensus": ("consensus_holds",),
    "share": ("share_is_limited",),
    "challenge": ("challenge_is_reasonable",),
}

# ---------------------------------------------------------------- sentences


def _series_said(found: PriceOf, series: str) -> str:
    base, *others = [step for step in found.steps if step.setting.series == series]
    if not base.measures:
        return f"{series.capitalize()}: there is no plan with {base.setting.says}, so nothing to compare with."
    risk = amounts.level(found.scenario, "risk", base.measures["risk"])
    cost = amounts.level(found.scenario, "cost", base.measures["cost"])
    parts = [_step_said(found, base, step) for step in others]
    same = [step.setting.says for step, part in zip(others, parts, strict=True) if not part]
    nothing = f" Nothing changes with: {' … '.join([same[0], same[-1]] if len(same) > 1 else same)}." if same else ""
    told = "".join(f" {part}" for part in parts if part)
    return f"{series[:1].upper()}{series[1:]}: with {base.setting.says}, {risk} and {cost}.{nothing}{told}"


def _step_said(found: PriceOf, base: Step, step: Step) -> str:
    start = f"{step.setting.says[:1].upper()}{step.setting.says[1:]}{' (as given)' if step.setting.given else ''}:"
    if not step.measures:
        why = "no plan can keep to it" if step.status == "infeasible" else f"no certified plan ({step.status})"
        return f"{start} {why}."
    s, risk = found.scenario, step.measures["risk"] - base.measures["risk"]
    money = step.measures["cost"] - base.measures["cost"]
    parts = [_more(amounts.step(s, "risk", abs(risk)), risk, _SAME)]
    parts.append(_more(amounts.step(s, "cost", abs(money)), money, 1e-6 * max(1.0, abs(base.measures["cost"]))))
    said = " and ".join(part for part in parts if part)
    if not said:
        return ""
    cut = _cut(risk, base.budget_worth)
    like = f", as much as cutting every budget by at most {amounts.number(100 * cut)} %" if cut == cut else ""
    who = f"; it weighs on {amounts.listed(list(step.bound[:3]))}" if step.bound else ""
    return f"{start} {said}{like}{who}."


def _more(amount: str, difference: float, nothing: float) -> str:
    if abs(difference) <= nothing:
        return ""
    return f"{amount} {'more' if difference > 0 else 'less'}"
