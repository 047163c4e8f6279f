"""When a CA that has not decided may be asked again, and how long a person waits for it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from lockwright.enrol.ca.pauses import pauses
from lockwright.enrol.ca.server_text import NOTHING_SAID
from lockwright.enrol.journal import Step
from lockwright.errors import EnrolmentWaits
from lockwright.models import Pending
from lockwright.operations.telling import Teller


class Waits:
    """The waits of one run: as long as the CA says, never without a pause, within the patience.

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
        self._earliest = datetime.now(UTC)
        self._end: datetime | None = None

    @property
    def end(self) -> datetime:
        """When the person waits no more; it is set as soon as it is asked for."""
        if self._end is None:
            self._end = datetime.now(UTC) + timedelta(seconds=self._seconds)
        return self._end

    @property
    def left(self) -> float:
        """Seconds that the person still waits."""
        return max((self.end - datetime.now(UTC)).total_seconds(), 0)

    def asked(self) -> None:
        """The CA was asked: a pause comes before the next question, and each is longer."""
        self._earliest = datetime.now(UTC) + timedelta(seconds=next(self._pauses))

    def wait(self, pending: Pending) -> None:
        """Wait until the CA may be asked.

        Raises:
            EnrolmentWaits: that is later than the person waits.
        """
        end, now = self.end, datetime.now(UTC)
        until = max(pending.not_before, self._earliest)
        if until > max(end, now):
            raise _waits(self._ca, pending, until)
        self._teller.begins(Step.WAITING, until=until, end=end)
        time.sleep(max((until - now).total_seconds(), 0))


def refuse_early(ca: str, pending: Pending, seconds: float) -> None:
    """Refuse to wait longer than there is time.

    Args:
        ca: name of the CA.
        pending: its last answer.
        seconds: how long it may be waited.

    Raises:
        EnrolmentWaits: its time is later.
    """
    if (pending.not_before - datetime.now(UTC)).total_seconds() > max(seconds, 0):
        raise _waits(ca, pending, pending.not_before)


def _waits(ca: str, pending: Pending, until: datetime) -> EnrolmentWaits:
    told = f"{until.astimezone():%Y-%m-%d %H:%M:%S}"
    return EnrolmentWaits(ca=ca, until=told, reason=pending.text or NOTHING_SAID)
