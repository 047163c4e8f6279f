"""The CA's own certificates over CMP: a genm that asks for caCerts (RFC 9483, 4.3.1).

It is not protected: nothing secret is asked for, no password is at hand yet, and what comes is
trusted by nobody. A CA that wants it protected answers with an error, and an order goes on without.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

from lockwright.certificates.asn1 import nodes
from lockwright.enrol.ca.cmp_der import directory_name, explicit, integer, moment, octets
from lockwright.enrol.ca.cmp_orders import CMP_2000
from lockwright.enrol.ca.cmp_reading import GENP, Message, inside, oid_in, taken_apart
from lockwright.i18n import N_
from lockwright.pkcs11.der import SEQUENCE, encode, oid

_CA_CERTS = "1.3.6.1.5.5.7.4.17"
"""id-it-caCerts (RFC 9810, 5.3.19.14)."""
_GENM = 21
_NONCE = 16
_NOBODY = b"\x30\x00"
"""The empty name, DER."""
_NONE = N_("it holds no certificate")


class CaCerts:
    """One question for the CA's certificates.

    Args:
        recipient: the CA, a Name, DER.
    """

    def __init__(self, recipient: bytes) -> None:
        self._recipient = recipient
        self._transaction = secrets.token_bytes(_NONCE)
        self._nonce = secrets.token_bytes(_NONCE)

    def message(self) -> bytes:
        """The message, DER."""
        header = encode(
            SEQUENCE,
            integer(CMP_2000),
            directory_name(_NOBODY),
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
            found = list(self._certificates(taken_apart(der)))
        except ValueError:
            raise ValueError(_NONE) from None
        if not found:
            raise ValueError(_NONE)
        return found

    def _certificates(self, message: Message) -> Iterator[bytes]:
        if message.kind == GENP and message.transaction == self._transaction:
            for info in inside(message.body):
                kind, *values = inside(info)
                if oid_in(kind) == _CA_CERTS:
                    yield from (one.whole for value in values for one in nodes(value.content))
