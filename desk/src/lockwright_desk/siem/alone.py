"""One sender at a time for a trail, whatever processes there are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lockwright.files import durable
from lockwright.files.lock import locked


@contextmanager
def alone(cursor: Path) -> Iterator[bool]:
    """A block in which nobody else sends; the lock ends with the process.

    Args:
        cursor: the file that says how far the trail is.

    Returns:
        Whether the lock was to be had.

    Raises:
        OSError: the file of the lock cannot be made.
    """
    with ExitStack() as held:
        fd = durable.open_owned(cursor.with_name(f"{cursor.name}.lock"))
        held.callback(os.close, fd)
        try:
            held.enter_context(locked(fd, wait=False))
        except (BlockingIOError, PermissionError):
            yield False
            return
        yield True
