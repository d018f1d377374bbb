"""Schema of the sheet about common funding: what the alliance may own itself, and by which key it is paid."""

from model.language.columns import Column, From, Sheet
from model.layers.burden_keys.recipes import NAMES

COMMON_FUNDING = Sheet(
    "Common funding",
    "table",
    "Capabilities the alliance may own itself, paid by every member by a key; how much is worth pooling the plan decides.",
    (
        Column(
            "capability",
            "reference",
            "The capability.",
            refers="capability",
            required=True,
            example="Armoured brigade",
        ),
        Column(
            "holding",
            "number",
            "Units the alliance owns when the first period starts.",
            unit="unit",
            symbol=r"H^{\circ}",
            field="common_holding",
            default=0.0,
            low=0.0,
            example=0,
        ),
        Column(
            "max_stock",
            "number",
            "Largest number of units the alliance may own.",
            unit="unit",
            field="common_max_stock",
            low=0.0,
            example=2,
        ),
        Column(
            "cost_factor",
            "number",
            "Factor on unit and sustainment cost when the alliance buys and keeps it: below 1 where scale saves.",
            unit="ratio",
            field="common_cost_factor",
            default=1.0,
            above=0.0,
            odd_above=10.0,
            odd_below=0.1,
            example=0.9,
        ),
        Column(
            "key",
            "choice",
            "The burden key by which members pay for it.",
            field="common_key",
            choices=NAMES,
            elsewhere="a key on Keys",
            default=From("burden_key", "the setting burden_key"),
        ),
        Column(
            "from_year",
            "year",
            "The alliance may order it from this year; blank: from the start.",
            field="common_from_year",
            low=1900,
            high=2200,
        ),
    ),
    keys=("capability",),
)

SHEETS = (COMMON_FUNDING,)
