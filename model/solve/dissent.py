"""Consensus by voice: who is outvoted, chosen as whole numbers so that the first objectives come out best.

A member either agrees (it perceives no more risk than it accepts) or is outvoted; those who agree must hold a given part of
the voice. Where the plan without consensus already finds enough voice, that is the answer; else branch and bound decides.
What follows is the ordinary linear programme with the outvoted members let off, so that prices and proof come as usual.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from model.certificate import Reading, Refutation
from model.solve.answers import Answer
from model.solve.engine import Engine
from model.solve.hot import cold_method
from model.solve.lp import LP, Array
from model.solve.proof import refuted_by
from model.solve.watch import Watch

RULE = "consensus_holds"

LONGEST = 60.0
"""Seconds after which the search for who is outvoted ends where nobody sets a limit."""

_PART = 0.5
"""Part of a time limit the search may use."""

_CLOSE = 1e-7
_ORDER = 1e4
"""By how much one objective outweighs the next, as in the blends of :mod:`model.solve.stages`."""


@dataclass(frozen=True)
class Dissent:
    """Who is outvoted. ``gap``: by what part the weighted objectives might be better with another choice (0: by none; infinite:
    the time was up before any choice was found, and nobody is outvoted)."""

    outvoted: frozenset[str] = frozenset()
    gap: float = 0.0

    @property
    def says(self) -> str:
        """What the search left open; empty where it is settled."""
        if self.gap <= 1e-5:
            return ""
        much = f" by up to {self.gap:.2g} of the weighted objectives" if np.isfinite(self.gap) else ""
        return f"Who is outvoted was not settled in the time there was: another choice might do better{much}."


def weights_of(lp: LP, objectives: Collection[str], weights: Mapping[str, float] | None) -> dict[str, float]:
    """The objectives in order, or a weighting of normalised measures, as one weighting of scaled measures."""
    if weights:
        size = {name: float((lp.whole * lp.scale)[lp.measure(name)]) for name in weights}
        return {name: 1000.0 * weight / size[name] for name, weight in weights.items()}
    return {name: _ORDER ** (1 - i) for i, name in enumerate(objectives)}


def let_off(lp: LP, accepted: Mapping[str, float], outvoted: Collection[str]) -> LP:
    """The same problem in which every member keeps to what it accepts but those that are outvoted."""
    block, upper = lp.rows[RULE], lp.row_upper.copy()
    upper[block.places] = [np.inf if key[0] in outvoted else accepted[key[0]] for key in block.keys]
    return replace(lp, row_upper=upper)


def dissent(
    lp: LP,
    accepted: Mapping[str, float],
    voice: Mapping[str, float],
    needed: float,
    aim: Mapping[str, float],
    watch: Watch,
) -> Dissent:
    """Who is outvoted, so that members with ``needed`` of the voice agree and the weighted objectives come out best.

    Where no plan finds enough voice, nobody is outvoted: the linear programme then says what holds against it.
    """
    free = let_off(lp, accepted, accepted)
    engine = Engine()
    relaxed = engine.solve(free, aim, method=cold_method(free), watch=watch)
    if relaxed.status != "optimal":
        return Dissent()
    worse = _worse(lp, accepted, relaxed.x)
    if _outvoted(worse, voice, needed):
        return Dissent(worse)
    start = _guess(engine, lp, accepted, voice, needed, aim, relaxed, watch)
    search = replace(watch, time_limit=min(LONGEST, _PART * watch.left), begun=time.perf_counter())
    answer, gap = engine.solve_whole(*_whole(lp, accepted, voice, needed, aim), search, start)
    if not np.isfinite(gap):
        return Dissent() if answer.status == "infeasible" else Dissent(gap=np.inf)
    chosen = answer.x[lp.A.shape[1] :]
    members = [key[0] for key in lp.rows[RULE].keys]
    return Dissent(frozenset(m for m, u in zip(members, chosen, strict=True) if u > 0.5), max(0.0, gap))


def no_vote_helps(
    lp: LP, accepted: Mapping[str, float], voice: Mapping[str, float], needed: float, reading: Reading, watch: Watch
) -> Refutation | None:
    """The weakest of the proofs that no plan exists, whoever is outvoted; None where there is a plan, or a proof is missing.

    Branches on members that would be worse off: each agrees, or is outvoted as far as the voice allows. ``reading`` holds everybody to
    consensus; a proof that leans on the consent of those who agree alone counts for every vote they are not outvoted in.
    """
    engine = Engine()
    proofs: list[Refutation] = []
    branches: list[tuple[frozenset[str], frozenset[str]]] = [(frozenset(), frozenset())]
    while branches:
        agree, out = branches.pop()
        branch = let_off(lp, accepted, frozenset(accepted) - agree)
        answer = engine.solve(branch, {"risk": 1.0}, method=cold_method(branch), watch=watch)
        if answer.status == "infeasible":
            proof = refuted_by(reading, branch, engine.ray(branch, watch))
            if not proof.passed:
                return None
            proofs.append(proof)
            continue
        worse = _worse(lp, accepted, answer.x) - agree
        if answer.status != "optimal" or _outvoted(worse | out, voice, needed):
            return None
        member = max(worse - out, key=lambda m: (voice[m], m))
        branches.append((agree | {member}, out))
        if _outvoted(out | {member}, voice, needed):
            branches.append((agree, out | {member}))
    return min(proofs, key=lambda proof: proof.margin)


def _guess(
    engine: Engine,
    lp: LP,
    accepted: Mapping[str, float],
    voice: Mapping[str, float],
    needed: float,
    aim: Mapping[str, float],
    relaxed: Answer,
    watch: Watch,
) -> Array | None:
    """A plan to start the search from: outvoted are, as far as that is allowed, those who would be worse off by most for their voice."""
    block = lp.rows[RULE]
    seen = dict(zip((key[0] for key in block.keys), lp.rows_apart[block.places] @ relaxed.x, strict=True))
    worse = sorted(_worse(lp, accepted, relaxed.x), key=lambda m: (-(seen[m] - accepted[m]) / max(voice[m], _CLOSE), m))
    out: frozenset[str] = frozenset()
    for m in worse:
        out = out | {m} if _outvoted(out | {m}, voice, needed) else out
    held = engine.solve(let_off(lp, accepted, out), aim, relaxed.basis, watch=watch)
    return np.r_[held.x, [float(key[0] in out) for key in block.keys]] if held.status == "optimal" else None


def _outvoted(members: frozenset[str], voice: Mapping[str, float], needed: float) -> bool:
    """Whether these may be outvoted: the others hold enough of the voice."""
    return sum(v for m, v in voice.items() if m not in members) >= needed - 1e-9


def _worse(lp: LP, accepted: Mapping[str, float], x: Array) -> frozenset[str]:
    """The members that perceive more than they accept."""
    block = lp.rows[RULE]
    perceived = lp.rows_apart[block.places] @ x
    return frozenset(
        key[0] for key, risk in zip(block.keys, perceived, strict=True) if risk > accepted[key[0]] + _CLOSE
    )


def _whole(
    lp: LP, accepted: Mapping[str, float], voice: Mapping[str, float], needed: float, aim: Mapping[str, float]
) -> tuple[LP, Mapping[str, float], Array]:
    """The problem with a yes or no for each member (1: it is outvoted), the weighting, and which columns are whole."""
    block, (height, width) = lp.rows[RULE], lp.A.shape
    members = [key[0] for key in block.keys]
    more = len(members)
    let = np.array([accepted[m] - 1.0 for m in members])  # no risk is above 1
    rows, columns = np.r_[np.arange(block.start, block.stop)], np.arange(more)
    said = sp.csc_array((let, (rows, columns)), shape=(height, more))
    votes = sp.csc_array(np.array([[voice[m] for m in members]]))
    held = let_off(lp, accepted, ())
    made = replace(
        held,
        A=sp.vstack([sp.hstack([held.A, said]), sp.hstack([sp.csc_array((1, width)), votes])], format="csc"),
        K=sp.hstack([held.K, sp.csr_array((len(held.measures), more))], format="csr"),
        lower=np.r_[held.lower, np.zeros(more)],
        upper=np.r_[held.upper_bounds(), np.ones(more)],
        bounds={},
        bound_blocks={},
        row_lower=np.r_[held.row_lower, -np.inf],
        row_upper=np.r_[held.row_upper, sum(voice.values()) - needed + 1e-9],
    )
    whole = np.zeros(width + more, dtype=bool)
    whole[width:] = True
    return made, aim, whole
