"""The one number or point by which a key is told from every other, wherever it is written.

Tokens and certificates write the same key in different bytes: with zeros in front, in an OCTET
STRING or without one, under other parameters. What is left of it here is equal for equal keys.
"""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.pkcs11.constants import CKA
from lockwright.pkcs11.der import (
    BIT_STRING,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    Element,
    elements,
    encode,
    oid,
)

_RSA = (oid("1.2.840.113549.1.1.1"), oid("1.2.840.113549.1.1.10"))
_DSA = oid("1.2.840.10040.4.1")
_GOST = bytes.fromhex("2a8503")
"""How the identifiers below 1.2.643 begin."""
_CONTEXT_0 = 0xA0
_SPKI_PLACE = 5
"""After serial number, algorithm, issuer, validity and subject (RFC 5280, 4.1)."""

_FIELDS = (14, 16, 20, 21, 24, 28, 30, 32, 36, 40, 48, 52, 64, 66, 72)
"""Bytes of a coordinate on the curves that have a name (SEC 2, RFC 5639)."""
_PLAIN = {32, 56, 57, 64, 128}
"""Lengths of a point without a first octet of its own: X25519, Ed25519, X448, Ed448, GOST."""
_BARE = _PLAIN | {1 + 2 * field for field in _FIELDS}
"""Lengths of a point that stands for itself, though its first octet may be that of a wrapping."""


def of_key(attributes: Mapping[int, bytes]) -> bytes | None:
    """The public value of a key object.

    Args:
        attributes: what was read of it. ``CKA_VALUE`` only if it is a public key.

    Returns:
        The modulus of an RSA key without leading zeros; otherwise the point, an EC point with its
        first octet (SEC 1, 2.3.3), an Edwards, Montgomery or GOST one without; None if the object
        does not show it.
    """
    if modulus := attributes.get(CKA.MODULUS, b"").lstrip(b"\0"):
        return modulus
    point = attributes.get(CKA.EC_POINT) or attributes.get(CKA.VALUE)
    return bare_point(point) if point else None


def of_certificate(certificate: bytes) -> bytes | None:
    """The public value of a certificate's key, as ``of_key`` has it; None if it cannot be read.

    Args:
        certificate: DER.
    """
    try:
        whole = next(elements(certificate))
        fields = [e for e in elements(next(elements(whole.content)).content) if e.tag != _CONTEXT_0]
        return _of_info(fields[_SPKI_PLACE])
    except (IndexError, StopIteration, ValueError):
        return None


def of_info(info: bytes) -> bytes | None:
    """The public value in a SubjectPublicKeyInfo, DER, as ``of_key`` has it; None if unreadable."""
    try:
        return _of_info(next(elements(info)))
    except (IndexError, StopIteration, ValueError):
        return None


def _of_info(info: Element) -> bytes | None:
    algorithm, key = list(elements(info.content))[:2]
    kind = next(elements(algorithm.content))
    wrong = (info.tag, kind.tag, key.tag) != (SEQUENCE, OBJECT_IDENTIFIER, BIT_STRING)
    value = key.content[1:]
    if wrong or not value:
        return None
    if kind.whole in _RSA:
        return next(elements(next(elements(value)).content)).content.lstrip(b"\0") or None
    if kind.whole == _DSA:
        return next(elements(value)).content.lstrip(b"\0") or None
    return bare_point(value) if kind.content.startswith(_GOST) else value


def bare_point(value: bytes) -> bytes:
    """A point without the OCTET STRING that some tokens leave out, or a BIT STRING in its place.

    An EC point and its wrapping both begin with 0x04, so the length decides.
    """
    if value[0] == OCTET_STRING and len(value) not in _BARE:
        return _content(value)
    if value[0] == BIT_STRING and _content(value)[:1] == b"\0":
        point = _content(value)[1:]
        return point if len(point) in _PLAIN else value
    return value


def _content(value: bytes) -> bytes:
    """The content of the one element that a value is; the value itself if it is not one."""
    try:
        found = next(elements(value))
    except ValueError:
        return value
    whole = encode(found.tag, found.content) == value
    return found.content if whole and found.content else value
