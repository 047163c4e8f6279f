"""Stopping, from another thread, what a program has begun.

To what it ends it is Ctrl-C: a ``KeyboardInterrupt`` where the module or the CA was asked, so that
every step leaves behind what it leaves behind a person who presses these keys. The door by which
the program came in makes ``Stopped`` of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count

from lockwright.errors import NOTHING, UNKNOWN_COST, Interrupted, Stopped

_TICK = 0.1
"""Seconds between two looks whether a pause is over, or to be given up."""
_MOMENTS = count(1)
"""Numbers of what begins and of what stops it, in their order."""


class StoppedHere(KeyboardInterrupt):
    """An operation ends here, since another thread wants it to.

    Args:
        cost: what it may have cost, a sentence of the errors'.
    """

    def __init__(self, cost: str) -> None:
        super().__init__(cost)
        self.cost = cost


@dataclass(slots=True)
class Operation:
    """What a program has begun in this thread, from door to door."""

    begun: int
    """The moment."""
    cost: str = NOTHING
    """What it has cost so far, where no step of it knows better."""
    struck: int = 0
    """The moment of the stop that ended it; 0 for none."""
    ends_with: list[Stops] = field(default_factory=list)
    """What it works with, each of which may stop it."""


@dataclass(slots=True)
class Series:
    """Operations of one thread, one after another, that a stop ends together."""

    begun: int
    """The moment; or that of the stop that it has ended by, once it has."""
    cost: str = NOTHING
    """What those that came to their end have cost."""


_OPERATION: ContextVar[Operation | None] = ContextVar("operation", default=None)
_SERIES: ContextVar[Series | None] = ContextVar("series", default=None)


class Stops:
    """Stops what works with one Runner; any thread may.

    As Ctrl-C it strikes an operation once, which may then clear up; the next one ends that, too.
    """

    def __init__(self) -> None:
        self._last = 0
        self._at = 0.0
        self._for_good = False

    def stop(self, *, for_good: bool = False) -> None:
        """Have every operation end that has begun by now.

        Args:
            for_good: nothing is cleared up then: what they work with is closed.
        """
        self._at = time.monotonic()
        self._last = next(_MOMENTS)
        self._for_good = self._for_good or for_good

    @property
    def since(self) -> float | None:
        """When what this thread does was stopped, on the clock of ``time.monotonic``.

        None where it was not, or ends by now.
        """
        here = _OPERATION.get()
        if here is None:
            return None
        if self not in here.ends_with:
            here.ends_with.append(self)
        struck = max(here.begun, 0 if self._for_good else here.struck)
        return self._at if struck < self._last else None

    def here(self, cost: str) -> StoppedHere:
        """What ends this thread's operation.

        Args:
            cost: what it may have cost, a sentence of the errors'.
        """
        if here := _OPERATION.get():
            here.struck = self._last
        return StoppedHere(cost)

    def refuse(self) -> None:
        """Begin nothing more for an operation that was stopped.

        Raises:
            StoppedHere: this one was.
        """
        here = _OPERATION.get()
        if here is not None and self.since is not None:
            raise self.here(here.cost)


def has_changed() -> None:
    """The operation of this thread has changed a token."""
    if here := _OPERATION.get():
        here.cost = UNKNOWN_COST


def pause(seconds: float) -> None:
    """Sleep as long as nobody stops what this thread does.

    Args:
        seconds: how long, at most.

    Raises:
        StoppedHere: somebody did.
    """
    until, here = time.monotonic() + seconds, _OPERATION.get()
    while (left := until - time.monotonic()) > 0:
        for each in here.ends_with if here else ():
            each.refuse()
        time.sleep(min(left, _TICK))


@contextmanager
def operation() -> Iterator[None]:
    """What begins here ends, if it is stopped, with ``Stopped``; one inside another is part of it.

    Raises:
        Stopped: it was stopped.
    """
    if _OPERATION.get() is not None:
        yield
        return
    series = _SERIES.get() or Series(next(_MOMENTS))
    here = Operation(series.begun, series.cost)
    token = _OPERATION.set(here)
    try:
        yield
    except StoppedHere as stop:
        cost = stop.cost
    except Interrupted as error:
        if type(error) is not Interrupted or not here.struck:
            raise
        cost = error.cost
    else:
        return
    finally:
        _OPERATION.reset(token)
        series.begun, series.cost = max(series.begun, here.struck), here.cost
    raise Stopped(cost=cost)


@contextmanager
def together() -> Iterator[None]:
    """A stop also ends what begins after it in this block; what follows ``Stopped`` clears up."""
    token = _SERIES.set(Series(next(_MOMENTS)))
    try:
        yield
    finally:
        _SERIES.reset(token)
