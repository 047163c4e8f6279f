"""Certificates that are listed and taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lockwright_desk.enrolment.crl.entries import entry
from lockwright_desk.enrolment.crl.lists import newest
from lockwright_desk.errors import UnknownCertificate
from lockwright_desk.store.database import Database
from lockwright_desk.store.errand import Errand, alone
from lockwright_desk.store.tables.base import SERIAL
from lockwright_desk.store.tables.enrolment import Certificate

_SERIAL = re.compile(rf"[0-9a-f]{{{SERIAL}}}")


def every(database: Database) -> Sequence[Certificate]:
    """All certificates, the newest first."""
    with database.reading() as session:
        order = (Certificate.issued_at.desc(), Certificate.serial)
        return session.scalars(select(Certificate).order_by(*order)).all()


def revoke(database: Database, serial: str, reason: str, now: datetime) -> Certificate:
    """Take a certificate back; one that was taken back before keeps its date and reason.

    Args:
        database: where it is kept.
        serial: serial number in hex; leading zeros and colons do not matter.
        reason: a name of ``REASONS``.
        now: the time.

    Raises:
        UnknownCertificate: there is none.
    """
    plain = serial.replace(":", "").lower().rjust(SERIAL, "0")
    if not _SERIAL.fullmatch(plain):
        raise UnknownCertificate(serial=serial)
    with database.writing() as session:
        alone(session.connection(), Errand.REVOKE)  # revocations have an order, without a gap
        row = session.get(Certificate, plain, with_for_update=True)
        if row is None:
            raise UnknownCertificate(serial=serial)
        if row.revoked_at is None:
            row.revoked_at, row.reason = now, reason
            row.crl_entry = entry(row.serial, now, reason)
            row.revocation = newest(session) + 1
        return row
