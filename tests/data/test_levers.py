"""Every lever changes what it says and nothing else; edits are read forgivingly and refused in plain words."""

import pytest

from model.language.faults import UsageError
from model.scenario.checks import run_checks
from model.scenario.levers.edits import LEVERS, Edit, apply_edits, edit_scenario, find_lever, parse_edit, whole_names
from tests.random_layers import with_layers
from tests.scenarios import random_scenario, scenario, tiny_scenario

SCENARIO = with_layers(
    random_scenario(3, challenge=2.0, fairness_band=0.9, equipment_floor=0.05, members=5, pooling=True, joint=1), 4
)

COLUMNS = {
    "budget": "alliance_share", "growth": "gdp_growth", "availability": "member_availability", "requirement": "quantity",
    "caveat": "max_fraction", "max_share": "capability_max_share", "common_limit": "common_max_stock",
    "common_cost": "common_cost_factor", "emphasis": "consequence", "lending": "lendable", "own_part": "members_part",
    "opt_out": "still_counts",
}  # fmt: skip
"""The one column a lever changes, where it has another name; settings have the lever's own."""

ONE = {
    "member": "member 1", "other": "member 2", "partner": "partner 0", "capability": "capability 0", "task": "task 1",
    "situation": "situation 1", "level": "within", "programme": "programme 0", "kind": "cyber",
}  # fmt: skip
TARGETS = {name: tuple(ONE[target] for target in lever.targets) for name, lever in LEVERS.items() if name != "rule"} | {
    "rule": ("challenge_is_reasonable",),
    "cost_factor": next(iter(SCENARIO.cost_factor)),
    "holding": next(iter(SCENARIO.holding)),
    "requirement": next(iter(SCENARIO.quantity))[:2],
    "caveat": next(iter(SCENARIO.max_fraction))[:2],
    "reimbursement": next(key for key, rate in SCENARIO.reimbursement.items() if rate)[:2],
    "juste_retour": ("member 0",),
    "technology": ("member 0",),
    "transfer_cost": ("member 0",),
    "available_from": ("capability 0",),
    "research_cost": next((c,) for c, cost in SCENARIO.research_cost.items() if cost),
    "early_orders": next((c,) for c, rate in SCENARIO.early_orders.items() if rate),
    "supplier_limit": next(key for key, units in SCENARIO.supplier_limit.items() if units)[:1],
    "lending": next(key for key, units in SCENARIO.lendable.items() if units)[:2],
}
VALUES: dict[str, float | str] = {
    "growth": -0.02, "target_year": 2029.0, "lead_time": 5.0, "life": 7.0, "caveat": "off", "challenge": "off",
    "fairness_band": "off", "equipment_floor": 0.1, "burden_key": "population", "voice": "gdp", "consensus": "on",
    "consensus_against": "status quo", "opt_out": "on", "rule": "off", "withdraw": "member 3", "join": "member 3", "decision": "closed",
    "available_from": 2030.0,
}  # fmt: skip


def sample(name: str) -> Edit:
    """An edit by each lever that changes the scenario above."""
    usual = 1.3 if LEVERS[name].kind == "factor" else 0.37
    return Edit(name, TARGETS[name], VALUES.get(name, usual))


def parts_of(scenario):
    return {
        **{("settings", k): v for k, v in scenario.settings.items()},
        **{k: dict(v) for k, v in scenario.values.items()},
    }


@pytest.mark.parametrize("name", [name for name in LEVERS if name not in ("withdraw", "join", "rule")])
def test_a_lever_changes_its_own_figures_and_nothing_else(name):
    edit = sample(name)
    after = apply_edits(SCENARIO, [edit]).scenario
    old, new = parts_of(SCENARIO), parts_of(after)
    changed = {key for key in old if old[key] != new[key]}
    own = ("settings", name) if ("settings", name) in old and not edit.targets else COLUMNS.get(name, name)
    assert changed == {own}
    assert after.sets == SCENARIO.sets
    if isinstance(own, str):
        rows = {k for k in {*old[own], *new[own]} if old[own].get(k) != new[own].get(k)}
        assert rows
        for key in rows:
            named = set(key if isinstance(key, tuple) else (key,))
            assert all({"cyber": "task 1"}.get(target, target) in named for target in edit.targets)
    assert not [fault for fault in run_checks(after) if fault.severity == "error"]


def test_factors_multiply_and_values_replace():
    s = SCENARIO
    assert edit_scenario(s, "budget", 0.9, "member 1").alliance_share["member 1"] == pytest.approx(
        0.9 * s.alliance_share["member 1"]
    )
    assert edit_scenario(s, "growth", 0.01).gdp_growth == dict.fromkeys(s.sets["member"], 0.01)
    _, capability = TARGETS["requirement"]
    after = edit_scenario(s, "requirement", 1.2, capability)
    for key, quantity in s.quantity.items():
        assert after.quantity[key] == pytest.approx(quantity * (1.2 if key[1] == capability else 1.0))
    assert edit_scenario(s, "target_year", 2030.0, "member 0").target_year["member 0"] == 2030
    assert edit_scenario(s, "challenge", "off").settings["challenge"] is None


@pytest.mark.parametrize("name", [name for name, lever in LEVERS.items() if lever.kind == "factor"])
@pytest.mark.parametrize("seed", range(5))
def test_a_factor_of_one_changes_nothing(name, seed):
    scenario = with_layers(random_scenario(seed, pooling=True, joint=1), seed)
    assert edit_scenario(scenario, name, 1.0).hash == scenario.hash


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, lever in LEVERS.items()
        if lever.kind in ("value", "year", "word", "switch") and name not in ("commonality", "opt_out")
    ],
)
def test_the_value_of_the_workbook_changes_nothing(name):
    edit = sample(name)
    if name == "rule":
        now: object = "on"
    elif not edit.targets:
        now = SCENARIO.settings[name]
        now = "off" if now in (None, False) else "on" if now is True else now
    else:
        column = SCENARIO.values[COLUMNS.get(name, name)]
        now = next(
            v for k, v in column.items() if (k if isinstance(k, tuple) else (k,))[: len(edit.targets)] == edit.targets
        )
    if name == "caveat":
        edit = Edit(name, next(iter(SCENARIO.max_fraction)), now)
    assert apply_edits(SCENARIO, [Edit(name, edit.targets, now)]).scenario.hash == SCENARIO.hash


def test_withdrawing_and_joining():
    assert edit_scenario(SCENARIO, "withdraw", "Member 2").hash == SCENARIO.without("member 2").hash
    edited = apply_edits(SCENARIO, [parse_edit("join=member 2")])
    assert edited.joined == ("member 2",)
    assert edited.scenario is SCENARIO
    with pytest.raises(UsageError, match="last member"):
        apply_edits(SCENARIO, [parse_edit(f"withdraw={m}") for m in SCENARIO.sets["member"]])
    with pytest.raises(UsageError, match="there must be an alliance"):
        apply_edits(SCENARIO, [parse_edit(f"join={m}") for m in SCENARIO.sets["member"]])


def test_rules_are_switched_and_not_part_of_the_scenario():
    edited = apply_edits(SCENARIO, [parse_edit("rule[Budget is respected]=off")], ["budget_is_respected"])
    assert edited.off == {"budget_is_respected"}
    assert edited.scenario is SCENARIO
    both = apply_edits(SCENARIO, [parse_edit("rule[x]=off"), parse_edit("rule[x]=on")])
    assert (both.off, both.on) == (frozenset(), {"x"})


def test_a_caveat_on_everything_lifted_for_one_capability_stays_on_the_rest():
    s = SCENARIO.with_values(
        "max_fraction", {("member 0", "task 0", None): 0.5, ("member 0", "task 0", "capability 1"): 0.2}
    )
    lifted = edit_scenario(s, "caveat", "off", "member 0", "task 0", "capability 0").max_fraction
    others = [c for c in s.sets["capability"] if c != "capability 0"]
    assert lifted == {("member 0", "task 0", c): 0.2 if c == "capability 1" else 0.5 for c in others}
    assert edit_scenario(s, "caveat", "off").max_fraction == {}
    barred = edit_scenario(s, "caveat", "on", "member 1", "task 2").max_fraction
    assert barred == {**s.max_fraction, ("member 1", "task 2", None): 0.0}


def test_staying_out_and_taking_part_again():
    out = edit_scenario(SCENARIO, "opt_out", "on", "member 1", "task 2")
    assert out.still_counts == {("member 1", "task 2"): False}
    assert edit_scenario(out, "opt_out", "off", "member 1").hash == SCENARIO.hash
    counting = SCENARIO.with_values("still_counts", {("member 1", "task 2"): True})
    assert edit_scenario(counting, "opt_out", "on", "member 1", "task 2").hash == counting.hash
    with pytest.raises(UsageError, match="name who stays out"):
        edit_scenario(SCENARIO, "opt_out", "on", "task 2")
    with pytest.raises(UsageError, match="no opt-out of task 2"):
        edit_scenario(SCENARIO, "opt_out", "off", "task 2")


def test_commonality_goes_both_ways_and_spares_the_diagonal():
    after = edit_scenario(SCENARIO, "commonality", 0.5, "member 1")
    again = edit_scenario(after, "commonality", 0.5, "member 2", "member 1")
    assert again.hash == after.hash
    for (one, other), value in after.commonality.items():
        expected = 0.5 if one != other and "member 1" in (one, other) else SCENARIO.commonality[one, other]
        assert value == expected


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("budget[Poland]=0.9", Edit("budget", ("Poland",), 0.9)),
        (" Budget [ Poland ] = -10% ", Edit("budget", ("Poland",), 0.9)),
        ("growth=-1%", Edit("growth", (), -0.01)),
        ("Discount Rate=5%", Edit("discount_rate", (), 0.05)),
        ("requirement[Baltic defence, air defence]=1.2", Edit("requirement", ("Baltic defence", "air defence"), 1.2)),
        ("withdraw = Canada", Edit("withdraw", (), "Canada")),
        ("caveat[a [b], c]=No", Edit("caveat", ("a [b]", "c"), "off")),
    ],
)
def test_edits_are_read_as_people_type_them(text, edit):
    read = parse_edit(text)
    assert (read.lever, read.targets) == (edit.lever, edit.targets)
    assert read.value == (pytest.approx(edit.value) if isinstance(edit.value, float) else edit.value)
    again = parse_edit(read.text)
    assert (again.lever, again.targets, again.value) == (read.lever, read.targets, pytest.approx(read.value))


def test_names_with_commas_are_found():
    s = scenario(
        {"A, north": {}, "A": {}}, {"tank, heavy": {}}, {"war": (1.0, None)}, {"hold, east": ("war", 1.0)},
        {("hold, east", "tank, heavy", None): 10.0},
    )  # fmt: skip
    for text in (
        "requirement[Hold, east, Tank, heavy]=2",
        "requirement[tank, heavy]=2",
        "requirement[*, tank, heavy]=2",
    ):
        assert apply_edits(s, [parse_edit(text)]).scenario.quantity == {("hold, east", "tank, heavy", None): 20.0}
    assert edit_scenario(s, "budget", 0.5, "A", "north").alliance_share == {"A, north": 0.5, "A": 1.0}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("budget", "is no edit"),
        ("=1", "is no edit"),
        ("budgt=1", "Did you mean 'budget'"),
        ("budget[membr 1]=1", "no member called 'membr 1'. Did you mean 'member 1'"),
        ("withdraw=Atlantis", "no member called 'Atlantis'"),
        ("withdraw=", "takes the name of a member"),
        ("budget=-1", "a factor from 0 to 100"),
        ("budget=nan", "a factor from 0 to 100"),
        ("budget=1e999", "a factor from 0 to 100"),
        ("budget=0,9", "a factor from 0 to 100"),
        ("budget=off", "a factor from 0 to 100"),
        ("life=0", "above 0"),
        ("target_year=2030.5", "a year"),
        ("consensus=maybe", "on or off"),
        ("burden_key=beauty", "gdp or income"),
        ("probability=0", "nothing sound to plan"),
        ("discount_rate[member 1]=0.1", "no names in brackets"),
        ("commonality[member 1, member 1]=0.5", "with itself"),
        ("commonality[a, b, c]=0.5", "names too much"),
        ("requirement[capability 0, task 1]=2", "in this order"),
        ("requirement[" + ", ".join("abcdefghijklmnop") + "]=2", "names too much"),
        ("caveat=on", "name it"),
        ("rule=off", "name one policy"),
        ("rule[gravity]=off", "no policy called 'gravity'"),
        ("holding[member 0, capability 0]=2", "could be changed"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(text, says):
    scenario = SCENARIO.with_values("holding", {})
    with pytest.raises(UsageError) as refusal:
        apply_edits(scenario, [parse_edit(text)], ["budget_is_respected"])
    assert says in str(refusal.value)


def test_lifting_a_caveat_nobody_has_is_refused():
    with pytest.raises(UsageError, match="no caveat of anybody"):
        edit_scenario(tiny_scenario(), "caveat", "off")


def test_every_lever_is_documented_with_what_it_takes():
    for name, lever in LEVERS.items():
        assert lever.says.endswith("."), name
        assert lever.allowed
        assert lever.form.startswith(name)
        assert find_lever(name.replace("_", " ").upper()) is lever


COMMAS = scenario(
    {"Egypt, Arab Rep.": {}, "Iran (Islamic Republic of)": {}, "All": {}, "Total": {}}, {"Infantry, mech.": {}, "Total": {}},
    {"war": (1.0, None)}, {"Stop, and hold": ("war", 1.0)}, {("Stop, and hold", "Infantry, mech.", None): 10.0},
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("budget(Egypt, Arab Rep.)=0.5", ["Egypt, Arab Rep."]),
        ("budget ( egypt,arab rep. ) = 0.5", ["Egypt, Arab Rep."]),
        ('budget["Egypt, Arab Rep."]=0.5', ["Egypt, Arab Rep."]),
        ("budget[Iran (Islamic Republic of)]=0.5", ["Iran (Islamic Republic of)"]),
        ("budget(Iran (Islamic Republic of))=0.5", ["Iran (Islamic Republic of)"]),
        ("budget[All]=0.5", ["All"]),
        ("budget[Total]=0.5", ["Total"]),
        ("budget[*]=0.5", [*COMMAS.sets["member"]]),
    ],
)
def test_brackets_of_either_kind_name_what_moves(text, moved):
    shares = apply_edits(COMMAS, [parse_edit(text)]).scenario.alliance_share
    assert [member for member, share in shares.items() if share != COMMAS.alliance_share[member]] == moved


@pytest.mark.parametrize(
    "text",
    [
        "budget(USD m)=0.5", "budget(Egypt)=0.5", "growth(per year)=0.02", "budget[Total](All)=0.5", "budget(Total)[All]=0.5",
        "budget(Total=0.5", "budget{Total}=0.5", "budget（Total）=0.5", "budget: Total=0.5", "rule[budget_is_respected (x)]=off",
        "rule(budget_is_respected (x))=off", "discount_rate (per year)=0.1", "discount_rate (%)=0.1",
    ],
)  # fmt: skip
def test_nothing_in_brackets_is_thrown_away(text):
    with pytest.raises(UsageError):
        apply_edits(COMMAS, [parse_edit(text)], ["budget_is_respected"])


def test_edits_name_things_in_one_piece():
    whole = whole_names(COMMAS, parse_edit("requirement[stop, and hold, infantry, mech.]=2"))
    assert whole == Edit("requirement", ("Stop, and hold", "Infantry, mech."), 2.0)
    assert parse_edit(whole.text) != whole
    assert whole_names(COMMAS, parse_edit(whole.text)) == whole
    assert whole_names(COMMAS, parse_edit("budget[*]=2")).targets == ("*",)


def test_a_member_with_commas_leaves():
    left = apply_edits(COMMAS, [parse_edit('withdraw="Egypt, Arab Rep."'), parse_edit("withdraw=Total")]).scenario
    assert left.sets["member"] == ("Iran (Islamic Republic of)", "All")


@pytest.mark.parametrize("name", ["A=B", "B]=2", "C) = 3"])
def test_names_hold_equals_signs(name):
    assert parse_edit(f"withdraw={name}") == Edit("withdraw", (), name)
    assert parse_edit(f'withdraw="{name}"') == Edit("withdraw", (), name)
    assert parse_edit(f"budget[{name}] = 0.5") == Edit("budget", (name,), 0.5)
    assert parse_edit(f"budget({name})=0.5") == Edit("budget", (name,), 0.5)
