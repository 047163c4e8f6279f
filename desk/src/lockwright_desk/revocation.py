"""Certificates that are listed and taken back, and the list that says so (RFC 5280, section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lockwright_desk.authority.authority import Authority
from lockwright_desk.errors import UnknownCertificate
from lockwright_desk.store.database import Database
from lockwright_desk.store.schema import SERIAL, Certificate, RevocationList

REASONS = {
    "unspecified": x509.ReasonFlags.unspecified,
    "key-compromise": x509.ReasonFlags.key_compromise,
    "affiliation-changed": x509.ReasonFlags.affiliation_changed,
    "superseded": x509.ReasonFlags.superseded,
    "cessation-of-operation": x509.ReasonFlags.cessation_of_operation,
    "privilege-withdrawn": x509.ReasonFlags.privilege_withdrawn,
}
"""Reasons that an operator can give (RFC 5280, 5.3.1)."""


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
    with database.writing() as session:
        row = session.get(Certificate, plain, with_for_update=True)
        if row is None:
            raise UnknownCertificate(serial=serial)
        if row.revoked_at is None:
            row.revoked_at, row.reason = now, reason
        return row


def current_list(database: Database, authority: Authority, now: datetime) -> bytes:
    """The revocation list as it is now; a new one is signed only where the last is not true.

    Returns:
        The list, DER.

    Raises:
        CannotSign: the token does not answer.
    """
    with database.reading() as session:
        last, revoked = _last(session), _revoked(session)
    if last is not None and last.revoked == revoked and now < _renewal(last):
        return last.der
    return new_list(database, authority, now)


def new_list(database: Database, authority: Authority, now: datetime) -> bytes:
    """Sign a new revocation list.

    Returns:
        The list, DER; if another process signs one at the same moment, that one.

    Raises:
        CannotSign: the token does not answer.
    """
    try:
        with database.writing() as session:
            last = _last(session)
            number = last.number + 1 if last else 1
            signed = authority.revocation_list(number, _entries(session, now, authority), now)
            row = RevocationList(
                number=number,
                made_at=now,
                next_update=signed.next_update_utc,
                revoked=_revoked(session),
                der=signed.public_bytes(Encoding.DER),
            )
            session.add(row)
            return row.der
    except IntegrityError:
        with database.reading() as session:
            return session.scalars(select(RevocationList.der).order_by(_NEWEST)).first() or b""


_NEWEST = RevocationList.number.desc()


def _last(session: Session) -> RevocationList | None:
    return session.scalars(select(RevocationList).order_by(_NEWEST).limit(1)).first()


def _revoked(session: Session) -> int:
    """How many certificates were ever revoked; the number only grows."""
    counted = select(func.count()).where(Certificate.revoked_at.is_not(None))
    return session.scalar(counted) or 0


def _renewal(last: RevocationList) -> datetime:
    """When a list is replaced: halfway to its end, so that nobody is left with an old one."""
    return last.made_at + (last.next_update - last.made_at) / 2


def _entries(
    session: Session, now: datetime, authority: Authority
) -> Sequence[x509.RevokedCertificate]:
    """An entry stays until one list after the certificate's own end (RFC 5280, 3.3)."""
    rows = session.scalars(
        select(Certificate)
        .where(
            Certificate.revoked_at.is_not(None),
            Certificate.not_after > now - authority.settings.crl_validity,
        )
        .order_by(Certificate.serial)
    )
    return [_entry(row) for row in rows]


def _entry(row: Certificate) -> x509.RevokedCertificate:
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(int(row.serial, 16))
        .revocation_date(row.revoked_at or row.issued_at)
    )
    reason = REASONS.get(row.reason or "", x509.ReasonFlags.unspecified)
    # RFC 5280, 5.3.1: where no reason is to be said, the extension is left out.
    if reason is not x509.ReasonFlags.unspecified:
        builder = builder.add_extension(x509.CRLReason(reason), critical=False)
    return builder.build()
