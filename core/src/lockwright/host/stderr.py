"""What a module writes to stderr, shown with its name and without what acts on a terminal."""

from __future__ import annotations

import io
import sys
import threading
from contextlib import suppress

from lockwright.console.clean import clean

_LONGEST = 4096
"""Bytes of a line that is shown in one piece."""
_LAST = 1.0
"""Seconds in which the last lines of a process that has ended are shown."""


class Shown:
    """Shows lines as they come, in a thread of its own.

    Args:
        pipe: the process's stderr, which is closed at its end.
        name: whose it is.
    """

    def __init__(self, pipe: io.RawIOBase, name: str) -> None:
        self._thread = threading.Thread(target=_show, args=(pipe, name), daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Wait for the last lines of a process that has ended."""
        self._thread.join(_LAST)


def _show(pipe: io.RawIOBase, name: str) -> None:
    with io.BufferedReader(pipe) as lines:
        while line := lines.readline(_LONGEST):
            text = line.decode(errors="replace").rstrip("\r\n").expandtabs()
            with suppress(OSError, ValueError):  # ours may be closed
                print(clean(f"{name}: {text}"), file=sys.stderr, flush=True)  # noqa: T201  # it is asked for
