"""Answers to ``/csrattrs`` (RFC 8951, RFC 9908), put together element by element."""

from __future__ import annotations

import base64

from lockwright.pkcs11.der import BIT_STRING, INTEGER, NULL, SEQUENCE, encode, oid

RFC_7030_EXAMPLE = base64.b64decode(
    "MEEGCSqGSIb3DQEJBzASBgcqhkjOPQIBMQcGBSuBBAAiMBYGCSqGSIb3DQEJDjEJBgcrBgEBAQEWBggqhkjOPQQDAw=="
)
"""RFC 7030, 4.5.2: a challenge password, P-384, a MAC address, ECDSA with SHA-384."""
EC, RSA = "1.2.840.10045.2.1", "1.2.840.113549.1.1.1"
P256, P384, BRAINPOOL = "1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.36.3.3.2.8.1.1.7"
CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7"  # the name of an attribute
TEMPLATE = "1.2.840.113549.1.9.16.2.61"
_NAMES = {"CN": "2.5.4.3", "O": "2.5.4.10"}


def sequence(*contents: bytes) -> bytes:
    """SEQUENCE."""
    return encode(SEQUENCE, *contents)


def integer(number: int) -> bytes:
    """INTEGER, not negative."""
    return encode(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


def attribute(kind: str, *values: bytes) -> bytes:
    """Attribute with its values."""
    return sequence(oid(kind), encode(0x31, *values))


def template(subject: str = "", *, key: bytes = b"") -> bytes:
    """An answer whose only wish is a template, as of ``template_of``."""
    return sequence(template_of(subject, key=key))


def template_of(subject: str = "", *, key: bytes = b"", asks: tuple[bytes, ...] = ()) -> bytes:
    """The attribute with a template (RFC 9908, 3.4).

    Args:
        subject: parts such as ``CN=Anna,O=Bank``; one without a value is left to the client.
        key: content of the template's ``subjectPKInfo``.
        asks: attributes that a request is to have.
    """
    parts = [part.partition("=") for part in reversed(subject.split(","))] if subject else []
    names = [encode(0x31, sequence(oid(_NAMES[kind]), _text(value))) for kind, _is, value in parts]
    info = sequence(
        integer(0),
        sequence(*names) if names else b"",
        encode(0xA0, key) if key else b"",
        encode(0xA1, *asks),
    )
    return attribute(TEMPLATE, info)


def ec_key(curve: str) -> bytes:
    """``subjectPKInfo`` that wishes a curve."""
    return sequence(oid(EC), oid(curve))


def rsa_key(bits: int) -> bytes:
    """``subjectPKInfo`` that wishes a size, by a key of that size that stands for it."""
    dummy = sequence(integer(1 << (bits - 1)), integer(65537))
    return sequence(oid(RSA), NULL) + encode(BIT_STRING, b"\x00", dummy)


def _text(value: str) -> bytes:
    return encode(0x0C, value.encode()) if value else b""
