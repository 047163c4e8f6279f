"""How a child process ended, and the end of all that it started."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from lockwright.host.forked import Forked
from lockwright.i18n import _

if TYPE_CHECKING:
    import subprocess

    Process = subprocess.Popen[bytes] | Forked

_PARTING = 2.0
"""Seconds that the system gets to end a process."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.05
"""Seconds between two looks whether it has."""


def status(process: Process) -> int | None:
    """Its exit status, or a signal's number with a minus; None while it runs.

    It is not reaped: as long as it is not, no other process gets its number, nor its group.
    """
    if process.returncode is not None or not hasattr(os, "waitid"):
        return process.poll()
    how = os.WEXITED | os.WNOHANG | os.WNOWAIT
    try:
        found = os.waitid(os.P_PID, process.pid, how)
    except ChildProcessError:  # someone else in this process waits for every child
        return process.poll()
    if found is None:
        return None
    return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status


def name_of(status: int) -> str:
    """What people call an end: the signal's name, or the exit status."""
    if status >= 0:
        return _("exit status {number}").format(number=status)
    number = -status
    with suppress(ValueError):
        return signal.Signals(number).name
    first = getattr(signal, "SIGRTMIN", number)
    return f"SIGRTMIN+{number - first}" if number > first else f"signal {number}"


def kill_group(process: Process) -> None:
    """End a process that leads a group, and what is left of the group.

    Nothing is done about one that has been reaped: its number may be another's by now.
    """
    if process.returncode is not None:
        return
    if not hasattr(os, "killpg"):
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:  # it does not lead one yet
        process.kill()
    except PermissionError:
        pass


def reap(process: Process) -> None:
    """Have the system forget a process that was ended; one that does not end is left to it."""
    until, pause = time.monotonic() + _PARTING, _FIRST_PAUSE
    while process.poll() is None and time.monotonic() < until:
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
