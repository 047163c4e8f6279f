"""A lock on an open file that holds between processes and between threads."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from lockwright.i18n import _

_SHORTEST, _LONGEST = 0.001, 0.05
"""Seconds between two looks at a lock that somebody holds."""
_HELD = (BlockingIOError, PermissionError)
"""How POSIX and Windows say that somebody holds it."""


class StillHeld(OSError):
    """Somebody held the lock all the time."""


@contextmanager
def locked_within(fd: int, seconds: float, *, shared: bool = False) -> Iterator[None]:
    """Wait for the lock, but not for ever; hold it, give it back.

    Args:
        fd: the file; each holder opens it for itself.
        seconds: how long to wait. Whoever may read a file can hold its lock.
        shared: let others in that only read.

    Raises:
        StillHeld: somebody held it all the time.
        OSError: the file system knows no locks.
    """
    until, pause = time.monotonic() + seconds, _SHORTEST
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(locked(fd, shared=shared, wait=False))
            except _HELD:
                if time.monotonic() >= until:
                    raise StillHeld(_("another program has locked it")) from None
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST)
            else:
                break
        yield


@contextmanager
def locked(fd: int, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    """Wait for the lock, hold it, give it back.

    On Windows every lock is exclusive and covers one byte far behind the end of the file.

    Args:
        fd: the file; each holder opens it for itself.
        shared: let others in that only read.
        wait: wait for its holder.

    Raises:
        OSError: the file system knows no locks, or somebody holds it and is not waited for.
    """
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  # Windows only

        far = 0x7FFF_FFFF
        os.lseek(fd, far, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        os.lseek(fd, 0, os.SEEK_SET)
        try:
            yield
        finally:
            os.lseek(fd, far, os.SEEK_SET)
            msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl  # noqa: PLC0415  # POSIX only

        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(fd, kind if wait else kind | fcntl.LOCK_NB)
        try:
            yield
        finally:
            fcntl.flock(fd, fcntl.LOCK_UN)
