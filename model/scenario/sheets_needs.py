"""Schema of the sheets about what is needed, what there is, and what members allow."""

from model.language.columns import Column, From, Sheet, share

THREATS = ("conventional", "cyber", "terrorism", "hybrid", "CBRN", "space", "disaster")
"""Types of threat the field usually tells apart; a workbook may name others."""

SITUATIONS = Sheet(
    "Situations",
    "table",
    "Planning situations: at most one happens at a time.",
    (
        Column("situation", "name", "Name of the situation.", required=True, example="Attack on the northern flank"),
        Column(
            "probability",
            "number",
            "Relative weight of the situation.",
            symbol=r"\pi",
            default=1.0,
            low=0.0,
            example=0.3,
        ),
        Column(
            "lead",
            "reference",
            "Framework nation: members fight best beside it if they have much in common with it.",
            refers="member",
            example="Norland",
        ),
        Column("description", "text", "In words.", field="situation_description", default=""),
    ),
    keys=("situation",),
    required=True,
    needs_rows=True,
)

TASKS = Sheet(
    "Tasks",
    "table",
    "What must be done in a situation; all tasks of one situation happen together.",
    (
        Column("task", "name", "Name of the task.", required=True, example="Defend the north"),
        Column(
            "situation",
            "reference",
            "The situation it belongs to.",
            refers="situation",
            field="task_situation",
            required=True,
            example="Attack on the northern flank",
        ),
        Column(
            "consequence",
            "number",
            "How much it matters if the task fails.",
            symbol=r"\omega",
            default=1.0,
            low=0.0,
            example=1.0,
        ),
        Column(
            "kind",
            "choice",
            "What type of threat it answers; coverage is reported by kind.",
            field="task_kind",
            choices=THREATS,
            elsewhere="a word of your own",
            example="conventional",
        ),
        Column("description", "text", "In words.", field="task_description", default=""),
    ),
    keys=("task",),
    required=True,
    needs_rows=True,
)

REQUIREMENTS = Sheet(
    "Requirements",
    "table",
    "What each task requires, in effective units.",
    (
        Column("task", "reference", "The task.", refers="task", required=True, example="Defend the north"),
        Column(
            "capability", "reference", "The capability.", refers="capability", required=True, example="Armoured brigade"
        ),
        Column(
            "quantity",
            "number",
            "Effective units required.",
            unit="unit",
            symbol="R",
            required=True,
            low=0.0,
            example=12,
        ),
        Column(
            "year",
            "year",
            "The quantity holds from this year until the next row's; blank: from the start.",
            low=1900,
            high=2200,
            example=None,
        ),
    ),
    keys=("task", "capability", "year"),
    required=True,
    needs_rows=True,
)

HOLDINGS = Sheet(
    "Holdings",
    "matrix",
    "Units each member holds when the first period starts.",
    (Column("holding", "number", "Units held.", unit="unit", symbol="H", default=0.0, low=0.0, example=3),),
    keys=("member",),
    across="capability",
)

COST_FACTORS = Sheet(
    "Cost factors",
    "matrix",
    "What a unit costs this member against the list price; `no` where it cannot acquire the capability.",
    (
        Column(
            "cost_factor",
            "factor",
            "Factor on unit and sustainment cost, or `no`.",
            unit="ratio",
            default=1.0,
            above=0.0,
            odd_above=10.0,
            odd_below=0.1,
            example=1.0,
        ),
    ),
    keys=("member",),
    across="capability",
)

LEVELS = Sheet(
    "Levels",
    "table",
    "Interoperability levels, lowest first.",
    (
        Column("level", "name", "Name of the level.", required=True, example="interoperable"),
        share(
            "effectiveness",
            "What a unit is worth beside a lead it has nothing in common with; rising, the last is 1.",
            symbol="E",
            required=True,
            example=0.8,
        ),
        Column(
            "upgrade_cost",
            "number",
            "One-off cost of lifting a unit here from the level below.",
            unit="fraction of unit cost",
            symbol="u",
            default=0.0,
            low=0.0,
            odd_above=1.0,
            percent=True,
            example=0.05,
        ),
        Column(
            "exercise_cost",
            "number",
            "Yearly cost of exercises that keep a unit here.",
            unit="fraction of unit cost per year",
            symbol="x",
            default=0.0,
            low=0.0,
            odd_above=0.5,
            percent=True,
            example=0.005,
        ),
    ),
    keys=("level",),
)

COMMONALITY = Sheet(
    "Commonality",
    "matrix",
    "How much the member in the row has in common with the one in the column: equipment, procedures, language.",
    (
        share(
            "commonality",
            "0: nothing in common; 1: as one force.",
            symbol=r"\varphi",
            default=From("default_commonality", "the setting default_commonality"),
            example=0.6,
        ),
    ),
    keys=("member",),
    across="member",
)

PRIORITIES = Sheet(
    "Priorities",
    "matrix",
    "How much each task matters to each member (threat perception).",
    (
        Column(
            "priority",
            "number",
            "Relative weight; 1 is ordinary.",
            symbol=r"\theta",
            default=1.0,
            low=0.0,
            odd_above=100.0,
            example=1.5,
        ),
    ),
    keys=("member",),
    across="task",
)

CAVEATS = Sheet(
    "Caveats",
    "table",
    "National caveats: what a member does not release for a task.",
    (
        Column("member", "reference", "The member.", refers="member", required=True, example="Norland"),
        Column("task", "reference", "The task.", refers="task", required=True, example="Defend the north"),
        Column("capability", "reference", "The capability; blank: all of them.", refers="capability", example=None),
        share(
            "max_fraction", "Largest part of the deployable force it releases.", symbol="q", default=0.0, example=0.5
        ),
    ),
    keys=("member", "task", "capability"),
)

PLEDGES = Sheet(
    "Pledges",
    "table",
    "What members have promised to hold, or not to exceed.",
    (
        Column("member", "reference", "The member.", refers="member", required=True, example="Norland"),
        Column(
            "capability", "reference", "The capability.", refers="capability", required=True, example="Armoured brigade"
        ),
        Column(
            "year", "year", "The limits hold from this year; blank: from the start.", low=1900, high=2200, example=2030
        ),
        Column("min_stock", "number", "Least number of units held.", unit="unit", low=0.0, example=4),
        Column("max_stock", "number", "Largest number of units held.", unit="unit", low=0.0, example=None),
    ),
    keys=("member", "capability", "year"),
)

RISK_BANDS = Sheet(
    "Risk bands",
    "table",
    "How much worse the last missing unit is than the first: severity by the fraction of a requirement that is missing.",
    (
        Column(
            "up_to",
            "number",
            "The band ends where this fraction is missing; rising, the last is 1.",
            unit="fraction of 1",
            symbol="h",
            required=True,
            above=0.0,
            high=1.0,
            percent=True,
            example=0.25,
        ),
        Column(
            "weight",
            "number",
            "Severity of a missing unit in the band; never falling.",
            symbol="g",
            field="severity",
            required=True,
            low=0.0,
            example=0.4,
        ),
    ),
    keys=("up_to",),
)

SOURCES = Sheet(
    "Sources",
    "table",
    "Where the figures come from; carried into the result unchanged.",
    (
        Column("sheet", "text", "Sheet the figure stands on.", default="", example="Members"),
        Column("item", "text", "Which figure.", default="", example="gdp of Norland"),
        Column("value", "text", "The figure.", default="", example="480000"),
        Column("source", "text", "Reference, or `assumption`.", default="", example="National accounts 2024"),
        Column("note", "text", "Remark.", default=""),
    ),
)
