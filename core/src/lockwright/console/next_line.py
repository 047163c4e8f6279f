"""Waiting for a line from a person or a program, but not for ever."""

from __future__ import annotations

import os
import select
import sys
import time

from lockwright.console.secret_files import read_into
from lockwright.secret import Secret

_LONGEST = 4096
_LOOK = 0.2
"""Seconds between two looks at the keyboard on Windows."""


class Elsewhere(Exception):
    """What was asked for came from elsewhere, before a line did."""


def next_line(descriptor: int, seconds: float, elsewhere: int | None = None) -> Secret | None:
    """The next line, read around Python's own buffers; None if none will come.

    Args:
        descriptor: where from; what follows the line stays there.
        seconds: how long to wait. Windows has no way to wait for a console so, and waits on once a
            key was pressed; what comes through a pipe there is read where nothing else is awaited.
        elsewhere: a descriptor that can be read from once no line is needed any more.

    Raises:
        Elsewhere: none is needed any more; what was typed of one is dropped.
        TimeoutError: it did not come in time.
    """
    until = time.monotonic() + seconds
    line, byte = bytearray(), bytearray(1)
    try:
        while len(line) < _LONGEST:
            left = max(0.0, until - time.monotonic())
            if sys.platform != "win32":
                wait_for(descriptor, left, elsewhere)
            elif elsewhere is not None and not line:
                _wait_for_a_key(descriptor, until, elsewhere)
            if not read_into(descriptor, byte):
                return None
            if byte == b"\n":
                break
            line += byte
        return Secret(line)
    finally:
        line[:] = bytes(len(line))


def wait_for(descriptor: int, seconds: float, elsewhere: int | None) -> None:
    """Wait until something can be read.

    Raises:
        Elsewhere: from elsewhere.
        TimeoutError: there was nothing in time.
    """
    others = [] if elsewhere is None else [elsewhere]
    found = select.select([descriptor, *others], [], [], seconds)[0]
    if elsewhere in found:
        raise Elsewhere
    if not found:
        raise TimeoutError


def _wait_for_a_key(descriptor: int, until: float, elsewhere: int) -> None:
    """The same on Windows, where only a socket can be waited for, and a console be looked at."""
    import msvcrt  # noqa: PLC0415  # there alone

    while not select.select([elsewhere], [], [], _LOOK)[0]:
        if os.isatty(descriptor) and msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            return
        if time.monotonic() > until:
            raise TimeoutError
    raise Elsewhere
