"""When a CA that has not decided may be asked again."""

from __future__ import annotations

from datetime import UTC, datetime

from lockwright.enrol.ca.server_text import NOTHING_SAID
from lockwright.errors import EnrolmentWaits
from lockwright.models import Pending


def refuse_early(ca: str, pending: Pending, seconds: float) -> None:
    """Refuse to wait longer than there is time.

    Args:
        ca: name of the CA.
        pending: its last answer.
        seconds: how long it may be waited.

    Raises:
        EnrolmentWaits: its time is later.
    """
    if (pending.not_before - datetime.now(UTC)).total_seconds() <= max(seconds, 0):
        return
    until = f"{pending.not_before.astimezone():%Y-%m-%d %H:%M:%S}"
    raise EnrolmentWaits(ca=ca, until=until, reason=pending.text or NOTHING_SAID)
