"""What is on a token: objects as PKCS#11 has them, containers as people think of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lockwright.models.oddity import Oddity
from lockwright.models.token import TokenKey


class ObjectKind(StrEnum):
    """Class of an object (``CKA_CLASS``)."""

    CERTIFICATE = "certificate"
    PRIVATE_KEY = "private-key"
    PUBLIC_KEY = "public-key"
    SECRET_KEY = "secret-key"  # noqa: S105  # a kind of object, not a password
    DATA = "data"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TokenObject:
    """One object on a token, as an adapter reads it."""

    kind: ObjectKind
    """What it is."""
    id: bytes
    """``CKA_ID``, which joins a key pair and its certificates; empty where there is none."""
    label: str
    """``CKA_LABEL``."""
    ref: str
    """Name of this object within this token: a hex digest of what it is, the same in every
    session, so that a plan made in one session finds the object in another."""
    key_type: str | None = None
    """Key type, such as ``rsa:2048``, ``ec:p256`` or ``gost2012-256:1.2.643.2.2.35.1``; None for
    what is not a key."""
    value: bytes | None = None
    """DER of a certificate; None for everything else."""
    private: bool = False
    """Seen only after login (``CKA_PRIVATE``)."""
    public_value: bytes | None = None
    """What tells the key from every other, equal in both halves and the certificate: the modulus
    of an RSA key without leading zeros, otherwise the point as it is without a wrapping; None
    where the object does not show it, as most EC private keys do."""
    certificate_type: int | None = None
    """``CKA_CERTIFICATE_TYPE``, 0 for X.509; None for what is no certificate or does not tell."""
    url: str | None = None
    """Where a certificate is to be had that is not on the token itself (``CKA_URL``)."""


class ContainerState(StrEnum):
    """Whether a container is whole."""

    COMPLETE = "complete"
    """A key and at least one certificate."""
    KEY_ONLY = "key-only"
    """A key without a certificate."""
    CERTIFICATE_ONLY = "certificate-only"
    """A certificate without a key."""


@dataclass(frozen=True, slots=True)
class Told:
    """A name as people read it."""

    title: str
    """What it is called by, such as the common name."""
    whole: str
    """All of it, its types by name."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """An X.509 certificate on a token, as far as it can be read."""

    object: TokenObject
    """The object that holds it."""
    fingerprint: str
    """SHA-256 of the DER, lower-case hex."""
    subject: str | None
    """Subject name (RFC 4514); None if it cannot be read."""
    issuer: str | None
    """Issuer name (RFC 4514); None if it cannot be read."""
    serial: str | None
    """Serial number, lower-case hex; None if it cannot be read."""
    not_before: datetime | None
    """Start of validity, UTC; None if it cannot be read."""
    not_after: datetime | None
    """End of validity, UTC; None if it cannot be read."""
    key_type: str | None = None
    """Type of its key, as those of keys; None if it cannot be read."""
    subject_told: Told | None = None
    """Subject as people read it; None if it cannot be read."""
    issuer_told: Told | None = None
    """Issuer as people read it; None if it cannot be read."""
    oddities: tuple[Oddity, ...] = ()
    """What is odd about it, or why something cannot be read; empty where all is in order."""

    def days_left(self, now: datetime) -> int | None:
        """Whole days until it expires, negative once it has; None if that cannot be read."""
        return None if self.not_after is None else (self.not_after - now).days

    def expired(self, now: datetime) -> bool:
        """Whether its validity is over; False if that cannot be read."""
        return self.not_after is not None and self.not_after <= now


@dataclass(frozen=True, slots=True)
class Container:
    """A key pair and the certificates that belong to it, joined by ``CKA_ID``."""

    id: bytes
    """The ``CKA_ID`` they share; empty for a certificate without one."""
    label: str
    """Label of the key, otherwise of the first certificate."""
    key_type: str | None
    """Type of the key, from whichever of its objects tells it best; None if none does."""
    keys: tuple[TokenObject, ...]
    """Private and public key objects."""
    certificates: tuple[Certificate, ...]
    """Its certificates, the one that expires last first."""
    state: ContainerState
    """Whether it is whole."""

    @property
    def objects(self) -> tuple[TokenObject, ...]:
        """Every object of the container, the private key first."""
        return (*self.keys, *(certificate.object for certificate in self.certificates))

    @property
    def not_after(self) -> datetime | None:
        """When its last certificate expires; None without one that can be parsed."""
        return max((c.not_after for c in self.certificates if c.not_after), default=None)


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything seen on a token at one moment."""

    serial: str
    """Serial number of the token."""
    logged_in: bool
    """Whether private objects could be seen; without login a private key is judged by its
    public key."""
    containers: tuple[Container, ...]
    """Key pairs and certificates."""
    objects: tuple[TokenObject, ...]
    """Every object that is in no container: secret keys, data, what no one can name."""
    digest: str
    """SHA-256 over every object, hex: two listings with one digest show the same content."""
    token: TokenKey | None = None
    """Which token it is of; None for another place."""

    @property
    def all_objects(self) -> tuple[TokenObject, ...]:
        """Every object on the token, those of containers first."""
        inside = (obj for container in self.containers for obj in container.objects)
        return (*inside, *self.objects)
