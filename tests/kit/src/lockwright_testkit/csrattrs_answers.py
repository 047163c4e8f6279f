"""Answers to ``/csrattrs`` (RFC 8951, RFC 9908), put together byte by byte."""

from __future__ import annotations

import base64

RFC_7030_EXAMPLE = base64.b64decode(
    "MEEGCSqGSIb3DQEJBzASBgcqhkjOPQIBMQcGBSuBBAAiMBYGCSqGSIb3DQEJDjEJBgcrBgEBAQEWBggqhkjOPQQDAw=="
)
"""RFC 7030, 4.5.2: a challenge password, P-384, a MAC address, ECDSA with SHA-384."""
EC, RSA = "1.2.840.10045.2.1", "1.2.840.113549.1.1.1"
P256, P384, BRAINPOOL = "1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.36.3.3.2.8.1.1.7"
CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7"  # the name of an attribute
TEMPLATE = "1.2.840.113549.1.9.16.2.61"
NULL = b"\x05\x00"
_NAMES = {"CN": "2.5.4.3", "O": "2.5.4.10"}


def tlv(tag: int, *contents: bytes) -> bytes:
    """A DER element."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:  # X.690, 8.1.3.4
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def sequence(*contents: bytes) -> bytes:
    """SEQUENCE."""
    return tlv(0x30, *contents)


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    return tlv(0x06, *map(_base128, (40 * first + second, *rest)))


def integer(number: int) -> bytes:
    """INTEGER, not negative."""
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1))


def attribute(kind: str, *values: bytes) -> bytes:
    """Attribute with its values."""
    return sequence(oid(kind), tlv(0x31, *values))


def template(subject: str = "", *, key: bytes = b"") -> bytes:
    """An answer whose only wish is a template (RFC 9908, 3.4).

    Args:
        subject: parts such as ``CN=Anna,O=Bank``; one without a value is left to the client.
        key: content of the template's ``subjectPKInfo``.
    """
    parts = [part.partition("=") for part in reversed(subject.split(","))] if subject else []
    names = [tlv(0x31, sequence(oid(_NAMES[kind]), _text(value))) for kind, _is, value in parts]
    info = sequence(
        integer(0),
        sequence(*names) if names else b"",
        tlv(0xA0, key) if key else b"",
        tlv(0xA1),
    )
    return sequence(attribute(TEMPLATE, info))


def ec_key(curve: str) -> bytes:
    """``subjectPKInfo`` that wishes a curve."""
    return sequence(oid(EC), oid(curve))


def rsa_key(bits: int) -> bytes:
    """``subjectPKInfo`` that wishes a size, by a key of that size that stands for it."""
    dummy = sequence(integer(1 << (bits - 1)), integer(65537))
    return sequence(oid(RSA), NULL) + tlv(0x03, b"\x00", dummy)


def _text(value: str) -> bytes:
    return tlv(0x0C, value.encode()) if value else b""


def _base128(number: int) -> bytes:
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(0x80 | number & 0x7F)
    return bytes(reversed(groups))
