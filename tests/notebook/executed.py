"""Runs notebooks cell by cell in this process, and writes down what each shows: `python -m tests.notebook.executed` renews them all."""

from __future__ import annotations

import ast
import json
import linecache
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
Notebook = dict[str, Any]


def read(path: Path) -> Notebook:
    found: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return found


def executed(notebook: Notebook) -> Notebook:
    """The same notebook with the outputs of a run from top to bottom. What a cell raises ends it."""
    names = ModuleType("notebook").__dict__
    cells, count = [], 0
    with pd.option_context("display.width", 110, "display.max_columns", 12):
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                count += 1
                outputs = _run("".join(cell["source"]), f"<cell {count}>", names, count)
                cell = {**cell, "execution_count": count, "outputs": outputs}
            cells.append(cell)
    return {**notebook, "cells": cells}


def _run(source: str, name: str, names: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """What a cell prints, and the value of its last line."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree, printed, value = ast.parse(source, name), StringIO(), None
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with redirect_stdout(printed):
        exec(compile(tree, name, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), names)
    text = printed.getvalue()
    outputs: list[dict[str, Any]] = (
        [{"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}] if text else []
    )
    if value is not None:
        outputs.append(
            {"output_type": "execute_result", "execution_count": count, "data": _shown(value), "metadata": {}}
        )
    return outputs


def _shown(value: Any) -> dict[str, Any]:
    """A value as a notebook keeps it: a chart as its data, all else as text and HTML."""
    if (hasattr(value, "to_dict") and hasattr(value, "mark_bar")) or type(value).__name__ == "LayerChart":
        return {"application/vnd.vegalite.v6+json": value.to_dict(), "text/plain": ["A chart"]}
    html = value._repr_html_() if hasattr(value, "_repr_html_") else None
    shown = {"text/html": html.splitlines(keepends=True)} if html else {}
    return {**shown, "text/plain": repr(value).splitlines(keepends=True)}


def main() -> None:
    for path in NOTEBOOKS:
        path.write_text(json.dumps(executed(read(path)), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
