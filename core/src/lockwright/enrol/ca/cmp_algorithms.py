"""Signature algorithms as CMP meets them, and the hash that goes with each (RFC 9481, 3)."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives._asymmetric import AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS

from lockwright.certificates.asn1 import Broken, node
from lockwright.enrol.ca.cmp_der import algorithm
from lockwright.enrol.ca.cmp_reading import Algorithm, algorithm_in, inside
from lockwright.records import dataclass

_SHA256, _SHA512, _SHAKE256 = (f"2.16.840.1.101.3.4.2.{arc}" for arc in (1, 3, 12))
_HASHES: dict[str, hashes.HashAlgorithm] = {
    _SHA256: hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    _SHA512: hashes.SHA512(),
}
_SIGNATURES = {
    "1.2.840.10045.4.3.2": hashes.SHA256(),
    "1.2.840.10045.4.3.3": hashes.SHA384(),
    "1.2.840.10045.4.3.4": hashes.SHA512(),
    "1.2.840.113549.1.1.11": hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}
_OLD_SIGNATURES = {
    "1.2.840.113549.1.1.4": "md5",
    "1.2.840.113549.1.1.5": "sha1",
    "1.2.840.113549.1.1.14": "sha224",
    "1.2.840.10045.4.1": "sha1",
    "1.2.840.10045.4.3.1": "sha224",
}
"""What no answer is believed by, but a certificate may be signed with."""
_PSS = "1.2.840.113549.1.1.10"
_ED25519, _ED448 = "1.3.101.112", "1.3.101.113"
_SHAKE256_OCTETS = 64


@dataclass(frozen=True, slots=True)
class Signature:
    """How a signature is verified."""

    digest: hashes.HashAlgorithm | None
    """None where the algorithm hashes by itself."""
    padding: AsymmetricPadding | None = None
    """None for that of PKCS #1 v1.5."""


def signature_in(found: Algorithm) -> Signature | None:
    """How a signature of an algorithm is verified; None if it is not known here."""
    if found.oid in {_ED25519, _ED448}:
        return Signature(None)
    if found.oid == _PSS:
        digest = _pss_digest(found)
        return Signature(digest, PSS(MGF1(digest), PSS.AUTO)) if digest else None
    known = _SIGNATURES.get(found.oid)
    return Signature(known) if known else None


def certificate_hash(certificate: bytes) -> tuple[bytes, bytes]:
    """The hash by which a certificate is confirmed (RFC 9810, 5.3.18).

    It is that of the certificate's signature. Where that names none (Ed25519, Ed448, GOST, SM2),
    the message must say which hash it is.

    Args:
        certificate: DER.

    Returns:
        The hash, and its AlgorithmIdentifier, DER, where it must be told; otherwise nothing.

    Raises:
        ValueError: it is no certificate.
    """
    signed = algorithm_in(inside(node(certificate))[1])
    if signed.oid == _ED448:
        return hashlib.shake_256(certificate).digest(_SHAKE256_OCTETS), algorithm(_SHAKE256)
    if signed.oid == _ED25519:
        return hashlib.sha512(certificate).digest(), algorithm(_SHA512)
    known = _pss_digest(signed) if signed.oid == _PSS else _SIGNATURES.get(signed.oid)
    name = known.name if known else _OLD_SIGNATURES.get(signed.oid)
    if name is None:
        return hashlib.sha256(certificate).digest(), algorithm(_SHA256)
    return hashlib.new(name, certificate, usedforsecurity=False).digest(), b""


def _pss_digest(found: Algorithm) -> hashes.HashAlgorithm | None:
    """The hash in RSASSA-PSS-params (RFC 4055, 3.1); None for SHA-1, which is the default."""
    try:
        first = inside(found.parameters)[0]
        return _HASHES.get(algorithm_in(node(first.content)).oid)
    except Broken:
        return None
