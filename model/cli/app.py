"""The command `alliance`: one small function a command; this file decides exit codes and what a user sees of a failure.

0 done · 1 the workbook has faults · 2 wrong use · 3 no plan satisfies the policies · 4 the solver stopped early (what
was finished by then is delivered) or the certificate failed · 5 the disk is full · 130 interrupted. Results go to stdout;
faults, progress and messages to stderr.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import typer
from typer.exceptions import TyperException

from model.cli import INTERRUPTED, front_end, solving
from model.console import inputs
from model.console.invocation import Invocation, running
from model.console.printing import complain, list_faults, say_json
from model.console.streams import failure_of, results_alone
from model.files.atomic import FULL, in_words
from model.language.collector import uncollected
from model.language.faults import AllianceError, SolverError, UsageError, WorkbookError
from model.questions.burden import command as burden
from model.questions.cases import command as cases
from model.questions.compare import command as compare
from model.questions.cost_sharing import command as game
from model.questions.emphasis import command as emphasis
from model.questions.explain import command as explain
from model.questions.negotiation import command as negotiation_range
from model.questions.sensitivity import command as sensitivity
from model.questions.sweep import command as sweep
from model.questions.trade_off import command as trade_off
from model.questions.what_if import command as what_if
from model.questions.whole_units import command as whole_units
from model.questions.withdrawal import command as withdrawal
from model.report.run_files import refuse_folder
from model.scenario.source import as_records

DONE, FAULTS, WRONG_USE, NOT_PROVED, DISK_FULL = 0, 1, 2, 4, 5

app = typer.Typer(
    name="alliance",
    help="Who provides what in an alliance: solve a scenario workbook and take away the plan.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

PLAIN = (solving.solve, inputs.check, inputs.template, inputs.scenarios, solving.equations, front_end.app)

ANALYSES: dict[str, Callable[..., int]] = {
    "what-if": what_if.what_if,
    "levers": what_if.levers,
    "trade-off": trade_off.trade_off,
    "sensitivity": sensitivity.sensitivity,
    "withdrawal": withdrawal.withdrawal,
    "accession": withdrawal.accession,
    "negotiation": negotiation_range.negotiation,
    "compare": compare.compare,
    "sweep": sweep.sweep,
    "explain": explain.explain,
    "whole-units": whole_units.whole_units,
    "burden": burden.burden,
    "game": game.game,
    "cases": cases.cases,
    "emphasis": emphasis.emphasis,
}


def commanded(name: str, function: Callable[..., int]) -> Callable[..., int]:
    """A command whose results alone reach stdout, and that refuses a folder it cannot write in before it calculates."""

    @wraps(function)
    def command(**arguments: Any) -> int:
        with results_alone() as results, running(Invocation(name, arguments, results)) as invocation:
            _refuse_no_numbers(arguments)
            if isinstance(out := arguments.get("out"), Path) and not {"workbook", "workbooks"}.isdisjoint(arguments):
                refuse_folder(out)
            try:
                return function(**arguments)
            except WorkbookError as faulty:
                if invocation.as_json:
                    say_json({"status": "faults", "faults": as_records(faulty.faults), "outputs": []})
                raise

    return command


def _refuse_no_numbers(arguments: Mapping[str, Any]) -> None:
    """Raise UsageError for nan and infinity, which every limit lets pass: no comparison with nan holds."""
    for name, value in arguments.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, float) and not math.isfinite(one):
                raise UsageError(f"--{name.replace('_', '-')} takes a finite number, not {one}")


for name, command in {**{command.__name__: command for command in PLAIN}, **ANALYSES}.items():
    app.command(name)(commanded(name, command))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. No traceback reaches a user (set ALLIANCE_DEBUG=1 to see one)."""
    code = _run(arguments)
    if failure := failure_of(sys.stdout):
        complain(f"The results could not be printed: {in_words(failure)}. What was to be written as files is written.")
        return code or DISK_FULL
    return code


def _run(arguments: Sequence[str] | None) -> int:
    try:
        with uncollected():  # a command lives for seconds and keeps nearly all it makes
            given = list(arguments) if arguments is not None else None
            code = app(args=given, prog_name="alliance", standalone_mode=False)
        return _said(code) if isinstance(code, int) else DONE
    except typer.Exit as leave:
        return _said(leave.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _said(INTERRUPTED)
    except TyperException as wrong:
        return _wrong_use(wrong)
    except WorkbookError as faulty:
        list_faults(faulty.faults)
        return FAULTS
    except AllianceError as failure:
        complain(str(failure))
        return NOT_PROVED if isinstance(failure, SolverError) else DISK_FULL if _is_full(failure) else WRONG_USE
    except BrokenPipeError:
        return DONE
    except Exception as surprise:
        if os.environ.get("ALLIANCE_DEBUG"):
            raise
        complain(
            f"Something went wrong inside the program ({type(surprise).__name__}: {surprise}). This is a defect: please report it."
        )
        return NOT_PROVED


def _is_full(failure: BaseException | None) -> bool:
    """Whether nothing is wrong but that there is no more room."""
    if isinstance(failure, OSError):
        return failure.errno in FULL
    return failure is not None and _is_full(failure.__cause__)


def _said(code: int) -> int:
    """The exit code; an interruption is said."""
    if code == INTERRUPTED:
        complain("Interrupted; earlier results stand as they were.")
    return code


def _wrong_use(wrong: TyperException) -> int:
    """Say what is wrong with the command line, or show the help where nothing was asked."""
    show = getattr(wrong, "show", None)
    if show is not None:
        show(sys.stderr)
    else:
        complain(str(wrong))
    return WRONG_USE
