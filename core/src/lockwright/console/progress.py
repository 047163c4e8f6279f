"""What is being done, while it takes long: a line that moves, or plain lines where none can."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console

from lockwright.console.size import moves

_SECONDS_WITHOUT_NEWS = 1.0


class Progress(Protocol):
    """Changes what is shown."""

    def __call__(self, what: str, *, slow: bool = False) -> None:
        """Show this from now on.

        Args:
            what: what is done.
            slow: whether it may take minutes; then it is told where nothing moves, too.
        """


def unshown(what: str, *, slow: bool = False) -> None:
    """Show nothing, for a program."""
    del what, slow


@contextmanager
def progress(notes: Console, what: str, *, slow: bool) -> Iterator[Progress]:
    """Show what is done, once it takes long, on stderr; see ``Progress``."""
    if moves(sys.stderr):
        status = notes.status(what)

        def update(what: str, *, slow: bool = False) -> None:
            del slow  # it is seen, however long it takes
            status.update(what)

        try:
            with _later(status.start):
                yield update
        finally:
            status.stop()
        return
    lines = _PlainLines(notes)
    lines(what, slow=slow)
    try:
        yield lines
    finally:
        lines.stop()


class _PlainLines:
    """A line for each thing that takes long; into a pipe only for what takes minutes."""

    def __init__(self, notes: Console) -> None:
        self._notes = notes
        self._waiting: threading.Timer | None = None

    def __call__(self, what: str, *, slow: bool = False) -> None:
        self.stop()
        if slow:
            self._notes.print(f"{what}...")
        elif sys.stderr.isatty():
            self._waiting = _timer(lambda: self._notes.print(f"{what}..."))

    def stop(self) -> None:
        """Nothing more is shown."""
        if self._waiting is not None:
            _end(self._waiting)
            self._waiting = None


@contextmanager
def _later(work: Callable[[], None]) -> Iterator[None]:
    """Do it after a while, if the block is not over by then."""
    timer = _timer(work)
    try:
        yield
    finally:
        _end(timer)


def _timer(work: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(_SECONDS_WITHOUT_NEWS, work)
    timer.daemon = True
    timer.start()
    return timer


def _end(timer: threading.Timer) -> None:
    timer.cancel()
    timer.join()
