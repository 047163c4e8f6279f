"""How property tests run, wherever they are."""

from __future__ import annotations

from hypothesis import settings

# Hypothesis fails an example that takes 200 ms. One that waits for the disk takes as long as the
# disk does; what hangs is ended by pytest's timeout, as every other test is.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
