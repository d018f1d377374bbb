"""Commands about input: check a workbook, write an empty one, list and copy the scenarios that ship."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.console.invocation import current
from model.console.printing import complain, list_faults, say, say_json
from model.files.atomic import write_bytes
from model.files.earlier import Written, write_kept
from model.language.faults import UsageError
from model.scenario.shipped import shipped_scenarios
from model.scenario.source import as_records, located

if TYPE_CHECKING:
    from model.workbook.read.load import Reading


def completed_workbooks(incomplete: str) -> list[str]:
    """What a shell offers for a workbook: scenarios that ship and files here. Names with marks that a shell might read are left out;
    where nothing fits, the shell offers files by itself."""
    files = (str(path) for path in Path().glob("*.xlsx"))
    names = [path.stem for path in shipped_scenarios()] + sorted(
        file for file in files if re.fullmatch(r"\w[\w.-]*", file)
    )
    return [name for name in names if name.startswith(incomplete)]


Workbook = Annotated[
    str,
    typer.Argument(
        help="A scenario workbook (.xlsx), or the bare name of a scenario that ships, such as tutorial.",
        show_default=False,
        autocompletion=completed_workbooks,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout and nothing else there.")]


_COUNTED = {
    "member": "members",
    "capability": "capabilities",
    "situation": "situations",
    "task": "tasks",
    "periods": "periods",
}


def existing(named: str) -> Path:
    """The file that is named; that it is a shipped one is said. Raises UsageError where there is none."""
    path, shipped = located(named)
    if shipped:
        complain(f"{shipped} is the scenario that ships with this program ({path}).")
    return path


def reading_of(named: str) -> Reading:
    """The workbook that is named, read and checked, and remembered for the record of this command. Raises UsageError."""
    from model.workbook.read.load import read

    existing(named)
    reading = read(named)
    if reading.scenario is not None and reading.scenario.source is not None:
        current().read.append(reading.scenario.source)
    return reading


def say_kept(written: Written) -> None:
    """Where an earlier result was kept, if there was one."""
    if written.earlier is not None:
        complain(f"The earlier result is kept in {written.earlier}.")


def check(
    workbook: Workbook,
    json: AsJson = False,
    annotate: Annotated[
        Path | None,
        typer.Option(
            help="Also write a copy of the workbook with faulty cells coloured and commented.", show_default=False
        ),
    ] = None,
) -> int:
    """Check a workbook: every fault with sheet, cell, what was found, what is allowed and what to do."""
    from model.workbook.read.load import read
    from model.workbook.write.annotate import annotated_copy

    source, faults = existing(workbook), read(workbook).faults
    errors = sum(fault.severity == "error" for fault in faults)
    if annotate is not None:
        say_kept(write_kept(annotate, annotated_copy(source, faults, annotate)))
        complain(f"Annotated copy: {annotate}")
    if json:
        say_json(
            {
                "workbook": str(workbook),
                "errors": errors,
                "warnings": len(faults) - errors,
                "faults": as_records(faults),
            }
        )
    else:
        list_faults(faults)
        warnings = len(faults) - errors
        counted = f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"
        say(f"{workbook}: {counted if faults else 'no faults'}.")
    return 1 if errors else 0


def template(
    out: Annotated[Path, typer.Argument(help="Where to write the empty workbook (.xlsx).", show_default=False)],
) -> int:
    """Write an empty scenario workbook with drop-downs, units, guidance and a worked example."""
    from model.workbook.write.template import write_template

    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"{out} must end in .xlsx")
    if out.exists():
        raise UsageError(f"{out} is already there; name another file, so that nothing is lost")
    say(f"Wrote {write_template(out)}. Fill it in, then: alliance check {out}")
    return 0


def scenarios(
    copy: Annotated[
        str | None, typer.Argument(help="Name of a scenario to copy, to edit it.", show_default=False)
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="Where to put the copy; by default its own name in this folder.", show_default=False),
    ] = None,
    json: AsJson = False,
) -> int:
    """List the scenarios that ship, or copy one to edit it."""
    from model.workbook.read.load import load

    found = {path.stem: path for path in shipped_scenarios()}
    if copy is not None:
        return _copy(found, copy, to)
    records = []
    for name, path in found.items():
        scenario = load(path)
        sizes = {kind: len(scenario.sets[kind]) for kind in ("member", "capability", "situation", "task")}
        records.append(
            {
                "name": name,
                "title": scenario.settings["title"],
                "path": str(path),
                **sizes,
                "periods": len(scenario.periods),
            }
        )
    if json:
        say_json({"scenarios": records})
        return 0
    width = max((len(record["name"]) for record in records), default=0)
    for record in records:
        counted = ", ".join(f"{record[kind]} {word}" for kind, word in _COUNTED.items())
        say(f"{record['name']:<{width}}  {record['title']}: {counted}")
    say("Copy one to edit it: alliance scenarios NAME")
    return 0


def _copy(found: dict[str, Path], name: str, to: Path | None) -> int:
    if name not in found:
        raise UsageError(f"no scenario called {name!r} ships; there are {', '.join(found)}")
    target = to or Path(f"{name}.xlsx")
    target = target / f"{name}.xlsx" if target.is_dir() else target
    if target.exists():
        raise UsageError(f"{target} is already there; name another file with --to, so that nothing is lost")
    say(
        f"Copied {name} to {write_bytes(target, found[name].read_bytes())}. Edit it in Excel, then: alliance check {target}"
    )
    return 0
