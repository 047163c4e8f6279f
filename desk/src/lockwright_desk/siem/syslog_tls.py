"""RFC 5425: syslog over TLS with octet counting, which knows no answers, and what stands for one.

What a socket has taken may be lost with either side of it. So after a while, or some thousands of
records, the next connection is begun and this one ended in order: a collector that ends it, too,
has read everything. What it has read may lie in its memory yet: only when it has not broken off for
some seconds more, a record counts as being there. Until then it is sent again after each broken
connection.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from lockwright.i18n import _

from lockwright_desk.configuration.siem import SiemSettings
from lockwright_desk.siem.connection import Broken, Connection

_MOST = 5000
"""Records between two receipts."""
_PARTING = 3.0
"""Seconds for a collector to end the connection with us."""


class SyslogLink:
    """A link; see ``Link``.

    Args:
        settings: where the collector is.

    Raises:
        Broken: there is no connection.
    """

    def __init__(self, settings: SiemSettings) -> None:
        self._settings = settings
        self._connection = Connection(settings)
        self._last = 0
        """The last record that was written."""
        self._read = 0
        """The last record that the collector has read."""
        self._first_at = 0.0
        """When the first record after that one was written."""
        self._count = 0
        """Records written after that one."""
        self._receipts: list[tuple[float, int]] = []
        """When the collector was known to have read up to which record."""
        self._confirmed = 0

    def put(self, number: int, messages: Sequence[bytes]) -> None:
        """Write the messages of a record."""
        if not self._count:
            self._first_at = time.monotonic()
        self._connection.send(b"".join(b"%d %s" % (len(each), each) for each in messages))
        self._last = number
        self._count += 1
        if self._count >= _MOST:
            self._ask()

    def confirmed(self, seconds: float, *, hurry: bool = False) -> int:
        """Up to which record everything is at the collector."""
        now = time.monotonic()
        due = self._first_at + (0 if hurry else self._settings.receipt)
        if self._count and now >= due:
            self._ask()
            now = time.monotonic()
        waits = [self._receipts[0][0] + self._settings.settled] if self._receipts else []
        waits += [due] if self._count else []
        # What a collector says is nothing to us; that it ends the connection, is.
        self._connection.receive(min([seconds, *(when - now for when in waits)]))
        now = time.monotonic()
        while self._receipts and self._receipts[0][0] + self._settings.settled <= now:
            self._confirmed = self._receipts.pop(0)[1]
        return self._confirmed

    def close(self) -> None:
        """End it in order."""
        self._connection.finish(_PARTING)

    def abandon(self) -> None:
        """Let go of it."""
        self._connection.abandon()

    def _ask(self) -> None:
        """End the connection, the next one being open by then.

        A collector that is killed and started anew breaks one of them. Between two connections
        nobody would hear of it, and what it had in its memory would be taken as being there.
        """
        following = Connection(self._settings)
        try:
            self._end()
        except Broken:
            following.abandon()
            raise
        self._connection = following
        self._read, self._count = self._last, 0
        self._receipts.append((time.monotonic(), self._read))

    def _end(self) -> None:
        self._connection.receive(0)  # a collector that was killed before has ended it
        if not self._connection.finish():
            raise Broken(_("the collector ended the connection"))
