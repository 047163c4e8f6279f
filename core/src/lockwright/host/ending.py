"""How a child process ended, and the end of all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress

from lockwright.i18n import _


def status(process: subprocess.Popen[bytes]) -> int | None:
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


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group, and what is left of the group.

    Nothing is done about one that has been reaped: its number may be another's by now.
    """
    if process.returncode is not None:
        return
    if not hasattr(os, "killpg"):
        process.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
