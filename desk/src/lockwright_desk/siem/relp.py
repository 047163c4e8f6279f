"""RELP, the reliable event logging protocol of rsyslog: each record is answered.

A frame is a number, a command, the length of its data, a space and the data if there is any, and a
line feed (librelp, doc/relp.html). The server answers each number with ``rsp``, and ends the
session with ``0 serverclose 0``.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Sequence

from lockwright.console.clean import clean
from lockwright.i18n import _

from lockwright_desk import __version__
from lockwright_desk.configuration.siem import SiemSettings
from lockwright_desk.siem.connection import SECONDS, Broken, Connection

_OPENING = 5.0
"""Seconds for a collector to begin a session."""
_WINDOW = 1000
"""Messages that wait for an answer at once."""
_LAST_NUMBER = 999_999_999
_HEAD = re.compile(rb"(\d{1,9}) ([A-Za-z]{1,32}) (\d{1,9})(?: |(?=\n))")
_LONGEST_HEAD = 64
_LONGEST_ANSWER = 128 * 1024
_OK = b"200"
_OFFER = (f"relp_version=0\nrelp_software=lockwright-desk,{__version__}\ncommands=syslog").encode()


class RelpLink:
    """A link; see ``Link``.

    Args:
        settings: where the collector is.

    Raises:
        Broken: there is no connection, or it speaks no RELP.
    """

    def __init__(self, settings: SiemSettings) -> None:
        self._connection = Connection(settings)
        self._number = 0
        self._buffer = b""
        self._open: deque[tuple[int, int]] = deque()
        """Frames without an answer: number, and record if it is the last of one, else 0."""
        self._confirmed = 0
        self._heard_at = time.monotonic()
        """When the collector last answered, or began to owe an answer."""
        try:
            self._send(b"open", _OFFER, 0)
            while self._open:
                self._answers(_OPENING, must=True)
        except Broken:
            self._connection.abandon()
            raise

    def put(self, number: int, messages: Sequence[bytes]) -> None:
        """Write the messages of a record, once few enough are open."""
        *earlier, last = messages
        for each in earlier:
            self._send(b"syslog", each, 0)
        self._send(b"syslog", last, number)
        while len(self._open) >= _WINDOW:
            self._answers(SECONDS, must=True)

    def confirmed(self, seconds: float, *, hurry: bool = False) -> int:
        """Up to which record every one was answered."""
        self._answers(SECONDS if hurry and self._open else seconds, must=hurry and bool(self._open))
        if self._open and time.monotonic() - self._heard_at > SECONDS:
            raise Broken(_("the collector does not answer"))
        return self._confirmed

    def close(self) -> None:
        """End it in order."""
        try:
            self._send(b"close", b"", 0)
            while self._open:
                self._answers(1.0, must=True)
        except Broken:
            self._connection.abandon()
        else:
            self._connection.finish(1.0)

    def abandon(self) -> None:
        """Let go of it."""
        self._connection.abandon()

    def _send(self, command: bytes, data: bytes, record: int) -> None:
        if not self._open:
            self._heard_at = time.monotonic()
        self._number = self._number % _LAST_NUMBER + 1
        head = b"%d %s %d" % (self._number, command, len(data))
        self._open.append((self._number, record))
        self._connection.send(head + (b" " + data if data else b"") + b"\n")

    def _answers(self, seconds: float, *, must: bool) -> None:
        """Take the answers that have come."""
        until = time.monotonic() + seconds
        while True:
            self._buffer += self._connection.receive(until - time.monotonic())
            taken = False
            while self._answer():
                taken = True
            if taken:
                return
            if time.monotonic() >= until:
                if must:
                    raise Broken(_("the collector does not answer"))
                return

    def _answer(self) -> bool:
        """Take one answer; whether there was a whole one."""
        found = _HEAD.match(self._buffer)
        if found is None:
            if len(self._buffer) > _LONGEST_HEAD or b"\n" in self._buffer:
                raise Broken(_("the collector does not speak RELP there"))
            return False
        length = int(found[3])
        if length > _LONGEST_ANSWER:
            raise Broken(_("the collector does not speak RELP there"))
        end = found.end() + length
        if len(self._buffer) <= end:
            return False
        data, self._buffer = self._buffer[found.end() : end], self._buffer[end + 1 :]
        self._take(int(found[1]), found[2], data)
        return True

    def _take(self, number: int, command: bytes, data: bytes) -> None:
        if command == b"serverclose":
            raise Broken(_("the collector ended the connection"))
        if command != b"rsp" or not self._open or self._open[0][0] != number:
            raise Broken(_("the collector does not speak RELP there"))
        if data and not data.startswith(_OK):
            line = clean(data.partition(b"\n")[0].decode("utf-8", "replace"))[:200]
            raise Broken(_('the collector refuses a record: "{text}"').format(text=line))
        self._confirmed = self._open.popleft()[1] or self._confirmed
        self._heard_at = time.monotonic()
