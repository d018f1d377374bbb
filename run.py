"""One command from nothing: makes the environment on first use, then runs what is asked.

    python3 run.py solve inputs/nato_2035.xlsx     any `alliance` command
    python3 run.py test                            the project's tests

Needs Python 3.11 or later and nothing else of ours. Uses uv where it is installed, pip where not. The environment lives in
`.venv` beside this file and is made again when `requirements.lock` or `pyproject.toml` change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
HOME = HERE / ".venv"
LOCK = HERE / "requirements.lock"
MARK = HOME / "made-from"


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        print(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    python = environment()
    if arguments[:1] == ["test"]:
        return _wait([python, "-m", "pytest", "-n", "auto", *arguments[1:]], cwd=HERE)
    return _wait([python, "-m", "model", *arguments], env={**os.environ, "PYTHONPATH": str(HERE)})


def _wait(command: list[str], **how: Any) -> int:
    """The exit code of a command. Ctrl-C reaches it as well: it then ends by itself, in its own words."""
    with subprocess.Popen(command, **how) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue


def environment() -> str:
    """The environment's Python; made or made again where it is missing or out of date."""
    python = str(HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    wanted = hashlib.sha256(LOCK.read_bytes() + (HERE / "pyproject.toml").read_bytes()).hexdigest()
    if MARK.is_file() and MARK.read_text() == wanted and Path(python).exists():
        return python
    print("Making the environment (once; some minutes) ...", file=sys.stderr)
    uv = shutil.which("uv")
    if uv:
        _call([uv, "venv", "--clear", "--quiet", "--python", sys.executable, str(HOME)])
        install = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        venv.create(HOME, clear=True, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _call([*install, "--require-hashes", "-r", str(LOCK)])
    _call([*install, "--no-deps", "--no-build-isolation", "-e", str(HERE)])
    MARK.write_text(wanted)
    return python


def _call(command: list[str]) -> None:
    finished = subprocess.run(command, check=False)
    if finished.returncode:
        sys.exit(f"Setting up failed at: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
