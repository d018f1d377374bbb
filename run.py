"""One command from nothing: makes the environment on first use, then runs what is asked.

    python3 run.py solve inputs/nato_2035.xlsx     any `alliance` command
    python3 run.py test                            the project's tests, those in a browser included
    python3 run.py test --quick                    those that take a minute together, for use while working
    python3 run.py docs                            the documentation as a site, in outputs/site
    python3 run.py ruff check .                    a developer's tool (see TOOLS)

Needs Python 3.11 or later and nothing else of ours. Uses uv where it is installed, pip where not. The environment holds what the
commands used so far need (see LOCKS) and is made again when its lock file changes. It lives in `.venv` next to this file; where
that cannot be written, in the user's cache folder, or in the one that the variable ALLIANCE_HOME names.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LOCKS = {
    "": "requirements.lock",
    "app": "requirements-app.lock",
    "extras": "requirements-extras.lock",
    "test": "requirements-test.lock",
}
"""What is installed for what: each holds the first, in the same releases. `extras` is what --cluster and --morris need."""

QUICK = "not slow and not browser"
SITE = "outputs/site"
TOOLS = ("ruff", "mypy", "lint-imports", "pre-commit")
"""Programs for developers that run as they are, in the environment."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        print(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    python = environment(needed(arguments))
    ours = {**os.environ, "PYTHONPATH": str(HERE)}
    if arguments[:1] == ["test"]:
        return _wait([python, "-m", "pytest", "-n", "auto", *tests(arguments[1:])], cwd=HERE, env=ours)
    if arguments[:1] == ["docs"]:
        return _wait([python, "-m", "sphinx", "--fail-on-warning", *arguments[1:], "docs", SITE], cwd=HERE, env=ours)
    if arguments and arguments[0] in TOOLS:
        return _wait([str(Path(python).with_name(arguments[0])), *arguments[1:]], cwd=HERE, env=ours)
    # In a safe path the folder that it is called from does not count: a `model.py` or `ui` there is the user's own.
    return _wait([python, "-m", "model", *arguments], env={**ours, "PYTHONSAFEPATH": "1"})


def needed(arguments: list[str]) -> str:
    """Which of LOCKS a command needs."""
    if arguments[:1] in (["test"], ["app"]) and "--help" not in arguments[:2]:
        return arguments[0]
    if arguments[:1] == ["docs"] or (arguments and arguments[0] in TOOLS):
        return "test"
    options = {argument.partition("=")[0] for argument in arguments}
    return "extras" if options & {"--cluster", "--morris"} else ""


def tests(arguments: list[str]) -> list[str]:
    """Which tests pytest runs: all, or with `--quick` those that are neither marked slow nor need a browser."""
    if "--quick" not in arguments:
        bring_browser()
        return arguments
    return ["-m", QUICK, *(argument for argument in arguments if argument != "--quick")]


def _wait(command: list[str], **how: Any) -> int:
    """The exit code of a command. Ctrl-C reaches it as well: it then ends by itself, in its own words."""
    with subprocess.Popen(command, **how) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue


def environment(need: str) -> str:
    """The Python of an environment with all that is needed; made, made again or added to where there is none."""
    wanted = {f"{name} {hashlib.sha256((HERE / name).read_bytes()).hexdigest()}" for name in {LOCKS[""], LOCKS[need]}}
    usual, elsewhere = HERE / ".venv", _cache() / hashlib.sha256(str(HERE).encode()).hexdigest()[:16]
    for home in (usual, elsewhere):
        if wanted <= _made(home):
            return str(_python(home))
    home = usual if os.access(usual if usual.exists() else HERE, os.W_OK) else elsewhere
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with _alone(home):
            if not wanted <= _made(home):
                _make(home, need, wanted)
    except OSError as failure:
        sys.exit(
            f"The environment could not be made in {home}: {failure.strerror or failure}. "
            "Name a folder that can be written in the variable ALLIANCE_HOME."
        )
    return str(_python(home))


def _cache() -> Path:
    """Where environments go that cannot stand next to this file."""
    if named := os.environ.get("ALLIANCE_HOME"):
        return Path(named).absolute()
    if sys.platform == "darwin":
        usual = Path.home() / "Library" / "Caches"
    else:
        usual = Path(os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME") or Path.home() / ".cache")
    return usual / "alliance-model"


def _python(home: Path) -> Path:
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _made(home: Path) -> set[str]:
    """The lock files that an environment was made from, each with its hash."""
    try:
        return set((home / "made-from").read_text().splitlines()) if _python(home).exists() else set()
    except OSError:
        return set()


def _make(home: Path, need: str, wanted: set[str]) -> None:
    """Install what is needed: into a new environment, or on top where the first of LOCKS is there as it should be."""
    uv, python, there = shutil.which("uv"), str(_python(home)), _made(home)
    added = {line for line in there if line.startswith(f"{LOCKS['']} ")} <= wanted and bool(there)
    what = f"Adding what `{need}` needs to the environment" if added else "Making the environment"
    print(f"{what} (once; about a minute) ...", file=sys.stderr)
    if not added:
        there = set()
        _create(home, uv)
    install = (
        [uv, "pip", "install", "--python", python]
        if uv
        else [python, "-m", "pip", "--disable-pip-version-check", "install"]
    )
    _call([*install, "--quiet", "--no-deps", "--require-hashes", "-r", str(HERE / LOCKS[need])])
    (home / "made-from").write_text("\n".join(sorted(there | wanted)) + "\n")


def _create(home: Path, uv: str | None) -> None:
    if uv:
        return _call([uv, "venv", "--clear", "--quiet", "--python", sys.executable, str(home)])
    try:
        import venv

        venv.create(home, clear=True, with_pip=True)
    except (ImportError, subprocess.CalledProcessError):
        sys.exit(
            "This Python cannot make environments: its module venv or ensurepip is missing. "
            "On Debian and Ubuntu: apt-get install python3-venv. Or install uv."
        )


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One process at a time makes an environment; a second one waits and finds it made. (Windows: not held apart.)"""
    if os.name == "nt":
        yield
        return
    import fcntl

    with open(home.with_name(home.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def bring_browser() -> None:
    """See that the tests find a browser: Debian's as root is brought, elsewhere it is said. Without one in CI nothing is tested."""

    def there() -> bool:
        return bool(os.environ.get("CHROMIUM") or any(map(shutil.which, BROWSERS))) and _library("libatomic.so.1")

    if not there() and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests ...", file=sys.stderr)
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        packages = ["chromium", "fonts-liberation", "libatomic1"]
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-qq", *command], env=quietly, stdout=subprocess.DEVNULL, check=False)
    if not there():
        lacking = (
            "The browser tests need Chromium or Chrome (or its path in the variable CHROMIUM) and, on Linux, libatomic. Not all of "
            "it is there; on Debian: apt-get install chromium libatomic1."
        )
        if os.environ.get("CI"):
            sys.exit(lacking)
        print(f"{lacking} The other tests run.", file=sys.stderr)


def _library(name: str) -> bool:
    """Whether a shared library is there, where that is Linux's to say: what drives the browser needs it."""
    if sys.platform != "linux":
        return True
    import ctypes

    try:
        return bool(ctypes.CDLL(name))
    except OSError:
        return False


def _call(command: list[str]) -> None:
    finished = subprocess.run(command, stdout=2, check=False)  # stdout is for what the command itself has to say
    if finished.returncode:
        sys.exit(f"Setting up failed at: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
