"""A certificate field by field (RFC 5280, 4.1), each known or not, whatever is wrong elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from lockwright.certificates.asn1 import (
    INTEGER,
    OBJECT_IDENTIFIER,
    SEQUENCE,
    Broken,
    Node,
    node,
    nodes,
    oid,
)
from lockwright.certificates.names import Name, read_name
from lockwright.certificates.times import moment
from lockwright.models import Oddity

_VERSION = 0xA0
_VERSIONS = (1, 3)
_LONGEST_SERIAL = 20
_MOST_OF_A_SERIAL = 1000
"""Bytes of a serial number that is read at all."""

_T = TypeVar("_T")


@dataclass(slots=True)
class Reading:
    """What could be read of a certificate; None is what could not."""

    version: int | None = None
    """1 to 3, or what is written there."""
    serial: int | None = None
    """Serial number."""
    issuer: Name | None = None
    """Issuer's name."""
    not_before: datetime | None = None
    """Start of validity, UTC."""
    not_after: datetime | None = None
    """End of validity, UTC."""
    subject: Name | None = None
    """Subject's name."""
    key_info: bytes | None = None
    """SubjectPublicKeyInfo as it is."""
    signature: str | None = None
    """Algorithm of its signature, dotted."""
    oddities: list[Oddity] = field(default_factory=list)
    """What is odd about it, or cannot be read."""

    def odd(self, what: Oddity) -> None:
        """Note an oddity, once."""
        if what not in self.oddities:
            self.oddities.append(what)


def read(der: bytes) -> Reading:
    """Read a certificate; never raises, and takes time in proportion to its length.

    Args:
        der: what an object holds in ``CKA_VALUE``.
    """
    found = Reading()
    try:
        whole = node(der)
        outer = list(nodes(whole.content)) if whole.tag == SEQUENCE else []
        inside = list(nodes(outer[0].content)) if outer and outer[0].tag == SEQUENCE else []
    except Broken:
        found.odd(Oddity.NO_CERTIFICATE)
        return found
    _look_around(found, der, [whole, *outer, *inside])
    _fields(found, inside)
    if found.issuer is None and found.subject is None and found.not_after is None:
        return Reading(oddities=[Oddity.NO_CERTIFICATE])
    if len(outer) > 1:
        found.signature = _attempt(lambda: _algorithm(outer[1]))
    return found


def _look_around(found: Reading, der: bytes, read_elements: Sequence[Node]) -> None:
    if any(each.cut for each in read_elements):
        found.odd(Oddity.CUT_SHORT)
    elif len(der) > read_elements[0].end:
        found.odd(Oddity.BYTES_BEHIND)
    if not all(each.exact for each in read_elements):
        found.odd(Oddity.NOT_DER)


def _fields(found: Reading, inside: list[Node]) -> None:
    """The fields of TBSCertificate, each by its place."""
    versions = inside[:1] if inside and inside[0].tag == _VERSION else []
    found.version = _attempt(lambda: _integer(node(versions[0].content)) + 1) if versions else 1
    if found.version not in _VERSIONS:
        found.odd(Oddity.VERSION)
    places = dict(enumerate(inside[len(versions) :]))
    nothing = Node(0, b"", b"", 0)

    def of(place: int, read_it: Callable[[Node], _T], else_it_is: Oddity) -> _T | None:
        value = _attempt(lambda: read_it(places.get(place, nothing)))
        if value is None:
            found.odd(else_it_is)
        return value

    found.serial = of(0, _integer, Oddity.SERIAL_UNREADABLE)
    if found.serial is not None and not 0 < found.serial < 1 << 8 * _LONGEST_SERIAL:
        found.odd(Oddity.SERIAL)
    found.issuer = of(2, read_name, Oddity.ISSUER_UNREADABLE)
    _validity(found, places.get(3, nothing))
    found.subject = of(4, read_name, Oddity.SUBJECT_UNREADABLE)
    if not all(name.faithful for name in (found.issuer, found.subject) if name is not None):
        found.odd(Oddity.TEXT)
    found.key_info = of(5, _key_info, Oddity.KEY_UNREADABLE)


def _validity(found: Reading, validity: Node) -> None:
    times = list(nodes(validity.content))
    found.not_before, found.not_after = (_time(found, times, at) for at in (0, 1))
    if found.not_before and found.not_after and found.not_after < found.not_before:
        found.odd(Oddity.VALIDITY_REVERSED)


def _time(found: Reading, times: Sequence[Node], at: int) -> datetime | None:
    try:
        when, as_it_should_be = moment(times[at])
    except (Broken, IndexError):
        found.odd(Oddity.VALIDITY_UNREADABLE)
        return None
    if not as_it_should_be:
        found.odd(Oddity.TIME)
    return when


def _integer(found: Node) -> int:
    if found.tag != INTEGER or not 0 < len(found.content) <= _MOST_OF_A_SERIAL or found.cut:
        raise Broken
    return int.from_bytes(found.content, signed=True)


def _algorithm(found: Node) -> str:
    kind = node(found.content)
    if found.tag != SEQUENCE or kind.tag != OBJECT_IDENTIFIER:
        raise Broken
    return oid(kind.content)


def _key_info(found: Node) -> bytes:
    _algorithm(node(found.content))
    if found.cut:
        raise Broken
    return found.whole


def _attempt(read_it: Callable[[], _T]) -> _T | None:
    try:
        return read_it()
    except (Broken, IndexError, ValueError):
        return None
