"""What every question answers with has one face: sentences, tables, charts, and ways to take them away."""

from __future__ import annotations

from model.language.shown import Shown


class QuestionResult(Shown):
    """The answer to a question. ``says`` is the answer in sentences; a prompt prints the first of them, a notebook all."""
