"""A scenario on its way to a plan in frozen steps: stated as rules, compiled to labelled arrays, and read once more to be proved.

A step is made anew, or from the same step of a similar scenario, of which it keeps what an edit leaves as it is. Nobody changes one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from model import certificate
from model.core.parameters import Data
from model.formulation.build import Statement, restate, state
from model.formulation.changes import Moved, changed, stale
from model.language.cached import cached_property
from model.language.shown import Shown
from model.scenario.scenario import Scenario
from model.solve.compile import compile_model, patch
from model.solve.dissent import let_off
from model.solve.lp import LP, Array, Key
from model.solve.own_rules import with_own_rules
from model.solve.ties import TieRule, named_weights


@dataclass(frozen=True, eq=False)
class Stated(Shown):
    """A scenario with every rule stated. ``accepted``: the risk each member compares with, under consensus. ``is_restated``: only
    what an edit touches was stated, and the rest is that of the scenario before."""

    scenario: Scenario
    accepted: Mapping[str, float]
    data: Data
    statement: Statement
    is_restated: bool = False

    @classmethod
    def of(cls, scenario: Scenario, accepted: Mapping[str, float], base: Stated | None = None) -> Stated:
        """The scenario stated, from one stated before where that is the quicker."""
        # Under consensus what each member compares with changes with nearly any edit.
        edited = None if base is None or accepted else changed(base.scenario, scenario)
        if base is None or edited is None:
            data = Data(scenario, accepted)
            return cls(scenario, accepted, data, state(data))
        data = base.data.after(scenario, accepted, stale(base.data.reads, edited))
        restated = restate(base.statement, data, Moved(edited, base.statement, base.data, data))
        return cls(scenario, accepted, data, restated or state(data), restated is not None)


@dataclass(frozen=True, eq=False)
class Compiled(Shown):
    """A stated scenario compiled, with ceilings on measures, policies switched off and, under consensus by voice, members outvoted."""

    stated: Stated
    ceilings: Mapping[str, float]
    off: tuple[str, ...]
    lp: LP
    outvoted: frozenset[str] = frozenset()
    known: Mapping[str, tuple[tuple[Key, ...], Array]] = field(default_factory=dict, repr=False)
    """Weights of the tie-break that were worked out for a problem that may have the same columns."""

    @classmethod
    def of(
        cls, stated: Stated, ceilings: Mapping[str, float], off: tuple[str, ...], base: Compiled | None = None
    ) -> Compiled:
        """The stated scenario compiled; ``base`` is what it was restated from."""
        if base is not None and stated.is_restated:
            lp = patch(base.lp, base.stated.statement, stated.statement, stated.data)
        else:
            lp = compile_model(stated.statement, stated.data)
        return cls(stated, ceilings, off, _with_ceilings(lp.drop(*off), ceilings), known=base.named if base else {})

    def after(self, scenario: Scenario) -> Compiled:
        """The same of an edited scenario, in which members compare with what they compare with here."""
        return Compiled.of(Stated.of(scenario, self.stated.accepted, self.stated), self.ceilings, self.off, self)

    def limited(self, ceilings: Mapping[str, float]) -> Compiled:
        """The same with other ceilings; its reading and its rule for ties are the same."""
        other = replace(self, ceilings=ceilings, lp=_with_ceilings(self.lp, ceilings))
        other.__dict__.update(reading=self.reading, tie_rule=self.tie_rule)
        return other

    def outvoting(self, outvoted: Collection[str]) -> Compiled:
        """The same with these members, and no others, let off consensus."""
        accepted = self.stated.accepted
        return replace(self, lp=let_off(self.lp, accepted, outvoted), outvoted=frozenset(outvoted), known=self.named)

    def rebuilt(self) -> Compiled:
        """The same, stated and compiled from nothing."""
        anew = Compiled.of(Stated.of(self.stated.scenario, self.stated.accepted), self.ceilings, self.off)
        return anew.outvoting(self.outvoted) if self.outvoted else anew

    @cached_property
    def reading(self) -> certificate.Reading:
        """The certificate's own reading of the scenario."""
        return self.read_again(self.off)

    def read_again(self, off: Iterable[str]) -> certificate.Reading:
        """The certificate's own reading with other policies switched off, and the same members outvoted."""
        scenario = self.stated.scenario
        found = certificate.read(scenario, frozenset(off), self.stated.accepted, self.outvoted)
        return with_own_rules(found, self.lp, scenario.rules, off) if scenario.rules else found

    @cached_property
    def tie_rule(self) -> TieRule:
        """What the tie-break needs to know."""
        d, keys = self.stated.data, self.lp.columns["contributed"].keys
        required = np.array([d.required[key[1:]] for key in keys])
        share = np.array([d.task_share[key[:2]] for key in keys]) * required
        return TieRule(share, required, named_weights(self.lp, self.known))

    @property
    def named(self) -> Mapping[str, tuple[tuple[Key, ...], Array]]:
        """The weights of its own tie-break, if they were worked out."""
        rule: Any = self.__dict__.get("tie_rule")
        return rule.known(self.lp) if rule is not None else self.known


def _with_ceilings(lp: LP, ceilings: Mapping[str, float]) -> LP:
    lp = replace(lp, ceilings=np.full(len(lp.measures), np.inf))
    for name, limit in ceilings.items():
        lp = lp.keep(name, limit)
    return lp
