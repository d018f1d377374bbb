"""The data of a scenario: schema, reading, checks. ``load`` a workbook, or ``read`` it with all its faults."""

from model.data.faults import AllianceError, Fault, OutputError, SolverError, UsageError, WorkbookError
from model.data.scenario import Default, Scenario
from model.data.workbook import Reading, load, read

__all__ = [
    "AllianceError",
    "Default",
    "Fault",
    "OutputError",
    "Reading",
    "Scenario",
    "SolverError",
    "UsageError",
    "WorkbookError",
    "load",
    "read",
]
