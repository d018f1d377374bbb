"""Every sheet and column of the scenario workbook: the only place that says what one is called and what it may hold.

Reading, checking, the empty template, the column guide and the glossary are all made from the tables below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "reference", "text", "number", "year", "choice", "flag", "measures", "factor"]
"""What a cell holds. ``name`` introduces a new thing, ``reference`` names one that exists, ``flag`` is yes/no,
``measures`` an ordered list of measures, ``factor`` a number or the word ``no``."""

Form = Literal["settings", "table", "matrix"]

MEASURES: dict[str, str] = {
    "risk": "weighted, severity-graded part of what is required that is not there",
    "tail_risk": "mean risk over the worst situations (CVaR)",
    "cost": "discounted spending of all members",
    "unfairness": "money that would have to change hands for burdens to match fair shares",
    "worst_perceived_risk": "risk as the member sees it that sees most",
    "dependence": "largest part of any requirement resting on one member",
}
"""The measures a workbook may name as objectives, in the order they are listed to users."""

DIMENSIONS: dict[str, str] = {
    "member": "m",
    "capability": "c",
    "situation": "p",
    "task": "k",
    "period": "t",
    "level": "l",
    "band": "b",
    "measure": "",
}
"""Each dimension and the letter equations use for it."""


@dataclass(frozen=True)
class From:
    """A default taken from elsewhere: ``From("defence_share")`` the same row, ``From("max_share")`` a setting."""

    what: str
    says: str


@dataclass(frozen=True)
class Column:
    """One column (or setting, or the cells of a matrix).

    ``field`` is the name under which the scenario holds its values. Limits are inclusive; ``above`` is an exclusive
    lower limit. ``odd_above`` and ``odd_below`` mark values that are legal but worth a warning. ``default`` is None
    where a blank means "none", and irrelevant where ``required``.
    """

    name: str
    kind: Kind
    says: str
    unit: str = ""
    symbol: str = ""
    field: str = ""
    required: bool = False
    default: object = None
    low: float | None = None
    above: float | None = None
    high: float | None = None
    odd_above: float | None = None
    odd_below: float | None = None
    refers: str = ""
    choices: tuple[str, ...] = ()
    example: object = None
    percent: bool = False
    """A share of one: 35 is a fault that suggests 0.35; shown as a percentage in Excel."""

    @property
    def key(self) -> str:
        """The scenario's name for these values."""
        return self.field or self.name


@dataclass(frozen=True)
class Sheet:
    """One sheet. ``keys`` are the columns that together identify a row; ``across`` the dimension of a matrix's columns."""

    name: str
    form: Form
    says: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...] = ()
    across: str = ""
    required: bool = False
    needs_rows: bool = False

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def share(name: str, says: str, **more: object) -> Column:
    """A column whose values are fractions of one."""
    return Column(name, "number", says, unit="fraction of 1", low=0.0, high=1.0, percent=True, **more)  # type: ignore[arg-type]


SETTINGS = Sheet(
    "Settings",
    "settings",
    "Horizon, money, and the rules of the alliance as a whole: one setting a row, its name in `key`, its value in `value`.",
    (
        Column("title", "text", "What the scenario is called.", default="", example="Northern alliance 2035"),
        Column("currency", "text", "Money is in millions of this; a label only.", default="USD m", example="USD m"),
        Column("first_year", "year", "First year of the first period.", required=True, low=1900, high=2200, example=2026),
        Column("last_year", "year", "Last year of the last period.", required=True, low=1900, high=2200, example=2035),
        Column("years_per_period", "year", "Length of a period; the horizon must be a whole number of them.",
               unit="years", symbol=r"\Delta", default=1, low=1, high=50, example=2),
        Column("discount_rate", "number", "Yearly rate at which later money weighs less.", unit="per year", symbol="r",
               default=0.03, low=0.0, high=1.0, odd_above=0.2, percent=True, example=0.03),
        Column("objectives", "measures", "What to minimise, first things first; each is held at its optimum while the next is minimised.",
               default=("risk", "cost"), example="risk, cost"),
        share("cvar_level", "How far into the tail `tail_risk` looks: 0.9 is the worst tenth.", default=0.9),
        Column("voice", "choice", "Whose priorities count how much.", symbol="v", default="equal", choices=("equal", "gdp", "population")),
        Column("burden_key", "choice", "The key by which fair shares are reckoned.", symbol=r"\kappa", default="gdp",
               choices=("gdp", "population", "equal", "custom")),
        share("max_share", "Largest part of a requirement one member may provide, where the capability does not say.",
              symbol=r"\sigma", default=1.0, field="default_max_share", above=0.0),
        share("default_commonality", "Commonality of two members where the `Commonality` sheet is blank.", default=1.0),
        Column("delivery_level", "reference", "Interoperability level of newly delivered units.", refers="level",
               default=From("lowest level", "lowest level")),
        Column("challenge", "number", "Reasonable challenge: at most this many times its fair share of any requirement is asked of a member.",
               unit="times fair share", symbol=r"\chi", above=0.0, odd_below=1.0),
        share("weakest_link_weight", "How much the worst member decides where the weakest link counts.", symbol=r"\nu", default=0.5),
        share("fairness_band", "Each burden stays within this fraction of its fair share.", symbol=r"\beta"),
        share("equipment_floor", "Least part of spending that goes into acquisition and upgrades.", symbol="g"),
        Column("consensus", "flag", "Nobody may perceive more risk in the alliance than it would face alone.", default=False),
    ),
    required=True,
)

MEMBERS = Sheet(
    "Members",
    "table",
    "Who belongs to the alliance, what it earns and what it offers to shared capabilities.",
    (
        Column("member", "name", "Name of the member.", required=True, example="Norland"),
        Column("gdp", "number", "Gross domestic product in the first year.", unit="money/yr", required=True, low=0.0, example=480000),
        Column("gdp_growth", "number", "Real growth of GDP.", unit="per year", default=0.0, low=-0.5, high=0.5, odd_above=0.15,
               odd_below=-0.1, percent=True, example=0.018),
        Column("population", "number", "Inhabitants.", unit="million", low=0.0, odd_above=2000.0, example=5.6),
        share("defence_share", "Defence spending in the first year, as a part of GDP.", required=True, odd_above=0.12, example=0.033),
        share("target_share", "Defence spending in `target_year`, as a part of GDP.", default=From("defence_share", "its defence_share"),
              odd_above=0.12, example=0.035),
        Column("target_year", "year", "Year in which `target_share` is reached, in a straight line.", low=1900, high=2200,
               default=From("last_year", "the last year"), example=2035),
        share("alliance_share", "Part of the defence budget offered to shared capabilities.", required=True, example=0.4),
        Column("price_level", "number", "What a unit costs this member, against the list price.", unit="ratio", default=1.0, above=0.0,
               odd_above=5.0, odd_below=0.1, example=1.1),
        share("availability", "Part of the member's forces that can be deployed.", field="member_availability", default=1.0, example=0.7),
        Column("level", "reference", "Interoperability level of what the member holds at the start.", refers="level",
               field="member_level", default=From("lowest level", "the lowest level"), example="interoperable"),
        Column("key", "number", "Weight of the member in a custom burden key.", field="custom_key", low=0.0, example=None),
    ),
    keys=("member",),
    required=True,
    needs_rows=True,
)

CAPABILITIES = Sheet(
    "Capabilities",
    "table",
    "What the alliance may need: unit, price, life and how it is shared.",
    (
        Column("capability", "name", "Name of the capability.", required=True, example="Armoured brigade"),
        Column("domain", "text", "Land, air, maritime, … ; groups capabilities in tables and charts.", default="", example="land"),
        Column("unit", "text", "What one of it is called.", default="", example="brigade"),
        Column("unit_cost", "number", "Price of one unit.", unit="money/unit", symbol="a", required=True, low=0.0, example=4500),
        Column("sustainment_cost", "number", "Yearly cost of keeping one unit.", unit="money/unit/yr", required=True, low=0.0, example=350),
        Column("life", "number", "Years a unit lasts.", unit="years", required=True, above=0.0, odd_below=2.0, odd_above=80.0, example=30),
        Column("lead_time", "number", "Years from order to delivery; paid when ordered.", unit="years", symbol=r"\lambda", default=0.0,
               low=0.0, high=100.0, odd_above=20.0, example=4),
        Column("importance", "number", "Weight of a shortfall in this capability.", symbol="i", default=1.0, low=0.0, example=1.0),
        Column("sharing", "choice", "Rival: used up by one task of a situation. Non-rival: serves all tasks at once. Weakest link: the worst member decides.",
               default="rival", choices=("rival", "non-rival", "weakest link")),
        share("availability", "Part of what is held that can be deployed.", field="capability_availability", default=1.0, example=0.8),
        share("max_share", "Largest part of a requirement one member may provide.", field="capability_max_share", above=0.0,
              default=From("max_share", "the setting max_share"), example=0.5),
        Column("build_limit", "number", "What industry can deliver to the whole alliance in a year.", unit="unit/yr", symbol="Q",
               low=0.0, example=6),
    ),
    keys=("capability",),
    required=True,
    needs_rows=True,
)

SITUATIONS = Sheet(
    "Situations",
    "table",
    "Planning situations: at most one happens at a time.",
    (
        Column("situation", "name", "Name of the situation.", required=True, example="Attack on the northern flank"),
        Column("probability", "number", "Relative weight of the situation.", symbol=r"\pi", default=1.0, low=0.0, example=0.3),
        Column("lead", "reference", "Framework nation: members fight best beside it if they have much in common with it.", refers="member",
               example="Norland"),
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
        Column("situation", "reference", "The situation it belongs to.", refers="situation", field="task_situation", required=True,
               example="Attack on the northern flank"),
        Column("consequence", "number", "How much it matters if the task fails.", symbol=r"\omega", default=1.0, low=0.0, example=1.0),
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
        Column("capability", "reference", "The capability.", refers="capability", required=True, example="Armoured brigade"),
        Column("quantity", "number", "Effective units required.", unit="unit", symbol="R", required=True, low=0.0, example=12),
        Column("year", "year", "The quantity holds from this year until the next row's; blank: from the start.", low=1900, high=2200,
               example=None),
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
    (Column("cost_factor", "factor", "Factor on unit and sustainment cost, or `no`.", unit="ratio", default=1.0, above=0.0,
            odd_above=10.0, odd_below=0.1, example=1.0),),
    keys=("member",),
    across="capability",
)

LEVELS = Sheet(
    "Levels",
    "table",
    "Interoperability levels, lowest first.",
    (
        Column("level", "name", "Name of the level.", required=True, example="interoperable"),
        share("effectiveness", "What a unit is worth beside a lead it has nothing in common with; rising, the last is 1.", symbol="E",
              required=True, example=0.8),
        Column("upgrade_cost", "number", "One-off cost of lifting a unit here from the level below.", unit="fraction of unit cost",
               symbol="u", default=0.0, low=0.0, odd_above=1.0, percent=True, example=0.05),
        Column("exercise_cost", "number", "Yearly cost of exercises that keep a unit here.", unit="fraction of unit cost per year",
               symbol="x", default=0.0, low=0.0, odd_above=0.5, percent=True, example=0.005),
    ),
    keys=("level",),
)

COMMONALITY = Sheet(
    "Commonality",
    "matrix",
    "How much the member in the row has in common with the one in the column: equipment, procedures, language.",
    (share("commonality", "0: nothing in common; 1: as one force.", symbol=r"\varphi", default=From("default_commonality", "the setting default_commonality"),
           example=0.6),),
    keys=("member",),
    across="member",
)

PRIORITIES = Sheet(
    "Priorities",
    "matrix",
    "How much each task matters to each member (threat perception).",
    (Column("priority", "number", "Relative weight; 1 is ordinary.", symbol=r"\theta", default=1.0, low=0.0, odd_above=100.0, example=1.5),),
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
        share("max_fraction", "Largest part of the deployable force it releases.", symbol="q", default=0.0, example=0.5),
    ),
    keys=("member", "task", "capability"),
)

PLEDGES = Sheet(
    "Pledges",
    "table",
    "What members have promised to hold, or not to exceed.",
    (
        Column("member", "reference", "The member.", refers="member", required=True, example="Norland"),
        Column("capability", "reference", "The capability.", refers="capability", required=True, example="Armoured brigade"),
        Column("year", "year", "The limits hold from this year; blank: from the start.", low=1900, high=2200, example=2030),
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
        Column("up_to", "number", "The band ends where this fraction is missing; rising, the last is 1.", unit="fraction of 1",
               symbol="h", required=True, above=0.0, high=1.0, percent=True, example=0.25),
        Column("weight", "number", "Severity of a missing unit in the band; never falling.", symbol="g", field="severity", required=True,
               low=0.0, example=0.4),
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

SHEETS: tuple[Sheet, ...] = (
    SETTINGS, MEMBERS, CAPABILITIES, SITUATIONS, TASKS, REQUIREMENTS, HOLDINGS, COST_FACTORS, LEVELS, COMMONALITY, PRIORITIES,
    CAVEATS, PLEDGES, RISK_BANDS, SOURCES,
)  # fmt: skip

DEFAULT_LEVEL = "any"
"""Name of the only level where there is no `Levels` sheet (effectiveness 1)."""

DEFAULT_RISK_BANDS: tuple[tuple[float, float], ...] = ((0.25, 0.4), (0.5, 0.8), (1.0, 1.4))
"""(up_to, weight) where there is no `Risk bands` sheet."""


def sheet(name: str) -> Sheet:
    """The sheet of that exact name."""
    return next(found for found in SHEETS if found.name == name)
