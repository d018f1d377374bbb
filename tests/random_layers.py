"""Random rows of the sheets about partners, industry and technology, put on any scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from model.scenario.scenario import Scenario

Cells = dict[Any, Any]


def with_partners(s: Scenario, seed: int) -> Scenario:
    """Two partners: one limited in money and years and with a condition, one that only lends; rows for all tasks and for one."""
    rng = np.random.default_rng(seed)
    names, last = ("partner 0", "partner 1"), s.periods[-1]
    cells: dict[str, Cells] = {
        "partner_money": {"partner 0": float(rng.uniform(0.2, 2)), "partner 1": None},
        "partner_from": {"partner 0": s.periods[0] + 1 if seed % 3 == 2 else None, "partner 1": None},
        "partner_to": {"partner 0": None, "partner 1": last - 1 if seed % 2 else last},
        "members_part": {"partner 0": float(rng.uniform(0, 0.6)), "partner 1": float(rng.uniform(0, 0.6))},
    }
    support: dict[str, Cells] = {"reimbursement": {}, "lendable": {}, "lending_price": {}}
    for i, capability in enumerate(s.sets["capability"]):
        lends = s.sharing[capability] != "weakest link"
        rows = [("partner 0", capability, None), ("partner 1", capability, s.sets["task"][i % len(s.sets["task"])])]
        if i % 2:
            rows.append(("partner 0", capability, s.sets["task"][0]))
        for row in rows:
            pays = row[0] == "partner 0" and rng.random() < 0.8
            support["reimbursement"][row] = float(rng.uniform(0.05, 0.8)) if pays else None
            support["lendable"][row] = float(rng.uniform(0.1, 1)) if lends and rng.random() < 0.7 else None
            support["lending_price"][row] = float(rng.uniform(0, 0.5)) if i % 2 else 0.0
    return _with(replace(s, sets={**s.sets, "partner": names}), {**cells, **support})


def with_industry(s: Scenario, seed: int) -> Scenario:
    """Members' and foreign suppliers of most capabilities, some with limits; floors on what comes back, for some members."""
    rng, members = np.random.default_rng(100 + seed), s.sets["member"]
    cells: dict[str, Cells] = {"work_share": {}, "supplier_limit": {}, "jobs_per_million": {}}
    for i, capability in enumerate(s.sets["capability"]):
        for j, supplier in enumerate((members[i % len(members)], members[-1].upper(), "abroad")[: 1 + i % 3]):
            row = (capability, supplier)
            if any(c == capability and f.lower() == supplier.lower() for c, f in cells["work_share"]):
                continue
            cells["work_share"][row] = float(rng.uniform(0.1, 0.33))
            cells["supplier_limit"][row] = float(rng.uniform(0.1, 1)) if (i + j) % 2 else None
            cells["jobs_per_million"][row] = float(rng.uniform(3, 12)) if j != 1 else None
    cells["juste_retour"] = {m: float(rng.uniform(0.2, 0.9)) if i % 2 == 0 else None for i, m in enumerate(members)}
    cells["multiplier"] = {m: float(rng.uniform(0.5, 2)) if i % 3 else None for i, m in enumerate(members)}
    return _with(s, cells)


def with_opt_outs(s: Scenario, seed: int) -> Scenario:
    """Some members stay out of a task, of which some go on counting it."""
    rng = np.random.default_rng(200 + seed)
    rows = {(m, k): bool(rng.random() < 0.4) for m in s.sets["member"] for k in s.sets["task"] if rng.random() < 0.25}
    return s.with_values("still_counts", rows)


def with_technology(s: Scenario, seed: int) -> Scenario:
    """Capabilities that ripen by year, by research, or both; technology levels, some of which can be raised; a limit at times."""
    rng, cells = np.random.default_rng(200 + seed), dict[str, Cells]()
    ripening = s.sets["capability"][seed % 2 :: 2]
    later = s.periods[min(1, len(s.periods) - 1)]
    cells["available_from"] = {c: None if i % 3 == 1 else later for i, c in enumerate(ripening)}
    cells["research_cost"] = {c: float(rng.uniform(0.5, 3)) if i % 3 else None for i, c in enumerate(ripening)}
    cells["early_orders"] = {c: float(rng.uniform(0.2, 2)) if i % 3 else None for i, c in enumerate(ripening)}
    members = s.sets["member"]
    cells["technology"] = {m: float(rng.uniform(0.2, 1)) if i != 1 else None for i, m in enumerate(members)}
    cells["transfer_cost"] = {m: float(rng.uniform(0.5, 4)) if i % 4 != 3 else None for i, m in enumerate(members)}
    return _with(s.with_settings(technology_limit=0.9 if seed % 2 else None), cells)


def with_layers(s: Scenario, seed: int) -> Scenario:
    """All of them."""
    return with_technology(with_industry(with_partners(s, seed), seed), seed)


def _with(s: Scenario, columns: dict[str, Cells]) -> Scenario:
    for column, values in columns.items():
        s = s.with_values(column, values)
    return s
