"""The burden keys that have a name of their own, each written as the steps one would put on the sheet `Keys`.

Only what a key says stands here; what a step does to the shares is reckoned in :mod:`model.layers.burden_keys.keys`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FIGURES: Mapping[str, str] = {
    "gdp": "gross domestic product in the first year",
    "income": "national income; where blank, gdp",
    "population": "inhabitants",
    "border": "coast and border to be guarded",
    "exposure": "how much all tasks matter to the member: probability, consequence and its own priority",
    "custom": "the column key, such as shares that were negotiated",
    "equal": "the same for every member",
}
"""Keys that are one figure of each member, shared out in proportion, and what the figure is."""

RULES: Mapping[str, str] = {
    "start": "shares as by another key (`by`); with a `group`, for its members only",
    "mix": "`amount` of these shares replaced by those of another key (`by`)",
    "relieve debt": "`amount` of its debt is taken off the income of a member below `limit` times the mean income per head",
    "relieve low income": "a member below `limit` times the mean income per head pays less, by `amount` of the distance",
    "floor": "nobody (of the `group`) pays less than `amount`",
    "ceiling": "nobody (of the `group`) pays more than `amount`",
    "set": "each member of the `group` pays `amount`",
    "discount": "`amount` off for the `group`, or below `limit` times the mean income per head; the group `borne_by` pays it",
    "pool equally": "members above `limit` of all by another key (`by`) pay `amount` together, in equal parts",
    "pool in proportion": "the same, in proportion to what they paid",
    "level the largest": "the largest pays no more than the second largest; with an `amount`, both pay that; the `group` pays no more",
    "join": "the `group` joins at its shares by another key (`by`); the others pay less in proportion",
}
"""What a step may do, and what each of its columns means there. What a step frees or takes, the others bear in proportion."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "start": ("by",),
    "mix": ("by", "amount"),
    "relieve debt": ("amount", "limit"),
    "relieve low income": ("amount", "limit"),
    "floor": ("amount",),
    "ceiling": ("amount",),
    "set": ("group", "amount"),
    "discount": ("amount", "borne_by"),
    "pool equally": ("by", "amount", "limit"),
    "pool in proportion": ("by", "amount", "limit"),
    "level the largest": (),
    "join": ("by", "group"),
}
"""The columns a step cannot do without."""

PER_HEAD = ("relieve debt", "relieve low income")
"""Steps that compare incomes per head whatever their columns; a discount does where it has a limit."""

LEAST_DEVELOPED, BEARERS = "least developed", "bearers"
"""Groups that named keys speak of."""


@dataclass(frozen=True)
class Rule:
    """One step of a key as it is written: what it does and with which key, number, limit and groups. Blanks are None."""

    what: str
    by: str | None = None
    amount: float | None = None
    limit: float | None = None
    group: str | None = None
    borne_by: str | None = None

    @property
    def per_head(self) -> bool:
        """Whether it compares incomes per head, so that everybody's population must be known."""
        return self.what in PER_HEAD or (self.what == "discount" and self.limit is not None)


_CAPACITY = (Rule("start", "income"), Rule("relieve low income", amount=0.8, limit=1.0))

_UN = (
    Rule("start", "income"),
    Rule("relieve debt", amount=0.125, limit=1.0),
    Rule("relieve low income", amount=0.8, limit=1.0),
    Rule("floor", amount=0.00001),
    Rule("ceiling", amount=0.0001, group=LEAST_DEVELOPED),
    Rule("ceiling", amount=0.22),
)

_DISCOUNTS = ((0.8, 1.0), (0.8, 1.2), (0.7, 1.4), (0.6, 1.6), (0.4, 1.8), (0.2, 2.0))
"""Discounts of United Nations peacekeeping by income per head, in multiples of the mean; levels I, H, G, F, E and D."""

_PEACEKEEPING = (
    Rule("start", "un"),
    Rule("discount", amount=0.9, group=LEAST_DEVELOPED, borne_by=BEARERS),
    *(Rule("discount", amount=off, limit=limit, borne_by=BEARERS) for off, limit in _DISCOUNTS),
)

_AU = (
    Rule("start", "capacity"),
    Rule("pool equally", "gdp", amount=0.6, limit=0.04),
    Rule("ceiling", amount=0.12),
)

_BENEFIT = (Rule("start", "gdp"), Rule("mix", "population", amount=0.5), Rule("mix", "exposure", amount=1 / 3))

RECIPES: Mapping[str, tuple[Rule, ...]] = {
    "capacity": _CAPACITY,
    "un": _UN,
    "peacekeeping": _PEACEKEEPING,
    "au": _AU,
    "nato": (Rule("start", "gdp"), Rule("level the largest")),
    "benefit": _BENEFIT,
}
"""The steps of every named key that is more than one figure. Their figures are the organisations' own:

- capacity: income with the low-income relief of the United Nations scale, and none of its limits.
- un: General Assembly resolutions 70/245, 73/271, 79/249: relief of 80 % below the mean income per head; at least 0.001 %,
  least developed at most 0.01 %, anybody at most 22 %; an eighth of the debt stock taken off income (of members below the mean
  income per head, where the United Nations go by the World Bank's threshold of high income).
- peacekeeping: resolution 55/235, levels D to J; permanent members (here: bearers) pay what is taken off.
- au: Assembly/AU/Dec.578(XXV), 2016-18: members above 4 % of all GDP pay 60 % in equal parts, nobody more than 12 %, the
  others by capacity to pay.
- nato: common funding since 2021: the largest pays as the second largest.
- benefit: a third each by GDP, population and exposure, the proxies of benefit of Sandler and Forbes (1980) with exposure
  for exposed borders.
"""

NAMES: tuple[str, ...] = (*FIGURES, *RECIPES)
"""Every key that needs no sheet."""
