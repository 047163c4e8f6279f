"""How far an operation on a token has come, for whoever watches it, and how it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import IntEnum

from lockwright.records import dataclass


class Doing(IntEnum):
    """What is done to the objects of a token."""

    CALLING = 0
    """Something else: nothing is counted but that it goes on."""
    READING = 1
    """They are read."""
    REMOVING = 2
    """They are removed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come."""

    doing: Doing
    """What is done."""
    done: int
    """How many objects that was done to."""
    total: int
    """How many it is to be done to; 0 where nobody knows."""


def nobody(progress: Progress) -> None:
    """Nobody is told."""
    del progress


class Watch:
    """Watches one operation, and may stop it between two objects.

    Args:
        tell: is told how far it has come, in the thread in which the operation runs and at most a
            few times a second; what it raises ends the operation.
    """

    def __init__(self, tell: Callable[[Progress], None] = nobody) -> None:
        self._tell = tell
        self._wanted = threading.Event()
        self._stoppable = False
        self.last = Progress(Doing.CALLING, 0, 0)
        """What was told last."""

    def told(self, progress: Progress) -> None:
        """It has come so far."""
        self.last = progress
        self._tell(progress)

    def stop(self) -> bool:
        """Have the operation end once the object in hand is done; from any thread.

        Returns:
            Whether it is where it can be stopped so, that is while objects are deleted; otherwise
            nothing happens.
        """
        if self._stoppable:
            self._wanted.set()
        return self._stoppable

    @property
    def stopped(self) -> bool:
        """Whether it was to stop."""
        return self._wanted.is_set()

    def may_stop(self, *, now: bool) -> None:
        """From here on it can be stopped, or no longer; the operation says so."""
        self._stoppable = now
