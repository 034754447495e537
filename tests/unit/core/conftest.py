"""Property tests draw the same examples in every run; more of them, and others, with WASMNP_FULL=1."""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("searching", max_examples=2000, deadline=None)
settings.load_profile("searching" if os.environ.get("WASMNP_FULL") else "repeatable")
