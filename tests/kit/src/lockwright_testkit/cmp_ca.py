"""A CMP CA in memory that keeps its transactions: what `openssl cmp` as a server does not do.

It answers what comes to an ``EstServer``, which only carries the messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.enrol.ca.cmp_der import explicit, integer
from lockwright.enrol.ca.cmp_macs import Pbm
from lockwright.enrol.ca.cmp_messages import Transaction
from lockwright.enrol.ca.cmp_protection import PasswordMac, ProtectionWrong
from lockwright.enrol.ca.cmp_reading import taken_apart
from lockwright.pkcs11.der import BIT_STRING, NULL, SEQUENCE, elements, encode, oid
from lockwright.secret import Secret
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode as encoded
from pyasn1_alt_modules import rfc9810

from lockwright_testkit.est_server import Asked, EstServer, Reply

PKIXCMP = {"Content-Type": "application/pkixcmp"}
_BANK = x509.Name.from_rfc4514_string("CN=Test CA").public_bytes()
_CP, _PKICONF, _GENP, _ERROR, _POLL_REP = 3, 19, 22, 23, 26
_CA_CERTS = "1.3.6.1.5.5.7.4.17"
_P10CR_ID = -1
_REJECTION, _WAITING = 2, 3
BAD_MESSAGE_CHECK, BAD_REQUEST, BAD_TIME = 1, 2, 3
SYSTEM_UNAVAIL, SYSTEM_FAILURE = 24, 25
"""Bits of PKIFailureInfo (RFC 9810, appendix F)."""


@dataclass(frozen=True)
class Said:
    """A message of a client, its MAC checked."""

    message: Any
    """The PKIMessage, decoded."""
    mac: PasswordMac
    """What protects the answer."""
    login: str
    """Who asks."""

    @property
    def kind(self) -> str:
        """The kind of its body, such as ``p10cr``."""
        kind: str = self.message["body"].getName()
        return kind

    @property
    def transaction(self) -> bytes:
        """``transactionID``."""
        return bytes(self.message["header"]["transactionID"])

    def answered(self, body: bytes, mac: PasswordMac | None = None) -> Reply:
        """An answer to it.

        Args:
            body: its body, DER.
            mac: what protects it; None for the client's own password.
        """
        theirs = Transaction(_BANK, _BANK, mac or self.mac)
        theirs.id = self.transaction
        theirs.theirs = bytes(self.message["header"]["senderNonce"])
        return Reply(200, theirs.message(body), PKIXCMP)


class CmpCa:
    """Issues over CMP what ``server`` would issue over EST, and keeps it in the same books.

    Args:
        server: carries the messages, and has the CA and the logins.
    """

    def __init__(self, server: EstServer) -> None:
        self._server = server
        self.transactions: dict[bytes, bytes] = {}
        """Requests of the transactions that are not finished, by ``transactionID``."""
        self.own: tuple[x509.Certificate, ...] = ()
        """The CA's own certificates, which it gives to whoever asks."""

    def answer(self, asked: Asked) -> Reply:
        """What a client gets that nothing disturbs."""
        if kind_of(asked) == "genm":
            return self._ca_certs(asked)
        try:
            said = self.read(asked)
        except ProtectionWrong:
            return self.denied(asked, BAD_MESSAGE_CHECK, authentic=False)
        if said.kind == "certConf":
            self.transactions.pop(said.transaction, None)
            return said.answered(explicit(_PKICONF, NULL))
        if said.kind == "p10cr":
            self.transactions[said.transaction] = _request(said)
        request = self.transactions.get(said.transaction)
        if request is None:
            return self.denied(asked, BAD_REQUEST)
        return granted(said, self._server.certificate_for(said.login, request))

    def read(self, asked: Asked) -> Said:
        """What a client says.

        Raises:
            ProtectionWrong: the password is not its login's.
        """
        message, mac, login = self._opened(asked)
        mac.check(taken_apart(asked.body))
        return Said(message, mac, login)

    def waiting(self, asked: Asked) -> Reply:
        """Nobody has decided yet."""
        said = self.read(asked)
        if said.kind == "pollReq":
            told = encode(SEQUENCE, integer(_P10CR_ID), integer(0))
            return said.answered(explicit(_POLL_REP, encode(SEQUENCE, told)))
        self.transactions[said.transaction] = _request(said)
        status = encode(SEQUENCE, integer(_WAITING))
        return said.answered(_response(encode(SEQUENCE, integer(_P10CR_ID), status)))

    def rejected(self, asked: Asked) -> Reply:
        """The order itself is refused."""
        status = encode(SEQUENCE, integer(_REJECTION))
        answer = _response(encode(SEQUENCE, integer(_P10CR_ID), status))
        return self.read(asked).answered(answer)

    def denied(self, asked: Asked, failure: int, *, authentic: bool = True) -> Reply:
        """An error message.

        Args:
            asked: what is answered.
            failure: bit of PKIFailureInfo.
            authentic: whether the client's password protects it.
        """
        message, mac, login = self._opened(asked)
        other = None if authentic else PasswordMac(login, Secret("another"), Pbm(b"salt", 100))
        status = encode(SEQUENCE, integer(_REJECTION), _failure(failure))
        body = explicit(_ERROR, encode(SEQUENCE, status))
        return Said(message, mac, login).answered(body, other)

    def _ca_certs(self, asked: Asked) -> Reply:
        """Its own certificates (RFC 9483, 4.3.1), with a MAC that no client can check."""
        found = encode(SEQUENCE, *(each.public_bytes(Encoding.DER) for each in self.own))
        told = encode(SEQUENCE, oid(_CA_CERTS), *((found,) if self.own else ()))
        mac = PasswordMac("nobody", Secret("nobody's"), Pbm(b"salt", 100))
        said = Said(_opened(asked), mac, "nobody")
        return said.answered(explicit(_GENP, encode(SEQUENCE, told)))

    def _opened(self, asked: Asked) -> tuple[Any, PasswordMac, str]:
        message = _opened(asked)
        login = bytes(message["header"]["senderKID"]).decode()
        password = Secret(self._server.logins.get(login, "nobody's"))
        return message, PasswordMac(login, password, Pbm(b"salt", 100)), login


def kind_of(asked: Asked) -> str:
    """The kind of a message's body, such as ``genm``, whoever sent it."""
    kind: str = _opened(asked)["body"].getName()
    return kind


def _opened(asked: Asked) -> Any:
    message, _rest = decode(asked.body, asn1Spec=rfc9810.PKIMessage())
    return message


def granted(said: Said, certificate: x509.Certificate) -> Reply:
    """A certificate."""
    pair = encode(SEQUENCE, explicit(0, certificate.public_bytes(Encoding.DER)))
    status = encode(SEQUENCE, integer(0))
    return said.answered(_response(encode(SEQUENCE, integer(_P10CR_ID), status, pair)))


def _response(one: bytes) -> bytes:
    return explicit(_CP, encode(SEQUENCE, encode(SEQUENCE, one)))


def _request(said: Said) -> bytes:
    request: bytes = encoded(said.message["body"]["p10cr"])
    (whole,) = elements(request)
    return whole.whole if whole.tag == SEQUENCE else whole.content


def _failure(bit: int) -> bytes:
    value = bytearray(bit // 8 + 1)
    value[bit // 8] = 0x80 >> bit % 8
    return encode(BIT_STRING, bytes([7 - bit % 8]), bytes(value))
