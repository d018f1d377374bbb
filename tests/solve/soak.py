"""Different scenarios in several threads at once, in a process of its own: what comes out must be what one thread gives.

``python -m tests.solve.soak SECONDS`` prints how many results were compared. Where it hangs it ends itself after so many
seconds, with every thread's place in the code.
"""

from __future__ import annotations

import faulthandler
import hashlib
import random
import sys
import threading
from collections.abc import Callable

import numpy as np

from model.scenario.levers.edits import apply_edits, parse_edit
from model.scenario.scenario import Scenario
from model.scenario.shipped import shipped_scenarios
from model.solve.engine import Engine
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.scenarios import tiny_scenario

THREADS = 4
EDITS = ("budget=0.9", "requirement=1.1", "unit_cost=1.2", "withdraw=Midland", "budget[Northland]=0.7")


def scenarios() -> dict[str, Scenario]:
    """Scenarios of several sizes and kinds: with and without consensus, by voice, and with joint programmes to decide."""
    shipped = {path.stem: path for path in shipped_scenarios()}
    tutorial = load(shipped["tutorial"])
    return {
        "tutorial": tutorial,
        "tiny": tiny_scenario(),
        "tutorial under consensus": tutorial.with_settings(consensus=True),
        "tutorial by voice": tutorial.with_settings(consensus=True, consensus_voice=0.6),
        "asean": load(shipped["asean"]),
        "us_japan": load(shipped["us_japan"]),
    }


def trace(plan: Plan) -> str:
    """All that a plan is made of, in one word: the problem's arrays, the plan and its prices, to the last bit."""
    lp, digest = plan.lp, hashlib.sha256(plan.status.encode())
    for array in (lp.A.data, lp.A.indices, lp.A.indptr, lp.K.data, lp.row_lower, lp.row_upper, lp.upper_bounds()):
        digest.update(np.ascontiguousarray(array).tobytes())
    if plan.x is not None:
        digest.update(plan.x.tobytes())
    for stage in plan.stages:
        digest.update(stage.multipliers.tobytes())
    digest.update(repr(sorted(plan.measures.items())).encode())
    return digest.hexdigest()


def afresh(scenario: Scenario) -> Callable[[], str]:
    """A scenario solved from nothing."""
    return lambda: trace(Problem(scenario).solve())


def changed(base: Problem, edit: str) -> Callable[[], str]:
    """A what-if of a solved problem that all threads share, with a solver of its own."""

    def run() -> str:
        edited = apply_edits(base.scenario, [parse_edit(edit)])
        return trace(base.changed(scenario=edited.scenario, off=edited.off, engine=Engine()).solve())

    return run


def read_only(scenario: Scenario) -> Callable[[], str]:
    """A scenario's data, again and again: what a page reads while others solve."""
    return lambda: hashlib.sha256(
        "".join(repr(sorted(Problem(scenario).data.required.items())) for _ in range(200)).encode()
    ).hexdigest()


def questions() -> dict[str, Callable[[], str]]:
    """Everything that is asked, by name; the shared base is solved here and states its rules once."""
    found = scenarios()
    base = Problem(found["tutorial"])
    base.solve()
    asked = {name: afresh(scenario) for name, scenario in found.items()}
    asked["data of the tutorial"] = read_only(found["tutorial"])
    return asked | {f"tutorial, {edit}": changed(base, edit) for edit in EDITS}


def main(seconds: float) -> None:
    """Ask everything alone, then in all threads at once, each in an order of its own; ends with 1 where an answer differs."""
    faulthandler.dump_traceback_later(seconds, exit=True)
    sys.setswitchinterval(1e-5)
    alone = {name: ask() for name, ask in questions().items()}
    shared, wrong, done = questions(), list[str](), list[str]()

    def visit(number: int) -> None:
        names = [*shared] + [name for name in shared if name.startswith(("tutorial,", "data"))] * 4
        random.Random(number).shuffle(names)
        for name in names:
            try:
                (done if shared[name]() == alone[name] else wrong).append(name)
            except Exception as failure:
                wrong.append(f"{name}: {failure!r}")

    threads = [threading.Thread(target=visit, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{len(done)} alike, not alike: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(float(sys.argv[1]))
