"""Copies of a process, each for one piece of work: what it was given is gone with it.

A copy is made before there is work for it, so that the process it is made from never sees any.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_NO_MORE = 3
"""Exit status of a copy for which there was no work."""
_FAILED = 1
_PR_SET_CHILD_SUBREAPER = 36


def can_be_made() -> bool:
    """Whether this process can be copied: a thread beside ours would be missing in the copy."""
    if not hasattr(os, "fork"):
        return False
    threads = Path("/proc/self/task")
    if threads.exists():
        return len(list(threads.iterdir())) == 1  # also those that are not Python's
    return threading.active_count() == 1


def each(work: Callable[[], object]) -> None:
    """Have each piece of work done by a copy of this process, one after the other.

    A copy that crashed ends this process in the same way.

    Args:
        work: waits for a piece of work and does it.

    Raises:
        EOFError: there is no more.
    """
    gc.freeze()  # what is collected in a copy is copied first
    adopts = _adopt_orphans()
    while True:
        copy = os.fork()
        if not copy:
            _do(work)
        code = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
        if code == _NO_MORE:
            raise EOFError
        if code:
            _end_like(code)
        if adopts:
            _end_offspring()


def _do(work: Callable[[], object]) -> None:
    code = _FAILED
    try:
        work()
        code = 0
    except EOFError:
        code = _NO_MORE
    finally:
        os._exit(code)


def _end_like(code: int) -> None:
    if code < 0:
        with suppress(OSError, ValueError):  # SIGKILL has no handler
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(abs(code))


def _adopt_orphans() -> bool:
    """Whether what a copy started becomes a child of this process when the copy ends."""
    if sys.platform != "linux":
        return False
    return not ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_offspring() -> None:
    """End what a copy left running: it may know what the copy knew."""
    own = Path(f"/proc/self/task/{os.getpid()}/children")
    with suppress(OSError):  # a kernel without that list; the whole group ends in the end
        while left := own.read_text().split():
            for number in map(int, left):
                os.kill(number, signal.SIGKILL)
                os.waitpid(number, 0)
