"""The few DER elements that CMP messages are put together from."""

from __future__ import annotations

from datetime import datetime

from lockwright.pkcs11.der import BIT_STRING, INTEGER, SEQUENCE, encode, oid

_OCTET_STRING, _GENERALIZED_TIME = 0x04, 0x18
_EXPLICIT = 0xA0


def explicit(number: int, *content: bytes) -> bytes:
    """An element under a context tag of its own."""
    return encode(_EXPLICIT | number, *content)


def integer(number: int) -> bytes:
    """INTEGER, also a negative one."""
    length = (number + (number < 0)).bit_length() // 8 + 1
    return encode(INTEGER, number.to_bytes(length, signed=True))


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return encode(_OCTET_STRING, content)


def bits(content: bytes) -> bytes:
    """BIT STRING of whole bytes."""
    return encode(BIT_STRING, b"\0", content)


def moment(when: datetime) -> bytes:
    """GeneralizedTime of a moment in UTC."""
    return encode(_GENERALIZED_TIME, f"{when:%Y%m%d%H%M%SZ}".encode())


def algorithm(dotted: str, parameters: bytes = b"") -> bytes:
    """AlgorithmIdentifier."""
    return encode(SEQUENCE, oid(dotted), parameters)


def directory_name(name: bytes) -> bytes:
    """GeneralName of the kind directoryName, from a Name, DER."""
    return explicit(4, name)
