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

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.certificates.subjects import subject_of, written
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lockwright_desk.authority.authority import Authority
from lockwright_desk.authority.extensions import of_profile
from lockwright_desk.profiles import Profile
from lockwright_desk.refusals import IssuedButRevoked, Refusal, RequestDenied
from lockwright_desk.request import Wish
from lockwright_desk.store.schema import SERIAL, Certificate, Request, State


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

    column: InstrumentedAttribute[str | None]
    """The column of ``requests`` that names it."""
    value: str
    login: str
    subject: x509.Name
    spent: type[Refusal]
    """What another key is told."""


def fulfil(
    session: Session,
    authority: Authority,
    profile: Profile,
    right: Right,
    wish: Wish,
    now: datetime,
) -> Issued | Waiting:
    """Answer a request that a right stands behind.

    Args:
        session: the transaction in which the right was locked.
        authority: the CA.
        profile: the profile.
        right: the right.
        wish: the request, judged.
        now: the time.

    Raises:
        Refusal: the right was used for another key, or the request was denied.
        CannotSign: nothing was issued, and the right is as good as before.
    """
    request = session.scalar(select(Request).where(right.column == right.value))
    if request is None:
        request = _taken(profile, right, wish, now)
        session.add(request)
    elif request.key_sha256 != wish.key_sha256:
        raise right.spent
    match State(request.state):
        case State.ISSUED:
            return _issued_before(session, request)
        case State.DENIED:
            raise RequestDenied(reason=request.reason)
        case State.WAITING:
            session.flush()
            return Waiting(int(profile.retry_after.total_seconds()), request.id)
        case State.APPROVED:
            return _issue(session, authority, profile, request, right, wish, now)


def _taken(profile: Profile, right: Right, wish: Wish, now: datetime) -> Request:
    request = Request(
        login=right.login,
        profile=profile.name,
        subject=written(right.subject),
        csr=wish.der,
        key_sha256=wish.key_sha256,
        state=State.WAITING if profile.approval else State.APPROVED,
        made_at=now,
    )
    setattr(request, right.column.key, right.value)
    return request


def _issue(
    session: Session,
    authority: Authority,
    profile: Profile,
    request: Request,
    right: Right,
    wish: Wish,
    now: datetime,
) -> Issued:
    given = of_profile(profile)
    certificate = authority.issue(right.subject, wish.public_key, given, profile.validity, now)
    row = row_of(certificate, now, login=right.login, profile=profile.name)
    session.add(row)
    session.flush()
    request.state, request.serial = State.ISSUED, row.serial
    return Issued(row.der, row.serial, again=False)


def _issued_before(session: Session, request: Request) -> Issued:
    row = session.get_one(Certificate, request.serial)
    if row.revoked_at is not None:
        raise IssuedButRevoked
    return Issued(row.der, row.serial, again=True)


def row_of(
    certificate: x509.Certificate, now: datetime, *, login: str | None, profile: str | None
) -> Certificate:
    """A certificate as it is kept."""
    der = certificate.public_bytes(Encoding.DER)
    return Certificate(
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
