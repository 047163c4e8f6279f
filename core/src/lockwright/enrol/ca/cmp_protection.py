"""What protects a CMP message: a MAC from the password, or a signature (RFC 9810, 5.1.3)."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from cryptography import x509

from lockwright.certificates import parts
from lockwright.certificates.asn1 import node
from lockwright.enrol.ca.cmp_algorithms import signature_in
from lockwright.enrol.ca.cmp_macs import Mac, Unknown, mac_in
from lockwright.enrol.ca.cmp_reading import Message, octets_in
from lockwright.enrol.signatures import sign, signature_algorithm, verifies
from lockwright.enrol.token_key import SigningKey
from lockwright.enrol.trust import check_chain, readable
from lockwright.errors import CertificateError
from lockwright.i18n import N_
from lockwright.secret import Secret

_SPEAKS_FOR_A_CA = frozenset({"1.3.6.1.5.5.7.3.27", "1.3.6.1.5.5.7.3.28"})
"""id-kp-cmcCA and id-kp-cmcRA (RFC 6402, 2.10): may sign what a CA says."""

NOT_PROTECTED = N_("it is not protected")
_NOT_KNOWN = N_("it is protected in a way that is not known here")


class ProtectionWrong(Exception):
    """A message is not from whom it should be; the text says why."""


class Protection(Protocol):
    """How a transaction is protected, both ways."""

    key_id: bytes | None
    """``senderKID``: names the shared secret; None without one."""
    extra: Sequence[bytes]
    """Certificates to send along, DER."""

    def algorithm(self) -> bytes:
        """AlgorithmIdentifier for the next message, DER."""

    def protect(self, part: bytes) -> bytes:
        """The protection of a message's ProtectedPart, DER."""

    def check(self, message: Message) -> None:
        """Check an answer.

        Raises:
            ProtectionWrong: it is not protected as it should be.
        """


class PasswordMac:
    """A MAC with a key from login and one-time password (RFC 9810, 5.1.3.1).

    Args:
        login: the login, which names the password.
        password: the one-time password; it does not cross the wire.
        mac: how our messages are protected with it.
        anchors: the trusted CAs; an answer may be signed by one instead.
    """

    extra: Sequence[bytes] = ()

    def __init__(
        self, login: str, password: Secret, mac: Mac, anchors: Sequence[x509.Certificate] = ()
    ) -> None:
        self.key_id: bytes | None = login.encode()
        self._password = password
        self._mac = mac
        self._signed = _Signed(anchors)

    def algorithm(self) -> bytes:
        """The MAC's algorithm with its parameters."""
        return self._mac.identifier()

    def protect(self, part: bytes) -> bytes:
        """The MAC."""
        return self._mac.over(part, self._password)

    def check(self, message: Message) -> None:
        """The same password must have protected the answer, or a trusted CA have signed it."""
        if message.algorithm is None or message.protection is None:
            raise ProtectionWrong(NOT_PROTECTED)
        try:
            mac = mac_in(message.algorithm)
        except Unknown:
            raise ProtectionWrong(_NOT_KNOWN) from None
        if mac is None:
            self._signed.check(message)
        elif not hmac.compare_digest(mac.over(message.part, self._password), message.protection):
            raise ProtectionWrong(N_("its protection does not match the one-time password"))


class OldKeySignature:
    """A signature with the key of the certificate that is renewed.

    Args:
        certificate: the certificate that is renewed, DER.
        key: its key.
        anchors: the trusted CAs, which the answer's signer must lead to.
    """

    def __init__(
        self, certificate: bytes, key: SigningKey, anchors: Sequence[x509.Certificate]
    ) -> None:
        self.extra: Sequence[bytes] = (certificate,)
        self.key_id: bytes | None = _subject_key_id(certificate)
        self._key = key
        self._signed = _Signed(anchors)

    def algorithm(self) -> bytes:
        """The signature's algorithm."""
        return signature_algorithm(self._key)

    def protect(self, part: bytes) -> bytes:
        """The signature."""
        return sign(self._key, part)

    def check(self, message: Message) -> None:
        """A certificate that speaks for the trusted CA must have signed the answer."""
        self._signed.check(message)


class _Signed:
    """What a CA signs in one transaction.

    Args:
        anchors: the trusted CAs, which the signer must lead to.
    """

    def __init__(self, anchors: Sequence[x509.Certificate]) -> None:
        self._anchors = anchors
        self._sent: list[x509.Certificate] = []

    def check(self, message: Message) -> None:
        """A trusted CA must have signed it, or who speaks for one.

        The way to it may be in an earlier message of the transaction: OpenSSL sends along with a
        certificate what it does not with the confirmation.
        """
        if message.algorithm is None or message.protection is None:
            raise ProtectionWrong(NOT_PROTECTED)
        known = signature_in(message.algorithm)
        if known is None:
            raise ProtectionWrong(_NOT_KNOWN)
        sent = [*readable(message.extra), *self._sent]
        for signer in (*sent, *self._anchors):
            signature, digest = message.protection, known.digest
            if verifies(signer, digest, signature, message.part, padded=known.padding):
                _judge(signer, sent, self._anchors)
                self._sent = sent
                return
        raise ProtectionWrong(N_("its signature does not match any certificate that came with it"))


def _judge(
    signer: x509.Certificate, sent: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate]
) -> None:
    if signer in anchors:
        return
    try:
        check_chain(signer, sent, anchors, datetime.now(UTC))
    except CertificateError:
        raise ProtectionWrong(N_("the CA that signed it is not trusted")) from None
    if not _speaks_for_a_ca(signer):
        raise ProtectionWrong(N_("its signer may not speak for the CA"))


def _speaks_for_a_ca(signer: x509.Certificate) -> bool:
    try:
        usages = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return any(usage.dotted_string in _SPEAKS_FOR_A_CA for usage in usages)


def _subject_key_id(certificate: bytes) -> bytes | None:
    value = parts.of_certificate(certificate).value(parts.SUBJECT_KEY_IDENTIFIER)
    return None if value is None else octets_in(node(value))
