"""Rules from outside: they hold for one problem, are certified by their second reading, and say what is wrong with them."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from model import load
from model.cli.app import run
from model.formulation.changes import goes_by
from model.formulation.equations import book
from model.language.faults import UsageError
from model.language.outside import OwnRules
from model.language.own_rules import constraint, load_rules, parameter, quantity
from model.language.registry import PARTS
from model.report.appendix import run as run_page
from model.report.brief import plain_text
from model.report.causes import reason_of
from model.report.export import run_record
from model.report.workbook_out import solution_bytes
from model.solve.compile import compile_data
from model.solve.problem import Problem
from model.solve.uncertain import Uncertain
from tests.scenarios import tiny_scenario
from tests.uncertain import uncertain

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
NAME = "no_domain_takes_too_much"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the page."""
    (code,) = re.findall(r"(?<!not run -->\n)```python\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path_factory.mktemp("rules") / "mine.py"
    path.write_text(code, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tutorial():
    return load("inputs/tutorial.xlsx")


def spent_by_hand(plan, member: str, domain: str) -> float:
    """What a member spends on buying and keeping units of a domain, from the tutorial's cells: one price level, no factors."""
    s, total = plan.scenario, 0.0
    for (m, c, _), units in plan.values["ordered"].items():
        total += units * s.unit_cost[c] if m == member and s.domain[c] == domain else 0.0
    for (m, c, level, _), units in plan.values["held"].items():
        total += units * 2 * s.sustainment_cost[c] if (m, level) == (member, 0) and s.domain[c] == domain else 0.0
    return total


def test_the_example_of_the_page_is_kept_certified_and_what_the_page_says(example, tutorial):
    free, plan = Problem(tutorial).solve(), Problem(tutorial, rules=load_rules(example)).solve()
    assert plan.found
    assert not plan.uncertified_rules
    # Northland offers a tenth of 2 % of 1,000,000 in six years, 12,000; Midland has half that GDP.
    for member, offered in (("Northland", 12000), ("Midland", 6000)):
        for domain in ("land", "air defence", "maritime"):
            assert spent_by_hand(plan, member, domain) <= 0.3 * offered * (1 + 1e-9)
    assert f"| risk | {100 * free.measures['risk']:.1f} % | {100 * plan.measures['risk']:.1f} % |" in PAGE
    assert f"| cost, USD m | {free.measures['cost']:,.0f} | {plan.measures['cost']:,.0f} |" in PAGE
    for member, limit in (("Northland", 3600), ("Midland", 1800)):
        before, after = (spent_by_hand(one, member, "land") for one in (free, plan))
        assert after == pytest.approx(limit)
        assert f"| {member} on land forces, USD m (limit {limit:,}) | {before:,.0f} | {after:,.0f} |" in PAGE


def test_a_rule_has_prices_stands_in_the_lists_and_can_be_switched_off(example, tutorial):
    rules = load_rules(example)
    plan, free = Problem(tutorial, rules=rules).solve(), Problem(tutorial).solve()
    assert {key for key, gain in plan.gains(NAME).items() if gain > 1e-9} == {
        ("Northland", "land"),
        ("Midland", "land"),
    }
    assert "domain" in plan.table("prices").columns
    assert "No domain takes too much" in plain_text(plan)
    assert len(solution_bytes(plan)) > 10_000
    off = Problem(tutorial, off=[NAME], rules=rules).solve()
    assert off.measures == pytest.approx(free.measures)
    assert f"### {NAME}" in book(rules)
    assert NAME not in book()


def test_two_problems_do_not_see_each_others_rules(example, tutorial):
    ours, free = Problem(tutorial, rules=load_rules(example)), Problem(tutorial)
    assert NAME in ours.lp.rows
    assert NAME not in free.lp.rows
    assert NAME not in PARTS
    with pytest.raises(UsageError, match=NAME):
        Problem(tutorial, off=[NAME])


def test_changed_keeps_them_and_a_patch_is_the_problem_built_anew(example, tutorial):
    base = Problem(tutorial, rules=load_rules(example))
    assert base.solve().found
    for column in ("unit_cost", "alliance_share", "sustainment_cost"):
        edited = tutorial.scale(column, 0.9)  # of the bare scenario
        changed = base.changed(edited)
        assert NAME in changed.lp.rows
        assert changed.compiled.stated.is_restated
        assert changed.lp.equals(Problem(edited, rules=load_rules(example)).lp)
        assert changed.solve().found
    assert {"unit_cost", "domain", "alliance_share"} <= goes_by(base.statement, base.data, NAME)


def test_they_travel_to_other_processes_and_are_part_of_the_hash(example, tutorial):
    ours = tutorial.with_rules(load_rules(example))
    there = pickle.loads(pickle.dumps(ours))
    assert there.hash == ours.hash != tutorial.hash
    assert Problem(there).lp.equals(Problem(ours).lp)


def test_without_a_second_reading_the_plan_comes_and_says_so(example, tutorial, tmp_path, capsys):
    file = tmp_path / "unread.py"
    file.write_text(example.read_text(encoding="utf-8").replace(", second_reading=read_again", ""), encoding="utf-8")
    plan = Problem(tutorial, rules=load_rules(file)).solve()
    assert plan.found
    assert plan.uncertified_rules == (NAME,)
    assert plan.measures == pytest.approx(Problem(tutorial, rules=load_rules(example)).solve().measures)
    sentence = f"Not certified: rule {NAME} has no second reading."
    assert sentence in plain_text(plan)
    record = run_record(plan)["certificate"]
    assert record["passed"]
    assert record["uncertified_rules"] == [NAME]
    facts = [row[:2] for row in run_page(plan).items[0].rows]
    assert any(name == "not certified" and sentence in str(value) for name, value in facts)
    assert run(["solve", "inputs/tutorial.xlsx", "--rules", str(file), "--json", "--out", str(tmp_path / "out")]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["certificate"]["uncertified_rules"] == [NAME]
    assert printed["rules"] == {"file": str(file), "names": [NAME]}
    edit = ["--set", "budget[Midland]=0.9", "--rules", str(file), "--out", str(tmp_path / "out")]
    assert run(["what-if", "inputs/tutorial.xlsx", *edit]) == 0
    assert sentence in capsys.readouterr().out


def test_a_rule_that_leaves_no_plan_is_blamed_and_that_is_proved(example, tutorial, tmp_path):
    code = example.read_text(encoding="utf-8").replace("PART = 0.3", "PART = 0.05")
    for text in (code, code.replace(", second_reading=read_again", "")):
        (file := tmp_path / "tight.py").write_text(text, encoding="utf-8")
        plan = Problem(tutorial, rules=load_rules(file)).solve()
        assert plan.status == "infeasible"
        assert plan.refutation.passed
        assert any(clash.rule == NAME and clash.key == ("Midland", "air defence") for clash in plan.diagnosis.conflict)
        text = text.replace(
            "may_bend=True", "may_bend=True, remedy='{member} spends {amount} {currency} more on {domain}'"
        )
        file.write_text(text, encoding="utf-8")
        told = Problem(tutorial, rules=load_rules(file)).solve().diagnosis.summary
        assert re.search(r"Midland spends [\d,]+ USD m more on air defence", told), told
        assert any(
            f"the rule {NAME} would have to give way for Midland, air defence" in way.says[0]
            for way in plan.diagnosis.ways_out
        )


def test_quantities_and_parameters_from_outside():
    @parameter("money")
    def twice(d, member, period):
        """Twice the budget."""
        return 2 * d.budget[member, period]

    @quantity("money")
    def all_spending(m, d, period):
        """What all spend."""
        return m.sum([m.spend[n, period] for n in d.sets["member"]])

    def read_again(reader):
        s = reader.scenario
        for period in s.periods:
            terms = {}
            for member in s.sets["member"]:
                for column, amount in reader.spending(member, period).items():
                    terms[column] = terms.get(column, 0.0) + amount
            first = s.sets["member"][0]
            yield (
                (period,),
                ">=",
                -2 * reader.budget(first, period),
                {c: -a for c, a in terms.items()},
            )  # turned round: the same

    @constraint("money", may_bend=True, second_reading=read_again)
    def all_spend_little(m, d, period):
        """All together spend no more than twice the first member's budget."""
        return m.all_spending[period] <= d.twice[d.scenario.sets["member"][0], period]

    s = tiny_scenario()
    plan = Problem(s, rules=[twice, all_spending, all_spend_little]).solve()
    assert plan.found
    (period,) = s.periods
    assert plan.quantity("all_spending")[period] == pytest.approx(sum(plan.quantity("spend").values()))
    with pytest.raises(UsageError, match="twice"):
        Problem(s, rules=[twice, twice])


def test_over_cases_too():
    @constraint("money", may_bend=True)
    def nobody_spends_much(m, d, member, period):
        """Nobody spends more than half its budget."""
        return m.spend[member, period] <= 0.5 * d.budget[member, period]

    s = uncertain(1)
    bare, ours = (
        Uncertain(s).solve("expected"),
        Uncertain(s.with_rules(OwnRules((nobody_spends_much.part,)))).solve("expected"),
    )
    assert ours.found
    assert ours.measures["expected_risk"] >= bare.measures["expected_risk"]
    for plan in ours.plans.values():
        assert all(spent <= 0.5 * plan.data.budget[key] * (1 + 1e-7) for key, spent in plan.quantity("spend").items())


RULE = """from alliance_model import constraint


@constraint("money"{details})
def my_rule(m, d, {index}):
    \"\"\"A member spends little.\"\"\"
    {body}
"""


def rule(body: str, index: str = "member, period", details: str = "") -> str:
    return RULE.format(body=body, index=index, details=details)


SPENT = "m.spend[member, period]"
WRONG = {
    "syntax": ("def f(:\n    pass", r"line 1: this is no Python"),
    "no rules": ("x = 1", r"There are no rules in .*wrong\.py"),
    "a missing module": ("import nosuchthing", r"line 1: ModuleNotFoundError: No module named 'nosuchthing'"),
    "an end": ("raise SystemExit(3)", r"line 1: it ends the program"),
    "a dimension": (rule("return 1", "membr"), r"line 4: my_rule: \['membr'\] is no dimension; there are \['member'"),
    "an option": (rule("return 1", details=", bend=True"), r"line 4: @constraint takes no 'bend'; it takes over, may_bend"),
    "a remedy": (
        rule(f"return {SPENT} <= 1", details=", remedy='{who} gives way'"),
        r"line 4: the remedy cannot tell \{who\}; it can tell \{member\}, \{period\}, \{amount\}",
    ),
    "a name": (rule(f"return {SPENT} <= 1").replace("my_rule", "budget_is_respected"), r"line 4: .*budget_is_respected"),
    "a column": (rule(f"return {SPENT} <= 1").replace("my_rule", "gdp"), r"line 4: there is already .* called 'gdp'"),
    "a figure": (rule(f"return {SPENT} <= 1").replace("my_rule", "step"), r"line 4: there is already .* called 'step'"),
    "keys": (rule("return 1", "member", ", over=lambda d: d.sets['member']"), r"line 4: .*over gives the key 'Midland'"),
    "a misspelt figure": (
        rule(f"return {SPENT} <= d.budgt[member, period]"),
        r"line 7: the rule my_rule cannot be stated for Midland, 2026: there is nothing called 'budgt' here; perhaps budget is meant",
    ),
    "a key": (rule("return m.spend[member, 1999] <= 1"), r"line 7: .* for Midland, 2026: there is nothing under \('Midland', 1999\)"),
    "a product": (rule(f"return {SPENT} * {SPENT} <= 1"), r"line 4: .* for Midland, 2026: it multiplies or divides"),
    "nothing": (rule(f"{SPENT} <= 1"), r"line 4: .* for Midland, 2026: it gives back nothing"),
    "less than": (rule(f"return {SPENT} < 1"), r"line 4: .* write it with one <=, >= or =="),
    "false": (rule("return d.budget[member, period] < 0"), r"line 4: .* no decision is in it, and it is false"),
    "not a number": (rule(f"return {SPENT} <= float('nan')"), r"line 4: .* no finite number"),
    "infinity": (rule(f"return float('inf') * {SPENT} <= 1"), r"line 4: .* no finite number"),
    "a reading that fails": (
        rule(f"return {SPENT} <= 1", details=", second_reading=lambda r: [r.column('oderd')]"),
        r"line 4: the second reading of the rule my_rule fails: there is no decision called 'oderd'",
    ),
    "a reading of other rows": (
        rule(f"return {SPENT} <= 1", details=", second_reading=lambda r: [(('x', 1), '<=', 1, {0: 1.0})]"),
        r"line 4: the rule my_rule and its second reading differ: only the rule has a row for Midland, 2026",
    ),
    "a reading of another limit": (
        rule(
            f"return {SPENT} <= 1",
            details=", second_reading=lambda r: [((m, t), '<=', 2, r.spending(m, t)) for m in r.scenario.sets['member'] "
            "for t in r.scenario.periods]",
        ),
        r"line 4: the rule my_rule and its second reading differ for .*: the limit is 1 in the rule and 2 in the reading",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_file_and_line(case, tmp_path, capsys):
    text, said = WRONG[case]
    (file := tmp_path / "wrong.py").write_text(text, encoding="utf-8")
    assert run(["solve", "inputs/tutorial.xlsx", "--rules", str(file), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert re.search(said, told), told
    assert "wrong.py" in told
    assert "Traceback" not in told


def test_a_missing_file_and_one_that_is_no_text(tmp_path, capsys):
    arguments: Callable[[str], list[str]] = lambda file: ["equations", "--rules", file]  # noqa: E731
    assert run(arguments(str(tmp_path / "none.py"))) == 2
    assert "There is no file" in capsys.readouterr().err
    (binary := tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    assert run(arguments(str(binary))) == 2
    assert "no text in UTF-8" in capsys.readouterr().err


def test_a_plain_function_is_no_rule(tutorial):
    with pytest.raises(UsageError, match="decorate it with @constraint"):
        Problem(tutorial, rules=[print])


def test_own_rules_are_stated_like_the_packages(tutorial):
    """A rule of the package, given once more from outside, makes the same rows."""

    @constraint("money", may_bend=True)
    def once_more(m, d, member, period):
        """A member spends no more than it offers."""
        return PARTS["budget_is_respected"].rule(m, d, member, period)

    lp = compile_data(Problem(tutorial, rules=[once_more]).data)
    one, other = (lp.rows[name].places for name in ("budget_is_respected", "once_more"))
    assert (lp.A[one] != lp.A[other]).nnz == 0


def _nothing_is_spent(cell: str):
    @constraint(
        "money", may_bend=True, remedy="{member} would spend {amount} {currency}", cells=(cell,), reason="fairness"
    )
    def nothing_is_spent(m, d, member, period):
        """A member spends nothing."""
        return m.spend[member, period] <= 0 * d.budget[member, period]

    return nothing_is_spent


def test_its_facts_are_told_like_those_of_any_policy(tutorial):
    """The cell its limit is typed into, and the kind of reason it is where something stays short."""
    plan = Problem(tutorial, rules=[_nothing_is_spent("Members.alliance_share")]).solve()
    assert plan.status == "infeasible"
    assert re.search(r"A member spends nothing \[Midland, \d+\] \(Members![A-Z]+3\)", plan.message)
    assert re.search(r"Members![A-Z]+3: Midland would spend [\d,.]+ USD m", plan.message)
    assert reason_of(plan, "nothing_is_spent") == "fairness"


def test_a_cell_that_there_is_not_is_said(tutorial):
    with pytest.raises(UsageError, match=r"typed into 'Members\.alliance_part', and there is no such sheet and column"):
        Problem(tutorial, rules=[_nothing_is_spent("Members.alliance_part")]).solve()
