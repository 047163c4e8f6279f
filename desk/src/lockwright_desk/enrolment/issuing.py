"""From a right to a certificate, exactly once, whatever comes twice or at the same time.

A right is a one-time password or a certificate to be renewed. Its row is locked for the whole of
the transaction in which the request is looked for, the certificate signed and both written down;
so a second request waits, and then finds the result of the first one. The database enforces it as
well: a right has one request, a request one certificate, and a serial number exists once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.certificates.subjects import subject_of, written
from sqlalchemy import Connection, bindparam, insert, select, update

from lockwright_desk.configuration.profiles import Profile
from lockwright_desk.enrolment.authority.authority import Authority
from lockwright_desk.enrolment.authority.extensions import of_profile
from lockwright_desk.enrolment.refusals import IssuedButRevoked, RequestDenied
from lockwright_desk.enrolment.request import Wish
from lockwright_desk.http.refusals import Failed, Refusal
from lockwright_desk.store.tables.base import SERIAL
from lockwright_desk.store.tables.enrolment import Certificate, Request, State


@dataclass(frozen=True, slots=True)
class Issued:
    """The answer is a certificate."""

    certificate: bytes
    """DER."""
    serial: str
    """Serial number, hex."""
    again: bool
    """Whether it was issued before, to the same request."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The answer is: ask again."""

    seconds: int
    """Not before so many seconds."""
    request: int
    """Number of the request."""


@dataclass(frozen=True, slots=True)
class Right:
    """What one certificate may be issued for; its row is locked."""

    column: str
    """The column of ``requests`` that names it."""
    value: str
    login: str
    subject: x509.Name
    spent: type[Refusal]
    """What another key is told."""
    used: Used | None
    """The one use that was made of it."""


@dataclass(frozen=True, slots=True)
class Used:
    """A request that was made by a right, and what came of it."""

    id: int
    key_sha256: str
    state: str
    reason: str | None
    serial: str | None
    der: bytes | None
    """The certificate."""
    revoked_at: datetime | None
    """When that was revoked."""


_REQUESTS, _CERTIFICATES = Request.__table__, Certificate.__table__
_USED = select(
    Request.id,
    Request.key_sha256,
    Request.state,
    Request.reason,
    Request.serial,
    Certificate.der,
    Certificate.revoked_at,
).select_from(_REQUESTS.outerjoin(_CERTIFICATES, Request.serial == Certificate.serial))
_USES = {
    column: _USED.where(_REQUESTS.c[column] == bindparam("right"))
    for column in ("password_id", "renews")
}

_ENTER, _ENTER_CERTIFICATE = insert(Request), insert(Certificate)
_ENTER_WAITING = insert(Request).returning(Request.id)


def use_of(connection: Connection, column: str, value: str) -> Used | None:
    """The use that was made of a right; to be asked once the right's row is locked.

    Args:
        connection: the transaction.
        column: the column of ``requests`` that names the right.
        value: which it is.
    """
    row = connection.execute(_USES[column], {"right": value}).one_or_none()
    return None if row is None else Used(*row)


def fulfil(
    connection: Connection,
    authority: Authority,
    profile: Profile,
    right: Right,
    wish: Wish,
    now: datetime,
) -> Issued | Waiting:
    """Answer a request that a right stands behind.

    Args:
        connection: the transaction in which the right was locked.
        authority: the CA.
        profile: the profile.
        right: the right.
        wish: the request, judged.
        now: the time.

    Raises:
        Refusal: the right was used for another key, or the request was denied.
        CannotSign: nothing was issued, and the right is as good as before.
    """
    used = right.used
    if used is None:
        if profile.approval:
            taken = _taken(profile, right, wish, State.WAITING, now)
            made = connection.execute(_ENTER_WAITING, taken).one()
            return Waiting(int(profile.retry_after.total_seconds()), made.id)
        row = _issue(connection, authority, profile, right, wish, now)
        taken = _taken(profile, right, wish, State.ISSUED, now)
        connection.execute(_ENTER, {**taken, "serial": row["serial"]})
        return Issued(row["der"], row["serial"], again=False)
    if used.key_sha256 != wish.key_sha256:
        raise right.spent
    match State(used.state):
        case State.ISSUED:
            return _issued_before(used)
        case State.DENIED:
            raise RequestDenied(reason=used.reason)
        case State.WAITING:
            return Waiting(int(profile.retry_after.total_seconds()), used.id)
        case State.APPROVED:
            row = _issue(connection, authority, profile, right, wish, now)
            issued = {"state": State.ISSUED, "serial": row["serial"]}
            connection.execute(update(Request).where(Request.id == used.id), issued)
            return Issued(row["der"], row["serial"], again=False)


def _taken(
    profile: Profile, right: Right, wish: Wish, state: State, now: datetime
) -> dict[str, object]:
    return {
        right.column: right.value,
        "login": right.login,
        "profile": profile.name,
        "subject": written(right.subject),
        "csr": wish.der,
        "key_sha256": wish.key_sha256,
        "state": state,
        "made_at": now,
    }


def _issue(
    connection: Connection,
    authority: Authority,
    profile: Profile,
    right: Right,
    wish: Wish,
    now: datetime,
) -> CertificateRow:
    """Sign a certificate, and enter it."""
    given = of_profile(profile)
    certificate = authority.issue(right.subject, wish.public_key, given, profile.validity, now)
    row = row_of(certificate, now, login=right.login, profile=profile.name)
    connection.execute(_ENTER_CERTIFICATE, row)
    return row


def _issued_before(used: Used) -> Issued:
    if used.revoked_at is not None:
        raise IssuedButRevoked
    if used.der is None or used.serial is None:
        raise Failed  # the tables do not let this be
    return Issued(used.der, used.serial, again=True)


class CertificateRow(TypedDict):
    """A certificate as it is kept; see ``Certificate``."""

    serial: str
    login: str | None
    profile: str | None
    subject: str
    der: bytes
    fingerprint: str
    issued_at: datetime
    not_after: datetime


def row_of(
    certificate: x509.Certificate, now: datetime, *, login: str | None, profile: str | None
) -> CertificateRow:
    """A certificate as it is kept."""
    der = certificate.public_bytes(Encoding.DER)
    return CertificateRow(
        serial=serial_text(certificate.serial_number),
        login=login,
        profile=profile,
        subject=written(subject_of(certificate)),
        der=der,
        fingerprint=hashlib.sha256(der).hexdigest(),
        issued_at=now,
        not_after=certificate.not_valid_after_utc,
    )


def serial_text(number: int) -> str:
    """A serial number as it is kept and shown: hex digits of 20 bytes."""
    return f"{number:0{SERIAL}x}"
