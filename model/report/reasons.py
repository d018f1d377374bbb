"""Why a shortfall persists: what withholds the missing units, from whom, how much of the gap it explains, and a sentence for each.

Money comes first and gets what it would mend: the problem is solved again with as much of it as it takes. What then stays missing
is asked of every member by its fair share, and the price of one more unit from each, in that problem, is followed to the limit that
withholds it. No limit gets more than it could mend, money being no object (:mod:`model.report.mendable`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.language.cached import cached_property
from model.report import sentences
from model.report.causes import Causes, pricing_stage, reason_of
from model.report.mendable import SHARES, Mendable
from model.report.sentences import kinds, known
from model.solve.lp import Key
from model.solve.nearby import BUDGET, Nearby
from model.solve.plan import Plan

FRICTION = "interoperability"
"""The kind of reason that overlaps the others."""

LABELS: dict[str, str] = {**{name: kind.label for name, kind in kinds().items()}, FRICTION: "Interoperability"}
"""Every kind of reason and what it is called; all but the last share out the gap between them."""

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
        return next(reason for reason in self.reasons if reason.kind != FRICTION)

    def part(self, kind: str) -> float:
        return next((reason.part for reason in self.reasons if reason.kind == kind), 0.0)


class Explainer:
    """Explains the shortfalls of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.causes = plan, Causes(plan)
        self.near = Nearby(plan, pricing_stage(plan))

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
        del found[FRICTION]
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

    @cached_property
    def _mendable(self) -> Mendable | None:
        """The problem with as much money as it takes; None where it was not settled, and the plan's own prices must do."""
        found = self.near.without_budgets()
        return None if found is None else Mendable(self.plan, *found)

    def mended(self, key: Key) -> float:
        """The part of what is missing of a requirement that would be there if members offered as much as it takes."""
        if self._mendable is None:
            return 0.0
        still = self._mendable.missing[key]
        return (
            1.0 - min(1.0, max(0.0, still) / self.missing[key])
            if still > _MISSING * self.plan.data.required[key]
            else 1.0
        )

    def _shared_out(self, keys: Sequence[Key]) -> dict[str, dict[str, float]]:
        """The gap by kind of reason and member, periods by their part of the risk."""
        total = sum(self.risk_parts[key] for key in keys)
        found: dict[str, dict[str, float]] = {}
        for key in keys:
            by_period = self.risk_parts[key] / total if total > 0 else 1.0 / len(keys)
            for cause, member, part in self._parts(key):
                by = found.setdefault(known(reason_of(self.plan, cause)), {})
                by[member] = by.get(member, 0.0) + by_period * part
        return found

    def _parts(self, key: Key) -> Iterator[tuple[str, str, float]]:
        """Cause, member and part of one period's gap, summing to 1."""
        mended, owed = self.mended(key), self._asked(key)
        if mended > 0:
            yield from ((BUDGET, member, mended * part) for member, part in self._short_of_money(key, owed).items())
        if mended < 1 and self._mendable is not None:
            found = self._mendable.withheld(key, self._asked(key, self._mendable.sent) or owed)
            yield from ((cause, member, (1.0 - mended) * part) for (cause, member), part in found.items())
        elif mended < 1:
            for member, part in owed.items():
                yield from ((cause, member, part * its) for cause, its in self.causes.withheld(member, *key).items())

    def _short_of_money(self, key: Key, owed: Mapping[str, float]) -> dict[str, float]:
        """Whose money the gap wants: by fair share, of those whom it keeps from one more unit; of all who could send any where it keeps
        nobody."""
        fit = self.plan.data.deployable
        wanting = {m: part * self.causes.withheld(m, *key).get(BUDGET, 0.0) for m, part in owed.items()}
        some = {m: part for m, part in wanting.items() if part > 0}
        for asked in (owed, self.plan.data.fair_share):
            some = some or {m: part for m, part in asked.items() if part > 0 and fit.get((m, key[1]), 0.0) > 0}
        some = some or dict(owed)
        total = sum(some.values())
        return {m: part / total for m, part in some.items()}

    def _asked(self, key: Key, sent: Mapping[Key, float] | None = None) -> dict[str, float]:
        """Of whom the missing units would be asked: everybody by fair share; the weakest link's debtors by what they owe."""
        d = self.plan.data
        if d.sharing[key[1]] != "weakest link":
            return {m: d.fair_share[m] for m in self.plan.scenario.sets["member"] if d.fair_share[m] > 0}
        debts = sentences.debts(self.plan, key, sent)
        owing = {m: gap * d.task_share[m, key[0]] for m, gap in debts.items() if gap > _MISSING}
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
        return Reason(FRICTION, part, by, sentences.friction(self.plan, extra, part, by, keys))


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
        if causes and any(rule in causes.withheld(member, *key) for rule in SHARES):
            continue
        found[member] = sent * (1.0 / worth - 1.0) if 0 < worth < 1 - 1e-9 else 0.0
    return {member: extra for member, extra in found.items() if extra > 0}


def in_order(plan: Plan, keys: Iterable[Key]) -> list[Key]:
    """Keys of requirements in the workbook's order of tasks and capabilities, then by year."""
    tasks = {name: i for i, name in enumerate(plan.scenario.sets["task"])}
    capabilities = {name: i for i, name in enumerate(plan.scenario.sets["capability"])}
    return sorted(keys, key=lambda key: (tasks[key[0]], capabilities[key[1]], key[2]))
