"""Schema of the sheets about uncertainty: the cases that may come, and what else differs in each."""

from model.language.columns import Column, Sheet

CASES = Sheet(
    "Cases",
    "table",
    "Cases that may come, one of which will: what members order and hold is common to all of them, what they contribute is not.",
    (
        Column("case", "name", "Name of the case.", required=True, example="As planned"),
        Column(
            "probability",
            "number",
            "How likely the case is; divided by the sum over all cases.",
            symbol=r"\pi_s",
            field="case_probability",
            required=True,
            above=0.0,
            high=1.0,
            percent=True,
            example=1.0,
        ),
        Column(
            "requirements",
            "number",
            "Times everything that is required.",
            unit="times",
            field="case_requirements",
            default=1.0,
            low=0.0,
            high=100.0,
            odd_above=5.0,
            example=1.0,
        ),
        Column(
            "budgets",
            "number",
            "Times what every member offers in every period.",
            unit="times",
            field="case_budgets",
            default=1.0,
            low=0.0,
            high=100.0,
            odd_above=5.0,
        ),
        Column(
            "costs",
            "number",
            "Times the price and the yearly cost of every unit; upgrades and exercises follow.",
            unit="times",
            field="case_costs",
            default=1.0,
            low=0.0,
            high=100.0,
            odd_above=5.0,
        ),
        Column("description", "text", "In words.", field="case_description", default=""),
    ),
    keys=("case",),
)

CASE_FACTORS = Sheet(
    "Case factors",
    "table",
    "What else differs in a case: a what-if lever (`alliance levers` lists them) pulled for one task, capability or member, or for all.",
    (
        Column("case", "reference", "The case.", refers="case", required=True),
        Column(
            "lever", "text", "Name of the lever, such as requirement, budget, availability or caveat.", required=True
        ),
        Column(
            "target",
            "text",
            "What it is pulled for, as in the lever's brackets: Poland, or with commas between, Baltic defence, tanks; blank: all.",
        ),
        Column("value", "lever", "What the lever is set to.", field="case_value", required=True),
    ),
    keys=("case", "lever", "target"),
)

SHEETS = (CASES, CASE_FACTORS)
