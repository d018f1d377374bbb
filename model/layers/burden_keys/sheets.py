"""Schema of the sheet `Keys`: burden keys of one's own, a step a row."""

from model.language.columns import Column, Sheet
from model.layers.burden_keys.recipes import NAMES, RULES

KEYS = Sheet(
    "Keys",
    "table",
    "Burden keys of one's own, as steps: each row changes the shares the row before left. `burden_key` on Settings names one.",
    (
        Column("key", "text", "Name of the burden key.", required=True, example="agreed in Northport"),
        Column(
            "step", "year", "Place of the step in its key; the first is 1.", required=True, low=1, high=99, example=1
        ),
        Column(
            "rule",
            "choice",
            "What the step does: " + "; ".join(f"{rule}: {says}" for rule, says in RULES.items()) + ".",
            field="key_rule",
            required=True,
            choices=tuple(RULES),
            example="start",
        ),
        Column(
            "by",
            "choice",
            "The other key a step goes by.",
            field="key_by",
            choices=NAMES,
            elsewhere="a key on Keys",
            example="gdp",
        ),
        Column(
            "amount",
            "number",
            "How much: a part of the whole, of a distance or of a share, as the rule says.",
            unit="fraction of 1",
            field="key_amount",
            low=0.0,
            high=1.0,
            percent=True,
        ),
        Column(
            "limit",
            "number",
            "Where the rule begins: times the mean income per head, or for pools a part of the whole.",
            unit="ratio",
            field="key_limit",
            low=0.0,
            odd_above=10.0,
        ),
        Column(
            "group",
            "text",
            "Whom it is about: a group named in `groups` on Members, or one member; blank: everybody.",
            field="key_group",
        ),
        Column(
            "borne_by",
            "text",
            "Group or member that bears a discount.",
            field="key_borne_by",
        ),
    ),
    keys=("key", "step"),
)

SHEETS = (KEYS,)
