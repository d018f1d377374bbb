"""The worker's side of a sweep on a cluster: what jobs are to be done with, given to every worker, those that join later too."""

from __future__ import annotations

from typing import Any

from distributed import WorkerPlugin

from model.questions.executor import Function

_FUNCTIONS: dict[str, Function] = {}


class Hand(WorkerPlugin):
    """Puts a function where the jobs of its name find it, and takes it away in the end."""

    def __init__(self, name: str, function: Function) -> None:
        self.name, self.function = name, function

    def setup(self, worker: Any) -> None:
        """On joining."""
        _FUNCTIONS[self.name] = self.function

    def teardown(self, worker: Any) -> None:
        """On leaving."""
        _FUNCTIONS.pop(self.name, None)


def apply(name: str, job: Any) -> Any:
    """Do one job."""
    return _FUNCTIONS[name](job)
