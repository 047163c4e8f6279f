"""What operators sign in with: certificates, passkeys, names at the bank's own sign-in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.certificates.subjects import for_people
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from lockwright_desk.errors import CredentialThere, CredentialUnusable, UnknownCredential
from lockwright_desk.signin.operators import number_of
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.signin import Credential, CredentialKind, Operator

_BETWEEN = "\n"
"""Between issuer and subject of the bank's sign-in; neither has a line end in it."""
_LONGEST = 1400
"""Characters of what a credential is kept by."""
_LABEL = 100


@dataclass(frozen=True, slots=True)
class CredentialShown:
    """A credential in a list."""

    id: int
    operator: str
    kind: CredentialKind
    label: str
    """What it is called: the certificate's subject, or as the operator calls the passkey."""
    added_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proved:
    """A credential that somebody has proved to have."""

    id: int
    operator: str


def every(database: Database, who: Who, operator: str | None = None) -> Sequence[CredentialShown]:
    """Credentials of one operator or of all, the newest last.

    Raises:
        NotAllowed: not for them.
    """
    who.require(Action.CHANGE_OPERATORS)
    chosen = _EVERY.order_by(Operator.name, Credential.id)
    if operator is not None:
        chosen = chosen.where(Operator.name == operator)
    with database.looking() as connection:
        return [
            CredentialShown(
                id=row.id,
                operator=row.name,
                kind=CredentialKind(row.kind),
                label=row.label,
                added_at=row.added_at,
                used_at=row.used_at,
                revoked_at=row.revoked_at,
            )
            for row in connection.execute(chosen)
        ]


def add_certificate(
    database: Database, who: Who, operator: str, certificate: x509.Certificate, now: datetime
) -> int:
    """Have an operator sign in with a certificate, this one and no other.

    Args:
        database: the database.
        who: the administrator.
        operator: the account.
        certificate: the certificate; that its key is there TLS proves at each sign-in.
        now: the time.

    Returns:
        The credential's number.

    Raises:
        NotAllowed: not by them.
        UnknownOperator: there is nobody of that name.
        CredentialThere: somebody signs in with it already.
    """
    der = certificate.public_bytes(Encoding.DER)
    subject = for_people(certificate.subject.rfc4514_string())
    name = hashlib.sha256(der).hexdigest()
    return _add(database, who, operator, _new(CredentialKind.CERTIFICATE, name, subject, now))


def add_subject(
    database: Database, who: Who, operator: str, issuer: str, subject: str, now: datetime
) -> int:
    """Have an operator sign in at the bank's own sign-in.

    Args:
        database: the database.
        who: the administrator.
        operator: the account.
        issuer: ``iss`` of the provider.
        subject: ``sub`` that the provider gives this person, which it never gives to another.
        now: the time.

    Returns:
        The credential's number.

    Raises:
        NotAllowed: not by them.
        UnknownOperator: there is nobody of that name.
        CredentialThere: somebody has that name there.
        CredentialUnusable: no provider gives such a name.
    """
    name = subject_name(issuer, subject)
    if not subject.isprintable() or not subject or len(name) > _LONGEST:
        raise CredentialUnusable(reason=subject)
    return _add(database, who, operator, _new(CredentialKind.OIDC, name, subject, now))


def revoke(database: Database, who: Who, number: int, now: datetime) -> CredentialShown:
    """Take a credential back: every session that was begun with it is over at once.

    Raises:
        NotAllowed: not by them.
        UnknownCredential: there is none of that number.
    """
    who.require(Action.CHANGE_OPERATORS)
    with database.changing() as connection:
        gone = update(Credential).where(Credential.id == number, Credential.revoked_at.is_(None))
        connection.execute(gone.values(revoked_at=now))
        row = connection.execute(_EVERY.where(Credential.id == number)).one_or_none()
    if row is None:
        raise UnknownCredential(id=number)
    return CredentialShown(
        id=row.id,
        operator=row.name,
        kind=CredentialKind(row.kind),
        label=row.label,
        added_at=row.added_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )


def subject_name(issuer: str, subject: str) -> str:
    """By which the name of a person at a provider is kept."""
    return f"{issuer}{_BETWEEN}{subject}"


def proved(connection: Connection, kind: CredentialKind, name: str, now: datetime) -> Proved | None:
    """A credential that holds, of somebody who may sign in, and note that it was used.

    Args:
        connection: a transaction.
        kind: what it is.
        name: by which it is kept.
        now: the time.

    Returns:
        It; None if there is none.
    """
    row = connection.execute(_LIVE, {"kind": kind.value, "called": name}).one_or_none()
    if row is None:
        return None
    connection.execute(_USED, {"number": row.id, "now": now})
    return Proved(row.id, row.name)


def _new(kind: CredentialKind, name: str, label: str, now: datetime) -> dict[str, object]:
    return {
        "kind": kind.value,
        "name": name,
        "label": label[:_LABEL],
        "public_key": None,
        "sign_count": 0,
        "added_at": now,
    }


def _add(database: Database, who: Who, operator: str, values: dict[str, object]) -> int:
    who.require(Action.CHANGE_OPERATORS)
    with database.changing() as connection:
        return insert_one(connection, number_of(connection, operator), values)


def insert_one(connection: Connection, operator: int, values: dict[str, object]) -> int:
    """Add a credential of an operator.

    Raises:
        CredentialThere: there is one of its name.
    """
    adding = insert(Credential).values(operator_id=operator, **values).returning(Credential.id)
    try:
        return connection.scalars(adding).one()
    except IntegrityError:
        raise CredentialThere from None


_EVERY = select(
    Credential.id,
    Credential.kind,
    Credential.label,
    Credential.added_at,
    Credential.used_at,
    Credential.revoked_at,
    Operator.name,
).join(Operator, Operator.id == Credential.operator_id)
_LIVE = (
    select(Credential.id, Operator.name)
    .join(Operator, Operator.id == Credential.operator_id)
    .where(
        Credential.kind == bindparam("kind"),
        Credential.name == bindparam("called"),
        Credential.revoked_at.is_(None),
        Operator.suspended_at.is_(None),
    )
)
_USED = (
    update(Credential).where(Credential.id == bindparam("number")).values(used_at=bindparam("now"))
)
