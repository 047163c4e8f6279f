"""What goes on in a module, counted where it is done: every call, and every object.

The session port and the standard operations count by themselves, so an adapter has nothing to do
for it. One that goes through objects in a way of its own may say how many they are (``begins``),
and count each that it has read, or removed by a vendor's own function (``did``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from lockwright.models.progress import Doing, Progress

Tell = Callable[[int, Progress], None]
"""Is told how many things have happened, and how far they have come."""

_PAUSE = 0.2
"""Seconds between two things that are told: a person sees no more, and it costs the module time."""
_TOLD_AT_ONCE = 8
"""How often the begin of something else is told without a pause, in one piece of work."""


class Work:
    """One piece of work.

    Args:
        tell: is told how far it has come.
        unwanted: whether it is to end after the object in hand.
        alone: whether nobody waits for its answer any more; it ends between two calls then, unless
            it changes the token.
    """

    def __init__(
        self,
        tell: Tell,
        unwanted: Callable[[], bool],
        alone: Callable[[], bool] = lambda: False,
    ) -> None:
        self.changes = False
        """Whether it changes the token."""
        self._alone = alone
        self._ended = False
        self._tell = tell
        self._unwanted = unwanted
        self._stopped = False
        self._happened = 0
        self._told = self._counted = time.monotonic()
        """When something was told, and when a number of objects was."""
        self._begun = 0
        self._doing, self._done, self._total = Doing.CALLING, 0, 0

    def happens(self) -> None:
        """Something happened: the module has answered a call."""
        self._happened += 1
        if time.monotonic() - self._told >= _PAUSE:
            self._say()

    def begins(self, doing: Doing, total: int) -> None:
        """Something else begins."""
        other, self._doing = doing is not self._doing, doing
        self._done, self._total = 0, total
        if other and self._begun < _TOLD_AT_ONCE:
            self._begun += 1
            self._happened += 1
            self._say()
        else:
            self.happens()

    def did(self, doing: Doing) -> None:
        """It was done to one object."""
        if doing is not self._doing:
            self.begins(doing, 0)
        self._done += 1
        self._total = self._total and max(self._total, self._done)
        self._happened += 1
        if time.monotonic() - self._counted >= _PAUSE:
            self._say()
            self._counted = self._told

    def is_stopped(self) -> bool:
        """Whether it is to end here."""
        self._stopped = self._stopped or self._unwanted()
        return self._stopped

    def _say(self) -> None:
        if not self.changes and not self._ended and self._alone():
            self._ended = True  # what closes sessions may call the module yet
            raise KeyboardInterrupt
        self._told = time.monotonic()
        self._tell(self._happened, Progress(self._doing, self._done, self._total))


_WORK: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def working(work: Work) -> Iterator[None]:
    """Count what happens in the block."""
    token = _WORK.set(work)
    try:
        yield
    finally:
        _WORK.reset(token)


def called() -> None:
    """The module has answered a call."""
    if work := _WORK.get():
        work.happens()


def begins(doing: Doing, total: int) -> None:
    """Objects are gone through from here on.

    Args:
        doing: what is done to them.
        total: how many they are; 0 if nobody knows.
    """
    if work := _WORK.get():
        work.begins(doing, total)


def changes() -> None:
    """What is done from here on changes the token."""
    if work := _WORK.get():
        work.changes = True


def did(doing: Doing) -> None:
    """One object more was read, or removed."""
    if work := _WORK.get():
        work.did(doing)


def is_stopped() -> bool:
    """Whether whoever asked for this wants no further object removed."""
    work = _WORK.get()
    return work is not None and work.is_stopped()
