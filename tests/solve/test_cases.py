"""Cases linked to one problem: published answers, by hand, against a second solver, and what must hold of any cases."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest

from model.certificate.cases import BY_CASE
from model.language.faults import UsageError
from model.language.registry import parts
from model.layers.cases.factors import COMMON
from model.scenario.levers.edits import LEVERS
from model.solve.case_measures import AIMS, over
from model.solve.cases import CaseLP, Linked, link
from model.solve.engine import Engine
from model.solve.given import given
from model.solve.lp import LP
from model.solve.problem import Problem
from model.solve.programmes import decided
from model.solve.proof import prove
from model.solve.uncertain import Uncertain, common
from tests.data.test_levers import SCENARIO, sample
from tests.solve.second_solver import glpk_optimum
from tests.solve.stories import capacity, capacity_cases, farmer, farmer_cases
from tests.uncertain import guarded, uncertain, with_cases

pytestmark = pytest.mark.slow

SAME = {"rel": 1e-6, "abs": 1e-9}
BOTTOM = -1e9


def least(lp: LP, measure: str) -> tuple[float, np.ndarray]:
    """The least value of a measure, and where."""
    answer = Engine().solve(lp, {measure: 1.0})
    assert answer.status == "optimal"
    return float((lp.K @ answer.x)[lp.measure(measure)]), answer.x


def worth(lp: LP, shared: str, amounts: np.ndarray) -> float:
    """What is made of a loss once the shared columns are given."""
    block = lp.columns[shared]
    held = given(lp, {shared: dict(zip(block.keys, amounts.tolist(), strict=True))})
    assert not held.breaches
    return least(held.lp, "loss")[0]


# ---------------------------------------------------------------- published


def test_the_farmer():
    """Birge & Louveaux, Introduction to Stochastic Programming, chapter 1.1: 170, 80 and 250 acres for an expected profit of 108,390.

    Knowing the harvest in advance, 115,406 on average, so perfect information is worth 7,016 (exactly 7,015.5555...). The plan for the
    usual harvest, 120, 80 and 300 acres, yields 107,240 on average: the stochastic solution is worth 1,150.
    """
    cases = farmer_cases()
    linked = link(cases, ["sown"], ["loss"], 0.9, BOTTOM)
    here, x = least(linked.lp, "expected_loss")
    sown = linked.lp.columns["sown"]
    acres = dict(zip((key[0] for key in sown.keys), x[sown.places], strict=True))
    assert here == pytest.approx(-108_390)
    assert acres == pytest.approx({"wheat": 170, "corn": 80, "beets": 250})
    known = sum(case.probability * least(case.lp, "loss")[0] for case in cases)
    assert here - known == pytest.approx(7_015.5555555, rel=1e-8)
    usual, plan = least(farmer(), "loss")
    assert usual == pytest.approx(-118_600)
    average = sum(case.probability * worth(case.lp, "sown", plan[farmer().columns["sown"].places]) for case in cases)
    assert average == pytest.approx(-107_240)
    assert average - here == pytest.approx(1_150)


def test_the_farmer_who_fears_the_worst():
    """The same chapter: the plan for the worst case sows 100, 25 and 375 acres and is sure of 59,950."""
    linked = link(farmer_cases(), ["sown"], ["loss"], 1.0, BOTTOM)
    worst, x = least(linked.lp, "worst_loss")
    assert worst == pytest.approx(-59_950)
    assert x[linked.lp.columns["sown"].places] == pytest.approx([100, 25, 375])
    assert least(linked.lp, "cvar_loss")[0] == pytest.approx(-59_950)


def test_capacity_before_demand():
    """Birge & Louveaux, chapter 5.1, with the answers that StochasticPrograms.jl (Biel & Johansson) publishes in its tests: capacity
    46.67 and 36.25 for -855.83; wait and see -1,518.75, so perfect information is worth 662.92; the plan for the mean of all figures
    gives -568.92, so the stochastic solution is worth 286.92.
    """
    cases = capacity_cases()
    linked = link(cases, ["capacity"], ["loss"], 0.9, BOTTOM)
    here, x = least(linked.lp, "expected_loss")
    assert here == pytest.approx(-855.83, abs=0.005)
    assert x[linked.lp.columns["capacity"].places] == pytest.approx([46.67, 36.25], abs=0.005)
    known = sum(case.probability * least(case.lp, "loss")[0] for case in cases)
    assert known == pytest.approx(-1_518.75, abs=0.005)
    assert here - known == pytest.approx(662.92, abs=0.005)
    mean = capacity((380, 220), (26.4, 30.4))
    value, plan = least(mean, "loss")
    assert value == pytest.approx(-1_445.92, abs=0.005)
    average = sum(
        case.probability * worth(case.lp, "capacity", plan[mean.columns["capacity"].places]) for case in cases
    )
    assert average == pytest.approx(-568.92, abs=0.005)
    assert average - here == pytest.approx(286.92, abs=0.005)


# ---------------------------------------------------------------- the linking itself


def turned(lp: LP, seed: int) -> LP:
    """The same problem with the keys of every variable in another order."""
    rng, columns, order = np.random.default_rng(seed), {}, np.arange(lp.A.shape[1])
    for name, block in lp.columns.items():
        place = rng.permutation(len(block.keys))
        order[block.places] = block.start + place
        columns[name] = replace(block, keys=tuple(block.keys[i] for i in place))
    return replace(
        lp, columns=columns, A=lp.A[:, order].tocsc(), K=lp.K[:, order], lower=lp.lower[order], upper=lp.upper[order]
    )


def test_columns_are_found_by_label_wherever_they_stand():
    cases = [replace(case, lp=turned(case.lp, seed)) for seed, case in enumerate(farmer_cases())]
    assert least(link(cases, ["sown"]).lp, "expected_loss")[0] == pytest.approx(-108_390)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_cases_changes_nothing(order):
    cases = farmer_cases()
    linked = link([cases[i] for i in order], ["sown"], ["loss"], 0.5, BOTTOM)
    assert least(linked.lp, "expected_loss")[0] == pytest.approx(-108_390)
    assert least(linked.lp, "cvar_loss")[0] == pytest.approx(
        least(link(cases, ["sown"], ["loss"], 0.5, BOTTOM).lp, "cvar_loss")[0]
    )


def test_what_all_cases_say_of_shared_columns_stands_once():
    linked = link(farmer_cases(), ["sown"])
    assert linked.lp.rows["land"].keys == ((),)
    assert linked.lp.rows["wheat"].keys == (("bad",), ("good",), ("usual",))
    assert linked.lp.columns["sown"].keys == farmer().columns["sown"].keys
    assert len(linked.lp.columns["sold"].keys) == 3 * 4


def test_each_case_finds_its_own_part():
    cases = farmer_cases()
    linked = link(cases, ["sown"])
    x = np.random.default_rng(0).uniform(0, 10, linked.lp.A.shape[1])
    for case in cases:
        own = linked.own(case.name, x)
        assert case.lp.A @ own == pytest.approx((linked.lp.A @ x)[linked.rows[case.name]])
        assert (case.lp.K @ own)[0] == pytest.approx((linked.lp.K @ x)[linked.lp.measure(f"loss in {case.name}")])


def test_cases_with_other_shared_columns_are_refused():
    one, other = capacity_cases()[0], CaseLP("odd", 0.6, farmer())
    with pytest.raises(KeyError):
        link([one, other], ["capacity"])
    bad, good, usual = farmer_cases()
    fewer = replace(good.lp.columns["sown"], keys=(("wheat",), ("corn",), ("oats",)))
    odd = replace(good, lp=replace(good.lp, columns={**good.lp.columns, "sown": fewer}))
    with pytest.raises(UsageError, match="common to all cases"):
        link([bad, odd, usual], ["sown"])
    with pytest.raises(UsageError, match="same name"):
        link([bad, bad], ["sown"])


@pytest.mark.parametrize("level", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_the_tail_of_given_values_is_its_own_definition(level):
    """The least of eta + mean excess over eta / (1 - level) is found by trying every value as eta."""
    values, likely = [3.0, 1.0, 7.0, 7.0, -2.0], [0.1, 0.3, 0.15, 0.05, 0.4]
    if level < 1:
        wanted = min(
            eta + sum(p * max(v - eta, 0.0) for p, v in zip(likely, values, strict=True)) / (1 - level)
            for eta in values
        )
        assert over("cvar", values, likely, level) == pytest.approx(wanted)
    else:
        assert over("cvar", values, likely, level) == over("worst", values, likely, level) == 7.0
    assert over("expected", values, likely, level) == pytest.approx(0.3 + 0.3 + 1.05 + 0.35 - 0.8)


# ---------------------------------------------------------------- alliances


@pytest.mark.parametrize(("aim", "value"), [("expected", 0.25), ("cvar", 0.5), ("worst", 0.5)])
def test_guns_or_ships(aim, value):
    """By hand: see :func:`tests.uncertain.guarded`."""
    plan = Uncertain(guarded()).solve(aim)
    assert plan.found, plan.message
    assert plan.measures[f"{aim}_risk"] == pytest.approx(value)
    guns = plan.plans["land"].values["ordered"]["Guardia", "gun", 2026]
    ships = plan.plans["sea"].values["ordered"]["Guardia", "ship", 2026]
    assert (guns, ships) == pytest.approx((5, 5) if aim == "worst" else (10, 0))


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("seed", range(12))
def test_a_second_solver_finds_the_same(seed, aim):
    problem = Uncertain(uncertain(seed))
    plan = problem.solve(aim)
    assert plan.found, plan.message
    assert all(proof.passed and proof.gap <= 1e-6 for proof in plan.certificates)
    assert len(plan.certificates) == len(plan.stages) + 1
    assert plan.stages[0].value == pytest.approx(glpk_optimum(problem.linked.lp, f"{aim}_risk"), **SAME)
    assert plan.measures[f"{aim}_risk"] == pytest.approx(plan.stages[0].value, rel=2e-6, abs=1e-9)


@pytest.mark.parametrize("seed", range(9))
def test_orders_and_holdings_are_the_same_in_every_case_and_keep_every_rule(seed):
    problem = Uncertain(uncertain(seed))
    plan = problem.solve()
    views = list(plan.plans.values())
    for name in common():
        assert all(view.values[name] == views[0].values[name] for view in views)
    for view in views:
        activity, size = view.lp.A @ view.x, 1e-6 * (1 + abs(view.lp.A) @ abs(view.x))
        live = view.lp.live_rows({})
        assert (activity <= view.lp.row_upper + size)[live].all()
        assert (activity >= view.lp.row_lower - size)[live].all()
        assert (view.x <= view.lp.upper_bounds() + 1e-6 * (1 + abs(view.x))).all()


@pytest.mark.parametrize("seed", range(9))
def test_measures_over_cases_are_made_of_the_cases_own(seed):
    problem = Uncertain(uncertain(seed))
    plan = problem.solve("cvar")
    likely = list(problem.likely.values())
    for measure in ("risk", "cost", "unfairness", "dependence"):
        own = [view.measures[measure] for view in plan.plans.values()]
        assert plan.measures[f"expected_{measure}"] == pytest.approx(over("expected", own, likely, 0.6), **SAME)
    risks = [view.measures["risk"] for view in plan.plans.values()]
    for aim in ("cvar", "worst"):
        assert plan.measures[f"{aim}_risk"] == pytest.approx(over(aim, risks, likely, problem.level), **SAME)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("seed", range(6))
def test_equal_cases_are_the_plain_plan(seed, count):
    """One case, or several that are all the same: the plan is that of the workbook without cases, order by order."""
    bare = uncertain(seed)
    cases = {f"case {i}": {"probability": 1 / count} for i in range(count)}
    problem = Uncertain(with_cases(bare, cases))
    plain = Problem(problem.base.scenario).solve()
    plan = problem.solve()
    assert plan.measures["expected_risk"] == pytest.approx(plain.measures["risk"], **SAME)
    assert plan.measures["expected_cost"] == pytest.approx(plain.measures["cost"], **SAME)
    if plan.ties_broken and plain.ties_broken:
        view = plan.plans["case 0"]
        biggest = max(1.0, max(plain.values["held"].values()))
        for name in ("ordered", "held"):
            ours, theirs = view.values[name], plain.values[name]
            assert max(abs(ours[key] - theirs[key]) for key in theirs) <= 1e-4 * biggest


@pytest.mark.parametrize("seed", range(4))
def test_other_names_for_the_cases_change_nothing_but_labels(seed):
    """With other names the cases stand in another order everywhere."""
    s = uncertain(seed)
    named = {"case 0": "zulu", "case 1": "yankee", "case 2": "alpha"}
    columns = {
        key: {named[c]: v for c, v in s.values[key].items()}
        for key in s.values
        if key.startswith("case_") and key != "case_value"
    }
    renamed = s.with_sets({**s.sets, "case": tuple(named.values())})
    for key, column in columns.items():
        renamed = renamed.with_values(key, column)
    renamed = renamed.with_values("case_value", {(named[c], *rest): v for (c, *rest), v in s.case_value.items()})
    one, other = Uncertain(s).solve(), Uncertain(renamed).solve()
    for measure in ("expected_risk", "expected_cost", "expected_unfairness"):
        assert other.measures[measure] == pytest.approx(one.measures[measure], **SAME)
    assert other.measures["risk in zulu"] == pytest.approx(one.measures["risk in case 0"], rel=1e-5, abs=1e-8)


def test_a_likelier_bad_case_never_lowers_what_is_expected_at_worst():
    """The worst case does not depend on probabilities; the mean of the worst part lies between mean and worst."""
    problem = Uncertain(uncertain(2))
    found = {aim: problem.solve(aim).measures[f"{aim}_risk"] for aim in AIMS}
    assert found["expected"] <= found["cvar"] + 1e-9
    assert found["cvar"] <= found["worst"] + 1e-9


def test_consensus_is_asked_in_every_case():
    problem = Uncertain(uncertain(3, consensus=True, fairness_band=None, equipment_floor=None))
    plan = problem.solve()
    assert plan.found, plan.message
    for view in plan.plans.values():
        perceived = view.quantity("perceived_risk")
        assert all(perceived[m] <= view.accepted[m] + 1e-6 for m in view.accepted)


@pytest.mark.parametrize("seed", range(4))
def test_what_the_alliance_owns_is_common_too(seed):
    problem = Uncertain(uncertain(seed, pooling=True))
    plan = problem.solve()
    assert plan.found, plan.message
    assert plan.stages[0].value == pytest.approx(glpk_optimum(problem.linked.lp, "expected_risk"), **SAME)
    views = list(plan.plans.values())
    assert all(view.values["commonly_held"] == views[0].values["commonly_held"] for view in views)


@pytest.mark.parametrize("seed", range(4))
def test_programmes_are_chosen_once_for_all_cases(seed):
    """No other choice of the programmes does better over all cases: every one of them is tried."""
    s = uncertain(seed, joint=2)
    chosen = Uncertain(s, aim="cvar")
    plan = chosen.solve("cvar")
    assert plan.found, plan.message
    assert all(value in ("open", "closed") for value in chosen.scenario.decision.values())
    every = [dict(zip(s.decision, choice, strict=True)) for choice in product((True, False), repeat=len(s.decision))]
    tried = [Uncertain(decided(s, choice)).solve("cvar", ties=False) for choice in every]
    found = [other.stages[0].value for other in tried if other.found]
    assert plan.stages[0].value == pytest.approx(min(found), **SAME)


@pytest.mark.parametrize("name", [name for name in LEVERS if name not in COMMON])
def test_every_lever_that_may_differ_by_case_leaves_what_is_decided_now(name):
    """A lever that changes what can be ordered or held belongs among those that are common to all cases."""
    edit = sample(name)
    rows = [("two", name, ", ".join(edit.targets) or None, edit.value)]
    problem = Uncertain(with_cases(SCENARIO, {"one": {"probability": 0.5}, "two": {"probability": 0.5}}, rows))
    assert {case.name for case in problem.linked.cases} == {"one", "two"}


def test_registry_and_certificate_agree_on_what_is_decided_when():
    """Whoever adds a variable says in both places whether it awaits the case; what says nothing is common to all."""
    awaits = {part.name for part in parts("variable") if part.by_case or part.supports}
    assert awaits == set(BY_CASE)


# ---------------------------------------------------------------- the certificate


def _proof(problem: Uncertain, plan, x=None, at: int = 0):
    return prove(problem.reading, problem.linked.lp, plan.stages[at], x, [case.name for case in problem.cases])


@pytest.mark.parametrize("name", ["ordered", "contributed", "short"])
def test_a_plan_that_was_tampered_with_is_refused(name):
    problem = Uncertain(uncertain(1))
    plan = problem.solve()
    block = problem.linked.lp.columns[name]
    x = plan.stages[0].x.copy()
    x[block.places] = 0.9 * x[block.places] if name != "ordered" else x[block.places] + 1.0
    assert _proof(problem, plan).passed
    assert not _proof(problem, plan, x).passed


def test_one_case_linked_wrongly_is_refused():
    """Requirements of one case swapped for another's: the solver is content, the certificate reads the workbook and is not."""
    problem = Uncertain(uncertain(1))
    right = problem.linked
    low, high = problem.case_lps[0], problem.case_lps[1]
    wrong = [replace(low, lp=high.lp), *problem.case_lps[1:]]
    problem.linked = link(wrong, common(), ("risk",), problem.level)
    plan = problem.solve()
    assert plan.status == "numerical trouble"
    assert "did not pass its certificate" in plan.message
    problem.linked = right
    assert problem.solve().found


def test_other_probabilities_are_refused():
    problem = Uncertain(uncertain(1))
    first, second, third = problem.case_lps
    shifted = [replace(first, probability=second.probability), replace(second, probability=first.probability), third]
    problem.linked = link(shifted, common(), ("risk",), problem.level)
    assert problem.solve().status == "numerical trouble"


def test_no_plan_in_one_case_says_which():
    """Guardia must hold 20 guns and has money for 10; in the case *rich* it has three times as much."""
    s = guarded()
    s = s.with_values("min_stock", {("Guardia", "gun", None): 20.0}).with_values(
        "max_stock", {("Guardia", "gun", None): None}
    )
    problem = Uncertain(with_cases(s, {"rich": {"probability": 0.5, "budgets": 3}, "usual": {"probability": 0.5}}))
    plan = problem.solve()
    assert plan.status == "infeasible"
    assert "In the case usual alone no plan satisfies all policies" in plan.message
    assert not plan.measures


def test_cases_that_have_plans_but_none_together():
    """Alone in either case Guardia has no risk; it cannot have 10 guns and 10 ships. Said with its proof, and only with it."""
    problem = Uncertain(guarded(consensus=True))
    plan = problem.solve()
    assert plan.status == "infeasible"
    assert "Every case by itself has a plan" in plan.message
    assert plan.proof is not None
    assert plan.proof.passed

    possible = Uncertain(guarded())
    lp = possible.linked.lp
    upper, places = lp.row_upper.copy(), lp.rows["budget_is_respected"].places
    upper[places] = -1.0
    possible.linked = replace(possible.linked, lp=replace(lp, row_upper=upper))
    spoilt = possible.solve()
    assert (spoilt.status, spoilt.proof) == ("numerical trouble", None)
    assert "could not confirm" in spoilt.message


def test_the_linked_problem_knows_its_cases():
    linked = Uncertain(guarded()).linked
    assert isinstance(linked, Linked)
    assert linked.lp.rows["holdings_carry_over"].index == ("member", "capability", "period")
    assert linked.lp.rows["forces_are_used_once"].index[0] == "case"


def test_consensus_by_voice_is_refused():
    """Who is outvoted is chosen for one scenario; over cases that would be another rule."""
    with pytest.raises(UsageError, match="consensus_voice 1"):
        Uncertain(uncertain(3, consensus=True, consensus_voice=0.6))
