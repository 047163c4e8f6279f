"""A credential before it is anybody's: what is kept of a certificate, a passkey, a subject."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.certificates.subjects import for_people
from lockwright.i18n import _
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from lockwright_desk.errors import CredentialThere, CredentialUnusable
from lockwright_desk.store.tables.signin import Credential, CredentialKind

LABEL = 100
"""Characters of a label."""
_BETWEEN = "\n"
"""Between issuer and subject of the bank's sign-in; neither has a line end in it."""
_LONGEST = 1400
"""Characters of what a credential is kept by."""


@dataclass(frozen=True, slots=True)
class NewCredential:
    """One that can be added to an operator."""

    kind: CredentialKind
    name: str
    """By which it is kept, and found."""
    label: str
    public_key: bytes | None = None
    sign_count: int = 0
    used_at: datetime | None = None


def of_certificate(certificate: x509.Certificate) -> NewCredential:
    """This certificate and no other; that its key is there TLS proves at each sign-in."""
    digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    label = for_people(certificate.subject.rfc4514_string())[:LABEL]
    return NewCredential(CredentialKind.CERTIFICATE, digest, label)


def of_subject(issuer: str, subject: str) -> NewCredential:
    """Somebody at the bank's own sign-in.

    Args:
        issuer: ``iss`` of the provider.
        subject: ``sub`` that the provider gives this person, and never to another.

    Raises:
        CredentialUnusable: no provider gives such a name.
    """
    name = subject_name(issuer, subject)
    if not subject or not subject.isprintable() or len(name) > _LONGEST:
        raise CredentialUnusable(reason=_("it is no subject of a provider"))
    return NewCredential(CredentialKind.OIDC, name, subject[:LABEL])


def subject_name(issuer: str, subject: str) -> str:
    """By which the name of a person at a provider is kept."""
    return f"{issuer}{_BETWEEN}{subject}"


def insert_one(connection: Connection, operator: int, new: NewCredential, now: datetime) -> int:
    """Add a credential to an operator; one that was taken back from the same one holds again.

    Returns:
        Its number.

    Raises:
        CredentialThere: there is one of its name, whoever's.
    """
    values = {**asdict(new), "kind": new.kind.value, "operator_id": operator, "added_at": now}
    again = update(Credential).where(
        Credential.kind == new.kind.value,
        Credential.name == new.name,
        Credential.operator_id == operator,
        Credential.revoked_at.is_not(None),
    )
    number = connection.scalar(again.values(values | {"revoked_at": None}).returning(Credential.id))
    if number is not None:
        return int(number)
    try:
        return connection.scalars(insert(Credential).values(values).returning(Credential.id)).one()
    except IntegrityError:
        raise CredentialThere from None
