"""Regular files opened to be read: what only has the name of one is not waited for.

Whoever may write to a folder can put a pipe in it, which is silent for ever, or a link to a device
that never ends.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from lockwright.i18n import _

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def opened(file: Path) -> int:
    """Open a file; the descriptor is the caller's to close.

    Raises:
        OSError: it cannot be opened, or is not a regular file.
    """
    fd = os.open(file, _FLAGS)
    mode = os.fstat(fd).st_mode
    if stat.S_ISREG(mode):
        return fd
    os.close(fd)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "")
    raise OSError(_("it is not a regular file"))


def beginning(file: Path, most: int) -> bytes:
    """What a file begins with.

    Args:
        file: the file.
        most: bytes that are read at most.

    Raises:
        OSError: it cannot be read, or is not a regular file.
    """
    with os.fdopen(opened(file), "rb") as open_file:
        return open_file.read(most)
