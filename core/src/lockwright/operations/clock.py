"""A clock that nobody sets, and that goes on while the computer sleeps.

``time.monotonic`` stands still meanwhile on Linux (clock_gettime(2), CLOCK_MONOTONIC) and macOS
(``mach_absolute_time``), so a time that is allowed would be over hours late.
"""

from __future__ import annotations

import sys
import time


def passed() -> float:
    """Seconds since some moment, those of sleep among them."""
    if hasattr(time, "CLOCK_BOOTTIME"):  # Linux
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # goes on there: clock_gettime(3)
    return time.monotonic()  # on Windows it goes on: GetTickCount64
