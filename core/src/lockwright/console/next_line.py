"""Waiting for a line from a person or a program, but not for ever."""

from __future__ import annotations

import select
import sys
import time

from lockwright.console.secret_files import read_into
from lockwright.secret import Secret

_LONGEST = 4096


def next_line(descriptor: int, seconds: float) -> Secret | None:
    """The next line, read around Python's own buffers; None if none will come.

    Args:
        descriptor: where from; what follows the line stays there.
        seconds: how long to wait. Windows has no way to wait for a console so, and waits on.

    Raises:
        TimeoutError: it did not come in time.
    """
    until = time.monotonic() + seconds
    line, byte = bytearray(), bytearray(1)
    try:
        while len(line) < _LONGEST:
            left = max(0.0, until - time.monotonic())
            if sys.platform != "win32" and not select.select([descriptor], [], [], left)[0]:
                raise TimeoutError
            if not read_into(descriptor, byte):
                return None
            if byte == b"\n":
                break
            line += byte
        return Secret(line)
    finally:
        line[:] = bytes(len(line))
