"""The desk: who asks, for what, by which right. Whatever protocol asks comes through here."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from cryptography import x509
from lockwright.certificates import subjects
from sqlalchemy import Connection, bindparam, select, update

from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.profiles import Profile
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.enrolment import otp, proving
from lockwright_desk.enrolment.authority.authority import Authority
from lockwright_desk.enrolment.crl.lists import RevocationLists
from lockwright_desk.enrolment.issuing import Issued, Right, Waiting, fulfil, use_of
from lockwright_desk.enrolment.otp_key import NAME, OtpKey
from lockwright_desk.enrolment.otp_places import place_of
from lockwright_desk.enrolment.proving import Credentials
from lockwright_desk.enrolment.refusals import (
    CertificateOver,
    CredentialsMissing,
    NothingToRenew,
    PasswordElsewhere,
    PasswordExpired,
    PasswordRevoked,
    PasswordUsed,
    RenewedAlready,
)
from lockwright_desk.enrolment.request import Wish, check_subject, judged
from lockwright_desk.enrolment.tries import Tries
from lockwright_desk.errors import DatabaseAway, OtpKeyReplaced
from lockwright_desk.http.refusals import NotOurCertificate
from lockwright_desk.store.database import THREADS, Database
from lockwright_desk.store.tables.enrolment import Certificate, Key, Password

_FEWEST = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a protocol hands it over."""

    profile: Profile
    csr: bytes
    """PKCS #10, DER."""
    address: str
    """Where it comes from."""
    credentials: Credentials | None
    certificate: bytes | None
    """The client's certificate, DER, whose key the TLS handshake has proved."""


class Desk:
    """The bank's end of enrolment.

    Args:
        settings: the configuration.
        now: the clock.
        share: how many processes share the work, and what may be used for it.

    Raises:
        LockwrightError: the database, the CA's key or that of the passwords cannot be used.
    """

    def __init__(self, settings: Settings, now: clock.Clock = clock.now, *, share: int = 1) -> None:
        self.settings = settings
        self.now = now
        self.share = share
        self.threads = max(_FEWEST, THREADS // share)
        """Threads that work on requests, each with a connection to the database."""
        self.database = Database(settings.database, self.threads)
        self.database.check()
        self.otp_key = OtpKey.open(place_of(settings), self.database)
        self.authority = Authority.open(settings.ca)
        self.lists = RevocationLists(self.database, self.authority)
        self.audit = Recorder(settings.audit)
        self._tries = Tries(settings.limits, self.database)

    def enroll(self, asked: Asked) -> Issued | Waiting:
        """A certificate for a one-time password.

        Raises:
            Refusal: there is none, and this is why.
        """
        wish = judged(asked.csr, asked.profile)
        if asked.credentials is None:
            raise CredentialsMissing
        return self._with_password("desk_enroll", asked, asked.credentials, wish, renews=False)

    def reenroll(self, asked: Asked) -> Issued | Waiting:
        """A certificate for one that is still valid, proved by TLS, or by a one-time password.

        Raises:
            Refusal: there is none, and this is why.
        """
        wish = judged(asked.csr, asked.profile)
        if asked.certificate is not None:
            return self._with_certificate(asked, asked.certificate, wish)
        if asked.credentials is None:
            raise CredentialsMissing
        return self._with_password("desk_reenroll", asked, asked.credentials, wish, renews=True)

    def lacking(self) -> str:
        """What the desk cannot work without, and lacks now, in a word; empty if nothing."""
        if self.now() >= self.authority.certificate.not_valid_after_utc:
            return "certificate of the CA"
        try:
            with self.database.looking() as connection:
                self.otp_key.check(connection.scalar(_MARK))
        except DatabaseAway:
            return "database"
        except OtpKeyReplaced:
            return "key of one-time passwords"
        return ""

    def close(self) -> None:
        """End the use of the CA's key and of the database."""
        self.authority.close()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _with_password(
        self, hook: str, asked: Asked, credentials: Credentials, wish: Wish, *, renews: bool
    ) -> Issued | Waiting:
        with (
            proving.claimed(
                self.database, self.otp_key, self._tries, credentials, asked.address, self.now()
            ) as claim,
            self._recorded(hook, asked, credentials.login, wish) as result,
        ):
            known = proving.prove(self.otp_key, self._tries, claim, self.now())
            with self.database.changing() as connection:
                now = self.now()
                right = _right_of_password(connection, known, asked.profile, now)
                if otp.is_of_earlier_version(known.hash):
                    kept = otp.kept_of(self.otp_key, known, claim.secret)
                    connection.execute(_KEEP, {"number": known.id, "kept": kept})
                check_subject(wish, right.subject)
                if renews:
                    right = _renewing(connection, right, asked.profile, now)
                answer = fulfil(connection, self.authority, asked.profile, right, wish, now)
            result.update(_outcome(answer))
        return answer

    def _with_certificate(self, asked: Asked, der: bytes, wish: Wish) -> Issued | Waiting:
        fingerprint = hashlib.sha256(der).hexdigest()
        facts = {"renews_sha256": fingerprint}
        with self._recorded("desk_reenroll", asked, None, wish, **facts) as result:
            with self.database.changing() as connection:
                now = self.now()
                right = _right_of_certificate(connection, fingerprint, asked.profile, now)
                check_subject(wish, right.subject)
                answer = fulfil(connection, self.authority, asked.profile, right, wish, now)
            result.update(_outcome(answer))
        return answer

    def _recorded(
        self, hook: str, asked: Asked, login: str | None, wish: Wish, **facts: str
    ) -> AbstractContextManager[dict[str, object]]:
        return self.audit.operation(
            hook,
            login=login,
            profile=asked.profile.name,
            address=asked.address,
            public_key_sha256=wish.key_sha256,
            **facts,
        )


_MARK = select(Key.mark).where(Key.name == NAME)
_PASSWORD = (
    select(Password.revoked_at, Password.expires_at)
    .where(Password.id == bindparam("number"))
    .with_for_update()
)
_KEEP = update(Password).where(Password.id == bindparam("number")).values(hash=bindparam("kept"))
_CERTIFICATE = (
    select(Certificate.__table__)
    .where(Certificate.fingerprint == bindparam("sha256"))
    .with_for_update()
)


def _right_of_password(
    connection: Connection, known: otp.Known, profile: Profile, now: datetime
) -> Right:
    """What a password that was proved gives; its row is locked from here on.

    Raises:
        Forbidden: nothing, and this is why.
    """
    row = connection.execute(_PASSWORD, {"number": known.id}).one_or_none()
    if row is None or row.revoked_at is not None:
        raise PasswordRevoked
    if known.profile != profile.name:
        raise PasswordElsewhere
    used = use_of(connection, "password_id", known.id)
    if used is None and now >= row.expires_at:
        raise PasswordExpired
    return Right(
        column="password_id",
        value=known.id,
        login=known.login,
        subject=subjects.parse(known.subject, complete=False),
        spent=PasswordUsed,
        used=used,
    )


def _right_of_certificate(
    connection: Connection, fingerprint: str, profile: Profile, now: datetime
) -> Right:
    """What a certificate gives whose key was proved; its row is locked from here on.

    Raises:
        Forbidden: nothing, and this is why.
    """
    row = connection.execute(_CERTIFICATE, {"sha256": fingerprint}).one_or_none()
    if row is None or row.login is None or row.profile != profile.name:
        raise NotOurCertificate
    if row.revoked_at is not None or now >= row.not_after:
        raise CertificateOver
    return Right(
        column="renews",
        value=row.serial,
        login=row.login,
        subject=subjects.subject_of(x509.load_der_x509_certificate(row.der)),
        spent=RenewedAlready,
        used=use_of(connection, "renews", row.serial),
    )


def _renewing(connection: Connection, right: Right, profile: Profile, now: datetime) -> Right:
    """See that there is something to renew; its name stays as it was (RFC 7030, 4.2.2).

    Raises:
        NothingToRenew: the person has no valid certificate of that name.
    """
    found = connection.scalar(
        select(Certificate.der)
        .where(
            Certificate.login == right.login,
            Certificate.profile == profile.name,
            Certificate.subject == subjects.written(right.subject),
            Certificate.revoked_at.is_(None),
            Certificate.not_after > now,
        )
        .order_by(Certificate.issued_at.desc())
        .limit(1)
    )
    if found is None:
        raise NothingToRenew
    return replace(right, subject=subjects.subject_of(x509.load_der_x509_certificate(found)))


def _outcome(answer: Issued | Waiting) -> dict[str, object]:
    """What the audit trail says of an answer."""
    if isinstance(answer, Waiting):
        return {"request": answer.request, "waits": True}
    return {"serial": answer.serial, "again": answer.again}
