"""The audit trails of all servers of one database, held against what the database has."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lockwright.audit import AuditSummary, verify
from lockwright.audit.outcome import UNEXPECTED
from lockwright.audit.records import INTENT, OUTCOME, Head
from lockwright.errors import AuditUnreadable, Interrupted, reason_of
from sqlalchemy import select

from lockwright_desk.errors import DatabaseAway
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Certificate, Request

_ISSUES = {"desk_enroll", "desk_reenroll"}
_DOUBTFUL = {DatabaseAway.code, Interrupted.code, UNEXPECTED}
"""Outcomes behind which the database may have a certificate; behind a refusal it has none."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What trails and database say of each other."""

    trails: tuple[tuple[Path, AuditSummary], ...]
    """Each trail, which is whole."""
    certificates: int
    """Certificates in the database, but for the servers' own."""
    interrupted: tuple[str, ...]
    """Serial numbers of those for whose key a request is recorded, and not how it ended."""
    unrecorded: tuple[str, ...]
    """Serial numbers of those that no trail knows of."""
    unknown: tuple[str, ...]
    """Serial numbers that a trail has, and not the database, as after a restored backup."""


def compared(
    files: Sequence[Path],
    database: Database,
    anchored: Mapping[Path, Sequence[Head]] = MappingProxyType({}),
) -> Compared:
    """Verify trails, and look for every certificate in them.

    Args:
        files: the trails of all servers, those that were moved away as well.
        database: their database.
        anchored: lines that they have to hold, by trail.

    Raises:
        AuditBroken, AuditUnreadable, AuditBusy: one of them is not whole, or cannot be read.
    """
    # The trails come last: what is issued meanwhile is in them, and need not be in what was read.
    chosen = select(Certificate.serial, Request.key_sha256).outerjoin(
        Request, Request.serial == Certificate.serial
    )
    with database.looking() as connection:
        rows = connection.execute(chosen.where(Certificate.login.is_not(None))).all()
    stored = {row.serial: row.key_sha256 for row in rows}
    trails = tuple((file, verify(file, anchored.get(file, ()))) for file in files)
    recorded = _Recorded()
    for file in files:
        recorded.read(file)
    unnamed = stored.keys() - recorded.issued
    keys = recorded.doubtful
    interrupted = {serial for serial in unnamed if stored[serial] in keys}
    return Compared(
        trails=trails,
        certificates=len(stored),
        interrupted=tuple(sorted(interrupted)),
        unrecorded=tuple(sorted(unnamed - interrupted)),
        unknown=tuple(sorted(_gone(recorded.issued - stored.keys(), database))),
    )


def _gone(serials: set[str], database: Database) -> set[str]:
    """Which of these the database does not have now, either."""
    if not serials:
        return serials
    with database.looking() as connection:
        return serials.difference(connection.scalars(select(Certificate.serial)))


class _Recorded:
    """What trails say of certificates, read one after the other.

    An operation may begin in a trail that was moved away, and end in the next.
    """

    def __init__(self) -> None:
        self.issued: set[str] = set()
        """Serial numbers."""
        self._begun: dict[object, str] = {}
        self._ended: set[object] = set()

    @property
    def doubtful(self) -> set[str]:
        """Keys of the requests of which no trail says whether a certificate came of them."""
        return {key for name, key in self._begun.items() if name not in self._ended}

    def read(self, file: Path) -> None:
        """Read a trail.

        Raises:
            AuditUnreadable: it cannot be read.
        """
        try:
            with file.open("rb") as lines:
                for line in lines:
                    try:
                        record = json.loads(line)
                    except ValueError:
                        continue  # what a crash has cut short, and the trail accounts for
                    if record.get("hook") in _ISSUES:
                        self._take(record)
        except OSError as error:
            raise AuditUnreadable(file=str(file), reason=reason_of(error)) from error

    def _take(self, record: Mapping[str, Any]) -> None:
        name, facts = record.get("id"), record.get("facts") or {}
        if record.get("event") == INTENT:
            self._begun[name] = facts.get("public_key_sha256", "")
        elif record.get("event") == OUTCOME and record.get("error") not in _DOUBTFUL:
            if serial := facts.get("serial"):
                self.issued.add(serial)
            if self._begun.pop(name, None) is None:
                self._ended.add(name)
