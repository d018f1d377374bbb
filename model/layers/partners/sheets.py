"""Schema of the sheets about partners: who from outside pays for members' contributions, or lends forces of its own."""

from model.language.columns import Column, Sheet, share

PARTNERS = Sheet(
    "Partners",
    "table",
    "Who outside the alliance helps it, with how much money, in which years and on what condition.",
    (
        Column("partner", "name", "Name of the partner.", required=True, example="United Nations"),
        Column(
            "money",
            "number",
            "Most it pays to all members together in a year; blank: no limit.",
            unit="money/yr",
            field="partner_money",
            low=0.0,
            example=600,
        ),
        Column(
            "from_year",
            "year",
            "First year it helps; blank: from the start.",
            field="partner_from",
            low=1900,
            high=2200,
            example=2026,
        ),
        Column(
            "to_year",
            "year",
            "Last year it helps; blank: to the end.",
            field="partner_to",
            low=1900,
            high=2200,
            example=2031,
        ),
        share(
            "own_part",
            "Least part of what it helps with that members bear themselves.",
            field="members_part",
            default=0.0,
            example=0.25,
        ),
    ),
    keys=("partner",),
)

SUPPORT = Sheet(
    "Partner support",
    "table",
    "What each partner pays for and what it lends, by capability and task.",
    (
        Column("partner", "reference", "The partner.", refers="partner", required=True, example="United Nations"),
        Column(
            "capability", "reference", "The capability.", refers="capability", required=True, example="Armoured brigade"
        ),
        Column("task", "reference", "The task; blank: every task without a row of its own.", refers="task"),
        Column(
            "reimbursement",
            "number",
            "What it pays a member for each effective unit contributed for a year.",
            unit="money/effective unit/yr",
            low=0.0,
            example=120,
        ),
        Column(
            "quantity",
            "number",
            "Effective units of its own that it lends to the task, at most.",
            unit="effective unit",
            field="lendable",
            low=0.0,
            example=1,
        ),
        Column(
            "price",
            "number",
            "What a lent effective unit costs the members for a year, shared by the burden key.",
            unit="money/effective unit/yr",
            field="lending_price",
            default=0.0,
            low=0.0,
            example=0,
        ),
    ),
    keys=("partner", "capability", "task"),
)

SHEETS = (PARTNERS, SUPPORT)
