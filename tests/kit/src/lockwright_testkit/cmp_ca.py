"""A CMP CA in memory that keeps its transactions: what `openssl cmp` as a server does not do.

It answers what comes to an ``EstServer``, which only carries the messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from lockwright.certificates.names import as_text
from lockwright.enrol.ca.cmp_algorithms import signature_in
from lockwright.enrol.ca.cmp_der import explicit, integer
from lockwright.enrol.ca.cmp_macs import Pbm, mac_in
from lockwright.enrol.ca.cmp_messages import Transaction
from lockwright.enrol.ca.cmp_protection import OldKeySignature, PasswordMac, ProtectionWrong
from lockwright.enrol.ca.cmp_reading import Message, taken_apart
from lockwright.enrol.signatures import verifies
from lockwright.enrol.trust import der
from lockwright.pkcs11.der import BIT_STRING, NULL, SEQUENCE, elements, encode, oid
from lockwright.secret import Secret
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode as encoded
from pyasn1_alt_modules import rfc9810

from lockwright_testkit.est_server import Asked, EstServer, Reply
from lockwright_testkit.pki import TestCa

PKIXCMP = {"Content-Type": "application/pkixcmp"}
_BANK = x509.Name.from_rfc4514_string("CN=Test CA").public_bytes()
_PKICONF, _GENP, _ERROR, _POLL_REP = 19, 22, 23, 26
_CA_CERTS = "1.3.6.1.5.5.7.4.17"
_P10CR_ID = -1
_ANSWERS = {"p10cr": (3, _P10CR_ID), "ir": (1, 0), "cr": (3, 0), "kur": (8, 0)}
"""The kind of body that answers an order, and the number of the request in it."""
_SUBJECT, _PUBLIC_KEY = 0xA5, 0xA6
"""Tags of what a template asks for (RFC 4211, 5)."""
_REJECTION, _WAITING = 2, 3
BAD_MESSAGE_CHECK, BAD_REQUEST, BAD_TIME = 1, 2, 3
SYSTEM_UNAVAIL, SYSTEM_FAILURE = 24, 25
"""Bits of PKIFailureInfo (RFC 9810, appendix F)."""


@dataclass(frozen=True)
class Said:
    """A message of a client, its MAC checked."""

    message: Any
    """The PKIMessage, decoded."""
    protection: PasswordMac | OldKeySignature
    """What protects the answer."""
    login: str
    """Who asks: by the MAC's name, or else by the first part of the path."""

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
        theirs = Transaction(_BANK, _BANK, mac or self.protection)
        theirs.id = self.transaction
        theirs.theirs = bytes(self.message["header"]["senderNonce"])
        return Reply(200, theirs.message(body), PKIXCMP)


@dataclass(frozen=True)
class Wanted:
    """What a transaction asks for."""

    kind: str
    """The kind of body that asked, such as ``kur``."""
    request: bytes
    """What the same order has in common, however often it comes: PKCS#10 or a template, DER."""
    public_key: Any
    """The key."""
    subject: str
    """The subject (RFC 4514)."""


class _CaSigns(OldKeySignature):
    """Messages that a CA's customer signed, and the CA's own to it."""

    def __init__(self, ca: TestCa) -> None:
        super().__init__(der(ca.certificate), ca.key, [])
        self._ca = ca

    def check(self, message: Message) -> None:
        """Whoever signed must hold a certificate of this CA."""
        if message.algorithm is None or message.protection is None or not message.extra:
            raise ProtectionWrong("it is not protected")
        signer, known = (
            x509.load_der_x509_certificate(message.extra[0]),
            signature_in(message.algorithm),
        )
        signer.verify_directly_issued_by(self._ca.certificate)
        if known is None or not verifies(
            signer, known.digest, message.protection, message.part, padded=known.padding
        ):
            raise ProtectionWrong("its signature is wrong")


class CmpCa:
    """Issues over CMP what ``server`` would issue over EST, and keeps it in the same books.

    Args:
        server: carries the messages, and has the CA and the logins.
    """

    def __init__(self, server: EstServer) -> None:
        self._server = server
        self.transactions: dict[bytes, Wanted] = {}
        """What is wanted in the transactions that are not finished, by ``transactionID``."""
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
        if said.kind in _ANSWERS:
            self.transactions[said.transaction] = _wanted(said)
        wanted = self.transactions.get(said.transaction)
        if wanted is None:
            return self.denied(asked, BAD_REQUEST)
        certificate = self._server.issue_once(
            said.login, wanted.request, wanted.public_key, wanted.subject
        )
        return granted(said, certificate, wanted.kind)

    def read(self, asked: Asked) -> Said:
        """What a client says.

        Raises:
            ProtectionWrong: the password is not its login's.
        """
        message, protection, login = self._opened(asked)
        protection.check(taken_apart(asked.body))
        return Said(message, protection, login)

    def waiting(self, asked: Asked) -> Reply:
        """Nobody has decided yet."""
        said = self.read(asked)
        if said.kind == "pollReq":
            told = encode(SEQUENCE, integer(_P10CR_ID), integer(0))
            return said.answered(explicit(_POLL_REP, encode(SEQUENCE, told)))
        if said.kind in _ANSWERS:
            self.transactions[said.transaction] = _wanted(said)
        return said.answered(_response(said.kind, encode(SEQUENCE, integer(_WAITING))))

    def rejected(self, asked: Asked) -> Reply:
        """The order itself is refused."""
        said = self.read(asked)
        return said.answered(_response(said.kind, encode(SEQUENCE, integer(_REJECTION))))

    def denied(self, asked: Asked, failure: int, *, authentic: bool = True) -> Reply:
        """An error message.

        Args:
            asked: what is answered.
            failure: bit of PKIFailureInfo.
            authentic: whether the client's password protects it.
        """
        message, protection, login = self._opened(asked)
        other = None if authentic else PasswordMac(login, Secret("another"), Pbm(b"salt", 100))
        status = encode(SEQUENCE, integer(_REJECTION), _failure(failure))
        body = explicit(_ERROR, encode(SEQUENCE, status))
        return Said(message, protection, login).answered(body, other)

    def _ca_certs(self, asked: Asked) -> Reply:
        """Its own certificates (RFC 9483, 4.3.1), with a MAC that no client can check."""
        found = encode(SEQUENCE, *(each.public_bytes(Encoding.DER) for each in self.own))
        told = encode(SEQUENCE, oid(_CA_CERTS), *((found,) if self.own else ()))
        mac = PasswordMac("nobody", Secret("nobody's"), Pbm(b"salt", 100))
        said = Said(_opened(asked), mac, "nobody")
        return said.answered(explicit(_GENP, encode(SEQUENCE, told)))

    def _opened(self, asked: Asked) -> tuple[Any, PasswordMac | OldKeySignature, str]:
        message = _opened(asked)
        algorithm = taken_apart(asked.body).algorithm
        if algorithm is not None and mac_in(algorithm) is None:
            return message, _CaSigns(self._server.ca), asked.path.split("/")[1]
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


def granted(said: Said, certificate: x509.Certificate, kind: str = "") -> Reply:
    """A certificate.

    Args:
        said: what is answered.
        certificate: the certificate.
        kind: the kind of body that ordered it, where that is not what is answered.
    """
    pair = encode(SEQUENCE, explicit(0, certificate.public_bytes(Encoding.DER)))
    return said.answered(_response(kind or said.kind, encode(SEQUENCE, integer(0)), pair))


def _response(kind: str, *what: bytes) -> bytes:
    body, number = _ANSWERS.get(kind, _ANSWERS["p10cr"])
    return explicit(
        body, encode(SEQUENCE, encode(SEQUENCE, encode(SEQUENCE, integer(number), *what)))
    )


def _wanted(said: Said) -> Wanted:
    asked = said.message["body"][said.kind]
    if said.kind == "p10cr":
        (whole,) = elements(encoded(asked))
        request = whole.whole if whole.tag == SEQUENCE else whole.content
        csr = x509.load_der_x509_csr(request)
        return Wanted(said.kind, request, csr.public_key(), csr.subject.rfc4514_string())
    template = encoded(asked[0]["certReq"]["certTemplate"])
    (whole,) = elements(template)
    fields = {each.tag: each.content for each in elements(whole.content)}
    key = load_der_public_key(encode(SEQUENCE, fields[_PUBLIC_KEY]))
    return Wanted(said.kind, template, key, as_text(fields[_SUBJECT]))


def _failure(bit: int) -> bytes:
    value = bytearray(bit // 8 + 1)
    value[bit // 8] = 0x80 >> bit % 8
    return encode(BIT_STRING, bytes([7 - bit % 8]), bytes(value))
