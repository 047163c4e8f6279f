"""How far behind the collector is, from what is on disk: whoever sends, or if nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lockwright_desk.configuration.siem import SiemSettings
from lockwright_desk.siem import place as places
from lockwright_desk.siem.alone import somebody_sends
from lockwright_desk.siem.place import Cursor
from lockwright_desk.siem.spool import Spool


@dataclass(frozen=True, slots=True)
class Behind:
    """What is not known to be at the collector."""

    cursor: Cursor
    records: int
    """How many records."""
    oldest: str
    """Time of the first of them, UTC; empty if there is none."""
    sending: bool
    """Whether a process sends."""


def behind(settings: SiemSettings, audit: Path) -> Behind:
    """Look.

    Raises:
        OSError: trail or place cannot be read.
    """
    cursor = places.load(settings.cursor)
    spool = Spool(audit, settings.put_away)
    spool.begin(cursor.place)
    records, oldest = spool.remaining()
    return Behind(cursor, records, oldest, sending=somebody_sends(settings.cursor))
