"""CMP messages taken apart (RFC 9810, 5.1), the certificates in them cut out as they stand.

Nothing here looks into a certificate: one of a kind that nobody here knows (GOST, SM2, version 2)
must not make the message around it unreadable.
"""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.certificates.asn1 import (
    BIT_STRING,
    INTEGER,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    Broken,
    Node,
    node,
    nodes,
    oid,
)
from lockwright.pkcs11.der import encode
from lockwright.records import dataclass

IP, CP, KUP, PKI_CONF, GENP, ERROR, POLL_REP = 1, 3, 8, 19, 22, 23, 26
"""Kinds of body by their number (RFC 9810, 5.1.2)."""
RESPONSES = frozenset({IP, CP, KUP})
IMPLICIT_CONFIRM = "1.3.6.1.5.5.7.4.13"
_CONTEXT, _TAG_NUMBER = 0xA0, 0x1F
_NAMES = 3
"""Elements of a header before the first that may be left out: version, sender, recipient."""
_PROTECTION_ALG, _TRANSACTION, _SENDER_NONCE, _RECIP_NONCE, _GENERAL_INFO = 1, 4, 5, 6, 8
_CA_PUBS = _CERTIFICATE = _EXTRA_CERTS = 1
_UTF8 = 0x0C


@dataclass(frozen=True, slots=True)
class Algorithm:
    """AlgorithmIdentifier."""

    oid: str
    """Dotted."""
    parameters: Node | None
    """None without any."""


@dataclass(frozen=True, slots=True)
class Message:
    """A PKIMessage."""

    kind: int
    """Number of its body's kind."""
    body: Node
    """Its body, without the tag that tells the kind."""
    part: bytes
    """Its ProtectedPart as it was sent, DER."""
    algorithm: Algorithm | None
    """What it is protected with; None without protection."""
    protection: bytes | None
    """The protection; None without one."""
    transaction: bytes
    """``transactionID``; empty without one, as the nonces are."""
    sender_nonce: bytes
    """``senderNonce``."""
    recip_nonce: bytes
    """``recipNonce``."""
    info: frozenset[str]
    """What is in ``generalInfo``, dotted."""
    extra: Sequence[bytes]
    """Certificates that came along, as they stand."""


@dataclass(frozen=True, slots=True)
class Status:
    """PKIStatusInfo."""

    number: int
    """``PKIStatus``."""
    lines: Sequence[str] = ()
    """What it says to a person."""
    failures: frozenset[int] = frozenset()
    """Bits of ``PKIFailureInfo``."""


@dataclass(frozen=True, slots=True)
class Response:
    """What comes of one request, in a CertRepMessage."""

    request_id: int
    """``certReqId``."""
    status: Status
    """How it stands."""
    certificate: bytes | None
    """The certificate as it stands; None without one, or if it is encrypted."""


def taken_apart(der: bytes) -> Message:
    """A message.

    Raises:
        ValueError: it is none.
    """
    whole = node(der)
    if whole.end != len(der):
        raise Broken
    header, body, *others = inside(whole)
    fields = {_number(each): node(each.content) for each in inside(header)[_NAMES:]}
    behind = {_number(each): node(each.content) for each in others}
    algorithm, protection = fields.get(_PROTECTION_ALG), behind.get(0)
    nothing = Node(OCTET_STRING, b"", b"", 0)
    return Message(
        kind=_number(body),
        body=node(body.content),
        part=encode(SEQUENCE, header.whole, body.whole),
        algorithm=None if algorithm is None else algorithm_in(algorithm),
        protection=None if protection is None else bits_in(protection),
        transaction=octets_in(fields.get(_TRANSACTION, nothing)),
        sender_nonce=octets_in(fields.get(_SENDER_NONCE, nothing)),
        recip_nonce=octets_in(fields.get(_RECIP_NONCE, nothing)),
        info=_info(fields.get(_GENERAL_INFO)),
        extra=_certificates(behind.get(_EXTRA_CERTS)),
    )


def responses_in(body: Node) -> tuple[list[Response], Sequence[bytes]]:
    """What is in a CertRepMessage (RFC 9810, 5.3.4).

    Returns:
        What comes of each request, and the CA's own certificates that came along.

    Raises:
        ValueError: it is none.
    """
    first, *others = inside(body)
    published = node(first.content) if first.tag == _CONTEXT | _CA_PUBS else None
    (answered,) = others or (first,)
    return [_response(each) for each in inside(answered)], _certificates(published)


def polls_in(body: Node) -> list[tuple[int, int, list[str]]]:
    """``certReqId``, ``checkAfter`` in seconds and reason of each entry of a PollRepContent.

    Raises:
        ValueError: it is none.
    """
    found = []
    for each in inside(body):
        request_id, seconds, *reason = inside(each)
        found.append((integer_in(request_id), integer_in(seconds), _lines(reason)))
    return found


def error_in(body: Node) -> Status:
    """The status in an ErrorMsgContent.

    Raises:
        ValueError: it is none.
    """
    return _status(inside(body)[0])


def inside(found: Node | None) -> list[Node]:
    """The elements of a SEQUENCE, one at least.

    Raises:
        ValueError: it is none.
    """
    if found is None or found.tag != SEQUENCE or found.cut:
        raise Broken
    made = list(nodes(found.content))
    if not made:
        raise Broken
    return made


def algorithm_in(found: Node) -> Algorithm:
    """An AlgorithmIdentifier.

    Raises:
        ValueError: it is none.
    """
    kind, *parameters = inside(found)
    return Algorithm(oid_in(kind), parameters[0] if parameters else None)


def oid_in(found: Node) -> str:
    """An OBJECT IDENTIFIER, dotted.

    Raises:
        ValueError: it is none.
    """
    if found.tag != OBJECT_IDENTIFIER:
        raise Broken
    return oid(found.content)


def integer_in(found: Node) -> int:
    """The value of an INTEGER.

    Raises:
        ValueError: it is none.
    """
    if found.tag != INTEGER or not found.content:
        raise Broken
    return int.from_bytes(found.content, signed=True)


def octets_in(found: Node) -> bytes:
    """The value of an OCTET STRING.

    Raises:
        ValueError: it is none.
    """
    if found.tag != OCTET_STRING or found.cut:
        raise Broken
    return found.content


def bits_in(found: Node) -> bytes:
    """The octets of a BIT STRING.

    Raises:
        ValueError: it is none.
    """
    if found.tag != BIT_STRING or found.cut or not found.content:
        raise Broken
    return found.content[1:]


def _response(found: Node) -> Response:
    request_id, status, *others = inside(found)
    certificate = None
    if others and others[0].tag == SEQUENCE:
        issued = inside(others[0])[0]
        if issued.tag == _CONTEXT:  # certificate; [1] is an encrypted one
            certificate = node(issued.content).whole
    return Response(integer_in(request_id), _status(status), certificate)


def _status(found: Node) -> Status:
    number, *others = inside(found)
    failures: frozenset[int] = frozenset()
    for each in others:
        if each.tag == BIT_STRING:
            octets = enumerate(bits_in(each))
            failures = frozenset(
                8 * at + bit for at, octet in octets for bit in range(8) if octet & 0x80 >> bit
            )
    return Status(integer_in(number), _lines(others), failures)


def _lines(found: Sequence[Node]) -> list[str]:
    texts = [line for each in found if each.tag == SEQUENCE for line in nodes(each.content)]
    return [line.content.decode(errors="replace") for line in texts if line.tag == _UTF8]


def _info(found: Node | None) -> frozenset[str]:
    if found is None:
        return frozenset()
    kinds = (node(each.content) for each in inside(found))
    return frozenset(oid(kind.content) for kind in kinds if kind.tag == OBJECT_IDENTIFIER)


def _certificates(found: Node | None) -> tuple[bytes, ...]:
    return () if found is None else tuple(each.whole for each in nodes(found.content))


def _number(found: Node) -> int:
    if found.tag & ~_TAG_NUMBER != _CONTEXT:
        raise Broken
    return found.tag & _TAG_NUMBER
