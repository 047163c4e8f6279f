"""Operators, by what they sign in, and who is signed in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lockwright_desk.store.tables.base import LONG, NAME, SHA256, Moment, Row

_WORD = 16
_LONGEST_NAME = 1400
"""A credential ID has up to 1023 bytes (WebAuthn 2, 4); in base64url that is 1364 letters."""


class CredentialKind(StrEnum):
    """By what an operator signs in."""

    CERTIFICATE = "certificate"
    PASSKEY = "passkey"
    OIDC = "oidc"


class Operator(Row):
    """Somebody of the bank's who works at the desk."""

    __tablename__ = "operators"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME), unique=True)
    """By which the bank knows the account, and which the audit trail says."""
    shown: Mapped[str] = mapped_column(Text)
    """The person's name."""
    roles: Mapped[str] = mapped_column(Text)
    """Roles, in alphabetical order, a space between each."""
    handle: Mapped[str] = mapped_column(String(SHA256), unique=True)
    """Random hex by which passkeys know the account (WebAuthn's user handle)."""
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[str] = mapped_column(Text)
    suspended_at: Mapped[datetime | None] = mapped_column(Moment)


class Credential(Row):
    """What an operator signs in with."""

    __tablename__ = "credentials"
    __table_args__ = (UniqueConstraint("kind", "name", name="uq_credentials_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    kind: Mapped[str] = mapped_column(String(_WORD))
    """A value of ``CredentialKind``."""
    name: Mapped[str] = mapped_column(String(_LONGEST_NAME))
    """SHA-256 of the certificate; WebAuthn's credential ID in base64url; issuer and subject."""
    label: Mapped[str] = mapped_column(Text)
    """What the operator calls it."""
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(LONG)
    """What a passkey has counted to, 32 bits without a sign; 0 where it counts nothing."""
    added_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInCode(Row):
    """A code with which an operator enrols a passkey, once."""

    __tablename__ = "sign_in_codes"

    hash: Mapped[str] = mapped_column(String(SHA256), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class BegunSignIn(Row):
    """What somebody has begun to sign in with: it can be brought to its end once."""

    __tablename__ = "begun_sign_ins"

    hash: Mapped[str] = mapped_column(String(SHA256), primary_key=True)
    """SHA-256 of the cookie by which the browser that began it is known."""
    kind: Mapped[str] = mapped_column(String(_WORD))
    """A value of ``signin.begun.Kind``."""
    place: Mapped[str] = mapped_column(String(SHA256), index=True)
    """SHA-256 of the address that it was begun from."""
    facts: Mapped[str] = mapped_column(Text)
    """What its end is held against, JSON: the challenge, or state, nonce and verifier."""
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class SignedIn(Row):
    """A session of an operator."""

    __tablename__ = "signed_in"

    hash: Mapped[str] = mapped_column(String(SHA256), primary_key=True)
    """SHA-256 of the cookie's value, which itself is kept nowhere."""
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    bound_to: Mapped[str] = mapped_column(String(SHA256))
    """SHA-256 of what the session is bound to: the certificate, or the browser."""
