"""The command `alliance`: one small function a command; this file decides exit codes and what a user sees of a failure.

0 done · 1 the workbook has faults · 2 wrong use · 3 no plan satisfies the policies · 4 the solver stopped early (what
was finished by then is delivered) or the certificate failed · 5 the disk is full · 130 interrupted. Results go to stdout;
faults, progress and messages to stderr.
"""

from __future__ import annotations

import inspect
import math
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from model.cli import front_end, solving
from model.console import INTERRUPTED, inputs
from model.console.invocation import Invocation, running
from model.console.printing import complain, list_faults, say, say_json
from model.console.streams import failure_of, results_alone
from model.files.atomic import FULL, in_words
from model.language.collector import uncollected
from model.language.faults import AllianceError, SolverError, UsageError, WorkbookError
from model.questions.burden import command as burden
from model.questions.cases import command as cases
from model.questions.compare import command as compare
from model.questions.cost_sharing import command as cost_sharing
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
from model.version import __version__

DONE, FAULTS, WRONG_USE, NOT_PROVED, DISK_FULL = 0, 1, 2, 4, 5


class ByPurpose(TyperGroup):
    """The list of commands in the help, under what they are for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As everywhere. Raises UsageError or AllianceError where shell completion cannot be shown or installed."""
        try:
            return super().parse_args(ctx, args)
        except typer.Exit as leave:
            if leave.exit_code == DONE:
                raise
            raise UsageError(
                "Completion is available in bash, zsh, fish and PowerShell: run this in one of them."
            ) from leave
        except OSError as reason:
            raise AllianceError(
                f"Completion could not be installed: {reason.strerror}. Print it with --show-completion instead, and "
                "put it where your shell reads its completions."
            ) from reason

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One section a purpose, all in the same columns."""
        width = max(map(len, self.commands))
        for purpose, commands in COMMANDS.items():
            with formatter.section(purpose):
                limit = formatter.width - width - 6
                formatter.write_dl(
                    [(f"{name:<{width}}", self.commands[name].get_short_help_str(limit)) for name in commands]
                )


app = typer.Typer(
    name="alliance",
    cls=ByPurpose,
    help="Who provides what in an alliance: solve a scenario workbook and take away the plan.",
    epilog="Example: alliance solve tutorial",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: dict[str, dict[str, tuple[Callable[..., int], str]]] = {
    "Workbooks and plans": {
        "scenarios": (inputs.scenarios, "scenarios tutorial"),
        "template": (inputs.template, "template mine.xlsx"),
        "check": (inputs.check, "check mine.xlsx --annotate faults.xlsx"),
        "solve": (solving.solve, 'solve tutorial --objectives "cost, risk"'),
        "app": (front_end.app, "app --port 8600"),
    },
    "Reasons": {
        "explain": (explain.explain, "explain tutorial Northland Brigade 2030"),
        "sensitivity": (sensitivity.sensitivity, "sensitivity tutorial --by 0.1"),
        "whole-units": (whole_units.whole_units, "whole-units tutorial"),
        "equations": (solving.equations, "equations"),
    },
    "Changes": {
        "what-if": (what_if.what_if, 'what-if tutorial --set "budget[Midland]=0.9"'),
        "levers": (what_if.levers, "levers"),
        "trade-off": (trade_off.trade_off, "trade-off tutorial --between risk cost --exact"),
        "compare": (compare.compare, "compare tutorial us_japan"),
        "sweep": (sweep.sweep, 'sweep tutorial --set "budget=0.8,1,1.2"'),
    },
    "Members": {
        "withdrawal": (withdrawal.withdrawal, "withdrawal tutorial --members Midland"),
        "accession": (withdrawal.accession, "accession tutorial --joiner Southland"),
        "burden": (burden.burden, "burden tutorial"),
        "cost-sharing": (cost_sharing.cost_sharing, "cost-sharing tutorial"),
        "negotiation": (negotiation_range.negotiation, "negotiation tutorial --within 0.01"),
    },
    "Uncertainty": {
        "cases": (cases.cases, "cases nato_2035_extended"),
        "emphasis": (emphasis.emphasis, "emphasis asean --factor 1.5"),
    },
}
"""Every command under what it is for, with an example of its use."""


WITHOUT_RULES = ("scenarios", "template", "check", "app", "levers")
"""Commands that solve nothing and print no formulation. All others take `--rules`."""

RulesFile = Annotated[
    Path | None,
    typer.Option(
        help="A Python file with rules of your own, which is run: see docs/rules.md. Name only a file that you trust.",
        show_default=False,
    ),
]


def commanded(name: str, function: Callable[..., int]) -> Callable[..., int]:
    """A command whose results alone reach stdout, and that refuses a folder it cannot write in before it calculates."""

    @wraps(function)
    def command(rules: Path | None = None, **arguments: Any) -> int:
        named = {"rules": str(rules)} if rules else {}
        with results_alone() as results, running(Invocation(name, {**arguments, **named}, results)) as invocation:
            _refuse_no_numbers(arguments)
            if isinstance(out := arguments.get("out"), Path) and not {"workbook", "workbooks"}.isdisjoint(arguments):
                refuse_folder(out)
            try:
                return function(**arguments)
            except WorkbookError as faulty:
                if invocation.as_json:
                    say_json({"status": "faults", "faults": as_records(faulty.faults), "outputs": []})
                raise

    if name not in WITHOUT_RULES:
        signature = inspect.signature(function, eval_str=True)
        option = inspect.Parameter("rules", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=RulesFile)
        command.__signature__ = signature.replace(parameters=[*signature.parameters.values(), option])  # type: ignore[attr-defined]
    return command


def _refuse_no_numbers(arguments: Mapping[str, Any]) -> None:
    """Raise UsageError for nan and infinity, which every limit lets pass: no comparison with nan holds."""
    for name, value in arguments.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, float) and not math.isfinite(one):
                raise UsageError(f"--{name.replace('_', '-')} takes a finite number, not {one}")


for name, (function, example) in [named for commands in COMMANDS.values() for named in commands.items()]:
    app.command(name, epilog=f"Example: alliance {example}")(commanded(name, function))


app.command("game", hidden=True)(commanded("cost-sharing", cost_sharing.cost_sharing))  # as it was called before


def _print_version(asked: bool) -> None:
    if asked:
        say(f"alliance {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Options of the program itself."""


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
