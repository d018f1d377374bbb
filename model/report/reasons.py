"""Why a shortfall persists: what withholds the missing units, from whom, how much of the gap it explains, and a sentence for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from model.data.cached import cached_property
from model.report import sentences
from model.report.causes import (
    CEILING,
    LEAD_TIME,
    NOT_DEPLOYABLE,
    NOT_OFFERED,
    NOT_RELEASED,
    OPTED_OUT,
    UNEXPLAINED,
    Causes,
)
from model.solve.lp import Key
from model.solve.plan import Plan

LABELS: dict[str, str] = {
    "budget": "Money",
    "lead time": "Lead time",
    "share rule": "Share rule",
    "challenge": "Reasonable challenge",
    "caveat": "Caveats",
    "opt-out": "Opt-outs",
    "industry": "Industry",
    "supplier": "Suppliers",
    "return": "Returns to industry",
    "not offered": "Cannot acquire",
    "pledge": "Pledges",
    "fairness": "Fairness band",
    "other": "Other limits",
    "interoperability": "Interoperability",
}
"""Every kind of reason and what it is called; all but the last share out the gap between them."""

_KIND: dict[str, str] = {
    "budget_is_respected": "budget",
    LEAD_TIME: "lead time",
    "share_is_limited": "share rule",
    "challenge_is_reasonable": "challenge",
    "caveat_is_respected": "caveat",
    NOT_RELEASED: "caveat",
    OPTED_OUT: "opt-out",
    "industry_keeps_up": "industry",
    "supplier_keeps_up": "supplier",
    "industry_gets_its_return": "return",
    NOT_OFFERED: "not offered",
    NOT_DEPLOYABLE: "not offered",
    "pledge_is_not_exceeded": "pledge",
    "burden_is_not_too_high": "fairness",
    "burden_is_not_too_low": "fairness",
    "equipment_is_renewed": "fairness",
    CEILING: "other",
    UNEXPLAINED: "other",
}
_MISSING = 1e-6
"""A requirement is short when at least this part of it is missing."""


@dataclass(frozen=True)
class Reason:
    """One reason: its kind (a key of LABELS), the part of the gap it explains, by member, and what to say of it."""

    kind: str
    part: float
    by_member: Mapping[str, float]
    says: str

    @property
    def label(self) -> str:
        return LABELS[self.kind]


@dataclass(frozen=True)
class Shortage:
    """What is short of one capability for one task, in one period or several, and why, the chief reason first."""

    task: str
    capability: str
    years: tuple[int, ...]
    required: float
    missing: float
    risk_part: float
    reasons: tuple[Reason, ...]
    note: str = ""

    @property
    def coverage(self) -> float:
        return 1.0 - self.missing / self.required

    @property
    def chief(self) -> Reason:
        """The reason that explains most of the gap (interoperability, which overlaps the others, aside)."""
        return next(reason for reason in self.reasons if reason.kind != "interoperability")

    def part(self, kind: str) -> float:
        return next((reason.part for reason in self.reasons if reason.kind == kind), 0.0)


class Explainer:
    """Explains the shortfalls of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.causes = plan, Causes(plan)

    @cached_property
    def missing(self) -> dict[Key, float]:
        """Effective units short, by (task, capability, year); only what is really short."""
        required = self.plan.data.required
        return {key: z for key, z in self.plan.quantity("shortfall").items() if z > _MISSING * required[key]}

    @cached_property
    def risk_parts(self) -> dict[Key, float]:
        """How much of the alliance's risk each shortfall makes: they add up to the risk."""
        d, short = self.plan.data, self.plan.values["short"]
        return {
            (k, c, t): d.task_part[k]
            * d.importance[c]
            / d.required[k, c, t]
            * sum(d.band_severity[b] * short[k, c, t, b] for b in d.sets["band"])
            for k, c, t in self.missing
        }

    @cached_property
    def each(self) -> list[Shortage]:
        """Every period's shortfall by itself, in the workbook's order."""
        return [self.explain([key]) for key in in_order(self.plan, self.missing)]

    @cached_property
    def by_requirement(self) -> list[Shortage]:
        """Shortfalls of one capability for one task, all periods together, the worst for the alliance's risk first."""
        groups: dict[tuple[str, str], list[Key]] = {}
        for key in in_order(self.plan, self.missing):
            groups.setdefault(key[:2], []).append(key)
        size = {group: sum(self.risk_parts[key] for key in keys) for group, keys in groups.items()}
        return [self.explain(groups[group]) for group in sorted(groups, key=lambda group: -size[group])]

    @cached_property
    def whole(self) -> dict[str, float]:
        """The part of all risk that each kind of reason explains, the largest first; interoperability, which overlaps, aside."""
        total, found = sum(self.risk_parts.values()), dict.fromkeys(LABELS, 0.0)
        for shortage in self.each:
            for reason in shortage.reasons:
                found[reason.kind] += reason.part * shortage.risk_part / total if total > 0 else 0.0
        del found["interoperability"]
        return {kind: part for kind, part in sorted(found.items(), key=lambda pair: -pair[1]) if part > 0}

    def explain(self, keys: Sequence[Key]) -> Shortage:
        """What is short of a requirement in the given periods (same task and capability), and why."""
        task, capability, _ = keys[0]
        d, years = self.plan.data, tuple(key[2] for key in keys)
        shared = self._shared_out(keys)
        found = [
            Reason(kind, sum(by.values()), by, sentences.reason(self.plan, kind, by, keys))
            for kind, by in shared.items()
        ]
        found.sort(key=lambda reason: -reason.part)
        friction = self._friction(keys)
        return Shortage(
            task,
            capability,
            years,
            sum(d.required[key] for key in keys),
            sum(self.missing[key] for key in keys),
            sum(self.risk_parts[key] for key in keys),
            (*found, *([friction] if friction else [])),
            sentences.weakest(self.plan, keys) if d.sharing[capability] == "weakest link" else "",
        )

    def _shared_out(self, keys: Sequence[Key]) -> dict[str, dict[str, float]]:
        """The gap by kind of reason and member: each member's part by its fair share, periods by their part of the risk."""
        total = sum(self.risk_parts[key] for key in keys)
        found: dict[str, dict[str, float]] = {}
        for key in keys:
            by_period = self.risk_parts[key] / total if total > 0 else 1.0 / len(keys)
            for member, owed in self._asked(key).items():
                for cause, part in self.causes.withheld(member, *key).items():
                    by = found.setdefault(_KIND.get(cause, "other"), {})
                    by[member] = by.get(member, 0.0) + by_period * owed * part
        return found

    def _asked(self, key: Key) -> dict[str, float]:
        """Of whom the missing units would be asked: everybody by fair share; the weakest link's debtors by what they owe."""
        d = self.plan.data
        if d.sharing[key[1]] != "weakest link":
            return {m: d.fair_share[m] for m in self.plan.scenario.sets["member"] if d.fair_share[m] > 0}
        owing = {
            m: gap * d.task_share[m, key[0]] for m, gap in sentences.debts(self.plan, key).items() if gap > _MISSING
        }
        total = sum(owing.values())
        return {m: part / total for m, part in owing.items()} if total > 0 else {}

    def _friction(self, keys: Sequence[Key]) -> Reason | None:
        """What the forces sent would add if they were fully interchangeable, where nothing else holds them back."""
        by: dict[str, float] = {}
        for key in keys:
            for member, extra in lost(self.plan, key, self.causes).items():
                by[member] = by.get(member, 0.0) + extra
        missing = sum(self.missing[key] for key in keys)
        extra = sum(by.values())
        if extra <= _MISSING * missing:
            return None
        part = min(1.0, extra / missing)
        return Reason("interoperability", part, by, sentences.friction(self.plan, extra, part, by, keys))


def lost(plan: Plan, key: Key, causes: Causes | None = None) -> dict[str, float]:
    """Effective units each member's contribution lacks of its full worth, because it is not fully interchangeable.

    With ``causes``, only members that no share rule keeps from sending more.
    """
    task, capability, year = key
    d, force, held = plan.data, plan.quantity("force"), plan.values["held"]
    situation, found = d.situation_of[task], {}
    for member in d.contributors[key]:
        sent = plan.values["contributed"][member, task, capability, year]
        whole = d.deployable[member, capability] * held[member, capability, 0, year]
        if sent <= 0 or whole <= 0:
            continue
        worth = force[member, situation, capability, year] / whole
        if causes and any(
            kind in causes.withheld(member, *key) for kind in ("share_is_limited", "challenge_is_reasonable")
        ):
            continue
        found[member] = sent * (1.0 / worth - 1.0) if 0 < worth < 1 - 1e-9 else 0.0
    return {member: extra for member, extra in found.items() if extra > 0}


def in_order(plan: Plan, keys: Iterable[Key]) -> list[Key]:
    """Keys of requirements in the workbook's order of tasks and capabilities, then by year."""
    tasks = {name: i for i, name in enumerate(plan.scenario.sets["task"])}
    capabilities = {name: i for i, name in enumerate(plan.scenario.sets["capability"])}
    return sorted(keys, key=lambda key: (tasks[key[0]], capabilities[key[1]], key[2]))
