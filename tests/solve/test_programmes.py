"""Joint programmes, against answers worked out by hand, against enumeration, and against facts that hold of any scenario."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from model.questions.trade_off.result import trade_off
from model.scenario.scenario import Scenario
from model.solve import programmes
from model.solve.alone import alone
from model.solve.engine import Engine
from model.solve.extremes import Region
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.programmes import NO_CHOICE, as_decided, decided
from model.solve.proof import prove
from model.solve.uncertain import Uncertain
from tests.scenarios import random_scenario, scenario, tiny_scenario
from tests.solve.second_solver import glpk_optimum
from tests.uncertain import with_cases

pytestmark = pytest.mark.slow


def joint(s: Scenario | None = None, **row: Any) -> Scenario:
    """The tiny scenario with a programme of both members: half the price, 2 for development in equal parts, unless said."""
    s = s or tiny_scenario()
    usual = {
        "programme_capability": "tank",
        "participants": "Northland, Southland",
        "development_cost": 2.0,
        "development_sharing": "equal",
        "programme_key": "gdp",
        "development_from": None,
        "development_years": 1,
        "earliest_year": None,
        "programme_discount": 0.5,
        "min_units": 0.0,
        "decision": "free",
    }
    made = scenario(
        {"m": {}}, {"c": {}}, {"p": (1.0, None)}, {"k": ("p", 1.0)}, {}, programmes={"next": {**usual, **row}}
    )
    for column in usual:
        s = s.with_values(column, made.values[column])
    return Scenario({**s.sets, "programme": ("next",)}, s.settings, s.values, name=s.name)


def solved(s: Scenario, *objectives: str, **options: Any) -> Plan:
    problem = Problem(s, **options)
    plan = problem.solve(objectives or None)
    assert plan.found, plan.message
    return problem.with_alternatives(plan)


@pytest.mark.parametrize(
    ("development", "opened", "risk", "relaxed"), [(2.0, True, 1 / 6, 5 / 48), (3.0, False, 0.2, 4 / 33)]
)
def test_a_programme_is_opened_where_it_earns_its_development(
    development: float, opened: bool, risk: float, relaxed: float
) -> None:
    """Closed: 8 of 10 tanks, risk 0.2 (tiny scenario). Northland has 6 to spend beside its four tanks, Southland 4; a tank costs
    1 + 1 and 2 + 2, through the programme 0.5 + 1 and 1 + 2.

    *Development of 2*: 1 each. Northland buys 5 / 1.5 = 3.33, Southland 3 / 3 = 1: 8.33 of 10, risk 1/6. *Of 3*: 4.5 / 1.5 = 3 and
    2.5 / 3 = 0.83: 7.83 of 10, worse than closed. *In part*: opened by o, each may order up to 10 o. Northland orders all of it:
    6 = (D/2) o + 15 o, and Southland (4 - (D/2) o) / 3. For D = 2, o = 3/8: 4 + 3.75 + 1.2083 = 8.958, risk 5/48; for 3, o = 4/11:
    4 + 3.636 + 1.1515 = 8.788, risk 4/33.
    """
    plan = solved(joint(development_cost=development))
    assert plan.programmes is not None
    assert plan.programmes.opened == {"next": opened}
    assert plan.measures["risk"] == pytest.approx(risk)
    assert plan.programmes.relaxed["risk"] == pytest.approx(relaxed)
    assert plan.programmes.relaxed_opened["next"] == pytest.approx(6 / (development / 2 + 15))
    assert plan.programmes.bounds["risk"] == pytest.approx(risk, rel=1e-6)
    assert plan.values["opened"]["next"] == float(opened)
    assert all(certificate.passed for certificate in plan.certificates)


def test_it_is_told_why() -> None:
    """Opened for 2: Northland saves 0.5 on each of 3.33 tanks, Southland 1 on its one: 2.67 for 2. Both use all they offer anyway."""
    (verdict,) = solved(joint()).alternatives.verdicts  # type: ignore[union-attr]
    assert (verdict.opened, verdict.free) == (True, True)
    assert verdict.when_open is not None
    assert verdict.when_closed is not None
    assert verdict.when_open["risk"] == pytest.approx(1 / 6)
    assert verdict.when_closed["risk"] == pytest.approx(0.2)
    assert verdict.units == pytest.approx(13 / 3)
    assert (verdict.development, verdict.savings) == pytest.approx((2.0, 8 / 3))
    assert verdict.risks == pytest.approx({"Northland": 1 / 6 - 0.2, "Southland": 1 / 6 - 0.2})
    assert verdict.burdens == pytest.approx({"Northland": 0.0, "Southland": 0.0}, abs=1e-7)
    (turned,) = solved(joint(development_cost=3.0)).alternatives.verdicts  # type: ignore[union-attr]
    assert not turned.opened
    assert turned.when_open["risk"] == pytest.approx(1 - 47 / 60)  # type: ignore[index]


def test_a_participation_that_cannot_be_reached_keeps_it_closed() -> None:
    """Ordering alone, Northland can pay for 5 / 0.5 = 10 and Southland for 3: of fourteen asked for, there is no plan at all."""
    plan = solved(joint(min_units=14.0))
    assert plan.measures["risk"] == pytest.approx(0.2)
    (verdict,) = plan.alternatives.verdicts  # type: ignore[union-attr]
    assert verdict.when_open is None
    assert solved(joint(min_units=14.0), off=["participation_suffices"]).measures["risk"] == pytest.approx(1 / 6)


def test_what_only_a_programme_delivers() -> None:
    """Southland cannot acquire tanks by itself: closed, 7 of 10 are there; opened it has one."""
    s = tiny_scenario().with_values("cost_factor", {("Northland", "tank"): 1.0})
    assert solved(joint(s, decision="closed")).measures["risk"] == pytest.approx(0.3)
    plan = solved(joint(s))
    assert plan.measures["risk"] == pytest.approx(1 / 6)
    assert plan.values["held"]["Southland", "tank", 0, 2026] == pytest.approx(1)


@pytest.mark.parametrize(("decision", "risk"), [("open", 1 - 47 / 60), ("closed", 0.2)])
def test_what_is_decided_beforehand_is_kept_and_needs_no_branching(
    decision: str, risk: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "solve_whole", None)
    monkeypatch.setattr(programmes, "branched", None)
    plan = solved(joint(development_cost=3.0, decision=decision))
    assert plan.measures["risk"] == pytest.approx(risk)
    assert plan.programmes is not None
    assert plan.programmes.opened == {"next": decision == "open"}
    (verdict,) = plan.alternatives.verdicts
    assert not verdict.free
    assert verdict.when_open["risk"] == pytest.approx(1 - 47 / 60)  # type: ignore[index]


def test_without_programmes_nothing_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "solve_whole", None)
    monkeypatch.setattr(programmes, "branched", None)
    plan = solved(tiny_scenario())
    assert plan.programmes is None
    assert not plan.values["opened"]


@pytest.mark.parametrize("few", [0, 6])
def test_where_only_a_part_of_a_programme_would_do_there_is_no_plan(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Southland pledges 1.2 tanks. It reaches one, closed or opened; opened by an eighth it could reach 1.29. Both choices have
    their proof, also where HiGHS was asked first."""
    monkeypatch.setattr(programmes, "FEW", few)
    s = tiny_scenario().with_values("min_stock", {("Southland", "tank", None): 1.2})
    s = s.with_values("max_stock", {("Southland", "tank", None): None})
    plan = Problem(joint(s)).solve()
    assert plan.status == "infeasible"
    assert plan.message.startswith(NO_CHOICE)
    assert plan.refutation is not None
    assert plan.refutation.passed
    assert plan.measures == {}


def test_a_programme_is_no_way_round_a_supplier() -> None:
    """The yard makes every tank, two a year: closed or opened, 6 of 10 are there. Closed that costs 4 + 2 x 2; opened 4 + 2 + 2 x 1.5."""
    s = (
        joint()
        .with_values("work_share", {("tank", "Yard"): 1.0})
        .with_values("supplier_limit", {("tank", "Yard"): 2.0})
    )
    plan = solved(s.with_values("jobs_per_million", {("tank", "Yard"): None}))
    assert (plan.measures["risk"], plan.measures["cost"]) == pytest.approx((0.4, 8.0))
    assert plan.programmes.opened == {"next": False}  # type: ignore[union-attr]


def test_alone_there_is_nothing_joint() -> None:
    s = joint(tiny_scenario(consensus=True))
    assert alone(s, "Northland").sets["programme"] == ()
    assert Problem(s).accepted["Northland"] == pytest.approx(
        Problem(tiny_scenario(consensus=True)).accepted["Northland"]
    )
    assert solved(s).found


def test_a_programme_nobody_is_left_in_or_needs_is_none() -> None:
    assert solved(joint().without("Southland")).programmes is not None
    assert solved(joint(participants="Southland").without("Southland")).programmes is None
    assert solved(joint(), off=["programme_stays_closed"]).found


def enumerated(s: Scenario, objectives: tuple[str, ...]) -> list[tuple[tuple[float, ...], dict[str, bool]]]:
    """Every choice of the programmes and what its plan comes to, the best first; choices without a plan left out."""
    names = list(as_decided(Problem(s).data))
    found = []
    for bits in product([False, True], repeat=len(names)):
        choice = dict(zip(names, bits, strict=True))
        plan = Problem(decided(s, choice)).solve(objectives, ties=False)
        if plan.found:
            found.append((tuple(plan.measures[name] for name in objectives), choice))
    return sorted(found, key=lambda pair: pair[0])


@pytest.mark.parametrize("few", [0, 6], ids=["HiGHS", "branched here"])
@pytest.mark.parametrize("objectives", [("risk", "cost"), ("cost",), ("worst_perceived_risk", "risk", "cost")])
@pytest.mark.parametrize("seed", range(4))
def test_the_choice_is_the_best_of_all(
    seed: int, objectives: tuple[str, ...], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever way it was found: every other choice is solved as well."""
    monkeypatch.setattr(programmes, "FEW", few)
    s = random_scenario(seed, joint=3, pooling=seed % 2 == 0, members=3, tasks=3)
    plan = solved(s, *objectives)
    best, _ = enumerated(s, objectives)[0]
    assert plan.programmes is not None
    for name, value in zip(objectives, best, strict=True):
        assert plan.measures[name] == pytest.approx(value, rel=3e-6, abs=1e-8)
    first = objectives[0]
    assert plan.programmes.bounds[first] == pytest.approx(best[0], rel=2e-6, abs=1e-8)
    assert plan.programmes.relaxed[first] <= best[0] * (1 + 1e-7) + 1e-9


@pytest.mark.parametrize("few", [0, 6], ids=["HiGHS", "branched here"])
@pytest.mark.parametrize("seed", range(2))
def test_so_it_is_for_a_weighting(seed: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programmes, "FEW", few)
    s, weights = random_scenario(seed, joint=2, members=3, tasks=3), {"risk": 0.6, "cost": 0.4}
    plan = Problem(s).solve(weights=weights)
    budgets = float(plan.lp.whole[plan.lp.measure("cost")])

    def value(one: Plan) -> float:
        return 0.6 * one.measures["risk"] + 0.4 * one.measures["cost"] / budgets

    names = list(as_decided(Problem(s).data))
    choices = [dict(zip(names, bits, strict=True)) for bits in product([False, True], repeat=len(names))]
    plans = [Problem(decided(s, choice)).solve(weights=weights) for choice in choices]
    assert value(plan) == pytest.approx(min(value(one) for one in plans if one.found), rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_plan_in_any_order_of_rows_and_after_a_hot_edit(seed: int) -> None:
    s = random_scenario(seed, joint=2)
    shuffled = Scenario({**s.sets, "programme": s.sets["programme"][::-1]}, s.settings, s.values, name=s.name)
    assert solved(shuffled).values["held"] == pytest.approx(solved(s).values["held"], abs=1e-6)
    base = Problem(s)
    base.solve()
    edited = s.scale("development_cost", 0.1)
    hot = base.changed(edited)
    plan = hot.solve()
    assert plan.measures == pytest.approx(solved(edited).measures, rel=1e-6, abs=1e-7)
    assert hot.path == "hot"


def test_what_is_asked_about_the_plan_is_asked_under_its_decision() -> None:
    """No plan within the plan's own risk spends less than its cost: opened in part, one would."""
    problem = Problem(joint(development_cost=3.0))
    plan = problem.solve()
    assert problem.decided is not problem
    assert problem.decided.lp.equals(plan.lp)
    region = Region(problem, {"risk": plan.measures["risk"] * (1 + 1e-6)})
    assert region.lp.upper_bounds()[region.lp.columns["opened"].places].tolist() == [0.0]


def test_a_plan_that_opens_a_programme_in_part_is_refused() -> None:
    problem = Problem(joint(decision="open"))
    plan = problem.solve()
    assert plan.x is not None
    x = plan.x.copy()
    x[problem.lp.columns["opened"].places] = 0.5
    assert not prove(problem.reading, problem.lp, plan.stages[-1], x).passed


def test_a_table_solves_nothing_and_leaves_blank_what_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decision stands there; what the other one would do comes by asking for it."""
    problem = Problem(joint())
    plan = problem.solve()
    asked = problem.with_alternatives(plan)
    monkeypatch.setattr(Engine, "solve", None)
    (row,) = plan.table("programmes").to_dict("records")
    (full,) = asked.table("programmes").to_dict("records")
    assert (row["decision"], row["when_closed"]) == ("opened", None)
    assert full["when_closed"] == pytest.approx(0.2)
    assert {name: row[name] for name in ("units", "development", "savings", "when_open")} == {
        name: full[name] for name in ("units", "development", "savings", "when_open")
    }


def test_where_cases_may_come_programmes_are_decided_once_for_all() -> None:
    """Opened over both cases, and so whichever comes."""
    s = with_cases(joint(), {"calm": {"probability": 0.5, "requirements": 0.8}, "storm": {"probability": 0.5}})
    assert decided(s, {"next": True}).decision["next"] == "open"
    uncertain = Uncertain(s)
    assert uncertain.scenario.decision["next"] == "open"
    for problem in uncertain.problems.values():
        assert as_decided(problem.data) == {"next": True}
    assert Problem(tiny_scenario()).choice_of_programmes() == {}


def test_a_front_has_one_choice_all_along() -> None:
    """Its end is the plan with the programme opened, risk 1/6 for 14; the choice at the cheap end would be another."""
    found = trade_off(Problem(joint()))
    assert found.assumes == "All along the front joint programmes are as the best plan has them: next opened."
    assert found.assumes in found.says
    assert found.front.points[-1].first == pytest.approx(1 / 6)
    assert trade_off(Problem(tiny_scenario())).assumes == ""


@pytest.mark.parametrize("seed", range(3))
def test_a_second_solver_agrees_under_the_choice(seed: int) -> None:
    plan = solved(random_scenario(seed, joint=2, pooling=True), "risk")
    assert glpk_optimum(plan.lp, "risk") == pytest.approx(plan.measures["risk"], rel=1e-6, abs=1e-8)


def test_what_is_opened_is_paid_for_whatever_tasks_require() -> None:
    """A programme for a capability no task requires, decided to be opened: its 2 of development take 1 from each.

    Northland then buys 5 / 2 = 2.5 tanks beside its four, Southland 3 / 4 = 0.75: 7.25 of 10, risk 0.275 where it is 0.2 without.
    Nothing is ordered through it. Left free, it stays closed.
    """
    for decision, risk, cost in (("open", 0.275, 14.0), ("closed", 0.2, 14.0), ("free", 0.2, 14.0)):
        s = joint(with_radar(tiny_scenario()), programme_capability="radar", decision=decision)
        plan = solved(s)
        assert plan.measures["risk"] == pytest.approx(risk)
        assert plan.measures["cost"] == pytest.approx(cost)
        assert all(certificate.passed for certificate in plan.certificates)
        paid = plan.table("spending")["joint_programmes"].sum()
        assert paid == pytest.approx(2.0 if decision == "open" else 0.0)
        assert plan.programmes is not None
        assert plan.programmes.opened == {"next": decision == "open"}


def with_radar(s: Scenario) -> Scenario:
    """The scenario with a capability like the tank that no task requires and nobody has."""
    for column, value in s.values.items():
        if "tank" in value:
            s = s.with_values(column, {**value, "radar": value["tank"]})
    s = s.with_values("cost_factor", {**s.cost_factor, **{(m, "radar"): 1.0 for m in s.sets["member"]}})
    return Scenario({**s.sets, "capability": (*s.sets["capability"], "radar")}, s.settings, s.values, name=s.name)
