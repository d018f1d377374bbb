"""Faults of a workbook, and the exceptions of the whole package.

AllianceError
├── WorkbookError    the workbook has faults; they are listed in ``faults``
├── UsageError       a call or a command line that cannot be carried out as asked
├── OutputError      a result could not be written; what stood there before still does
└── SolverError      no certified plan: the solver stopped early or its answer failed the certificate
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong (or odd) in a workbook.

    ``sheet`` and ``cell`` say where ("" where a whole workbook or sheet is meant); ``found`` what stands there,
    ``message`` what is wrong and what is allowed, ``remedy`` what to do.
    """

    sheet: str
    cell: str
    severity: Severity
    found: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or "workbook"
        found = f" (found {self.found})" if self.found else ""
        return f"{place}: {self.message}{found}. {self.remedy}"


class AllianceError(Exception):
    """Anything this package reports to its user."""


class WorkbookError(AllianceError):
    """The workbook cannot be used; every fault found is in ``faults``."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UsageError(AllianceError):
    """The call or the command line asks for something that cannot be done."""


class OutputError(AllianceError):
    """A result could not be written."""


class SolverError(AllianceError):
    """There is no certified plan, for a reason that lies in the solving and not in the scenario."""
