"""The spool: each record is a file until it is delivered, so it may be delivered twice, not never.

Whoever delivers holds the lock of the spool; a collector that was away is left alone for a while.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lockwright.files.lock import StillHeld, locked_within

from lockwright_siem_copy.delivery import Collector
from lockwright_siem_copy.record import Record, as_json
from lockwright_siem_copy.settings import Settings

_SUFFIX = ".record"
_SHARED = 0o640


_AT_ONCE = 100
"""How many records go over one connection."""


class SpoolFull(OSError):
    """As many records wait as may."""


class Spool:
    """The spool of a computer.

    Args:
        settings: where it is, and how much it may hold.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._away = settings.spool / "away"

    def put(self, record: Record) -> None:
        """Keep a record.

        Raises:
            SpoolFull: there are too many.
            OSError: it cannot be written.
        """
        if len(self._waiting()) >= self._settings.most:
            raise SpoolFull(f"{self._settings.spool}: {self._settings.most}")
        final = self._settings.spool / f"{time.time_ns():020d}-{record['id']}{_SUFFIX}"
        draft = final.with_suffix(".draft")
        fd = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _SHARED)
        with os.fdopen(fd, "wb") as file:
            file.write(as_json(record))
        draft.replace(final)

    def deliver(self, seconds: float, *, at_once: bool = False) -> int:
        """Deliver what waits, the oldest first, until that fails or the time is over.

        Args:
            seconds: how long it may take.
            at_once: also where the collector was away a moment ago.

        Returns:
            How many records still wait.
        """
        until = time.monotonic() + seconds
        if at_once or not self._was_away():
            with self._alone(seconds) as alone:
                if alone:
                    self._deliver(until)
        return len(self._waiting())

    def _deliver(self, until: float) -> None:
        collector = Collector(self._settings.to)
        try:
            while (waiting := self._waiting()) and (left := until - time.monotonic()) > 0:
                read = {file: _read(file) for file in waiting[:_AT_ONCE]}
                collector.take([record for record in read.values() if record], left)
                for file, record in read.items():
                    file.unlink() if record else file.rename(file.with_suffix(".broken"))
        except OSError:
            self._away.touch()
        else:
            self._away.unlink(missing_ok=True)

    def _waiting(self) -> list[Path]:
        return sorted(each for each in self._settings.spool.iterdir() if each.suffix == _SUFFIX)

    def _was_away(self) -> bool:
        with suppress(OSError):
            return 0 <= time.time() - self._away.stat().st_mtime < self._settings.pause
        return False

    @contextmanager
    def _alone(self, seconds: float) -> Iterator[bool]:
        """Whether nobody else delivers now."""
        fd = os.open(self._settings.spool / "lock", os.O_CREAT | os.O_RDWR, _SHARED)
        try:
            with locked_within(fd, seconds):
                yield True
        except StillHeld:
            yield False
        finally:
            os.close(fd)


def _read(file: Path) -> Record | None:
    """A record; None if a loss of power left a part of one."""
    try:
        found = json.loads(file.read_bytes())
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
