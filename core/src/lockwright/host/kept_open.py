"""Hosts of the bank's side that stay open: each answers for one thread at a time, and stays warm.

A host that crashed, hung or was interrupted is not asked again. What takes its place is started
after a pause that grows with each failure in a row, so that a module that crashes at once is no
storm of processes; the hosts beside it go on meanwhile.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from lockwright.errors import ModuleError

IDLE = 300.0
"""Seconds after which a host that nobody needs is closed: an HSM's login ends with it."""
MOST_ANSWERS = 1000
"""Questions after which a host is closed; another is started when it is needed."""
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds until a host is started in place of one that failed, by failures in a row."""


class Closable(Protocol):
    """What a host is here."""

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""

    def begin_close(self) -> None:
        """Have it end without waiting for it; ``close`` waits."""

    def close(self) -> None:
        """End it."""


H = TypeVar("H", bound=Closable)


@dataclass(slots=True)
class _Kept(Generic[H]):
    """A host, and how long it has been one."""

    host: H
    stays: bool
    """Whether it may be asked a second time."""
    answers: int = 0
    since: float = 0.0
    """When it was needed last."""


@dataclass(slots=True)
class _Kind(Generic[H]):
    """The hosts that are alike."""

    idle: list[_Kept[H]] = field(default_factory=list)
    number: int = 0
    """How many there are, those that answer too."""
    failures: int = 0
    """How many failed in a row."""
    pause_ends: float = 0.0


class KeptOpen(Generic[H]):
    """Hosts, each by what it is for.

    Args:
        idle: seconds after which one that nobody needs is closed.
    """

    def __init__(self, idle: float = IDLE) -> None:
        self._idle = idle
        self._kinds: defaultdict[Hashable, _Kind[H]] = defaultdict(_Kind)
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        weakref.finalize(self, self._stopped.set)
        self._watched = False

    @contextmanager
    def host(self, kind: Hashable, most: int, made: Callable[[], tuple[H, bool]]) -> Iterator[H]:
        """A host for this thread alone, waited for where as many as may be answer others.

        Args:
            kind: what it is for.
            most: how many there may be of the kind.
            made: makes one, and says whether it may be asked a second time.
        """
        kept = self._taken(kind, most)
        failed = False
        try:
            if kept is None:
                kept = _Kept(*made())
            yield kept.host
        except BaseException as error:
            failed = isinstance(error, ModuleError)
            raise
        finally:
            self._give_back(kind, kept, failed=failed)

    def close(self) -> None:
        """Close every host that answers nobody."""
        self._stopped.set()
        self._end(self._ripe(float("inf")))

    def _taken(self, kind: Hashable, most: int) -> _Kept[H] | None:
        """A host that nobody uses; None where one may be made."""
        with self._changed:
            of = self._kinds[kind]
            while True:
                if of.idle:
                    kept = of.idle.pop()
                    if kept.host.alive:
                        return kept
                    of.number -= 1
                    kept.host.close()
                elif of.number >= most:
                    self._changed.wait()
                elif (pause := of.pause_ends - time.monotonic()) > 0:
                    self._changed.wait(pause)
                else:
                    of.number += 1
                    return None

    def _give_back(self, kind: Hashable, kept: _Kept[H] | None, *, failed: bool) -> None:
        lives = kept is not None and kept.host.alive
        with self._changed:
            of = self._kinds[kind]
            if not failed:
                of.failures = 0
            elif not lives:
                of.pause_ends = time.monotonic() + _PAUSES[min(of.failures, len(_PAUSES) - 1)]
                of.failures += 1
            if kept is not None and lives and self._goes_on(kept):
                of.idle.append(kept)
                kept = None
            else:
                of.number -= 1
            self._changed.notify_all()
        if kept is not None:
            kept.host.close()

    def _goes_on(self, kept: _Kept[H]) -> bool:
        """Whether a host is kept after an answer."""
        kept.answers, kept.since = kept.answers + 1, time.monotonic()
        if not kept.stays or kept.answers >= MOST_ANSWERS or self._stopped.is_set():
            return False
        if not self._watched:
            self._watched = True
            us = weakref.ref(self)
            threading.Thread(target=_watch, args=(us, self._stopped), daemon=True).start()
        return True

    def close_idle(self) -> float:
        """Close what nobody has needed for long; seconds until the next look."""
        self._end(self._ripe(time.monotonic() - self._idle))
        return self._idle / 4

    def _ripe(self, last: float) -> list[_Kept[H]]:
        """Hosts that were needed last before a time, taken out."""
        ripe: list[_Kept[H]] = []
        with self._changed:
            for of in self._kinds.values():
                gone = [each for each in of.idle if each.since <= last]
                of.idle = [each for each in of.idle if each.since > last]
                of.number -= len(gone)
                ripe += gone
        return ripe

    def _end(self, gone: list[_Kept[H]]) -> None:
        for each in gone:
            each.host.begin_close()
        for each in gone:
            each.host.close()


def _watch(of_us: weakref.ref[KeptOpen[H]], stopped: threading.Event) -> None:
    """Close what is idle until the hosts are closed, or nobody has them any more."""
    seconds = 0.0
    while not stopped.wait(seconds):
        ours = of_us()
        if ours is None:
            return
        seconds = ours.close_idle()
        del ours
