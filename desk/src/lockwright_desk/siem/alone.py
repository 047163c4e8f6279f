"""One sender at a time for a trail, whatever processes there are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lockwright.files import durable, regular
from lockwright.files.lock import StillHeld, locked, locked_within

_PATIENCE = 0.5
"""Seconds in which somebody who only looks has gone."""


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
        fd = durable.open_owned(_lock_of(cursor))
        held.callback(os.close, fd)
        try:
            held.enter_context(locked_within(fd, _PATIENCE))
        except StillHeld:
            yield False
            return
        yield True


def somebody_sends(cursor: Path) -> bool:
    """Whether a process holds the lock; makes no file, which might then be another account's.

    Raises:
        OSError: the file of the lock cannot be read.
    """
    try:
        fd = regular.opened(_lock_of(cursor))
    except FileNotFoundError:
        return False
    try:
        with locked(fd, shared=os.name == "posix", wait=False):
            return False
    except (BlockingIOError, PermissionError):
        return True
    finally:
        os.close(fd)


def _lock_of(cursor: Path) -> Path:
    return cursor.with_name(f"{cursor.name}.lock")
