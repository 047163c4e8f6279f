"""Just enough DER (X.690) to hand keys, signatures and certificates over.

The host's child works with these, so that it starts without a library for X.509, which takes
longer to import than most commands take to run.
"""

from __future__ import annotations

from collections.abc import Iterator

from lockwright.records import dataclass

INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06
NULL = b"\x05\x00"
SEQUENCE = 0x30

_JOINT = 2
"""The first arc whose second one may be any number (X.660, 7.6)."""
_ARCS_BELOW = 40
_LONGEST_OID = 64
"""Octets of an object identifier that is read at all."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a DER encoding."""

    tag: int
    """Identifier octet."""
    whole: bytes
    """Identifier, length and content."""
    content: bytes
    """Content alone."""


def encode(tag: int, *contents: bytes) -> bytes:
    """An element with the contents put together."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:  # noqa: PLR2004  # X.690 8.1.3.4: the short form
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def integer(magnitude: bytes) -> bytes:
    """An INTEGER from an unsigned big-endian number, which is how PKCS#11 gives numbers."""
    number = int.from_bytes(magnitude)
    return encode(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER (8.19) from its dotted form.

    Raises:
        ValueError: it is none.
    """
    first, second, *rest = map(int, dotted.split("."))
    if min(first, second, *rest, 0) < 0 or first > _JOINT:
        raise ValueError(dotted)
    if first < _JOINT and second >= _ARCS_BELOW:
        raise ValueError(dotted)
    arcs = (first * _ARCS_BELOW + second, *rest)
    return encode(OBJECT_IDENTIFIER, *map(_base128, arcs))


def dotted(der: bytes) -> str | None:
    """The dotted form of an OBJECT IDENTIFIER that is alone in an encoding; None if it is not."""
    content = der[2:]
    exact = der[:2] == bytes([OBJECT_IDENTIFIER, len(content) & 0x7F])
    if not exact or not content or len(content) > _LONGEST_OID or content[-1] & 0x80:
        return None
    arcs = [0]
    for octet in content:
        arcs[-1] = arcs[-1] << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(0)
    first = min(arcs[0] // _ARCS_BELOW, _JOINT)
    return ".".join(map(str, (first, arcs[0] - first * _ARCS_BELOW, *arcs[1:-1])))


def elements(der: bytes) -> Iterator[Element]:
    """The elements that stand one after another in an encoding.

    Raises:
        ValueError: it ends within one.
    """
    at = 0
    while at < len(der):
        length, start = _length(der, at + 1)
        end = start + length
        if end > len(der):
            raise ValueError("it ends too early")
        yield Element(der[at], der[at:end], der[start:end])
        at = end


def _length(der: bytes, at: int) -> tuple[int, int]:
    """The length that is written at a place, and the place behind it."""
    octets = der[at] & 0x7F if at < len(der) and der[at] & 0x80 else 0
    start = at + 1 + octets
    if start > len(der):
        raise ValueError("it ends too early")
    return (int.from_bytes(der[at + 1 : start]), start) if octets else (der[at] & 0x7F, start)


def _base128(number: int) -> bytes:
    """A number in groups of seven bits, each but the last marked by its highest bit."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))
