"""Ten people at once: sessions of the front end that move levers together, spoken to as a browser speaks to the server.

Each person moves a lever to values nobody else uses, so that an answer that belongs to another would show.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.measure import table

PEOPLE, MOVES = 10, 8
PAUSE = (1.0, 6.0)
"""Seconds a person looks at the new picture before the next move."""

LEVERS = {
    "budget": "United States",
    "requirement": "Defend the north-east",
    "unit_cost": "Fifth-generation fighter squadron",
}
"""Levers in view as the scenario opens, and whose they are."""


@dataclass
class Person:
    """One browser's worth of state: what the server showed last, and how long each answer took."""

    number: int
    token: str = ""
    sliders: dict[str, str] = field(default_factory=dict)
    captions: list[str] = field(default_factory=list)
    hashes: dict[str, ForwardMsg] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)
    first: float = 0.0
    strange: int = 0
    broken: int = 0


async def live(person: Person, port: int, moves: int, rng: random.Random) -> None:
    """One person's visit: the first screen, then moves with pauses between."""
    async with connect(
        f"ws://localhost:{port}/_stcore/stream", max_size=None, subprotocols=["streamlit"], proxy=None
    ) as line:  # type: ignore[list-item]
        person.first = await _asked(line, person, {})
        levers: dict[str, int] = {}
        for move in range(moves):
            await asyncio.sleep(rng.uniform(*PAUSE))
            lever = list(LEVERS)[move % len(LEVERS)]
            levers[lever] = 70 + PEOPLE * rng.randrange(5) + person.number  # a value of this person's own
            person.taken.append(await _asked(line, person, levers))
            said = " ".join(person.captions).replace("\\", "")
            person.strange += any(
                f"{lever}[{LEVERS[lever]}]={part / 100:g}" not in said for lever, part in levers.items() if part != 100
            )


async def _asked(line: ClientConnection, person: Person, levers: dict[str, int]) -> float:
    """Seconds from sending what the widgets say to the end of the page's run."""
    ask = BackMsg()
    ask.rerun_script.query_string = f"s={person.token}" if person.token else ""
    for lever, part in levers.items():
        state = ask.rerun_script.widget_states.widgets.add()
        state.id = next(own for own in person.sliders if f"lever {lever} ('{LEVERS[lever]}',)" in own)
        state.double_array_value.data.append(float(part))
    begun = time.perf_counter()
    await line.send(ask.SerializeToString())
    person.captions.clear()
    while True:
        message = ForwardMsg()
        message.ParseFromString(bytes(await line.recv(decode=False)))
        if message.WhichOneof("type") == "ref_hash":
            message = person.hashes[message.ref_hash]
        elif message.hash:
            person.hashes[message.hash] = message
        if _heard(person, message):
            return time.perf_counter() - begun


def _heard(person: Person, message: ForwardMsg) -> bool:
    """Take in a message; whether the run of the page is over (a run that starts another one is not)."""
    kind = message.WhichOneof("type")
    if kind == "page_info_changed":
        person.token = parse_qs(message.page_info_changed.query_string).get("s", [""])[0]
    elif kind == "new_session":
        person.captions.clear()
    elif kind == "delta":
        element = message.delta.new_element
        what = element.WhichOneof("type")
        if what == "slider":
            person.sliders[element.slider.id] = element.slider.label
        elif what == "markdown":
            person.captions.append(element.markdown.body)
        elif what == "exception":
            person.broken += 1
    return kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


@contextmanager
def served(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server of the front end, for as long as the block lasts."""
    command = [sys.executable, "-m", "model", "app", "--port", str(port), "--no-browser"]
    outside = {**os.environ, "ALLIANCE_FIRST": "nato_2035"}
    with subprocess.Popen(command, env=outside, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            yield server
        finally:
            server.terminate()


def _megabytes(server: subprocess.Popen[bytes]) -> float:
    """Memory of the server (the child of the command), where the system tells; else 0."""
    found = 0.0
    for process in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else []):
        try:
            with open(f"/proc/{process}/status", encoding="utf-8") as lines:
                facts = dict(line.split(":", 1) for line in lines if ":" in line)
        except OSError:
            continue
        if int(facts["PPid"]) == server.pid:
            found += int(facts["VmRSS"].split()[0]) / 1024
    return found


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


async def _visits(port: int, people: list[Person], moves: int) -> None:
    await asyncio.gather(*(live(person, port, moves, random.Random(person.number)) for person in people))


def main(people: int = PEOPLE, moves: int = MOVES, rounds: int = 3) -> None:
    """Print medians of some rounds of visits, each by new people, and the server's memory after each."""
    port = _free_port()
    with served(port) as server:
        asyncio.run(_visits(port, [Person(0)], 1))  # the shipped scenario is solved once for everybody
        rows: list[tuple[object, ...]] = [("one person before", 1, "", "", "", "", 0, 0, _megabytes(server))]
        for number in range(rounds):
            visitors = [Person(n) for n in range(people)]
            asyncio.run(_visits(port, visitors, moves))
            rows.append((f"round {number + 1}", people, *_figures(visitors), _megabytes(server)))
    headings = ("visit", "people", "first screen, median (s)", "lever to picture, median (s)", "nine in ten within (s)",
                "longest (s)", "answers of others", "pages broken", "server (MB)")  # fmt: skip
    table(f"{people} people at once on the NATO scenario, a move every few seconds", headings, rows)


def _figures(visitors: list[Person]) -> tuple[object, ...]:
    taken = [seconds for person in visitors for seconds in person.taken]
    tokens = {person.token for person in visitors}
    strange = sum(person.strange for person in visitors) + len(visitors) - len(tokens)
    first = statistics.median(person.first for person in visitors)
    return (
        first, statistics.median(taken), statistics.quantiles(taken, n=10)[-1], max(taken), strange,
        sum(person.broken for person in visitors),
    )  # fmt: skip


if __name__ == "__main__":
    main()
