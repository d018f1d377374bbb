"""No two files need each other: imports form no circle, those inside functions counted; only what types alone need is left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CIRCLES: tuple[tuple[str, ...], ...] = ()
"""The circles that still are: none may be added, and one that is broken up is taken off this list."""


def modules() -> dict[str, Path]:
    """Every file of the package and the front end by the name it is imported by."""
    files = (path for folder in ("model", "ui") for path in (ROOT / folder).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def needs(tree: ast.AST, known: Mapping[str, Path]) -> set[str]:
    """The modules that a file imports, wherever in it, but for those that only its types need."""
    names: set[str] = set()
    for node in _run(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = (f"{node.module}.{alias.name}" for alias in node.names)
            names |= {name if name in known else node.module for name in inner}
    return names & known.keys()


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those under ``if TYPE_CHECKING``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _run(node)


def circles(needed: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """The largest groups in which every module needs every other, directly or through others."""
    reached = {name: _reached(needed, name) for name in needed}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in needed
        if name in reached[name]
    }
    return sorted(groups)


def _reached(needed: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(needed[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needed[name]
    return found


def test_imports_form_no_circle() -> None:
    known = modules()
    needed = {name: needs(ast.parse(path.read_text(encoding="utf-8")), known) - {name} for name, path in known.items()}
    assert circles(needed) == sorted(CIRCLES)


def test_a_circle_is_seen_wherever_the_import_stands() -> None:
    known = {name: Path() for name in ("a", "b", "c", "c.d")}
    sources = {
        "a": "from b import x\n",
        "b": "def f():\n    from c import d\n",
        "c": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n",
        "c.d": "import a\nimport c\n",
    }
    assert circles({name: needs(ast.parse(text), known) for name, text in sources.items()}) == [("a", "b", "c.d")]
