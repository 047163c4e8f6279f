"""What a client says in CMP: orders, confirmations and questions (RFC 9810, 5.3)."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.certificates import parts
from lockwright.enrol.ca.cmp_algorithms import certificate_hash
from lockwright.enrol.ca.cmp_der import bits, directory_name, explicit, integer, octets
from lockwright.enrol.signatures import sign, signature_algorithm
from lockwright.enrol.token_key import SigningKey
from lockwright.pkcs11.der import SEQUENCE, elements, encode, oid

CMP_2000, CMP_2021 = 2, 3
"""Versions; the newer one is only for what the older has not."""
_IR, _CR, _P10CR, _KUR, _CERT_CONF, _POLL_REQ = 0, 2, 4, 7, 24, 25
ORDERS = frozenset({_IR, _CR, _P10CR, _KUR})
"""Kinds of body that ask for a certificate."""
TEMPLATES: Mapping[str, int] = {"ir": _IR, "cr": _CR}
"""Those that ask for a first one by a template, by name."""
_OLD_CERT_ID = "1.3.6.1.5.5.7.5.1.5"
_REJECTION = 2
_INCORRECT_DATA = b"\x03\x02\x00\x01"
"""PKIFailureInfo with bit 7, incorrectData."""


def p10cr(request: bytes) -> bytes:
    """The body that asks for a certificate by a PKCS#10 request."""
    return explicit(_P10CR, request)


def by_template(name: str, request: bytes, key: SigningKey) -> bytes:
    """The body that asks for a first certificate by a template (RFC 9483, 4.1.1 and 4.1.2).

    Args:
        name: of ``TEMPLATES``.
        request: PKCS#10 request, DER, whose subject, key and extensions are asked for.
        key: the new key, which proves that it is there.
    """
    return explicit(TEMPLATES[name], _message(request, b"", key))


def kur(request: bytes, old: bytes, key: SigningKey) -> bytes:
    """The body that asks for a certificate in place of an old one (RFC 9483, 4.1.3).

    Args:
        request: as for ``by_template``.
        old: the certificate that is renewed, DER.
        key: as for ``by_template``.
    """
    renewed = parts.of_certificate(old)
    old_id = encode(SEQUENCE, directory_name(renewed.issuer), renewed.serial)
    controls = encode(SEQUENCE, encode(SEQUENCE, oid(_OLD_CERT_ID), old_id))
    return explicit(_KUR, _message(request, controls, key))


def cert_conf(certificate: bytes, request_id: int, *, accepted: bool) -> tuple[bytes, int]:
    """The body that says whether a certificate is taken, and the version that it needs.

    Raises:
        ValueError: it is no certificate.
    """
    hashed, named = certificate_hash(certificate)
    refused = b"" if accepted else encode(SEQUENCE, integer(_REJECTION), _INCORRECT_DATA)
    algorithm = explicit(0, named) if named else b""
    status = encode(SEQUENCE, octets(hashed), integer(request_id), refused, algorithm)
    return explicit(_CERT_CONF, encode(SEQUENCE, status)), CMP_2021 if named else CMP_2000


def poll_req(request_id: int) -> bytes:
    """The body that asks about a request that waits."""
    return explicit(_POLL_REQ, encode(SEQUENCE, encode(SEQUENCE, integer(request_id))))


def _message(request: bytes, controls: bytes, key: SigningKey) -> bytes:
    """CertReqMessages (RFC 4211, 3) with one request, signed by the new key (4.1)."""
    asked = parts.of_request(request)
    (info,) = elements(asked.key_info)
    template = encode(
        SEQUENCE,
        explicit(5, asked.subject),
        explicit(6, info.content),
        explicit(9, *asked.extensions) if asked.extensions else b"",
    )
    wanted = encode(SEQUENCE, integer(0), template, controls)
    proof = explicit(1, signature_algorithm(key), bits(sign(key, wanted)))
    return encode(SEQUENCE, encode(SEQUENCE, wanted, proof))
