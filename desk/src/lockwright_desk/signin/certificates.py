"""Signing in with a certificate, whose key TLS has proved.

An operator is known by the SHA-256 of one certificate, which an administrator has registered: a
name in a certificate is whatever any CA that is trusted writes into it.
"""

from __future__ import annotations

from cryptography import x509
from sqlalchemy import Connection, bindparam, select

from lockwright_desk.clock import Clock
from lockwright_desk.signin import credentials
from lockwright_desk.signin.attempts import Attempts, Entered
from lockwright_desk.signin.refusals import (
    CertificateMissing,
    CertificateNotKnown,
    CertificateNotValid,
)
from lockwright_desk.signin.sessions import Sessions
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Certificate
from lockwright_desk.store.tables.signin import CredentialKind


class Certificates:
    """Signs operators in by their certificates.

    Args:
        database: the database.
        sessions: where sessions begin.
        attempts: where attempts are recorded and counted.
        now: the clock.
    """

    def __init__(
        self, database: Database, sessions: Sessions, attempts: Attempts, now: Clock
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._attempts = attempts
        self._now = now

    def sign_in(self, visitor: Visitor) -> Entered:
        """Sign in whoever shows the certificate.

        Raises:
            CertificateMissing: none is shown.
            CertificateNotKnown: nobody signs in with it.
            CertificateNotValid: it is over.
            TooManyFailures: too many attempts from there were wrong.
        """
        if visitor.certificate is None or visitor.fingerprint is None:
            raise CertificateMissing
        shown = visitor.fingerprint
        there = credentials.is_there(self._database, CredentialKind.CERTIFICATE, shown)
        said = {"means": "certificate", "certificate_sha256": shown}
        with self._attempts.attempt("desk_sign_in", visitor, shown, there=there, **said) as result:
            now = self._now()
            with self._database.changing() as connection:
                found = credentials.proved(connection, CredentialKind.CERTIFICATE, shown, now)
                if found is None:
                    raise CertificateNotKnown
                self._check(connection, visitor.certificate, shown)
                cookie = self._sessions.begin(connection, found.id, visitor, now)
            result["operator"] = found.operator
        return Entered(cookie, found.operator)

    def _check(self, connection: Connection, der: bytes, fingerprint: str) -> None:
        """TLS looked at its time when the connection began; a proxy may look at nothing."""
        certificate = x509.load_der_x509_certificate(der)
        now = self._now()
        valid = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
        if not valid or connection.scalar(_REVOKED, {"sha256": fingerprint}) is not None:
            raise CertificateNotValid


_REVOKED = select(Certificate.revoked_at).where(Certificate.fingerprint == bindparam("sha256"))
