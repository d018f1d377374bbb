"""Schema of the sheets about joint programmes: what is developed together, who takes part, and who makes what."""

from model.language.columns import Column, From, Sheet, share
from model.layers.burden_keys.recipes import NAMES

DECISIONS = ("free", "open", "closed")
"""What may be said of a joint programme beforehand."""

PROGRAMMES = Sheet(
    "Programmes",
    "table",
    "Joint programmes: participants share the cost of development and then pay less for each unit. Opened or not the plan decides.",
    (
        Column("programme", "name", "Name of the programme.", required=True, example="Next brigade"),
        Column(
            "capability",
            "reference",
            "What it delivers. A participant whose cost factor is `no` can order it through the programme only.",
            refers="capability",
            field="programme_capability",
            required=True,
            example="Armoured brigade",
        ),
        Column(
            "participants",
            "text",
            "Who takes part: members, or groups named in `groups` on Members, with commas between.",
            required=True,
            example="Norland, Southmark",
        ),
        Column(
            "development_cost",
            "number",
            "Cost of development, all participants and years together.",
            unit="money",
            symbol="D",
            required=True,
            low=0.0,
            example=1200,
        ),
        Column(
            "sharing",
            "choice",
            "How participants share it: by a burden key, in equal parts, or by their rows on Workshares.",
            field="development_sharing",
            default="key",
            choices=("key", "equal", "workshare"),
            example="workshare",
        ),
        Column(
            "key",
            "choice",
            "The burden key, where sharing is by key; taken among the participants.",
            field="programme_key",
            choices=NAMES,
            elsewhere="a key on Keys",
            default=From("burden_key", "the setting burden_key"),
        ),
        Column(
            "from_year",
            "year",
            "First year in which development is paid; blank: from the start.",
            field="development_from",
            low=1900,
            high=2200,
            example=2026,
        ),
        Column(
            "development_years",
            "year",
            "Years over which it is paid, in equal parts.",
            unit="years",
            default=1,
            low=1,
            high=100,
            example=4,
        ),
        Column(
            "earliest_year",
            "year",
            "Units may be ordered through the programme from this year; blank: from the start.",
            low=1900,
            high=2200,
            example=2028,
        ),
        share(
            "discount",
            "Part of the price of a unit that participants save.",
            symbol=r"\delta",
            field="programme_discount",
            default=0.0,
            odd_above=0.6,
            example=0.15,
        ),
        Column(
            "min_units",
            "number",
            "Units the participants must order together through the programme if it is opened.",
            unit="unit",
            default=0.0,
            low=0.0,
            example=2,
        ),
        Column(
            "decision",
            "choice",
            "Free: the model decides; or it is decided already that the programme is opened or stays closed.",
            default=DECISIONS[0],
            choices=DECISIONS,
        ),
    ),
    keys=("programme",),
)

WORKSHARES = Sheet(
    "Workshares",
    "table",
    "Which part of a programme's development each participant bears, where sharing is by workshare.",
    (
        Column("programme", "reference", "The programme.", refers="programme", required=True, example="Next brigade"),
        Column("member", "reference", "The participant.", refers="member", required=True, example="Norland"),
        Column(
            "workshare",
            "number",
            "Relative weight; a participant without a row bears nothing.",
            required=True,
            low=0.0,
            example=1.0,
        ),
    ),
    keys=("programme", "member"),
)

SHEETS = (PROGRAMMES, WORKSHARES)
