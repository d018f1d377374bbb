"""The price of fairness: cost and risk as burdens are brought nearer to fair shares, under one burden key or several.

Two rules do it: a band that every single burden must keep to, and a limit on unfairness, the money that would have to change hands
over all. Some small member with large promises and a small offer may make a band impossible; the limit can then still be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from model.language.cached import cached_property
from model.language.faults import UsageError
from model.language.registry import typed_into
from model.layers.burden_keys.keys import key_names, lacks
from model.questions.answer import QuestionResult
from model.questions.time_limit import finished, in_time, said_of
from model.scenario.scenario import Scenario
from model.solve.engine import Progress, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import amounts

if TYPE_CHECKING:
    from model.report.pages import Chart

BANDS: tuple[float | None, ...] = (None, 1.0, 0.5, 0.25, 0.1, 0.05, 0.0)
"""Fairness bands tried, from none to every burden exactly at its fair share."""

PARTS: tuple[float, ...] = (0.75, 0.5, 0.25, 0.1, 0.0)
"""Limits on unfairness tried, as parts of what it is without a band."""

_SAME = 1e-7
"""A difference in risk below this is none."""


BAND, UNFAIRNESS = "band", "unfairness"
"""The rule of a setting: every burden within a part of its fair share, or all unfairness within a part of what it was."""


@dataclass(frozen=True, eq=False)
class Setting:
    """One key, rule and limit, and what came of it; without a plan ``risk`` and ``cost`` are None and ``why`` says what stands
    against it. ``bound``: whom a band holds back or pushes, most first, by its price in risk."""

    key: str
    rule: str
    limit: float | None
    status: str
    risk: float | None = None
    cost: float | None = None
    unfairness: float | None = None
    bound: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, eq=False)
class PriceOfFairness(QuestionResult):
    """Every key and band; ``stopped`` says what the time limit left undone."""

    scenario: Scenario
    settings: tuple[Setting, ...]
    stopped: str = ""

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a key and band: risk, cost and unfairness, and what the band adds to risk and cost."""
        unit = f"risk: fraction of 1; cost, unfairness: {amounts.currency_of(self.scenario)}"
        rows = []
        for one in self.settings:
            base = self.without_band(one.key)
            extra = (_more(one.risk, base.risk if base else None), _more(one.cost, base.cost if base else None))
            rows.append(
                (
                    one.key, one.rule, one.limit, one.status, one.risk, one.cost, one.unfairness, *extra,
                    ", ".join(one.bound), one.why, unit,
                )
            )  # fmt: skip
        columns = [
            "key", "rule", "limit", "status", "risk", "cost", "unfairness", "extra_risk", "extra_cost", "bound", "why", "unit",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Risk by the limit on unfairness, a column for each key: for charts."""
        keys = list(dict.fromkeys(one.key for one in self.settings))
        found = {(one.key, one.limit): one.risk for one in self.settings if one.rule == UNFAIRNESS}
        found |= {(one.key, 1.0): one.risk for one in self.settings if one.limit is None}
        rows = [
            (f"{part:.0%}", *(found.get((key, part)) for key in keys), "risk: fraction of 1") for part in (1.0, *PARTS)
        ]
        return pd.DataFrame(rows, columns=["unfairness_left", *keys, "unit"])

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "The price of fairness"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"fairness": self.table, "risk by unfairness": self.curve}

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    def without_band(self, key: str) -> Setting | None:
        """The setting others of a key are compared with."""
        return next((one for one in self.settings if one.key == key and one.limit is None), None)

    @cached_property
    def says(self) -> list[str]:
        """One sentence a key."""
        keys = dict.fromkeys(one.key for one in self.settings)
        return [*(_said(self, key) for key in keys), *([self.stopped] if self.stopped else [])]


def chosen_keys(s: Scenario, names: Sequence[str] | None) -> tuple[str, ...]:
    """The keys asked for (by default the scenario's own), each once. Raises UsageError for one that cannot be reckoned."""
    if names is None:
        return (str(s.settings["burden_key"]),)
    if list(names) == ["all"]:
        return tuple(name for name in key_names(s) if not lacks(s, name))
    for name in names:
        if missing := lacks(s, name):
            shown = amounts.listed(["key" if column == "custom_key" else column for column in missing])
            raise UsageError(f"The burden key {name} needs the column {shown} of Members, which is not filled in.")
    return tuple(dict.fromkeys(names))


def price_of_fairness(
    problem: Problem,
    keys: Sequence[str] | None = None,
    watch: Watch | None = None,
    tell: Progress | None = None,
) -> PriceOfFairness:
    """Risk and cost of the best plan under every band and limit on unfairness, by key: the scenario's own, those named, or ["all"].

    All other policies stay as they are. Raises UsageError for a key there is not.
    """
    watch = watch or Watch()
    asked = [
        (key, rule, limit)
        for key in chosen_keys(problem.scenario, keys)
        for rule, limit in (*((BAND, band) for band in BANDS), *((UNFAIRNESS, part) for part in PARTS))
    ]
    search = _Search(problem, watch, tell)
    done = finished(watch, asked, search.step)
    return PriceOfFairness(problem.scenario, tuple(done), said_of(len(done), len(asked), "settings"))


class _Search:
    """The settings one after the other, each from the one before; where a limit cannot be kept, tighter ones cannot either."""

    def __init__(self, problem: Problem, watch: Watch, tell: Progress | None) -> None:
        self.problem, self.near, self._watch, self._tell = problem, problem, watch, tell
        self._free: dict[str, float] = {}
        self._impossible: dict[tuple[str, str], str] = {}

    def step(self, at: tuple[str, str, float | None]) -> Setting:
        """What one setting leads to."""
        key, rule, limit = at
        if (key, rule) in self._impossible:
            return Setting(*at, "infeasible", why=self._impossible[key, rule])
        if self._tell:
            self._tell(f"fairness by {key}, {rule} {'off' if limit is None else f'{limit:.0%}'}", 0.0, 0)
        changed = self._changed(key, rule, limit)
        plan = in_time(changed.solve(("risk", "cost"), watch=self._watch))
        if not plan.found:
            if plan.status == "infeasible":
                self._impossible[key, rule] = plan.message
            return Setting(*at, plan.status, why=plan.message)
        self.near = changed
        if limit is None:
            self._free[key] = plan.measures["unfairness"]
        return _found(at, plan)

    def _changed(self, key: str, rule: str, limit: float | None) -> Problem:
        """The problem of a setting, from the last that had a plan."""
        scenario = self.problem.scenario.with_settings(burden_key=key, fairness_band=limit if rule == BAND else None)
        ceilings = dict(self.problem.ceilings)
        if rule == UNFAIRNESS and limit is not None and key in self._free:
            ceilings["unfairness"] = min(ceilings.get("unfairness", float("inf")), limit * self._free[key])
        return self.near.changed(scenario, ceilings)


def _found(at: tuple[str, str, float | None], plan: Plan) -> Setting:
    weight: dict[str, float] = {}
    if at[1] == BAND and at[2] is not None:
        for rule in typed_into("Settings.fairness_band"):
            for key, gain in plan.gains(rule, "risk").items():
                weight[str(key[0])] = weight.get(str(key[0]), 0.0) + gain
    bound = sorted((m for m in weight if weight[m] > 1e-12), key=lambda m: (-weight[m], m))
    found = plan.measures
    return Setting(*at, plan.status, found["risk"], found["cost"], found["unfairness"], tuple(bound[:5]))


def _more(now: float | None, was: float | None) -> float | None:
    return None if now is None or was is None else now - was


def _said(found: PriceOfFairness, key: str) -> str:
    base, s = found.without_band(key), found.scenario
    if base is None or base.risk is None or base.cost is None:
        return f"By the key {key} there is no plan even without a fairness band."
    start = f"By the key {key}, without a fairness band: {amounts.level(s, 'risk', base.risk)}, {amounts.level(s, 'cost', base.cost)}"
    parts = [part for rule in (BAND, UNFAIRNESS) for part in _rule_said(found, base, rule)]
    return f"{start}; {'; '.join(parts)}." if parts else f"{start}; nothing tried raises risk."


def _rule_said(found: PriceOfFairness, base: Setting, rule: str) -> list[str]:
    """What each step of a rule adds; of impossible ones only the loosest."""
    parts = []
    for one in found.settings:
        if one.key != base.key or one.rule != rule or one.limit is None:
            continue
        what = f"every burden within {one.limit:.0%}" if rule == BAND else f"unfairness down to {one.limit:.0%}"
        if one.risk is None:
            parts.append(f"{what} cannot be ({one.status})" if one.status != "infeasible" else f"{what}: no plan")
            break
        if one.risk - (base.risk or 0.0) > _SAME:
            money = (one.cost or 0.0) - (base.cost or 0.0)
            who = f", by way of {amounts.listed(list(one.bound[:2]))}" if one.bound else ""
            more = f"{amounts.step(found.scenario, 'cost', abs(money))} {'less' if money < 0 else 'more'}"
            parts.append(
                f"{what}: {amounts.step(found.scenario, 'risk', one.risk - (base.risk or 0.0))} more, {more}{who}"
            )
    return parts


def _charts(found: PriceOfFairness) -> list[Chart]:
    from model.report.pages import Chart

    columns = tuple(range(1, found.curve.shape[1] - 1))
    return [
        Chart(
            "Risk as unfairness is limited", "line", "risk by unfairness", columns, "unfairness left",
            "risk (fraction of 1)",
        )
    ]  # fmt: skip
