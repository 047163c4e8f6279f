"""Names and extensions cut out of certificates and requests as they stand there.

What is asked for again is carried as bytes: a name that is read and written anew may have other
string types, another order or other lengths, and is another name to a CA that compares bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.certificates.asn1 import OBJECT_IDENTIFIER, SEQUENCE, Broken, Node, node, nodes, oid
from lockwright.certificates.names import comparable
from lockwright.records import dataclass

SUBJECT_KEY_IDENTIFIER, SUBJECT_ALTERNATIVE_NAME = "2.5.29.14", "2.5.29.17"
KEY_USAGE, EXTENDED_KEY_USAGE = "2.5.29.15", "2.5.29.37"
BASIC_CONSTRAINTS, AUTHORITY_KEY_IDENTIFIER = "2.5.29.19", "2.5.29.35"
_EXTENSION_REQUEST = "1.2.840.113549.1.9.14"
_VERSION, _EXTENSIONS = 0xA0, 0xA3


@dataclass(frozen=True, slots=True)
class Parts:
    """What a certificate or a request says, each part DER as it stands there."""

    subject: bytes
    """Its subject."""
    key_info: bytes
    """SubjectPublicKeyInfo."""
    extensions: Sequence[bytes]
    """Each Extension, with its criticality."""
    issuer: bytes = b""
    """Its issuer; empty in a request."""
    serial: bytes = b""
    """Its serial number, an INTEGER; empty in a request."""

    @property
    def is_own_issuer(self) -> bool:
        """Whether its issuer has its own name."""
        return comparable(self.issuer) == comparable(self.subject)

    @property
    def is_of_a_ca(self) -> bool:
        """Whether the basic constraints say so: a sequence that is not empty (RFC 5280, 4.2.1.9).

        Raises:
            ValueError: they cannot be read.
        """
        value = self.value(BASIC_CONSTRAINTS)
        return value is not None and bool(node(value).content)

    def extension(self, dotted: str) -> bytes | None:
        """An extension by its object identifier; None without it."""
        return next((each for each in self.extensions if _kind(node(each)) == dotted), None)

    def value(self, dotted: str) -> bytes | None:
        """The value of an extension, without the OCTET STRING around it; None without it."""
        found = self.extension(dotted)
        return None if found is None else list(nodes(node(found).content))[-1].content


def of_certificate(der: bytes) -> Parts:
    """The parts of a certificate (RFC 5280, 4.1).

    Raises:
        ValueError: it is none.
    """
    try:
        fields = _inside(_inside(node(der))[0])
        serial, _algorithm, issuer, _validity, subject, key = _without(fields, _VERSION)[:6]
        found = [each for each in fields if each.tag == _EXTENSIONS]
        extensions = _inside(node(found[0].content)) if found else []
    except IndexError:
        raise Broken from None
    return Parts(subject.whole, key.whole, _wholes(extensions), issuer.whole, serial.whole)


def of_request(der: bytes) -> Parts:
    """The parts of a PKCS#10 request (RFC 2986, 4.1).

    Raises:
        ValueError: it is none.
    """
    try:
        _number, subject, key, *others = _inside(_inside(node(der))[0])
        attributes = [each for other in others for each in nodes(other.content)]
        asked = [_inside(each)[1] for each in attributes if _kind(each) == _EXTENSION_REQUEST]
        extensions = [one for each in asked for one in _inside(node(each.content))]
    except IndexError:
        raise Broken from None
    return Parts(subject.whole, key.whole, _wholes(extensions))


def _inside(found: Node) -> list[Node]:
    if found.tag != SEQUENCE or found.cut:
        raise Broken
    return list(nodes(found.content))


def _without(found: Sequence[Node], tag: int) -> list[Node]:
    return [each for each in found if each.tag != tag]


def _wholes(found: Sequence[Node]) -> tuple[bytes, ...]:
    return tuple(each.whole for each in found)


def _kind(found: Node) -> str:
    """What an extension or an attribute is, dotted."""
    kind = node(found.content)
    if kind.tag != OBJECT_IDENTIFIER:
        raise Broken
    return oid(kind.content)
