"""Problems small enough to solve by hand; the answer is derived in each docstring, from FORMULATION.md alone."""

from __future__ import annotations

from typing import Any

import pytest

from model.scenario.scenario import Scenario
from model.solve.burdens import guideline_gaps
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.scenarios import scenario

FLAT = {1.0: 1.0}
"""Every missing unit hurts alike."""


def member(budget: float, **more: Any) -> dict[str, Any]:
    """A member that offers this much a year: all of a tenth of its GDP."""
    return {"gdp": 10 * budget, **more}


def free(**more: Any) -> dict[str, Any]:
    """A capability that costs 1 to buy and nothing to keep."""
    return {"sustainment_cost": 0.0, **more}


def solo(needs: dict[Any, float], budget: float = 0.0, held: float = 0.0, **more: Any) -> Scenario:
    """One member, tanks, and one task that requires them; ``tank`` among the keywords is the capability's row."""
    return scenario(
        {"Solo": member(budget)},
        {"tank": free(**more.pop("tank", {}))},
        {"attack": (1.0, "Solo")},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", year): amount for year, amount in needs.items()},
        holding={("Solo", "tank"): held},
        **{"bands": FLAT, **more},
    )


def pair(
    first: dict[str, Any], second: dict[str, Any], need: float, held: tuple[float, float] = (0, 0), **more: Any
) -> Scenario:
    """Two members, A and B, for one task that requires tanks; A leads."""
    return scenario(
        {"A": first, "B": second},
        {"tank": free(**more.pop("tank", {}))},
        {"attack": (1.0, "A")},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): need},
        holding={("A", "tank"): held[0], ("B", "tank"): held[1]},
        **{"bands": FLAT, **more},
    )


def solved(s: Scenario, *objectives: str) -> Plan:
    """The certified plan."""
    plan = Problem(s).solve(objectives or None)
    assert plan.found, plan.message
    assert all(certificate.rigorous for certificate in plan.certificates)
    return plan


def test_money_buys_what_wears_out() -> None:
    """2 a year buy 2 tanks a year; half are left a year later: 2 of 10, then 1 + 2 of 10.

    Risk is the mean of 0.8 and 0.7. The cost is 2 + 2/1.03. One more unit of money in the first year closes 1/10 of the
    first requirement and half of that of the second, (0.1 + 0.05) / 2; in the second year 0.1 / 2.
    """
    plan = solved(solo({None: 10.0}, budget=2.0, tank={"life": 2.0}, last_year=2027))
    assert plan.measures["risk"] == pytest.approx(0.75)
    assert plan.measures["cost"] == pytest.approx(2 + 2 / 1.03)
    assert plan.quantity("provided") == pytest.approx({("defend", "tank", 2026): 2.0, ("defend", "tank", 2027): 3.0})
    assert plan.gains("budget_is_respected") == pytest.approx({("Solo", 2026): 0.075, ("Solo", 2027): 0.05})


def test_a_lead_time_cannot_be_bought_off() -> None:
    """With a lead time of a year only the 2 tanks at hand serve in the first: 3 of 5 are missing, whatever is spent.

    In the second year 3/4 x 2 are left and 3.5 arrive, ordered and paid in the first. Risk is (3/5 + 0) / 2; nothing
    ordered in the last year could arrive, so there is no such decision.
    """
    tank = {"life": 4.0, "lead_time": 1.0}
    plan = solved(solo({None: 5.0}, budget=10.0, held=2.0, tank=tank, last_year=2027))
    assert plan.measures["risk"] == pytest.approx(0.3)
    assert plan.measures["cost"] == pytest.approx(3.5)
    assert plan.values["ordered"] == pytest.approx({("Solo", "tank", 2026): 3.5})
    assert plan.gains("budget_is_respected") == pytest.approx({("Solo", 2026): 0.0, ("Solo", 2027): 0.0})


@pytest.mark.parametrize(
    ("budget", "delivered", "lifted", "ordered", "provided"),
    [(6.0, "apart", 3.0, 0.0, 3.5), (20.0, "apart", 5.0, 1.0, 5.0), (20.0, "within", 4.0, 1.2, 5.2)],
)
def test_lifting_against_buying(budget: float, delivered: str, lifted: float, ordered: float, provided: float) -> None:
    """A visitor with nothing in common with its host: a tank counts half, after lifting whole. It holds 4; 6 required.

    Lifting costs a fifth of a tank's 10, 2, and gains 0.5: a quarter a unit of money. A new tank gains 0.5 for 10, or,
    lifted too, 1 for 12; delivered at the higher level, 1 for 10. So lifting comes first: 6 lift 3 tanks, worth
    4 x 0.5 + 3 x 0.5 = 3.5. With 20, 8 lift all four, and 12 are left for one whole new tank (bought and lifted), or
    for 1.2 that need no lifting.
    """
    s = scenario(
        {"Host": member(0.0), "Visitor": member(budget)},
        {"tank": free(unit_cost=10.0)},
        {"attack": (1.0, "Host")},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 6.0},
        holding={("Visitor", "tank"): 4.0},
        cost_factor={("Visitor", "tank"): 1.0},
        levels={"apart": (0.5, 0.0, 0.0), "within": (1.0, 0.2, 0.0)},
        commonality={("Visitor", "Host"): 0.0},
        bands=FLAT,
        delivery_level=delivered,
    )
    plan = solved(s)
    assert plan.measures["risk"] == pytest.approx(1 - provided / 6)
    assert plan.values["lifted"] == pytest.approx({("Visitor", "tank", 1, 2026): lifted})
    assert plan.values["ordered"] == pytest.approx({("Visitor", "tank", 2026): ordered}, abs=1e-9)


@pytest.mark.parametrize(("lead", "counts"), [("Guest", 1.0), ("Near", 0.82), ("Far", 0.52), (None, 0.58)])
def test_a_force_counts_by_what_it_has_in_common_with_the_lead(lead: str | None, counts: float) -> None:
    """At effectiveness 0.4: 0.4 + 0.6 x commonality, which is 1 with oneself, 0.7 with Near and 0.2 with Far.

    Nobody leading, it is the mean over the others by GDP, (100 x 0.7 + 400 x 0.2) / 500 = 0.3. All ten tanks required
    are held by Guest; nobody has money.
    """
    poor = {"alliance_share": 0.0}
    s = scenario(
        {"Guest": {**poor, "gdp": 300.0}, "Near": {**poor, "gdp": 100.0}, "Far": {**poor, "gdp": 400.0}},
        {"tank": free()},
        {"attack": (1.0, lead)},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 10.0},
        holding={("Guest", "tank"): 10.0},
        levels={"apart": (0.4, 0.0, 0.0)},
        commonality={("Guest", "Near"): 0.7, ("Guest", "Far"): 0.2},
        bands=FLAT,
    )
    assert solved(s).measures["risk"] == pytest.approx(1 - counts)


def test_the_smallest_caveat_holds_and_forces_are_used_once() -> None:
    """Of 8 tanks no more than a quarter are released for the raid (a half of everything, a quarter of tanks): 2 of 4.

    The raid is half met and the defence, in the same situation, takes 4 more: risk (0.5 + 0) / 2. A tank more released
    would close a quarter of the raid, 1/8. If the raid lay in another situation, nothing would change but the use of
    forces: 4 + 2 were within 8 anyway. With 5 tanks the raid gets 1.25 and the defence 3.75, a loss of
    (2.75 + 0.25) / 4 / 2.
    """

    def raid(held: float) -> Scenario:
        return scenario(
            {"Solo": member(0.0)},
            {"tank": free()},
            {"attack": (1.0, "Solo")},
            {"defend": ("attack", 1.0), "raid": ("attack", 1.0)},
            {("defend", "tank", None): 4.0, ("raid", "tank", None): 4.0},
            holding={("Solo", "tank"): held},
            max_fraction={("Solo", "raid", None): 0.5, ("Solo", "raid", "tank"): 0.25},
            bands=FLAT,
        )

    plan = solved(raid(8.0))
    assert plan.measures["risk"] == pytest.approx(0.25)
    assert plan.gains("caveat_is_respected") == pytest.approx({("Solo", "raid", "tank", 2026): 0.125})
    assert solved(raid(5.0)).measures["risk"] == pytest.approx(3 / 8)


@pytest.mark.parametrize(
    ("challenge", "risk", "bound"), [(None, 0.1, "share"), (2.0, 0.1, "share"), (1.0, 0.2, "share and challenge")]
)
def test_share_and_challenge(challenge: float | None, risk: float, bound: str) -> None:
    """A holds 10 tanks and has 0.8 of all GDP, B holds 3. No more than 0.6 of the 10 may rest on one: 6 + 3 = 9.

    A challenge of twice the fair share leaves A 16 and B 4: nothing new. A challenge of 1 leaves B 2: 6 + 2 = 8.
    One tank more under the share rule is worth 1/10, and so is one under the challenge where that binds, for B.
    """
    poor = {"alliance_share": 0.0}
    first, second = {**poor, "gdp": 400.0}, {**poor, "gdp": 100.0}
    plan = solved(pair(first, second, 10.0, (10.0, 3.0), tank={"capability_max_share": 0.6}, challenge=challenge))
    assert plan.measures["risk"] == pytest.approx(risk)
    a, b = (("A", "defend", "tank", 2026), ("B", "defend", "tank", 2026))
    assert plan.gains("share_is_limited") == pytest.approx({a: 0.1, b: 0.0})
    if challenge:
        gains = plan.gains("challenge_is_reasonable")
        assert gains == pytest.approx({a: 0.0, b: 0.1 if "challenge" in bound else 0.0})


@pytest.mark.parametrize(("weight", "risk"), [(0.0, 0.1), (0.5, 0.3), (1.0, 0.5)])
def test_the_weakest_link(weight: float, risk: float) -> None:
    """A owes 8 of 10 and B 2. A holds 20 and pays its 8, no more counts; B holds 1, half of its debt.

    The worst gap is 1/2, 9 of 10 are there: the shortfall is weight x 10 x 1/2 + (1 - weight) x 1, that is 1, 3 or 5
    (and where only the worst counts, what A pays beyond half of its debt makes no difference).
    """
    poor = {"alliance_share": 0.0}
    first, second = {**poor, "gdp": 400.0}, {**poor, "gdp": 100.0}
    tank = {"sharing": "weakest link", "capability_max_share": 0.1}
    plan = solved(pair(first, second, 10.0, (20.0, 1.0), tank=tank, weakest_link_weight=weight))
    assert plan.measures["risk"] == pytest.approx(risk)
    assert weight == 1 or sum(plan.values["contributed"].values()) == pytest.approx(9)
    assert plan.measures["dependence"] == pytest.approx(0.0)


@pytest.mark.parametrize(("bands", "cheap", "dear", "risk"), [(FLAT, 10.0, 2.5, 0.375), (None, 7.5, 3.75, 0.2875)])
def test_risk_bands_spread_what_a_single_severity_heaps(
    bands: dict[float, float] | None, cheap: float, dear: float, risk: float
) -> None:
    """15 to spend on two capabilities, 10 required of each; one costs 1, the other 2.

    *One severity.* All of the cheap one, 10, then 2.5 of the dear one: risk 0.75 / 2.

    *The default bands*: the first quarter missing hurts 0.4, the second 0.8, the last half 1.4 (their mean is 1). Per
    unit of money, over 10 x 2: the last half of the cheap one gains 1.4, its next quarter 0.8, the last half of the
    dear one 0.7, the first quarter of the cheap one 0.4. So 5 + 2.5 go to the cheap one and the other 7.5 buy 3.75 of
    the dear one. Missing are 0.25 of one, 0.25 x 0.4 = 0.1, and 0.625 of the other, 0.1 + 0.2 + 0.125 x 1.4 = 0.475;
    risk is their mean.
    """
    s = scenario(
        {"Solo": member(15.0)},
        {"cheap": free(), "dear": free(unit_cost=2.0)},
        {"attack": (1.0, "Solo")},
        {"defend": ("attack", 1.0)},
        {("defend", "cheap", None): 10.0, ("defend", "dear", None): 10.0},
        bands=bands,
    )
    plan = solved(s)
    assert plan.measures["risk"] == pytest.approx(risk)
    bought = {("Solo", "cheap", 2026): cheap, ("Solo", "dear", 2026): dear}
    assert plan.values["ordered"] == pytest.approx(bought)


@pytest.mark.parametrize(
    ("budget", "objective", "risk", "tail"),
    [(0.0, "risk", 0.35, 0.22 / 0.3), (2.0, "tail_risk, risk", 0.31, 0.6), (2.0, "risk", 0.27, 0.21 / 0.3)],
)
def test_the_tail_of_three_situations(budget: float, objective: str, risk: float, tail: float) -> None:
    """Situations of probability 0.5, 0.3, 0.2; of 10 required in each, 9, 6 and 1 are held.

    Their own risks are 0.1, 0.4, 0.9, in all 0.05 + 0.12 + 0.18 = 0.35. The worst 0.3 are all of the third and a third
    of the second: (0.2 x 0.9 + 0.1 x 0.4) / 0.3. Two more units: for the tail both go to the third, where they count
    0.2/0.3 each against 0.1/0.3, (0.2 x 0.7 + 0.1 x 0.4) / 0.3 = 0.6, and risk is 0.31. For risk one goes to the first
    (0.5 each, until it has all) and one to the second (0.3): 0 + 0.3 x 0.3 + 0.18 = 0.27, and the tail is
    (0.18 + 0.1 x 0.3) / 0.3.
    """
    names = ("one", "two", "three")
    s = scenario(
        {"Solo": member(budget)},
        {name: free() for name in names},
        dict(zip(names, ((0.5, "Solo"), (0.3, "Solo"), (0.2, "Solo")), strict=True)),
        {f"task {name}": (name, 1.0) for name in names},
        {(f"task {name}", name, None): 10.0 for name in names},
        holding=dict(zip([("Solo", name) for name in names], (9.0, 6.0, 1.0), strict=True)),
        bands=FLAT,
        cvar_level=0.7,
    )
    plan = solved(s, *objective.split(", "))
    assert plan.measures["risk"] == pytest.approx(risk)
    assert plan.measures["tail_risk"] == pytest.approx(tail)


@pytest.mark.parametrize(("share", "burdens", "unfair"), [(1.0, (6.0, 2.0), 0.0), (0.5, (4.0, 4.0), 2.0)])
def test_unfairness_is_the_money_that_would_have_to_change_hands(
    share: float, burdens: tuple[float, float], unfair: float
) -> None:
    """8 tanks at 1 each; A's GDP is three times B's: fair are 6 and 2, and nothing else tells the two apart.

    If no more than half may rest on one, both bear 4: A is 2 below its fair share and B 2 above.
    """
    first, second = member(30.0), member(10.0)
    plan = solved(pair(first, second, 8.0, tank={"capability_max_share": share}), "risk", "cost", "unfairness")
    assert plan.measures["risk"] == pytest.approx(0, abs=1e-9)
    assert plan.quantity("discounted_spend") == pytest.approx({"A": burdens[0], "B": burdens[1]}, rel=1e-5)
    assert plan.measures["unfairness"] == pytest.approx(unfair, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize(("consensus", "north", "south", "risk"), [(False, 10.0, 0.0, 0.2), (True, 8.0, 2.0, 0.26)])
def test_consensus_gives_the_small_member_its_due(consensus: bool, north: float, south: float, risk: float) -> None:
    """A (GDP 80, offers 8) cares for the north, which requires 10; B (20, 2) for the south, which requires 4.

    Voices by GDP weigh the north 0.8 and the south 0.2: a tank gains 0.08 there and 0.05 here, so all 10 go north and
    risk is 0.2. Alone, A would put 8 in the north (risk 0.2 to it) and B 2 in the south (0.5): by consensus the north
    gets at least 8 and the south at least 2, which is all there is: 0.8 x 0.2 + 0.2 x 0.5.
    """
    s = scenario(
        {"A": member(8.0), "B": member(2.0)},
        {"tank": free()},
        {"attack": (1.0, None)},
        {"north": ("attack", 1.0), "south": ("attack", 1.0)},
        {("north", "tank", None): 10.0, ("south", "tank", None): 4.0},
        priority={("A", "south"): 0.0, ("B", "north"): 0.0},
        bands=FLAT,
        voice="gdp",
        consensus=consensus,
    )
    plan = solved(s)
    assert plan.measures["risk"] == pytest.approx(risk)
    provided = plan.quantity("provided")
    assert provided == pytest.approx({("north", "tank", 2026): north, ("south", "tank", 2026): south}, abs=1e-9)
    assert plan.accepted == ({"A": pytest.approx(0.2), "B": pytest.approx(0.5)} if consensus else {})


@pytest.mark.parametrize(("band", "cost"), [(None, 10.0), (1.0, 10.0), (0.2, 12.5), (0.0, 40 / 3)])
def test_a_fairness_band_makes_the_dear_member_buy(band: float | None, cost: float) -> None:
    """10 tanks; A pays 1 each and B 2; their fair shares are equal. Cheapest: A buys all, 10.

    Within a band of 0.2 A bears at most 0.6 of the total T and B at least 0.4: tanks 0.6 T + 0.4 T / 2 = 10, T = 12.5.
    With no band at all, 0.5 T + 0.25 T = 10; with a band of 1, A may bear all.
    """
    plan = solved(pair(member(20.0), member(20.0, price_level=2.0), 10.0, fairness_band=band))
    assert plan.measures["risk"] == pytest.approx(0, abs=1e-9)
    assert plan.measures["cost"] == pytest.approx(cost)


@pytest.mark.parametrize(("floor", "cost", "ordered"), [(None, 10.0, 0.0), (0.5, 20.0, 10.0), (0.2, 12.5, 2.5)])
def test_an_equipment_guideline_must_be_fed(floor: float | None, cost: float, ordered: float) -> None:
    """All 10 tanks required are held, and keeping them costs 10. Under a guideline g, orders A >= g (A + 10).

    So A = 10 g / (1 - g): 10 at a half, 2.5 at a fifth.
    """
    tank = {"sustainment_cost": 1.0}
    plan = solved(solo({None: 10.0}, budget=20.0, held=10.0, tank=tank, equipment_floor=floor))
    assert plan.measures["risk"] == pytest.approx(0, abs=1e-9)
    assert plan.measures["cost"] == pytest.approx(cost)
    assert plan.values["ordered"] == pytest.approx({("Solo", "tank", 2026): ordered}, abs=1e-9)


def test_industry_delivers_so_much_a_year() -> None:
    """1.5 a year, 3 in a period of two years, of 5 required: risk 0.4, and a unit more is worth 0.2."""
    tank = {"build_limit": 1.5}
    plan = solved(solo({None: 5.0}, budget=20.0, tank=tank, years_per_period=2, last_year=2027))
    assert plan.measures["risk"] == pytest.approx(0.4)
    assert plan.gains("industry_keeps_up") == pytest.approx({("tank", 2026): 0.2})
    assert plan.gains("budget_is_respected") == pytest.approx({("Solo", 2026): 0.0})


def test_pledges_hold_and_hold_back() -> None:
    """Of 5 required, a promise to hold no more than 3 leaves risk 0.4, and costs 0.2 a unit.

    A promise to hold at least 7 from the second year on (half of a stock is left after one) is met by buying 5, then
    4.5: nothing else calls for them, and each unit pledged costs 1/1.03.
    """
    held_back = solved(solo({None: 5.0}, budget=20.0, pledges={("Solo", "tank", None): (None, 3.0)}))
    assert held_back.measures["risk"] == pytest.approx(0.4)
    assert held_back.gains("pledge_is_not_exceeded") == pytest.approx({("Solo", "tank", 2026): 0.2})
    kept = {"tank": {"life": 2.0}, "last_year": 2027, "pledges": {("Solo", "tank", 2027): (7.0, None)}}
    plan = solved(solo({None: 5.0}, budget=20.0, **kept))
    assert plan.measures["cost"] == pytest.approx(5 + 4.5 / 1.03)
    assert plan.gains("pledge_is_kept", "cost") == pytest.approx({("Solo", "tank", 2027): 1 / 1.03})


def test_a_row_without_a_year_holds_until_any_other() -> None:
    """10 from the start, 5 from 2020 on: the horizon begins in 2026, so 5 is in force; 3 from 2026 on would replace it.

    With nothing to spend and 2 held, 3 of 5, or 1 of 3, are missing.
    """
    assert solved(solo({None: 10.0, 2020: 5.0}, held=2.0)).measures["risk"] == pytest.approx(3 / 5)
    assert solved(solo({None: 10.0, 2026: 3.0}, held=2.0)).measures["risk"] == pytest.approx(1 / 3)


def test_an_idle_guideline_changes_nothing_and_what_cannot_arrive_is_not_offered() -> None:
    """A spends 8 on upkeep it promised; by the band B, which holds nothing, must bear as much and has nothing to buy in time.

    So there is no plan, with a guideline of 0 as without one: an order that never arrives is no way to carry a burden.
    """
    late = {"sustainment_cost": 1.0, "lead_time": 9.0}
    for floor in (None, 0.0, 0.2):
        s = pair(
            member(20.0), member(20.0), 8.0, (8.0, 0.0), tank=late, pledges={("A", "tank", None): (8.0, None)},
            fairness_band=0.0, burden_key="equal", equipment_floor=floor,
        )  # fmt: skip
        assert Problem(s).solve().status == "infeasible"
        assert Problem(s.with_settings(fairness_band=None)).solve().measures["risk"] == pytest.approx(0.0)


@pytest.mark.parametrize(("lead", "kept"), [(0.0, (8.0, 8.0)), (1.0, (8.0, 8.2)), (2.0, (10.0, 10.0))])
def test_the_guideline_asks_where_something_can_be_bought(lead: float, kept: tuple[float, float]) -> None:
    """Ten tanks cost 1 a year each, 10 are offered and a fifth is for equipment: 8 are kept, and 2 buy a fifth of a tank at 10.

    With a lead time of one year that comes in the second year, in which nothing ordered would arrive: 8.2 are kept then. With two
    nothing is ever bought, and nothing is given up for a guideline that nobody could follow.
    """
    tank = {"sustainment_cost": 1.0, "unit_cost": 10.0, "lead_time": lead, "life": 1e9}
    plan = solved(solo({None: 100.0}, 10.0, 10.0, tank=tank, equipment_floor=0.2, last_year=2027, discount_rate=0.0))
    held = tuple(plan.values["held"]["Solo", "tank", 0, year] for year in (2026, 2027))
    assert held == pytest.approx(kept)
    asked = {gap.year for gap in guideline_gaps(plan) if gap.guideline.startswith("20 %")}
    assert asked == {year for year in (2026, 2027) if year + lead <= 2027}


def test_at_level_one_the_tail_is_the_worst_situation() -> None:
    """Nine tanks, of which 20 or 10 are required: 0.55 or 0.1 is missing; at level 1 the first counts alone, at 0 both alike."""
    s = scenario(
        {"Solo": member(0.0)},
        {"tank": free()},
        {"worse": (0.5, None), "better": (0.5, None)},
        {"hold": ("worse", 1.0), "help": ("better", 1.0)},
        {("hold", "tank", None): 20.0, ("help", "tank", None): 10.0},
        holding={("Solo", "tank"): 9.0},
        bands=FLAT,
    )
    for level, tail in ((1.0, 0.55), (0.5, 0.55), (0.0, 0.325)):
        assert solved(s.with_settings(cvar_level=level), "tail_risk").measures["tail_risk"] == pytest.approx(tail)
