"""The command `alliance`: one small function a command; this file decides exit codes and what a user sees of a failure.

0 done · 1 the workbook has faults · 2 wrong use · 3 no plan satisfies the policies · 4 the solver stopped early (what
was finished by then is delivered) or the certificate failed · 130 interrupted. Results go to stdout; faults, progress and
messages to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

import typer
from typer.exceptions import TyperException

from model.cli import (
    INTERRUPTED,
    burden,
    cases,
    compare,
    emphasis,
    explain,
    front_end,
    game,
    inputs,
    negotiation_range,
    sensitivity,
    solving,
    sweep,
    trade_off,
    what_if,
    whole_units,
    withdrawal,
)
from model.cli.console import complain
from model.data.collector import uncollected
from model.data.faults import AllianceError, SolverError, WorkbookError

DONE, FAULTS, WRONG_USE, NOT_PROVED = 0, 1, 2, 4

app = typer.Typer(
    name="alliance",
    help="Who provides what in an alliance: solve a scenario workbook and take away the plan.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for command in (solving.solve, inputs.check, inputs.template, inputs.scenarios, solving.equations, front_end.app):
    app.command()(command)

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

for name, analysis in ANALYSES.items():
    app.command(name)(analysis)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. No traceback reaches a user (set ALLIANCE_DEBUG=1 to see one)."""
    try:
        with uncollected():  # a command lives for seconds and keeps nearly all it makes
            code = app(args=list(arguments) if arguments is not None else None, standalone_mode=False)
        return _said(code) if isinstance(code, int) else DONE
    except typer.Exit as leave:
        return _said(leave.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _said(INTERRUPTED)
    except TyperException as wrong:
        return _wrong_use(wrong)
    except WorkbookError as faulty:
        complain(str(faulty))
        return FAULTS
    except AllianceError as failure:
        complain(str(failure))
        return NOT_PROVED if isinstance(failure, SolverError) else WRONG_USE
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  the reader of our output has left; let Python exit quietly
        return DONE
    except Exception as surprise:
        if os.environ.get("ALLIANCE_DEBUG"):
            raise
        complain(
            f"Something went wrong inside the program ({type(surprise).__name__}: {surprise}). This is a defect: please report it."
        )
        return NOT_PROVED


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
