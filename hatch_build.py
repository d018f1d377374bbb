"""Makes the wheel: what stands here as `model` and `ui` is installed as one package, `alliance_model`.

`model` and `ui` are names that people have in their own folders; whichever Python finds first would hide the other. So the wheel
takes one name that nobody else has. Sources are copied with their imports renamed, found by parsing; nothing else in them names
a package (they ask `__name__`), and the tests hold them to that. A checkout, also one installed in place, stays as it is.
"""

from __future__ import annotations

import ast
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "alliance_model"
PLACES = {"model": NAME, "ui": f"{NAME}.ui"}


class Renaming(BuildHookInterface):
    """What hatchling calls before and after it makes the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Lay the package out in a folder of its own and have that taken in."""
        if version == "editable":
            return
        self._laid_out = tempfile.TemporaryDirectory()
        lay_out(Path(self.root), Path(self._laid_out.name))
        build_data["force_include"][str(Path(self._laid_out.name) / NAME)] = NAME

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the folder away."""
        if version != "editable":
            self._laid_out.cleanup()


def lay_out(root: Path, folder: Path) -> None:
    """The installed package, in ``folder``: sources, what lies among them, the front end's settings, the scenarios that ship."""
    home = folder / NAME
    for package, name in PLACES.items():
        place = folder.joinpath(*name.split("."))
        shutil.copytree(
            root / package, place, ignore=shutil.ignore_patterns("__pycache__", ".*", "~*"), dirs_exist_ok=True
        )
        for path in place.rglob("*.py"):
            path.write_bytes(renamed(path.read_bytes(), str(path.relative_to(folder))))
    shutil.copyfile(root / ".streamlit" / "config.toml", home / "ui" / "config.toml")
    (home / "inputs").mkdir()
    for path in (root / "inputs").glob("[!~.]*.xlsx"):
        shutil.copyfile(path, home / "inputs" / path.name)


def renamed(source: bytes, name: str) -> bytes:
    """A file's source with its imports of our packages by the names they are installed under. Raises ValueError at any other."""
    lines = source.split(b"\n")
    imports = [node for node in ast.walk(ast.parse(source, name)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    for node in sorted(imports, key=lambda found: (found.lineno, found.col_offset), reverse=True):
        if isinstance(node, ast.ImportFrom):
            named = [node.module or ""] if node.level == 0 else []
        else:
            named = [alias.name for alias in node.names]
        for old in {module.partition(".")[0] for module in named} & set(PLACES):
            line, at = lines[node.lineno - 1], node.col_offset
            word = f"from {old}".encode()
            if not line[at:].startswith((word + b" ", word + b".")):
                raise ValueError(
                    f"{name}, line {node.lineno}: write `from {old} import ...`; no other import can be renamed"
                )
            lines[node.lineno - 1] = line[:at] + f"from {PLACES[old]}".encode() + line[at + len(word) :]
    return b"\n".join(lines)
