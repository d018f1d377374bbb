"""What would still be missing with as much money as it takes, and which limits then withhold it, each no more than it could mend."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.core.contributions import challenge_is_reasonable, share_is_limited
from model.core.holdings import industry_keeps_up
from model.language.cached import cached_property
from model.report.causes import LEAD_TIME, Causes, Parts
from model.solve.lp import LP, Key
from model.solve.nearby import missing
from model.solve.plan import Plan
from model.solve.stages import Stage

_INDUSTRY = industry_keeps_up.__name__

SHARES = (share_is_limited.__name__, challenge_is_reasonable.__name__)
"""Limits on what may rest on one member: whatever else gives way, no more than they allow comes from it."""

Found = dict[tuple[str, str], float]
"""By cause and member: part of what is still missing, summing to 1."""


class Mendable:
    """A plan's neighbour without budgets: what it still lacks, and why."""

    def __init__(self, plan: Plan, lp: LP, stage: Stage) -> None:
        self.plan, self.lp, self.stage, self.causes = plan, lp, stage, Causes(plan, (lp, stage))

    @cached_property
    def missing(self) -> dict[Key, float]:
        """What is still missing, by task, capability and period."""
        return missing(self.lp, self.stage)

    @cached_property
    def sent(self) -> dict[Key, float]:
        """What members then contribute."""
        block = self.lp.columns["contributed"]
        return dict(zip(block.keys, self.stage.x[block.places].tolist(), strict=True))

    def withheld(self, key: Key, owed: Mapping[str, float]) -> Found:
        """Why it is still missing: asked of the members by what they owe, and of each no more than its shares allow."""
        found: Found = {}
        for member, part in owed.items():
            causes = self._within_its_share(member, key, part, self.causes.withheld(member, *key))
            for cause, its in causes.items():
                found[cause, member] = found.get((cause, member), 0.0) + part * its
        return self._within_industry(key, found)

    def _within_its_share(self, member: str, key: Key, part: float, causes: Parts) -> Parts:
        """Beyond what the share rule or the challenge leaves to a member, no other limit that gives way would mend anything. Whoever
        takes no part at all is held back by that."""
        limit, rule = self._share(member, key)
        others = sum(its for cause, its in causes.items() if cause not in SHARES)
        asked = part * others * self.missing[key]
        room = max(0.0, limit - self.sent.get((member, *key), 0.0))
        if not rule or asked <= room or (member, *key) not in self.sent:
            return causes
        kept = {cause: its * (room / asked if cause not in SHARES else 1.0) for cause, its in causes.items()}
        return {**kept, rule: kept.get(rule, 0.0) + others * (1.0 - room / asked)}

    def _share(self, member: str, key: Key) -> tuple[float, str]:
        """The most that may rest on a member, and the rule that says so; no rule where it may be all."""
        d, limits = self.plan.data, list[tuple[float, str]]()
        if d.sharing[key[1]] == "weakest link":
            return np.inf, ""
        if SHARES[0] not in self.lp.off and d.capability_max_share[key[1]] < 1:
            limits.append((d.capability_max_share[key[1]] * d.required[key], SHARES[0]))
        if SHARES[1] not in self.lp.off and d.settings["challenge"] is not None:
            limits.append((d.settings["challenge"] * d.task_share[member, key[0]] * d.required[key], SHARES[1]))
        return min(limits, default=(np.inf, ""))

    def _within_industry(self, key: Key, found: Found) -> Found:
        """If orders arrived at once, no more would arrive by then than industry can take on."""
        d, (task, capability, year) = self.plan.data, key
        late = sum(part for (cause, _), part in found.items() if cause == LEAD_TIME)
        if late <= 0 or d.build_limit[capability] is None or _INDUSTRY in self.lp.off:
            return found
        units = d.step * d.build_limit[capability] * (1 + d.position[year])
        together = sum(self.missing.get((k, capability, year), 0.0) for k in d.tasks_of[d.situation_of[task]])
        room = units * max((d.deployable[m, capability] for m in d.members_of_field[capability]), default=0.0)
        kept = min(1.0, room / (late * together)) if together > 0 else 1.0
        capped: Found = {}
        for (cause, member), part in found.items():
            its = part * kept if cause == LEAD_TIME else part
            capped[cause, member] = capped.get((cause, member), 0.0) + its
            if its < part:
                capped[_INDUSTRY, member] = capped.get((_INDUSTRY, member), 0.0) + part - its
        return capped
