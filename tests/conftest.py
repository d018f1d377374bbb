"""Every test run draws the same examples, so that what is green here is green elsewhere; `EXPLORE=1` draws new ones.

A quick run says which of its tests are not quick.
"""

import os
from collections import Counter

from hypothesis import settings

import run

TOO_LONG = 2.0
"""Seconds that no quick test should take on a machine with nothing else to do."""

settings.register_profile("the same", derandomize=True)
settings.register_profile("explore", print_blob=True)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "the same")


def pytest_terminal_summary(terminalreporter, config):
    """After `run.py test --quick`: which tests should be marked, so that it stays quick."""
    if config.option.markexpr != run.QUICK:
        return
    seconds = Counter()
    for report in (
        *terminalreporter.stats.get("passed", ()),
        *terminalreporter.stats.get("", ()),
    ):  # the latter: fixtures
        seconds[report.nodeid] += report.duration
    for test, taken in seconds.most_common():
        if taken > TOO_LONG:
            terminalreporter.write_line(f"{test} took {taken:.1f} s: mark it @pytest.mark.slow")
