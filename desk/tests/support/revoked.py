"""Certificates that were revoked, by the thousand, as the tables have them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from lockwright_desk.enrolment.crl.entries import entry
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Certificate
from sqlalchemy import insert

DAYS = 365
"""How long they are valid."""
_REASONS = ("unspecified", "superseded", "key-compromise")
_DER = bytes(600)
"""In place of a certificate, as long as one."""


def add(database: Database, count: int, now: datetime) -> None:
    """Add so many, in a desk that has revoked none."""
    serials = [f"{secrets.randbits(159):040x}" for _each in range(count)]
    with database.writing() as session:
        rows = [_row(each, number, now) for number, each in enumerate(serials, 1)]
        session.execute(insert(Certificate), rows)


def _row(serial: str, number: int, now: datetime) -> dict[str, object]:
    reason = _REASONS[number % len(_REASONS)]
    return {
        "serial": serial,
        "login": f"revoked-{number}",
        "profile": "client",
        "subject": f"CN=Person {number},O=Bank,C=RU",
        "der": _DER,
        "fingerprint": serial.ljust(64, "0"),
        "issued_at": now,
        "not_after": now + timedelta(days=DAYS),
        "revoked_at": now,
        "reason": reason,
        "revocation": number,
        "crl_entry": entry(serial, now, reason),
    }
