"""Every test run draws the same examples, so that what is green here is green elsewhere; `EXPLORE=1` draws new ones."""

import os

from hypothesis import settings

settings.register_profile("the same", derandomize=True)
settings.register_profile("explore", print_blob=True)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "the same")
