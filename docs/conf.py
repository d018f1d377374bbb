"""How the documentation becomes a site: `python3 run.py docs`. Everything stands on this machine: no font, script or formula is fetched."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hatch_build import lay_out  # noqa: E402

INSTALLED = tempfile.TemporaryDirectory()
"""The package as it is installed: the reference speaks of `alliance_model`, not of the checkout's `model`."""
lay_out(ROOT, Path(INSTALLED.name))
sys.path.insert(0, INSTALLED.name)

project = "alliance-model"
author = copyright = "The alliance-model founders"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = project
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
autodoc_typehints_format = "short"
maximum_signature_line_length = 100
autodoc_member_order = "bysource"


def written(translator: Any, node: nodes.math | nodes.math_block) -> None:
    """A formula as MathML, which browsers draw by themselves."""
    display = "block" if isinstance(node, nodes.math_block) else "inline"
    translator.body.append(convert(node.astext(), display=display))
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Make formulas ours."""
    app.add_html_math_renderer("mathml", (written, None), (written, None))
