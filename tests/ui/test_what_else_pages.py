"""Trade-offs, sensitivity, withdrawal and negotiation range: what their widgets do, on the tutorial."""

from __future__ import annotations

import threading
import time

import pytest
from streamlit.testing.v1 import AppTest

from model.language.faults import SolverError
from model.scenario.levers.edits import Edit
from model.solve.engine import Watch
from tests.ui.sessions import answer, opened, session_of, sound
from ui import asking
from ui.asking import counted, measure_step, money_step, without_ceilings, without_departures

pytestmark = pytest.mark.slow


def chosen(at: AppTest, key: str, value: str) -> AppTest:
    """One of a row of buttons or tabs pressed."""
    at.session_state[key] = value
    return at.run()


def said(at: AppTest) -> str:
    parts = [*at.main.markdown, *at.main.caption, *at.main.subheader]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


class TestTradeOffs:
    def test_front_is_there_at_once_and_says_what_a_point_of_risk_costs(self) -> None:
        at = opened("trade_offs")
        assert at.main.header[0].value == "What does one goal cost in another?"
        assert answer(at).startswith("Risk can go from 93 % (with cost at 880 m USD) down to 8.9 % (at 14.8 bn USD): ")
        assert "a point of risk costs 9.24 m USD" in answer(at)
        assert "7 points in 7 solves" in said(at)

    def test_a_point_taken_is_the_plan_on_screen_and_the_way_back_leads_to_the_base(self) -> None:
        at = opened("trade_offs")
        before = answer(at)
        at.select_slider(key="point of the front").set_value(3).run()
        sound(at.button(key="take the point").click().run())
        session = session_of(at)
        assert session.ceilings == pytest.approx({"cost": 2274.912}, rel=1e-4)
        assert session.plan.measures["risk"] == pytest.approx(0.41898, abs=1e-4)
        assert answer(at) == before  # the front is that of the plan without the ceiling
        assert "cost at most 2.27 bn USD" in at.info[0].value.replace("\\", "")
        at.button(key="take the ceilings away").click().run()
        assert session.plan is session.base
        assert not at.info

    def test_every_end_of_the_front_has_a_plan(self) -> None:
        at = opened("trade_offs")
        for number in (1, 7):
            at.select_slider(key="point of the front").set_value(number).run()
            sound(at.button(key="take the point").click().run())
            assert session_of(at).plan.found

    def test_other_goals_get_ceilings_on_both(self) -> None:
        at = opened("trade_offs")
        at.selectbox(key="What is bought").select("dependence").run()
        sound(at.selectbox(key="What is paid").select("risk").run())
        at.select_slider(key="point of the front").set_value(2).run()
        sound(at.button(key="take the point").click().run())
        session = session_of(at)
        assert set(session.ceilings) == {"dependence", "risk"}
        assert all(session.plan.measures[name] <= limit + 1e-9 for name, limit in session.ceilings.items())

    def test_the_same_goal_twice_is_no_trade_off(self) -> None:
        at = sound(opened("trade_offs").selectbox(key="What is paid").select("risk").run())
        assert answer(at) == "Choose two different goals."

    def test_one_plan_that_is_best_in_both_can_be_taken(self) -> None:
        at = opened("trade_offs")
        sound(at.selectbox(key="What is paid").select("worst_perceived_risk").run())
        assert answer(at).startswith("There is nothing to trade: one plan is best in both")
        sound(at.button(key="take the point").click().run())
        assert session_of(at).plan.found

    def test_every_bend_is_found_exactly(self) -> None:
        at = opened("trade_offs")
        sound(chosen(at, "front depth", "Every bend"))
        assert "Every bend was found exactly" in said(at)
        assert "a point of risk costs 7.18 m USD" in answer(at)

    @pytest.mark.parametrize("rule", ["fairness", "consensus", "share", "challenge", "interoperability"])
    def test_price_of_a_rule(self, rule: str) -> None:
        at = opened("trade_offs")
        chosen(at, "trade-off kind", "The price of a rule")
        sound(at.selectbox(key="rule to price").select(rule).run())
        assert "compared with" in answer(at)
        table = at.dataframe[0].value
        assert len(table) >= 2
        assert table["risk"].notna().all()


class TestSensitivity:
    def test_answer_names_the_lever_that_moves_risk_most(self) -> None:
        at = opened("sensitivity")
        assert answer(at).startswith(
            "Requirement moves risk most: 10 % less to 10 % more of it spans 3.9 points of risk"
        )

    def test_slider_and_levers_pull_what_they_say(self) -> None:
        at = opened("sensitivity")
        at.slider(key="tornado by").set_value(20).run()
        sound(at.multiselect(key="tornado levers").set_value(["unit_cost", "budget[Midland]"]).run())
        table = at.dataframe[0].value
        assert list(table.columns) == [
            "lever",
            "change of risk, lever 20 % lower",
            "change of risk, lever 20 % higher",
            "what it does",
        ]
        assert set(table["lever"]) == {"Unit cost", "Budget: Midland"}
        assert answer(sound(at.multiselect(key="tornado levers").set_value([]).run())) == "Choose at least one lever."

    def test_another_measure_has_its_own_order(self) -> None:
        at = opened("sensitivity")
        sound(chosen(at, "tornado measure", "cost"))
        assert "moves cost most" in answer(at)
        assert "bn USD" in answer(at)

    def test_prices_say_in_which_range_they_hold(self) -> None:
        at = opened("sensitivity")
        sound(chosen(at, "sensitivity kind", "Prices and how far they hold"))
        assert "its price holds while the limit lies between 5 effective units and 8 effective units" in answer(at)
        sound(at.multiselect(key="priced policies").set_value(["budget_is_respected"]).run())
        table = at.dataframe[0].value
        assert set(table["policy"]) == {"Budget is respected"}
        assert set(table["limit"]) == {"Midland, 2026–2027", "Northland, 2026–2027"}
        assert "0.91 points of risk per bn USD" in set(table["fall in risk"])

    def test_turning_points_of_one_apportionment(self) -> None:
        at = opened("sensitivity")
        chosen(at, "sensitivity kind", "One apportionment")
        sound(at.selectbox(key="turning member").select("Midland").run())
        assert answer(at).startswith(
            "What Midland holds of Brigade changes first with its own price of the capability: at 5.9 % less"
        )
        assert len(at.dataframe[0].value) == 6


class TestWithdrawal:
    def test_answer_says_who_is_missed_most(self) -> None:
        at = opened("withdrawal")
        assert answer(at).startswith(
            "Nobody is missed more than Northland. Without Northland, risk goes from 8.6 % to 40 %"
        )
        assert list(at.dataframe[0].value["leaving"]) == ["Northland", "Midland", "Southland"]
        assert "What each task keeps, whoever leaves" in said(at)

    def test_a_departure_becomes_the_lever_and_the_comparison_stays(self) -> None:
        at = opened("withdrawal")
        before = answer(at)
        at.selectbox(key="looked at").select("Midland").run()
        assert "Without Midland, risk goes from 8.6 % to 15 %" in said(at)
        sound(at.button(key="leaves").click().run())
        session = session_of(at)
        assert session.edits == (Edit("withdraw", (), "Midland"),)
        assert session.plan.measures["risk"] == pytest.approx(0.154139, abs=1e-5)
        assert answer(at) == before
        sound(at.button(key="back in").click().run())
        assert session.plan is session.base

    def test_several_leave_together(self) -> None:
        at = opened("withdrawal")
        chosen(at, "withdrawal kind", "Several together")
        assert answer(at).startswith("Choose two or more")
        sound(at.multiselect(key="leaving together").set_value(["Midland", "Southland"]).run())
        assert answer(at).startswith("Without Midland and Southland, risk goes from")
        sound(at.button(key="leaves").click().run())
        assert session_of(at).scenario.sets["member"] == ("Northland",)


class TestNegotiation:
    def test_answer_says_how_much_is_settled(self) -> None:
        at = opened("negotiation")
        assert answer(at).startswith("79 % of all spending is settled by the facts")
        table = at.dataframe[0].value
        row = table[table["member"] == "Northland"].iloc[0]
        assert (row["at least"], row["at most"]) == pytest.approx((6.914, 8.986), abs=1e-3)
        assert "Plans nearly as good, and as different as can be found" in said(at)

    def test_wider_limits_leave_more_open(self) -> None:
        at = opened("negotiation")
        narrow = at.dataframe[0].value.set_index("member")["room"].sort_index()
        sound(at.slider(key="negotiation within").set_value(5.0).run())
        wide = at.dataframe[0].value.set_index("member")["room"].sort_index()
        assert (wide >= narrow - 1e-6).all()
        assert wide.sum() > narrow.sum()

    def test_ranges_of_a_capability_and_as_parts_of_the_plan(self) -> None:
        at = sound(opened("negotiation").selectbox(key="negotiation what").select("Patrol ship").run())
        assert set(at.dataframe[0].value["member"]) == {"Midland", "Southland"}
        sound(chosen(at, "negotiation scale", "as a part of the plan"))
        assert "(ship)" in answer(at)


class TestAsking:
    def test_large_scenarios_get_a_button_and_the_result_when_it_is_there(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(asking, "SMALL", 0)
        at = opened("withdrawal")
        session_of(at).solved.base.answers.clear()  # what other sessions of this server have worked out
        at.run()
        assert "bears" in answer(at)
        at.button(key="start withdrawal of each").click().run()
        session, until = session_of(at), time.monotonic() + 240
        while session.tasks and time.monotonic() < until:
            time.sleep(0.1)
            at.run()
        sound(at.run())
        assert answer(at).startswith("Nobody is missed more than Northland")

    def test_steps_are_counted_and_end_when_stopped(self) -> None:
        heard: list[str] = []
        watch = Watch(progress=lambda what, seconds, count: heard.append(what), stop=threading.Event())
        tell = counted(watch, 2)
        tell("without A", 0.0, 0)
        tell("without B", 0.0, 0)
        assert heard == ["without A: 0 of 2 done", "without B: 1 of 2 done"]
        watch.stop.set()
        with pytest.raises(SolverError):
            tell("without C", 0.0, 0)

    def test_comparisons_do_not_depend_on_what_was_taken_from_them(self) -> None:
        session = session_of(opened("overview", "budget=0.9"))
        key = session.key
        session.ceilings = {"cost": 10000.0}
        assert session.key != key
        assert without_ceilings(session).key == key
        session.ceilings = {}
        session.pull(Edit("withdraw", (), "Midland"))
        assert without_departures(session).key == key

    def test_amounts_are_drawn_in_steps_people_use(self) -> None:
        session = session_of(opened("overview"))
        assert money_step(1_955_549.0, "USD m") == (1e6, "tn USD")
        assert money_step(14_829.0, "USD m") == (1e3, "bn USD")
        assert money_step(12.0, "USD m") == (1.0, "m USD")
        assert money_step(2e6, "EUR") == (1.0, "EUR")
        assert measure_step(session.scenario, "risk", 0.5) == (0.01, "%")
