"""Scenarios with cases for tests: made-up ones, and one small enough to solve by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.scenario.scenario import Scenario
from tests.scenarios import scenario
from tests.solve.variants import varied

COLUMNS = ("requirements", "budgets", "costs")


def with_cases(
    s: Scenario, cases: Mapping[str, Mapping[str, Any]], factors: Sequence[tuple[str, str, str | None, Any]] = ()
) -> Scenario:
    """The scenario with cases: ``probability`` and factors by name (1 where not said), and rows of `Case factors`."""
    for column in COLUMNS:
        s = s.with_values(f"case_{column}", {name: float(row.get(column, 1.0)) for name, row in cases.items()})
    s = s.with_values("case_probability", {name: float(row["probability"]) for name, row in cases.items()})
    s = s.with_values("case_description", dict.fromkeys(cases, ""))
    s = s.with_values("case_value", {(case, lever, target): value for case, lever, target, value in factors})
    return s.with_sets({**s.sets, "case": tuple(cases)})


def guarded(**changed: Any) -> Scenario:
    """One member, guns and ships, and two cases: war on land, which needs 10 guns, or at sea, which needs 10 ships.

    A gun or a ship costs 1 to buy and nothing to keep; there are 10 of money and one period. Two tasks in two situations, always
    both asked for; in the case *land* nothing is required at sea and the other way round (`Case factors`, requirement). Risk
    bands of equal severity. Risk is the missing part of what the case requires.

    *Known in advance.* 10 of what is needed: risk 0 in either case.

    *Here and now, land with probability 0.75.* g guns and 10 - g ships leave risk 1 - g/10 on land and g/10 at sea: 0.75 (1 - g/10)
    + 0.25 g/10 is least at g = 10: **expected risk 0.25**. The worst case is least at g = 5: **worst risk 0.5**. CVaR over the
    worst half: at g between 5 and 10 the sea (0.25 of the half's 0.5) has risk g/10 and land fills the rest with 1 - g/10:
    0.5 g/10 + 0.5 (1 - g/10) = 0.5 for all of them, and it is more for g below 5: **CVaR 0.5**.

    *The average case* requires 7.5 guns and 2.5 ships, of which 10 of money buys all: risk 0. In the cases that plan leaves
    2.5 of 10 guns missing on land and 7.5 of 10 ships at sea: 0.75 · 0.25 + 0.25 · 0.75 = **0.375**.

    So perfect information is worth **0.25**, and planning for both cases instead of the average **0.125**.

    *Regret.* The plan for land loses 1 at sea and nothing on land; the plan for the sea loses 1 on land; the plan for both (g = 10) is
    the plan for land.
    """
    made = scenario(
        {"Guardia": {}},
        {"gun": {"unit": "gun", "sustainment_cost": 0.0}, "ship": {"unit": "ship", "sustainment_cost": 0.0}},
        {"on land": (1.0, None), "at sea": (1.0, None)},
        {"hold the pass": ("on land", 1.0), "hold the strait": ("at sea", 1.0)},
        {("hold the pass", "gun", None): 10.0, ("hold the strait", "ship", None): 10.0},
        bands={1.0: 1.0},
        name="guarded",
        **{"cvar_level": 0.5, **changed},
    )
    return with_cases(
        made,
        {"land": {"probability": 0.75}, "sea": {"probability": 0.25}},
        [("land", "requirement", "hold the strait", 0.0), ("sea", "requirement", "hold the pass", 0.0)],
    )


def uncertain(seed: int, count: int = 3, **changed: Any) -> Scenario:
    """A random scenario with random cases: factors on everything, and on a single task, capability and member."""
    s = varied(seed, **changed)
    rng = np.random.default_rng(1000 + seed)
    names = [f"case {i}" for i in range(count)]
    likely = rng.dirichlet(np.full(count, 3.0))
    cases = {
        name: {
            "probability": float(p),
            "requirements": float(rng.uniform(0.7, 1.4)),
            "budgets": float(rng.uniform(0.9, 1.2)),
            "costs": float(rng.uniform(0.9, 1.1)),
        }
        for name, p in zip(names, likely, strict=True)
    }
    factors = [
        (names[0], "requirement", str(rng.choice(s.sets["task"])), float(rng.uniform(0.5, 2))),
        (names[-1], "unit_cost", str(rng.choice(s.sets["capability"])), float(rng.uniform(0.8, 1.2))),
        (names[-1], "availability", str(rng.choice(s.sets["member"])), float(rng.uniform(0.4, 0.9))),
        (names[count // 2], "probability", str(rng.choice(s.sets["situation"])), float(rng.uniform(0.5, 2))),
    ]
    return with_cases(s, cases, factors)
