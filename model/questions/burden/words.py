"""Burdens in sentences a planner can repeat: who bears most, against which key, who gains, and what the tests do and do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.questions.burden.exploitation import RATIO_WARNING, Finding
from model.questions.burden.inequality import shares
from model.wording.amounts import currency_of, listed, money, number

if TYPE_CHECKING:
    from model.questions.burden.result import Burdens

NAMED = 3
"""Members named in a sentence; the tables have them all."""

_SURE = 0.05
"""A p-value below this is told as more than chance."""


def sentences(found: Burdens) -> list[str]:
    """Everything worth saying first."""
    said = [_who_bears(found), *_against_keys(found), _against_benefit(found)]
    said += [text for effort in found.efforts for text in _effort_said(found, effort.name)]
    said += [RATIO_WARNING, _guidelines(found)]
    if found.not_shown:
        missing = (
            f"{name} ({listed(['key' if c == 'custom_key' else c for c in lacks])})"
            for name, lacks in found.not_shown.items()
        )
        said.append(f"Keys left out for want of figures in these columns of Members: {', '.join(missing)}.")
    return said


def _most(amounts: dict[str, float], count: int = NAMED) -> list[str]:
    return sorted(amounts, key=lambda m: (-amounts[m], m))[:count]


def _who_bears(found: Burdens) -> str:
    total, part = sum(found.borne.values()), shares(found.borne)
    who = listed([f"{m} {part[m]:.1%}" for m in _most(part)])
    was = ""
    if found.before is not None:
        difference = total - found.before.measures["cost"]
        unit = currency_of(found.plan.scenario)
        was = f" That is {money(abs(difference), unit)} {'more' if difference >= 0 else 'less'} than before."
    return f"Together members bear {money(total, currency_of(found.plan.scenario))} over the horizon (discounted); of it {who}.{was}"


def _against_keys(found: Burdens) -> list[str]:
    """The scenario's own key with who stands farthest from it; of every other what would have to change hands."""
    part, total, unit = shares(found.borne), sum(found.borne.values()), currency_of(found.plan.scenario)
    moves = {name: sum(abs(part[m] - key[m]) for m in part) / 2 * total for name, key in found.keys.items()}
    (own, key), *others = found.keys.items()
    over = {m: part[m] - key[m] for m in part}
    most, least = _most(over, 1)[0], min(over, key=lambda m: (over[m], m))
    said = [
        f"By the burden key {own}, {money(moves[own], unit)} would have to change hands: {most} bears {part[most]:.1%} against a "
        f"share of {key[most]:.1%}, {least} {part[least]:.1%} against {key[least]:.1%}."
    ]
    if others:
        said.append(f"By other keys: {listed([f'{name} {money(moves[name], unit)}' for name, _ in others])}.")
    return said


def _against_benefit(found: Burdens) -> str:
    gap = {m: shares(found.borne)[m] - gain.share for m, gain in found.benefits.items()}
    overlap = sum(min(shares(found.borne)[m], gain.share) for m, gain in found.benefits.items())
    most, least = _most(gap, 1)[0], min(gap, key=lambda m: (gap[m], m))
    against = "alone" if found.alone is not None else "without any forces"
    return (
        f"Burden and benefit (perceived risk removed, against being {against}) overlap to {overlap:.0%}. {most} bears most beyond "
        f"its share of the benefit ({gap[most]:+.1%}), {least} least ({gap[least]:+.1%})."
    )


def _effort_said(found: Burdens, effort: str) -> list[str]:
    rows = found.indices[found.indices["effort"] == effort].set_index("index")["value"]
    tests = {(test.name, test.question): test for test in found.found_tests[effort]}
    slope = tests["Elasticity (least squares)", "burden against GDP, in logarithms, compared with 1"]
    rank = tests["Spearman", "burden per GDP against GDP"]
    text = (
        f"{effort.capitalize()}: Gini {number(rows['Gini'], 3)} (GDP {number(rows['Gini of GDP'], 3)}), Kakwani by GDP "
        f"{rows['Kakwani, members by GDP']:+.3f}; {_slope_said(slope)}; {_rank_said(rank)}."
    )
    return [text]


def _slope_said(test: Finding) -> str:
    if test.statistic != test.statistic:
        return f"no elasticity ({test.note})"
    interval = f" (95 %: {test.low:.2f} to {test.high:.2f}, n = {test.members})"
    if test.note:
        interval = f" (n = {test.members}, {test.note})"
    verdict = (
        "more than in proportion"
        if test.low > 1
        else "less than in proportion"
        if test.high < 1
        else "about in proportion"
    )
    return f"with 1 % more GDP a member bears {test.statistic:.2f} % more{interval}, {verdict}"


def _rank_said(test: Finding) -> str:
    if test.statistic != test.statistic:
        return f"no rank correlation of the ratio ({test.note})"
    verdict = "more than chance" if test.two_sided < _SURE else "no more than chance"
    return (
        f"the ratio's rank correlation with GDP is {test.statistic:+.2f} (Spearman, two-sided p = {test.two_sided:.2g}, "
        f"n = {test.members}), {verdict}"
    )


def _guidelines(found: Burdens) -> str:
    table = found.guidelines
    unit, parts = currency_of(found.plan.scenario), []
    for name, asked in table.groupby("guideline", sort=False):
        missing = asked.assign(missing=asked["missing"].clip(lower=0)).groupby("year")["missing"].sum()
        years = dict.fromkeys((missing.index[0], missing.index[-1]))
        parts.append(f"to {name} {' and '.join(f'{money(float(missing[year]), unit)} in {year}' for year in years)}")
    return f"Missing a year, summed over the members that fall short: {'; '.join(parts)}."
