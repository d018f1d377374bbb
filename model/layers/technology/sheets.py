"""Schema of the sheet about technology: what is not available yet, and what research brings forward."""

from model.language.columns import Column, Sheet

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

SHEETS = (TECHNOLOGY,)
