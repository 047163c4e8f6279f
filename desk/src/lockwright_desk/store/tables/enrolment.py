"""What enrolment keeps."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lockwright_desk.store.tables.base import LONG, NAME, SERIAL, SHA256, Moment, Row

PASSWORD_ID = 8
"""Characters in the number of a one-time password."""
_REVOKED = text("revocation IS NOT NULL")


class State(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    DENIED = "denied"
    ISSUED = "issued"


class Password(Row):
    """A one-time password: the right to one certificate for one key."""

    __tablename__ = "passwords"

    id: Mapped[str] = mapped_column(String(PASSWORD_ID), primary_key=True)
    """Its number, the first part of it, which is no secret."""
    login: Mapped[str] = mapped_column(String(NAME), index=True)
    profile: Mapped[str] = mapped_column(String(NAME))
    subject: Mapped[str] = mapped_column(Text)
    """Subject of the certificate (RFC 4514), as text that keeps its string types."""
    hash: Mapped[str] = mapped_column(Text)
    """HMAC-SHA-256 of the secret part; of earlier versions Argon2id, salt and parameters."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(Text)
    """Account of the operator."""
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Certificate(Row):
    """A certificate that the CA has signed."""

    __tablename__ = "certificates"
    __table_args__ = (
        Index("ix_certificates_revocation", "revocation", unique=True),
        # What leaves the revocation list, and when.
        Index(
            "ix_certificates_revoked_until",
            "not_after",
            sqlite_where=_REVOKED,
            postgresql_where=_REVOKED,
        ),
    )

    serial: Mapped[str] = mapped_column(String(SERIAL), primary_key=True)
    """Serial number, lower-case hex of 20 bytes."""
    login: Mapped[str | None] = mapped_column(String(NAME), index=True)
    """Whose it is; None for the desk's own server."""
    profile: Mapped[str | None] = mapped_column(String(NAME))
    subject: Mapped[str] = mapped_column(Text)
    der: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[str] = mapped_column(String(SHA256), unique=True)
    """SHA-256 of the DER, lower-case hex."""
    issued_at: Mapped[datetime] = mapped_column(Moment)
    not_after: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(String(NAME))
    """Why it was revoked, a name of ``crl.entries.REASONS``."""
    revocation: Mapped[int | None] = mapped_column()
    """The how manieth revocation it was: 1, 2, 3 without a gap."""
    crl_entry: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Its entry in a revocation list, DER, made when it was revoked."""


class Request(Row):
    """The one use that is made of a right: of a password, or of a certificate to be renewed."""

    __tablename__ = "requests"
    __table_args__ = (
        CheckConstraint("(password_id IS NULL) <> (renews IS NULL)", name="one_right"),
        CheckConstraint("(state = 'issued') = (serial IS NOT NULL)", name="issued_has_serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    password_id: Mapped[str | None] = mapped_column(ForeignKey("passwords.id"), unique=True)
    renews: Mapped[str | None] = mapped_column(ForeignKey("certificates.serial"), unique=True)
    login: Mapped[str] = mapped_column(String(NAME), index=True)
    profile: Mapped[str] = mapped_column(String(NAME))
    subject: Mapped[str] = mapped_column(Text)
    csr: Mapped[bytes] = mapped_column(LargeBinary)
    """The request as it came first, DER."""
    key_sha256: Mapped[str] = mapped_column(String(SHA256))
    """SHA-256 of the SubjectPublicKeyInfo: the one key that the right was used for."""
    state: Mapped[str] = mapped_column(String(16), index=True)
    """A value of ``State``."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was denied, for the client to read."""
    serial: Mapped[str | None] = mapped_column(ForeignKey("certificates.serial"), unique=True)
    """The certificate it led to."""


class RevocationList(Row):
    """A revocation list that was signed."""

    __tablename__ = "revocation_lists"

    number: Mapped[int] = mapped_column(LONG, primary_key=True, autoincrement=False)
    """CRL number (RFC 5280, 5.2.3)."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    next_update: Mapped[datetime] = mapped_column(Moment)
    revoked: Mapped[int] = mapped_column()
    """The last revocation that was considered when it was made."""
    der: Mapped[bytes] = mapped_column(LargeBinary)


class Key(Row):
    """A key of the desk that is kept elsewhere."""

    __tablename__ = "keys"

    name: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    """What it is for."""
    mark: Mapped[str] = mapped_column(String(SHA256))
    """What tells it from other keys: HMAC-SHA-256 of a fixed text under it, lower-case hex."""
