"""The audit trails of all servers of one database, held against what the database has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lockwright.audit import AuditSummary, verify
from lockwright.audit.records import INTENT, OUTCOME
from lockwright.errors import AuditUnreadable, reason_of
from sqlalchemy import select

from lockwright_desk.store.database import Database
from lockwright_desk.store.schema import Certificate, Request

_ISSUES = {"desk_enroll", "desk_reenroll"}


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


def compared(files: Sequence[Path], database: Database) -> Compared:
    """Verify trails, and look for every certificate in them.

    Args:
        files: the trails of all servers, those that were moved away as well.
        database: their database.

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
    trails = tuple((file, verify(file)) for file in files)
    issued, keys = set[str](), set[str]()
    for file in files:
        for serial, key in _read(file):
            issued |= {serial} if serial else set()
            keys |= {key} if key else set()
    unnamed = sorted(serial for serial in stored if serial not in issued)
    interrupted = [serial for serial in unnamed if stored[serial] in keys]
    return Compared(
        trails=trails,
        certificates=len(stored),
        interrupted=tuple(interrupted),
        unrecorded=tuple(serial for serial in unnamed if serial not in interrupted),
        unknown=tuple(sorted(_gone(issued - set(stored), database))),
    )


def _gone(serials: set[str], database: Database) -> Iterator[str]:
    """Which of these the database does not have now, either."""
    for serial in serials:
        with database.looking() as connection:
            found = connection.scalar(
                select(Certificate.serial).where(Certificate.serial == serial)
            )
        if found is None:
            yield serial


def _read(file: Path) -> Iterator[tuple[str | None, str | None]]:
    """The serial number of each certificate that is recorded, and the key of each request."""
    try:
        with file.open("rb") as lines:
            for line in lines:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue  # what a crash has cut short, and the trail accounts for
                if record.get("hook") not in _ISSUES:
                    continue
                facts = record.get("facts") or {}
                if record.get("event") == OUTCOME:
                    yield facts.get("serial"), None
                elif record.get("event") == INTENT:
                    yield None, facts.get("public_key_sha256")
    except OSError as error:
        raise AuditUnreadable(file=str(file), reason=reason_of(error)) from error
