"""Everybody who is connected, counted in all and by address.

Where there are too many, the connection that has made the desk wait for the longest time is cut:
one that says nothing, or too slowly. So whoever opens connections by the hundred cuts mostly their
own, and a client that asks at once is served, even from the same address.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from lockwright import log as logs

_TELLS_EVERY = 60.0
"""Seconds between two lines of the log, however many are cut."""

log = logs.get("lockwright.desk.door")


@dataclass(frozen=True, slots=True, eq=False)
class Guest:
    """One connection."""

    place: str | None
    """What its address counts as; None for a proxy, which stands for many."""
    cut: Callable[[], None]
    """Ends the connection at once."""


class Crowd:
    """The connections that are open; used by the event loop's thread alone.

    Args:
        most: how many there may be.
        most_of_one: how many of one address.
        clock: the time in seconds, from any beginning.
    """

    def __init__(
        self, most: int, most_of_one: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._clock = clock
        self._present: set[Guest] = set()
        self._by_place: Counter[str] = Counter()
        self._waiting: dict[Guest, None] = {}
        self._cut = 0
        self._told = -_TELLS_EVERY

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._present)

    def enter(self, guest: Guest) -> bool:
        """Let a connection in, which is waited for; another may be cut for it.

        Returns:
            Whether it is in; it is not where all the others are being answered.
        """
        if guest.place and self._by_place[guest.place] >= self._most_of_one:
            if not self._make_room(guest.place, guest.place):
                return False
        elif len(self._present) >= self._most and not self._make_room(None, guest.place):
            return False
        self._present.add(guest)
        if guest.place:
            self._by_place[guest.place] += 1
        self.waits_for(guest)
        return True

    def waits_for(self, guest: Guest) -> None:
        """From now on the desk waits for this one."""
        if guest in self._present:
            self._waiting.pop(guest, None)
            self._waiting[guest] = None

    def works_for(self, guest: Guest) -> None:
        """From now on this one waits for the desk, and is not cut."""
        self._waiting.pop(guest, None)

    def leave(self, guest: Guest) -> None:
        """It is gone; a second time does nothing."""
        if guest not in self._present:
            return
        self._present.remove(guest)
        self._waiting.pop(guest, None)
        if guest.place:
            self._by_place[guest.place] -= 1
            if not self._by_place[guest.place]:
                del self._by_place[guest.place]

    def _make_room(self, place: str | None, newcomer: str | None) -> bool:
        """Cut whoever was waited for longest, of one place or of all."""
        found = next((each for each in self._waiting if place in {None, each.place}), None)
        self._tell(newcomer)
        if found is None:
            return False
        self.leave(found)
        found.cut()
        return True

    def _tell(self, place: str | None) -> None:
        self._cut += 1
        if self._clock() - self._told >= _TELLS_EVERY:
            log.warning("too many connections", address=place, cut=self._cut)
            self._told, self._cut = self._clock(), 0
