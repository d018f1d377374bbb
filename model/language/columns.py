"""What the schema is written in: columns, sheets, measures and dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "reference", "text", "number", "year", "choice", "flag", "measures", "factor", "lever"]
"""What a cell holds. ``name`` introduces a new thing, ``reference`` names one that exists, ``flag`` is yes/no,
``measures`` an ordered list of measures, ``factor`` a number or the word ``no``, ``lever`` what a lever takes: a number or
a word."""

Form = Literal["settings", "table", "matrix"]

MEASURES: dict[str, str] = {
    "risk": "weighted, severity-graded part of what is required that is not there",
    "tail_risk": "mean risk over the worst situations (CVaR)",
    "cost": "discounted spending of all members",
    "unfairness": "money that would have to change hands for burdens to match fair shares",
    "worst_perceived_risk": "risk as the member sees it that sees most",
    "worst_kind_risk": "risk of the type of threat whose tasks are covered least",
    "dependence": "largest part of any requirement resting on one member (weakest-link capabilities apart)",
    "technology_gap": "how far the member furthest behind is below the best technology level in the end",
}
"""The measures a workbook may name as objectives, in the order they are listed to users."""

DIMENSIONS: dict[str, str] = {
    "member": "m",
    "capability": "c",
    "situation": "p",
    "task": "k",
    "kind": "o",
    "period": "t",
    "level": "l",
    "band": "b",
    "partner": "j",
    "supplier": "f",
    "programme": "g",
    "measure": "",
    "case": "s",
    "domain": "",
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
    elsewhere: str = ""
    """Where a choice may also be a name of the workbook's own, in words: ``a key on Keys``."""
    example: object = None
    percent: bool = False
    """A share of one: 35 is a fault that suggests 0.35; shown as a percentage in Excel."""

    @property
    def key(self) -> str:
        """The scenario's name for these values."""
        return self.field or self.name


@dataclass(frozen=True)
class Sheet:
    """One sheet. ``keys`` are the columns that together identify a row; ``across`` the dimension of a matrix's columns.

    ``after`` names the sheet behind which a layer's sheet stands; by default the layers' come before the last of the core's.
    """

    name: str
    form: Form
    says: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...] = ()
    across: str = ""
    required: bool = False
    needs_rows: bool = False
    after: str = ""

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def share(name: str, says: str, **more: object) -> Column:
    """A column whose values are fractions of one."""
    return Column(name, "number", says, unit="fraction of 1", low=0.0, high=1.0, percent=True, **more)  # type: ignore[arg-type]
