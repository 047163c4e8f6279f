"""What protects a CMP message: a MAC from the password, or a signature (RFC 9810, 5.1.3)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from pyasn1.codec.der.decoder import decode
from pyasn1_alt_modules import rfc9810

from lockwright.enrol.ca.cmp_der import algorithm, certificate_der, integer, octets
from lockwright.enrol.signatures import sign, signature_algorithm, verifies
from lockwright.enrol.supported import loaded
from lockwright.enrol.token_key import SigningKey
from lockwright.enrol.trust import check_chain
from lockwright.errors import CertificateError
from lockwright.i18n import N_
from lockwright.pkcs11.der import NULL, SEQUENCE, encode
from lockwright.secret import Secret

_PBM = "1.2.840.113533.7.66.13"
_SHA256 = "2.16.840.1.101.3.4.2.1"
_HMAC_SHA256 = "1.2.840.113549.2.9"
_HASHES = {
    "1.3.14.3.2.26": "sha1",
    _SHA256: "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_MACS = {
    "1.3.6.1.5.5.8.1.2": "sha1",
    "1.2.840.113549.2.7": "sha1",
    _HMAC_SHA256: "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
}
_SIGNATURES: dict[str, hashes.HashAlgorithm] = {
    "1.2.840.10045.4.3.2": hashes.SHA256(),
    "1.2.840.10045.4.3.3": hashes.SHA384(),
    "1.2.840.10045.4.3.4": hashes.SHA512(),
    "1.2.840.113549.1.1.11": hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}
_ITERATIONS = 100_000
"""The password is short: each guess at a captured message is made to cost this many hashes."""
_MOST_ITERATIONS = 1_000_000
_SALT = 16
_SPEAKS_FOR_A_CA = frozenset({"1.3.6.1.5.5.7.3.27", "1.3.6.1.5.5.7.3.28"})
"""id-kp-cmcCA and id-kp-cmcRA (RFC 6402, 2.10): may sign what a CA says."""


NOT_PROTECTED = N_("it is not protected")


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

    def check(self, message: Any, part: bytes) -> None:
        """Check an answer.

        Args:
            message: the PKIMessage, decoded.
            part: its ProtectedPart as it was sent, DER.

        Raises:
            ProtectionWrong: it is not protected as it should be.
        """


class PasswordMac:
    """A MAC with a key from login and one-time password (RFC 9810, 5.1.3.1).

    Args:
        login: the login, which names the password.
        password: the one-time password; it does not cross the wire.
    """

    extra: Sequence[bytes] = ()

    def __init__(self, login: str, password: Secret) -> None:
        self.key_id: bytes | None = login.encode()
        self._password = password
        self._salt = secrets.token_bytes(_SALT)

    def algorithm(self) -> bytes:
        """PBMParameter with our own salt."""
        parameters = encode(
            SEQUENCE,
            octets(self._salt),
            algorithm(_SHA256),
            integer(_ITERATIONS),
            algorithm(_HMAC_SHA256, NULL),
        )
        return algorithm(_PBM, parameters)

    def protect(self, part: bytes) -> bytes:
        """The MAC."""
        key = self._key("sha256", self._salt, _ITERATIONS)
        return hmac.digest(key, part, "sha256")

    def check(self, message: Any, part: bytes) -> None:
        """The same password must have protected the answer."""
        used = message["header"]["protectionAlg"]
        if not used.isValue or not message["protection"].isValue:
            raise ProtectionWrong(NOT_PROTECTED)
        if str(used["algorithm"]) != _PBM:
            raise ProtectionWrong(N_("it is protected, but not with the password"))
        parameters, _rest = decode(bytes(used["parameters"]), asn1Spec=rfc9810.PBMParameter())
        owf = _HASHES.get(str(parameters["owf"]["algorithm"]))
        mac = _MACS.get(str(parameters["mac"]["algorithm"]))
        count = int(parameters["iterationCount"])
        if owf is None or mac is None or not 0 < count <= _MOST_ITERATIONS:
            raise ProtectionWrong(N_("it is protected in a way that is not known here"))
        key = self._key(owf, bytes(parameters["salt"]), count)
        if not hmac.compare_digest(hmac.digest(key, part, mac), message["protection"].asOctets()):
            raise ProtectionWrong(N_("its protection does not match the one-time password"))

    def _key(self, owf: str, salt: bytes, iterations: int) -> bytes:
        key = hashlib.new(owf, self._password.reveal() + salt).digest()
        for _round in range(iterations - 1):
            key = hashlib.new(owf, key).digest()
        return key


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
        self._anchors = anchors

    def algorithm(self) -> bytes:
        """The signature's algorithm."""
        return signature_algorithm(self._key)

    def protect(self, part: bytes) -> bytes:
        """The signature."""
        return sign(self._key, part)

    def check(self, message: Any, part: bytes) -> None:
        """A certificate that speaks for the trusted CA must have signed the answer."""
        used, signature = message["header"]["protectionAlg"], message["protection"]
        if not used.isValue or not signature.isValue:
            raise ProtectionWrong(NOT_PROTECTED)
        digest = _SIGNATURES.get(str(used["algorithm"]))
        if digest is None:
            raise ProtectionWrong(N_("it is protected in a way that is not known here"))
        extra = map(certificate_der, message["extraCerts"])
        sent = [loaded(each) for each in extra]
        for signer in (*sent, *self._anchors):
            if verifies(signer, digest, signature.asOctets(), part):
                self._judge(signer, sent)
                return
        raise ProtectionWrong(N_("its signature does not match any certificate that came with it"))

    def _judge(self, signer: x509.Certificate, sent: Sequence[x509.Certificate]) -> None:
        if signer in self._anchors:
            return
        try:
            check_chain(signer, sent, self._anchors, datetime.now(UTC))
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
    extensions = x509.load_der_x509_certificate(certificate).extensions
    try:
        return extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None
