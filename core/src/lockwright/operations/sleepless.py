"""A clock that goes on while the computer sleeps, as the token's and the bank's time does."""

from __future__ import annotations

import sys
import time

if sys.platform == "linux":
    _CLOCK: int | None = time.CLOCK_BOOTTIME
elif sys.platform == "darwin":
    _CLOCK = time.CLOCK_MONOTONIC
else:
    _CLOCK = None


def now() -> float:
    """Seconds from some moment on, those that the computer slept among them.

    ``time.monotonic`` stands still meanwhile: on Linux it is CLOCK_MONOTONIC, which does not count
    a suspend, as CLOCK_BOOTTIME does (clock_gettime(2)); on macOS it is mach_absolute_time, while
    CLOCK_MONOTONIC goes on asleep (clock_gettime(3) there). On Windows it is what Python has.
    """
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
