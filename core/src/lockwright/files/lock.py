"""A lock on an open file that holds between processes and between threads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
