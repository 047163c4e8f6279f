"""What is on a token: objects as PKCS#11 has them, containers as people think of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from lockwright.models.oddity import Oddity
from lockwright.models.token import TokenKey
from lockwright.records import dataclass


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
    unreadable: bool = False
    """The token refuses to say anything of it but what kind of object it is, or not even that."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which objects of a token are asked for, where not all are."""

    id: bytes | None = None
    """Those with this ``CKA_ID``; None for any."""
    kind: ObjectKind | None = None
    """Those of this class; None for any."""

    def fits(self, obj: TokenObject) -> bool:
        """Whether an object is one of them.

        Args:
            obj: the object.
        """
        return self.id in {None, obj.id} and self.kind in {None, obj.kind}


class ContainerState(StrEnum):
    """Whether a container is whole, as far as it was seen."""

    COMPLETE = "complete"
    """A private key and at least one certificate."""
    KEY_ONLY = "key-only"
    """A private key without a certificate."""
    CERTIFICATE_ONLY = "certificate-only"
    """A certificate without a private key, seen after login."""
    PUBLIC_KEY_ONLY = "public-key-only"
    """A public key without a private key and a certificate, seen after login."""
    NOT_SEEN = "not-seen"
    """No private key, but nobody logged in, and without login it may not be seen."""


class Remark(StrEnum):
    """What is odd about the way in which a container belongs together."""

    SHARES_ID = "shares-id"
    """Something that has another key has its ``CKA_ID``, too."""
    IDS_DIFFER = "ids-differ"
    """It is one key, but not all of its objects have one ``CKA_ID``."""
    BY_ID = "by-id"
    """Something of it shows no public key, and is here because of its id, or label, alone."""
    UNCLEAR = "unclear"
    """A private key that shows no public key; which of several is its own is not known."""
    COPY = "copy"
    """The same private key is on the token under another id or label as well."""


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
    """A key pair and the certificates whose public key it is."""

    id: bytes
    """``CKA_ID`` of its key; of the first certificate, if there is none; empty without one."""
    label: str
    """Label of the key, otherwise of the first certificate that has one."""
    key_type: str | None
    """Type of the key, from whichever of its objects tells it best; None if none does."""
    keys: tuple[TokenObject, ...]
    """Private and public key objects."""
    certificates: tuple[Certificate, ...]
    """Its certificates, the one that expires last first."""
    state: ContainerState
    """Whether it is whole."""
    ref: str = ""
    """Name of this container within this token: a hex digest of its key, the same in every
    session, whatever else comes and goes."""
    remarks: tuple[Remark, ...] = ()
    """What is odd about it."""
    selector: str = ""
    """A name that fits it and nothing else on the token: its id, otherwise its label, otherwise
    the beginning of ``ref``."""

    @property
    def name(self) -> str:
        """What people call it: its label, otherwise the subject, the id, or ``selector``."""
        told = (c.subject_told.title for c in self.certificates if c.subject_told)
        label = self.label if self.label.strip() else ""
        subject = next((title for title in told if title.strip()), "")
        return label or subject or self.id.hex() or self.selector or self.ref[:12]

    @property
    def objects(self) -> tuple[TokenObject, ...]:
        """Every object of the container, the private key first."""
        return (*self.keys, *(certificate.object for certificate in self.certificates))

    @property
    def not_after(self) -> datetime | None:
        """When its last certificate expires; None without one that can be read."""
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
    selectors: Mapping[str, str] = field(default_factory=dict)
    """Of each object its name for people, by ``TokenObject.ref``: so much of it as fits nothing
    else on the token."""

    @property
    def all_objects(self) -> tuple[TokenObject, ...]:
        """Every object on the token, those of containers first."""
        inside = (obj for container in self.containers for obj in container.objects)
        return (*inside, *self.objects)
