"""A plan as a notebook shows it: the brief as text."""

from __future__ import annotations

from html import escape

from model.report.brief import plain_text
from model.solve.plan import Plan


def plan_as_html(plan: Plan) -> str:
    """The brief, or why there is no plan; nothing in it is taken for HTML or for a formula."""
    return f'<pre class="tex2jax_ignore mathjax_ignore">{escape(plain_text(plan))}</pre>'
