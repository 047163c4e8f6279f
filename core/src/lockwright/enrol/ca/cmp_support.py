"""The CA's own certificates over CMP: a genm that asks for caCerts (RFC 9483, 4.3.1).

It is not protected: nothing secret is asked for, no password is at hand yet, and what comes is
trusted by nobody. A CA that wants it protected answers with an error, and an order goes on without.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from cryptography import x509
from pyasn1.codec.der.decoder import decode
from pyasn1.error import PyAsn1Error
from pyasn1_alt_modules import rfc9810

from lockwright.enrol.ca.cmp_der import directory_name, explicit, integer, moment, octets
from lockwright.i18n import N_
from lockwright.pkcs11.der import SEQUENCE, elements, encode, oid

_CA_CERTS = "1.3.6.1.5.5.7.4.17"
"""id-it-caCerts (RFC 9810, 5.3.19.14)."""
_VERSION = 2
_GENM = 21
_NONCE = 16


class CaCerts:
    """One question for the CA's certificates.

    Args:
        recipient: the CA.
    """

    def __init__(self, recipient: x509.Name) -> None:
        self._recipient = recipient
        self._transaction = secrets.token_bytes(_NONCE)
        self._nonce = secrets.token_bytes(_NONCE)

    def message(self) -> bytes:
        """The message, DER."""
        header = encode(
            SEQUENCE,
            integer(_VERSION),
            directory_name(x509.Name([])),
            directory_name(self._recipient),
            explicit(0, moment(datetime.now(UTC))),
            explicit(4, octets(self._transaction)),
            explicit(5, octets(self._nonce)),
        )
        body = explicit(_GENM, encode(SEQUENCE, encode(SEQUENCE, oid(_CA_CERTS))))
        return encode(SEQUENCE, header, body)

    def read(self, der: bytes) -> list[bytes]:
        """The certificates in an answer, DER; they need not be of a known kind.

        Raises:
            ValueError: it has none; the text says so.
        """
        try:
            message, _rest = decode(der, asn1Spec=rfc9810.PKIMessage())
            ours = bytes(message["header"]["transactionID"]) == self._transaction
            infos = message["body"].getComponentByName("genp") if ours else ()
            values = [bytes(i["infoValue"]) for i in infos if str(i["infoType"]) == _CA_CERTS]
            return [each.whole for value in values for each in elements(_content(value))]
        except (PyAsn1Error, ValueError, IndexError, KeyError, TypeError, AttributeError):
            problem = N_("it holds no certificate")
        raise ValueError(problem)


def _content(value: bytes) -> bytes:
    (whole,) = elements(value)
    return whole.content
