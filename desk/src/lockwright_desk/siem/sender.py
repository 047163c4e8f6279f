"""Sends the audit trail to the collector, each record at least once, and keeps how far it is.

The place is kept once the collector has what is before it, never earlier: whatever is killed, what
it may not have is sent again, with the same numbers.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lockwright import log as logs
from lockwright.errors import LockwrightError, reason_of

from lockwright_desk.configuration.siem import SiemSettings
from lockwright_desk.siem import place as places
from lockwright_desk.siem.connection import Broken
from lockwright_desk.siem.link import Link, link
from lockwright_desk.siem.messages import Form, messages
from lockwright_desk.siem.place import Cursor, Place
from lockwright_desk.siem.spool import Spool

_BATCH = 200
"""Records between two looks at what is confirmed."""
_IDLE = 0.25
"""Seconds between two looks at a trail that does not grow."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
"""Seconds before a collector is tried again: at first, and after many times."""
_KEPT_EVERY = 1.0
"""Seconds between two times that the place is kept."""

log = logs.get("lockwright.desk.siem")


class Sender:
    """Sends; one at a time for a trail, which ``alone`` sees to.

    Args:
        settings: the collector.
        audit: the audit file.
        over: set when it is to end.
    """

    def __init__(self, settings: SiemSettings, audit: Path, over: threading.Event) -> None:
        self._settings = settings
        self._over = over
        self._spool = Spool(audit, settings.put_away)
        self._form = Form(settings.body, settings.app_name, settings.enterprise)
        self._cursor = Cursor()
        self._kept_at = 0.0
        self._unkept = False
        self.sent = 0
        """Records that are at the collector since this began."""

    def run(self, *, follow: bool, tell: Callable[[str], None] = lambda _reason: None) -> None:
        """Send until it is to end.

        Args:
            follow: go on when everything is there; else end then.
            tell: called with the reason when the collector cannot be reached.

        Raises:
            OSError, DeskFileNotWritten: the place cannot be read or kept.
        """
        self._cursor = places.load(self._settings.cursor)
        pause = _FIRST_PAUSE
        while not self._over.is_set():
            before = self.sent
            try:
                if self._session(follow=follow):
                    return
            except Broken as error:
                reason = str(error)
            except (OSError, LockwrightError) as error:
                reason = reason_of(error)
            else:
                continue
            self._troubled(reason)
            tell(reason)
            pause = _FIRST_PAUSE if self.sent > before else min(2 * pause, _LONGEST_PAUSE)
            self._over.wait(pause * random.uniform(0.5, 1.0))  # noqa: S311  # so not all come at once

    def _session(self, *, follow: bool) -> bool:
        """One connection, from when there is something to send; whether all is done."""
        self._spool.begin(self._cursor.place)
        opened: Link | None = None
        open_ones: deque[tuple[int, Place]] = deque()
        number = 0
        try:
            while not self._over.is_set():
                found = self._spool.read(_BATCH)
                if opened is None:
                    if not found and not follow and not self._cursor.trouble:
                        return True
                    if not found and not self._cursor.trouble:
                        self._over.wait(_IDLE)
                        continue
                    opened = link(self._settings)
                    self._well()
                for item in found:
                    number += 1
                    opened.put(number, list(messages(item, self._form)))
                    open_ones.append((number, item.place))
                there = opened.confirmed(0 if found else _IDLE, hurry=not follow and not found)
                self._confirmed(open_ones, there)
                if not follow and not found and not open_ones:
                    opened.close()
                    opened = None
                    return True
            if opened is not None:
                opened.close()
                opened = None
            return False
        finally:
            self._spool.close()
            if opened is not None:
                opened.abandon()
            self._keep()

    def _confirmed(self, open_ones: deque[tuple[int, Place]], there: int) -> None:
        """Everything up to a number is at the collector."""
        while open_ones and open_ones[0][0] <= there:
            self._cursor = replace(self._cursor, place=open_ones.popleft()[1])
            self.sent += 1
            self._unkept = True
        if time.monotonic() >= self._kept_at + _KEPT_EVERY:
            self._keep()

    def _keep(self) -> None:
        if self._unkept:
            self._cursor = replace(self._cursor, confirmed_at=_now())
            places.store(self._settings.cursor, self._cursor)
            self._unkept, self._kept_at = False, time.monotonic()

    def _troubled(self, reason: str) -> None:
        if self._cursor.trouble != reason:
            log.warning("siem", reason=reason)
            since = self._cursor.since if self._cursor.trouble else _now()
            self._cursor = replace(self._cursor, trouble=reason, since=since)
            with suppress(LockwrightError):
                places.store(self._settings.cursor, self._cursor)

    def _well(self) -> None:
        if self._cursor.trouble:
            log.info("siem", reason="")
            self._cursor = replace(self._cursor, trouble="", since="")
            places.store(self._settings.cursor, self._cursor)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
