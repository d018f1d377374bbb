"""Every call to a part of a page that formats text is given text of this program, or text that went through ``escaped``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / "ui"

FORMATTED = {
    "markdown", "caption", "write", "error", "warning", "info", "success", "exception", "button", "metric", "expander", "header",
    "subheader", "title", "toast", "radio", "checkbox", "toggle", "selectbox", "multiselect", "slider", "select_slider", "pills",
    "number_input", "text_input", "text_area", "download_button", "file_uploader", "tabs", "popover", "status", "spinner", "latex",
    "form_submit_button", "segmented_control", "dialog", "link_button", "page_link", "html", "feedback", "menu_button",
}  # fmt: skip
"""Of which the first argument is formatted: a body, or a label."""

ALSO = {"help", "label", "text", "body", "captions", "format_func", "value", "delta"}
"""Arguments by name that are formatted as well, where they are text at all."""

NAMED = {"radio", "segmented_control", "pills", "select_slider"}
"""Whose options are formatted, too."""

PLAIN = {"selectbox", "multiselect"}
"""Whose options are not."""

OWN = {"part.equation", "part.symbol", "_CLOSER", "words.capital(dimension)", "words.capital(target)"}
"""Formulas, a style and the names of dimensions, written in this program."""


def safe(node: ast.expr | None, names: dict[str, list[ast.expr]]) -> bool:
    """Whether a text can hold nothing that formats but what this program wrote itself: constants, counts, what is escaped."""
    if node is None or isinstance(node, ast.Constant) or ast.unparse(node) in OWN:
        return True
    if isinstance(node, ast.Call):
        return safe_call(node, names)
    if isinstance(node, ast.FormattedValue):
        return safe(node.value, names) or ast.unparse(node.format_spec or ast.Constant(""))[-2:-1] in set("fdge%")
    if isinstance(node, ast.Name):
        return node.id.isupper() or (node.id in names and all(safe(one, {}) for one in names[node.id]))
    if isinstance(node, ast.Subscript):
        return safe(node.value, {})
    if isinstance(node, ast.Attribute):
        return ast.unparse(node) == "show.escaped"
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return safe(node.elt, names) or all(safe(one.iter, {}) for one in node.generators)
    if isinstance(node, ast.Lambda):
        return safe(node.body, names)
    inner = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]
    if isinstance(node, ast.IfExp):
        inner = [node.body, node.orelse]
    kinds = ast.JoinedStr | ast.BinOp | ast.BoolOp | ast.IfExp | ast.List | ast.Tuple | ast.Dict | ast.Starred
    return isinstance(node, kinds) and all(safe(one, names) for one in inner)


def safe_call(node: ast.Call, names: dict[str, list[ast.expr]]) -> bool:
    """The same of what a call gives: a text that is escaped, a count, or what is put together of such."""
    called = ast.unparse(node.func)
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("join", "get"):
        given = node.args[node.func.attr == "get" :]
        return safe(node.func.value, names) and all(safe(one, names) for one in given)
    listed = called == "list" and safe(node.args[0], names)
    return listed or called in ("show.escaped", "escaped", "words.count", "len", "sum")


def assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """Everything a name is given within a function; a parameter is given something unknown."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                for to, value in pairs:
                    found.setdefault(ast.unparse(to), []).append(value)
        elif isinstance(node, ast.arg):
            found.setdefault(node.arg, []).append(ast.Name("unknown"))
        elif isinstance(node, ast.For | ast.comprehension):
            for name in ast.walk(node.target):
                if isinstance(name, ast.Name):
                    found.setdefault(name.id, []).append(ast.Name("unknown"))
    return found


def texts(call: ast.Call, kind: str) -> Iterator[ast.expr]:
    """What of a call's arguments the browser formats."""
    yield from call.args[:1]
    if kind == "metric":
        yield from call.args[1:3]
    chooser = {one.arg: one.value for one in call.keywords}
    for name, value in chooser.items():
        if (
            name in ALSO
            and not (name == "format_func" and kind in PLAIN)
            and not (name == "value" and kind != "metric")
        ):
            yield value
    if kind in NAMED and "format_func" not in chooser:
        yield call.args[1]


def unsafe(path: Path) -> list[str]:
    """Calls in a file that give a formatting part something of which it is not plain where it comes from."""
    tree, found = ast.parse(path.read_text(encoding="utf-8")), []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        names = assigned(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            kind, owner = node.func.attr, ast.unparse(node.func.value)
            of_column = kind.endswith("Column") and "column_config" in owner
            if owner == "show" or not (kind in FORMATTED or of_column or (kind == "progress" and owner == "st")):
                continue
            shown = (
                [one.value for one in node.keywords if one.arg in ("help", "text")]
                if of_column or kind == "progress"
                else texts(node, kind)
            )
            found += [f"{path.name}:{node.lineno} {kind}({ast.unparse(one)})" for one in shown if not safe(one, names)]
    return found


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: path.relative_to(UI).as_posix())
def test_nothing_is_formatted_that_is_not_escaped(path: Path) -> None:
    assert unsafe(path) == []


@pytest.mark.parametrize(
    "line",
    [
        "st.markdown(name)", "st.error(f'{name} is wrong')", "st.button('Show ' + name)", "st.metric('Cost', name)",
        "st.segmented_control('Which', names)", "st.slider('How much', help=name)", "left.caption(str(name))",
        "st.column_config.TextColumn('Member', help=name)", "st.progress(0.5, text=name)", "st.tabs(names)",
    ],
)  # fmt: skip
def test_a_call_around_it_is_found(line: str, tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text(f"def page(name, names):\n    {line}\n", encoding="utf-8")
    assert len(unsafe(path)) == 1
