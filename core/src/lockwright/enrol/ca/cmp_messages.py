"""CMP messages (RFC 9810): put together, taken apart, and held against what was asked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from pyasn1.codec.der.decoder import decode
from pyasn1.error import PyAsn1Error
from pyasn1_alt_modules import rfc9810

from lockwright.certificates import parts
from lockwright.enrol.ca.cmp_der import (
    bits,
    directory_name,
    explicit,
    integer,
    moment,
    octets,
)
from lockwright.enrol.ca.cmp_protection import (
    NOT_PROTECTED,
    Protection,
    ProtectionWrong,
)
from lockwright.enrol.signatures import sign, signature_algorithm
from lockwright.enrol.token_key import SigningKey
from lockwright.i18n import N_
from lockwright.pkcs11.der import NULL, SEQUENCE, elements, encode, oid

_VERSION = 2
"""cmp2000: all that is used here is in it."""
_NONCE = 16
_IMPLICIT_CONFIRM = "1.3.6.1.5.5.7.4.13"
_OLD_CERT_ID = "1.3.6.1.5.5.7.5.1.5"
_P10CR, _KUR, _CERT_CONF, _POLL_REQ = 4, 7, 24, 25
_REJECTION = 2
_INCORRECT_DATA = b"\x03\x02\x00\x01"
"""PKIFailureInfo with bit 7, incorrectData."""


@dataclass
class Transaction:
    """What all messages of one transaction have in common."""

    sender: bytes
    """Who asks, a Name, DER."""
    recipient: bytes
    """The CA, a Name, DER."""
    protection: Protection
    """What protects it."""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(_NONCE))
    """``transactionID``."""
    ours: bytes = b""
    """Nonce of our last message."""
    theirs: bytes = b""
    """Nonce of the CA's last message; empty before the first."""
    authentic: bool = True
    """Whether the last answer was protected as it should be; only an error may be otherwise."""

    def message(self, body: bytes) -> bytes:
        """A message with this body, protected, DER."""
        self.ours = secrets.token_bytes(_NONCE)
        header = self._header()
        protection = self.protection.protect(encode(SEQUENCE, header, body))
        extra = encode(SEQUENCE, *self.protection.extra) if self.protection.extra else b""
        return encode(
            SEQUENCE,
            header,
            body,
            explicit(0, bits(protection)),
            explicit(1, extra) if extra else b"",
        )

    def read(self, der: bytes) -> Any:
        """A decoded answer of this transaction, its protection checked.

        An error need not be protected: a CA that does not know the login cannot.

        Raises:
            ValueError: it is none; the text says why.
        """
        try:
            message, _rest = decode(der, asn1Spec=rfc9810.PKIMessage())
            (whole,) = elements(der)
            header, body, *_others = elements(whole.content)
            self._check(message, encode(SEQUENCE, header.whole, body.whole))
            self.theirs = _octets(message["header"]["senderNonce"])
        except ProtectionWrong as wrong:
            problem = str(wrong)
        except (PyAsn1Error, ValueError, IndexError, KeyError):
            problem = N_("it is not a CMP message")
        else:
            return message
        raise ValueError(problem)

    def require_authentic(self) -> None:
        """Refuse an answer that looks like an error and was not protected, but is none.

        Raises:
            ValueError: the last answer was not protected as it should be.
        """
        if not self.authentic:
            raise ValueError(NOT_PROTECTED)

    def _check(self, message: Any, part: bytes) -> None:
        try:
            self.protection.check(message, part)
            self._check_header(message["header"])
        except ProtectionWrong:
            self.authentic = False
            if message["body"].getName() != "error":
                raise
        else:
            self.authentic = True

    def _check_header(self, header: Any) -> None:
        if _octets(header["transactionID"]) != self.id:
            raise ProtectionWrong(N_("it belongs to another transaction"))
        if _octets(header["recipNonce"]) != self.ours:
            raise ProtectionWrong(N_("it answers another message"))

    def _header(self) -> bytes:
        key_id = self.protection.key_id
        confirm = encode(SEQUENCE, oid(_IMPLICIT_CONFIRM), NULL)
        return encode(
            SEQUENCE,
            integer(_VERSION),
            directory_name(self.sender),
            directory_name(self.recipient),
            explicit(0, moment(datetime.now(UTC))),
            explicit(1, self.protection.algorithm()),
            b"" if key_id is None else explicit(2, octets(key_id)),
            explicit(4, octets(self.id)),
            explicit(5, octets(self.ours)),
            explicit(6, octets(self.theirs)) if self.theirs else b"",
            explicit(8, encode(SEQUENCE, confirm)),
        )


def p10cr(request: bytes) -> bytes:
    """The body that asks for a certificate by a PKCS#10 request."""
    return explicit(_P10CR, request)


def kur(request: bytes, old: bytes, key: SigningKey) -> bytes:
    """The body that asks for a certificate in place of an old one (RFC 4211, RFC 9483, 4.1.3).

    Args:
        request: PKCS#10 request, DER, whose subject, key and extensions are asked for.
        old: the certificate that is renewed, DER.
        key: the new key, which proves that it is there.
    """
    asked, renewed = parts.of_request(request), parts.of_certificate(old)
    (info,) = elements(asked.key_info)
    template = encode(
        SEQUENCE,
        explicit(5, asked.subject),
        explicit(6, info.content),
        explicit(9, *asked.extensions) if asked.extensions else b"",
    )
    old_id = encode(SEQUENCE, directory_name(renewed.issuer), renewed.serial)
    controls = encode(SEQUENCE, encode(SEQUENCE, oid(_OLD_CERT_ID), old_id))
    wanted = encode(SEQUENCE, integer(0), template, controls)
    proof = explicit(1, signature_algorithm(key), bits(sign(key, wanted)))
    return explicit(_KUR, encode(SEQUENCE, encode(SEQUENCE, wanted, proof)))


def cert_conf(certificate: x509.Certificate, request_id: int, *, accepted: bool) -> bytes:
    """The body that says whether a certificate is taken."""
    digest = certificate.signature_hash_algorithm or hashes.SHA256()
    hashed = certificate.fingerprint(digest)
    refused = b"" if accepted else encode(SEQUENCE, integer(_REJECTION), _INCORRECT_DATA)
    status = encode(SEQUENCE, octets(hashed), integer(request_id), refused)
    return explicit(_CERT_CONF, encode(SEQUENCE, status))


def poll_req(request_id: int) -> bytes:
    """The body that asks about a request that waits."""
    return explicit(_POLL_REQ, encode(SEQUENCE, encode(SEQUENCE, integer(request_id))))


def _octets(field: Any) -> bytes:
    return bytes(field) if field.isValue else b""
