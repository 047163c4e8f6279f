"""A computer that sleeps: the time of a Request goes on, and is over when it wakes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from locked_token import Locked
from lockwright.errors import RequestOver
from lockwright.operations import clock, remote

_TELLS = """
import time
from lockwright.operations.clock import passed
print(passed() - time.monotonic())
"""
_ASLEEP = 5000
"""Seconds."""


def test_the_clock_has_the_time_asleep_which_the_other_one_has_not() -> None:
    """A time namespace has a computer that slept: time_namespaces(7)."""
    if sys.platform != "linux":
        pytest.skip("only Linux can pretend to have slept")
    begins = ("unshare", "--user", "--map-root-user", "--time", "--boottime", str(_ASLEEP))
    found = subprocess.run(
        [*begins, "--fork", sys.executable, "-c", _TELLS],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        pytest.skip(f"no time namespace can be made here: {found.stderr.strip()}")
    slept = clock.passed()
    assert float(found.stdout) > _ASLEEP - 1
    assert clock.passed() >= slept


def test_a_request_is_over_after_a_night(locked: Locked, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = locked.begin()
    monkeypatch.setattr(remote, "passed", lambda: clock.passed() + 8 * 3600)
    assert pending.seconds_left == 0
    with pytest.raises(RequestOver, match="the time for its Response is over"):
        pending.complete(locked.answer(pending.request.data))
    locked.unblocks()
