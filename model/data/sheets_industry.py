"""Schema of the sheets about industry and technology: who makes what members order, and what is not ripe yet."""

from model.data.columns import Column, Sheet, share

INDUSTRY = Sheet(
    "Industry",
    "table",
    "Whose industry makes what is ordered: where the money of every order goes.",
    (
        Column(
            "capability", "reference", "The capability.", refers="capability", required=True, example="Armoured brigade"
        ),
        Column(
            "supplier",
            "text",
            "A member whose industry makes it, or any other name: a supplier outside the alliance.",
            required=True,
            example="Norland",
        ),
        share(
            "share",
            "Part of every order that this supplier makes and is paid for; what is left is made in the buyer's own country.",
            field="work_share",
            required=True,
            example=0.6,
        ),
        Column(
            "limit",
            "number",
            "Units this supplier can make in a year for the whole alliance.",
            unit="unit/yr",
            field="supplier_limit",
            low=0.0,
            example=4,
        ),
        Column(
            "jobs_per_million",
            "number",
            "Job-years that a million paid to this supplier gives.",
            unit="job-years/money",
            low=0.0,
            odd_above=100.0,
            example=7,
        ),
    ),
    keys=("capability", "supplier"),
)

TECHNOLOGY = Sheet(
    "Technology",
    "table",
    "Capabilities that are not ripe yet: from which year they can be ordered, or after how much joint research.",
    (
        Column(
            "capability", "reference", "The capability.", refers="capability", required=True, example="Armoured brigade"
        ),
        Column(
            "available_from",
            "year",
            "First year in which anybody can order as much as it likes; blank: research alone makes it available.",
            low=1900,
            high=2200,
            example=2030,
        ),
        Column(
            "research_cost",
            "number",
            "Joint research that makes it available before that year, paid by the burden key; blank: no research can.",
            unit="money",
            above=0.0,
            example=900,
        ),
        Column(
            "early_orders",
            "number",
            "Units a year that can be ordered once all of the research is paid; in proportion before.",
            unit="unit/yr",
            low=0.0,
            example=2,
        ),
    ),
    keys=("capability",),
)
