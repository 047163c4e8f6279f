"""Key pairs, requests and certificates on their way to a token."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """A key pair to be made on a token."""

    key_type: str
    """Key type, such as ``rsa:2048`` or ``ec:p256``."""
    id: bytes
    """``CKA_ID`` for both keys and the certificate to come."""
    label: str
    """``CKA_LABEL`` for both keys and the certificate to come."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A key pair on a token."""

    id: bytes
    """``CKA_ID`` of both keys."""
    label: str
    """``CKA_LABEL`` of the private key."""
    public_key: bytes
    """Public key, DER SubjectPublicKeyInfo (RFC 5280)."""
    ref: str | None = field(default=None, compare=False)
    """Which private key it is (``TokenObject.ref``); None where its id says enough."""


class SignatureScheme(StrEnum):
    """How to sign; every scheme is one the token does itself or over a digest made outside."""

    RSA_PKCS1_SHA256 = "rsa-pkcs1-sha256"
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017); the data is the whole message."""
    RSA_PSS_SHA256 = "rsa-pss-sha256"
    """RSASSA-PSS with SHA-256, MGF1 with it, and a salt of 32 bytes (RFC 8017, 8.1), as TLS 1.3
    wants it of an RSA key (RFC 8446, 4.2.3)."""
    ECDSA_SHA256 = "ecdsa-sha256"
    """ECDSA with SHA-256; the signature is DER Ecdsa-Sig-Value (RFC 3279)."""
    ECDSA_SHA384 = "ecdsa-sha384"
    """ECDSA with SHA-384; the signature is DER Ecdsa-Sig-Value (RFC 3279)."""


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """A request made and signed on a token, to be taken to a CA."""

    pem: str
    """PKCS#10 request (RFC 2986), PEM."""
    key: KeyPair
    """The key pair it was made for."""
    subject: str
    """Subject name asked for (RFC 4514)."""


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """A certificate that was written beside its key."""

    id: bytes
    """``CKA_ID`` of key and certificate."""
    label: str
    """``CKA_LABEL`` of key and certificate."""
    fingerprint: str
    """SHA-256 of the DER, lower-case hex."""
    beside: tuple[StoredCertificate, ...] = ()
    """CA certificates that came from the same file and were written, too, each by itself."""
