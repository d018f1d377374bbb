"""Schema of the sheet about industry: who makes what members order, and how much of it."""

from model.language.columns import Column, Sheet, share

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

SHEETS = (INDUSTRY,)
