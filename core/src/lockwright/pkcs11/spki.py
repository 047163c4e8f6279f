"""Keys, signatures and certificates between the forms of PKCS#11 and of X.509."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.pkcs11.constants import CKA
from lockwright.pkcs11.der import (
    BIT_STRING,
    NULL,
    SEQUENCE,
    elements,
    encode,
    integer,
    oid,
)
from lockwright.pkcs11.public_values import bare_point
from lockwright.records import dataclass

RSA_ENCRYPTION = oid("1.2.840.113549.1.1.1")
EC_PUBLIC_KEY = oid("1.2.840.10045.2.1")
_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_CONTEXT_0 = 0xA0

CURVES = {
    "ec:p256": oid("1.2.840.10045.3.1.7"),
    "ec:p384": oid("1.3.132.0.34"),
    "ec:p521": oid("1.3.132.0.35"),
}
"""``CKA_EC_PARAMS`` of each named curve: its object identifier (RFC 5480), DER."""
CURVE_NAMES = {parameters: name for name, parameters in CURVES.items()}
"""The same, the other way round."""


@dataclass(frozen=True, slots=True)
class CertificateFields:
    """What a certificate object carries beside its value, each DER."""

    serial_number: bytes
    """For ``CKA_SERIAL_NUMBER``."""
    issuer: bytes
    """For ``CKA_ISSUER``."""
    subject: bytes
    """For ``CKA_SUBJECT``."""


def public_key(attributes: Mapping[int, bytes]) -> bytes | None:
    """SubjectPublicKeyInfo (RFC 5280) of a key object; None if the object does not show it."""
    if CKA.MODULUS in attributes and CKA.PUBLIC_EXPONENT in attributes:
        key = encode(
            SEQUENCE, integer(attributes[CKA.MODULUS]), integer(attributes[CKA.PUBLIC_EXPONENT])
        )
        return _info(RSA_ENCRYPTION, NULL, key)
    if CKA.EC_PARAMS in attributes and CKA.EC_POINT in attributes:
        point = bare_point(attributes[CKA.EC_POINT])
        return _info(EC_PUBLIC_KEY, attributes[CKA.EC_PARAMS], point)
    return None


def digest_info(sha256: bytes) -> bytes:
    """DigestInfo (RFC 8017, 9.2) of a SHA-256 digest, for a token that only pads and signs."""
    return _SHA256_DIGEST_INFO + sha256


def ecdsa_signature(raw: bytes) -> bytes:
    """Ecdsa-Sig-Value (RFC 3279) of the r and s that a token puts one after the other."""
    half = len(raw) // 2
    return encode(SEQUENCE, integer(raw[:half]), integer(raw[half:]))


def certificate_fields(certificate: bytes) -> CertificateFields:
    """Serial number, issuer and subject, cut from a certificate (RFC 5280, 4.1)."""
    whole = next(elements(certificate))
    to_be_signed = next(elements(whole.content))
    fields = [e.whole for e in elements(to_be_signed.content) if e.tag != _CONTEXT_0]
    serial_number, _algorithm, issuer, _validity, subject = fields[:5]
    return CertificateFields(serial_number, issuer, subject)


def _info(algorithm: bytes, parameters: bytes, key: bytes) -> bytes:
    return encode(SEQUENCE, encode(SEQUENCE, algorithm, parameters), encode(BIT_STRING, b"\0", key))
