"""ASN.1 as it really lies on tokens: BER and near it (X.690), read as far as it can be.

What is read was written by others: no length, depth or number of it is believed beyond the bytes
that are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lockwright.pkcs11.der import dotted, encode
from lockwright.records import dataclass

INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER = 0x02, 0x03, 0x04, 0x06
SEQUENCE, SET = 0x30, 0x31
MOST = 1000
"""Elements that are read of one sequence, at most: no name and no certificate has as many."""

_DEEPEST = 16
_CONSTRUCTED = 0x20
_HIGH_TAG = 0x1F
_LONG = 0x80
_LONGEST_LENGTH = 4
_END = b"\x00\x00"


class Broken(ValueError):
    """Here is no element that can be read."""


@dataclass(frozen=True, slots=True)
class Node:
    """One element."""

    tag: int
    """Identifier octet."""
    content: bytes
    """Its content, as much as is there."""
    whole: bytes
    """The element itself, as much as is there."""
    end: int
    """Where the next one begins."""
    cut: bool = False
    """Whether its length promises more than is there."""
    exact: bool = True
    """Whether its length is written as DER wants."""


def node(data: bytes, at: int = 0, depth: int = 0) -> Node:
    """The element at a place.

    Args:
        data: encoded elements.
        at: where it begins.
        depth: how many elements of indefinite length it is in.

    Raises:
        Broken: none is there.
    """
    if at + 2 > len(data) or data[at] & _HIGH_TAG == _HIGH_TAG or depth > _DEEPEST:
        raise Broken
    tag, length, start = data[at], data[at + 1], at + 2
    if length == _LONG:
        return _indefinite(data, at, depth)
    exact = True
    if length & _LONG:
        octets = length & ~_LONG
        if octets > _LONGEST_LENGTH or start + octets > len(data):
            raise Broken
        length, start = int.from_bytes(data[start : start + octets]), start + octets
        exact = length >= _LONG and length >= 1 << 8 * (octets - 1)
    end = start + length
    return Node(tag, data[start:end], data[at:end], end, cut=end > len(data), exact=exact)


def nodes(data: bytes) -> Iterator[Node]:
    """The elements one after another, up to the first that cannot be read and ``MOST``."""
    return islice(_all(data), MOST)


def oid(content: bytes) -> str:
    """The dotted form of an OBJECT IDENTIFIER.

    Raises:
        Broken: it has none.
    """
    if (found := dotted(encode(OBJECT_IDENTIFIER, content))) is None:
        raise Broken
    return found


def _all(data: bytes) -> Iterator[Node]:
    at = 0
    while at < len(data):
        try:
            found = node(data, at)
        except Broken:
            return
        yield found
        at = found.end


def _indefinite(data: bytes, at: int, depth: int) -> Node:
    """An element that ends where two zero octets stand (8.1.3.6)."""
    if not data[at] & _CONSTRUCTED:
        raise Broken
    start = end = at + 2
    for _each in range(MOST):
        if data[end : end + 2] == _END:
            return Node(data[at], data[start:end], data[at : end + 2], end + 2, exact=False)
        if end >= len(data):
            return Node(data[at], data[start:], data[at:], len(data), cut=True, exact=False)
        end = node(data, end, depth + 1).end
    raise Broken
