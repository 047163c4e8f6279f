"""What is being done, while it is: lines that are written anew, or plain ones where none can be."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from lockwright.console.durations import so_far
from lockwright.console.screen import Console
from lockwright.console.size import moves
from lockwright.console.text import Text
from lockwright.console.wrapping import wrap

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text as Painted

_SECONDS_WITHOUT_NEWS = 1.0
_PER_SECOND = 1
"""How often the lines are written anew: as often as the clock in them changes."""
_INDENT = 2
_ECHOED = len("^C")
"""Cells that a terminal fills at the cursor when a key ends the program; if they began another row,
one row less than is there would be taken back."""


class Display(Protocol):
    """Shows one thing that is done, while it is."""

    def show(self, what: str, more: str = "", *, slow: bool = False) -> None:
        """It begins.

        Args:
            what: what is done.
            more: what a person who waits for it should know; may be empty.
            slow: whether it may take minutes; then it is told where nothing moves, too.
        """

    def change(self, more: str) -> None:
        """There is something else to know about it."""

    def hide(self) -> None:
        """It is over, and nothing of it is left to be seen."""


class Nowhere:
    """Shows nothing, for a program."""

    def show(self, what: str, more: str = "", *, slow: bool = False) -> None:
        """Nothing."""

    def change(self, more: str) -> None:
        """Nothing."""

    def hide(self) -> None:
        """Nothing."""


def display(notes: Console, *, at_once: bool) -> Display:
    """What shows it on stderr, as well as that can.

    Args:
        notes: writes to stderr.
        at_once: show it at once where lines move, and not only when it takes long.
    """
    return _Moving(notes, at_once=at_once) if moves(sys.stderr) else _Plain(notes)


@contextmanager
def shown(on: Display, what: str, more: str = "", *, slow: bool) -> Iterator[Callable[[str], None]]:
    """Show what is done in the block, which may say how it goes on."""
    on.show(what, more, slow=slow)
    try:
        yield on.change
    finally:
        on.hide()


class _Moving:
    """Lines that are written anew: what is done, with a clock, and what is to be known of it."""

    def __init__(self, notes: Console, *, at_once: bool) -> None:
        self._notes = notes
        self._at_once = at_once
        self._live: Live | None = None
        self._waiting: threading.Timer | None = None

    def show(self, what: str, more: str = "", *, slow: bool = False) -> None:
        from rich.live import Live  # noqa: PLC0415  # a run that shows nothing needs none

        del slow  # it is seen, however long it takes
        self._what, self._more, self._begun = what, more, time.monotonic()
        self._live = Live(
            console=self._notes.painter,
            get_renderable=self._lines,
            refresh_per_second=_PER_SECOND,
            transient=True,
        )
        if self._at_once:
            self._start(self._live)
        else:
            live = self._live
            self._waiting = _timer(lambda: self._start(live))

    def change(self, more: str) -> None:
        self._more = more
        if self._live is not None and self._live.is_started:
            with suppress(OSError):
                self._live.refresh()

    def hide(self) -> None:
        _end(self._waiting)
        live, self._live, self._waiting = self._live, None, None
        if live is not None:
            with suppress(OSError):  # the work counts, whoever sees it
                live.stop()

    def _start(self, live: Live) -> None:
        with suppress(OSError):
            live.start(refresh=True)

    def _lines(self) -> Painted:
        from lockwright.console.painted import drawable  # noqa: PLC0415  # as above

        width, seconds = self._notes.width - _ECHOED, time.monotonic() - self._begun
        lines = wrap(f"{self._what}: {so_far(seconds)}", width, _INDENT)
        for told in self._more.splitlines():
            lines += (" " * _INDENT + line for line in wrap(told, width - _INDENT))
        return drawable(Text("\n".join(lines)))


class _Plain:
    """A line when something that takes long begins; into a pipe only for what takes minutes."""

    def __init__(self, notes: Console) -> None:
        self._notes = notes
        self._waiting: threading.Timer | None = None

    def show(self, what: str, more: str = "", *, slow: bool = False) -> None:
        line = " ".join(filter(None, (f"{what}...", *more.splitlines())))
        if slow:
            self._say(line)
        elif sys.stderr.isatty():
            self._waiting = _timer(lambda: self._say(line))

    def change(self, more: str) -> None:
        """It was told once how long it can take; a line each time would be a flood."""

    def hide(self) -> None:
        _end(self._waiting)
        self._waiting = None

    def _say(self, line: str) -> None:
        with suppress(OSError):
            self._notes.print(line)


def _timer(work: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(_SECONDS_WITHOUT_NEWS, work)
    timer.daemon = True
    timer.start()
    return timer


def _end(timer: threading.Timer | None) -> None:
    if timer is not None:
        timer.cancel()
        timer.join()
