"""The timeline adds up to the tables of the plan."""

from __future__ import annotations

import math

import pytest

from model.report import geography, timeline
from model.scenario.shipped import shipped_scenarios
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.workbook.read.load import load


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Problem(load(next(path for path in shipped_scenarios() if path.stem == "tutorial"))).solve()


def test_spending_by_capability_adds_up_to_spending_by_member(plan):
    told = timeline.spending(plan).groupby(["member", "year"])["value"].sum()
    for member, year, spent in plan.records("spending").pick("member", "year", "spent"):
        assert math.isclose(told.get((member, year), 0.0), spent, rel_tol=1e-9, abs_tol=1e-6)


@pytest.mark.parametrize(
    ("purpose", "column"),
    [*zip(timeline.PURPOSES, ("acquisition", "upgrades", "sustainment", "exercises"), strict=True)],
)
def test_each_purpose_adds_up(plan, purpose, column):
    frame = timeline.spending(plan)
    told = frame[frame["purpose"] == purpose]["value"].sum()
    assert math.isclose(told, sum(plan.records("spending").column(column)), rel_tol=1e-9, abs_tol=1e-6)


def test_orders_arrive_a_lead_time_later(plan):
    ordered, delivered = timeline.orders(plan), timeline.orders(plan, delivered=True)
    assert len(ordered)
    assert math.isclose(ordered["units"].sum(), delivered["units"].sum())
    lead = plan.scenario.lead_time
    first = {c: rows["year"].min() for c, rows in ordered.groupby("capability")}
    for capability, rows in delivered.groupby("capability"):
        assert rows["year"].min() >= first[capability] + lead[capability]


def test_holdings_are_the_stocks(plan):
    told = timeline.holdings(plan).groupby(["member", "capability", "year"])["units"].sum()
    for member, capability, year, value in plan.records("stocks").pick("member", "capability", "year", "value"):
        assert math.isclose(told.get((member, capability, year), 0.0), value, rel_tol=1e-9, abs_tol=1e-6)


def test_chosen_keeps_only_what_is_named(plan):
    frame = timeline.spending(plan)
    some = timeline.chosen(frame, ["Midland"], ["Brigade"])
    assert set(some["member"]) == {"Midland"}
    assert set(some["capability"]) == {"Brigade"}
    assert len(timeline.chosen(frame, [], [])) == len(frame)


def test_answer_names_the_busiest_period_and_the_largest_delivery(plan):
    ordered, delivered = timeline.orders(plan), timeline.orders(plan, delivered=True)
    offer = sum(timeline.offered(plan, []).values())
    told = timeline.answer(plan, ordered, delivered, 0.5 * offer, offer)
    busiest = ordered.groupby("years")["value"].sum().idxmax()
    assert f"Most is ordered in {busiest}" in told
    assert "50 % is spent" in told
    assert "Nothing is ordered" in timeline.answer(plan, ordered.head(0), delivered.head(0), 0.0, None)


def test_axis_of_money_is_in_billions_where_the_label_says_millions():
    assert timeline.large_money("USD m") == (1000.0, "bn USD")
    assert timeline.large_money("crowns") == (1.0, "crowns")


def test_shares_by_member_add_up_and_follow_the_tables(plan):
    frame = geography.by_member(plan)
    assert math.isclose(frame["share"].sum(), 1.0)
    spent = sum(plan.records("spending").column("spent"))
    assert math.isclose(frame["spent"].sum(), spent)
    assert ((frame["used"] > 0) & (frame["used"] <= 1 + 1e-9)).all()
    assert (frame["of_gdp"] < frame["used"]).all()


def test_contributions_of_a_capability_follow_the_table(plan):
    task, capability = next(iter(plan.data.required))[:2]
    given = geography.gives(plan, task, capability)
    keys = [key for key in plan.data.required if key[:2] == (task, capability)]
    by_hand = sum(
        value / plan.data.required[k, c, t] / len(keys)
        for m, k, c, t, value in plan.records("contributions").pick("member", "task", "capability", "year", "value")
        if (k, c, t) in keys and m == "Midland"
    )
    assert math.isclose(given["Midland"], by_hand, rel_tol=1e-9)
