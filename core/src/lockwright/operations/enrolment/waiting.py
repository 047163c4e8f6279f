"""When a CA that has not decided may be asked again, and how long a person waits for it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from lockwright.contract import stopping
from lockwright.enrol.ca.pauses import pauses
from lockwright.enrol.ca.server_text import NOTHING_SAID
from lockwright.enrol.journal import Step
from lockwright.errors import EnrolmentWaits
from lockwright.models import Pending
from lockwright.operations.telling import Teller

_LONGEST = 366 * 24 * 3600
"""Seconds that anybody waits; no clock or calendar fails at it."""


class Waits:
    """The waits of one run: as long as the CA says, never without a pause, within the patience.

    A CA names a moment; how long it is until then is found when the CA says it, and counted from
    then on by a clock that nobody sets.

    Args:
        ca: name of the CA.
        seconds: how long the person waits, from the first question on.
        teller: is told of each wait.
    """

    def __init__(self, ca: str, seconds: float, teller: Teller) -> None:
        self._ca = ca
        self._seconds = seconds
        self._teller = teller
        self._pauses = pauses()
        self._next: float | None = None
        self._end: float | None = None

    @property
    def left(self) -> float:
        """Seconds that the person still waits; they count from when this is asked first."""
        now = time.monotonic()
        if self._end is None:
            self._end = now + min(self._seconds, _LONGEST)
        return max(self._end - now, 0)

    def asked(self, pending: Pending) -> None:
        """The CA was asked, and has not decided: a pause comes first, and each is longer."""
        pause = max(_until(pending), next(self._pauses))
        self._next = time.monotonic() + pause

    def wait(self, pending: Pending) -> None:
        """Wait until the CA may be asked.

        Args:
            pending: its last answer, in this run or in another.

        Raises:
            EnrolmentWaits: that is later than the person waits.
        """
        left = self.left
        told = _until(pending) if self._next is None else self._next - time.monotonic()
        pause, now = max(told, 0), datetime.now(UTC)
        until = now + timedelta(seconds=pause)
        if pause > left:
            raise _waits(self._ca, pending, until)
        self._teller.begins(Step.WAITING, until=until, end=now + timedelta(seconds=left))
        stopping.pause(pause)


def refuse_early(ca: str, pending: Pending, seconds: float) -> None:
    """Refuse to wait longer than there is time.

    Args:
        ca: name of the CA.
        pending: its last answer.
        seconds: how long it may be waited.

    Raises:
        EnrolmentWaits: its time is later.
    """
    if _until(pending) > max(seconds, 0):
        raise _waits(ca, pending, pending.not_before)


def _until(pending: Pending) -> float:
    """Seconds until a CA may be asked, by the clock as it stands; less than 0 once it may."""
    return (pending.not_before - datetime.now(UTC)).total_seconds()


def _waits(ca: str, pending: Pending, until: datetime) -> EnrolmentWaits:
    told = f"{until.astimezone():%Y-%m-%d %H:%M:%S}"
    return EnrolmentWaits(ca=ca, until=told, reason=pending.text or NOTHING_SAID)
