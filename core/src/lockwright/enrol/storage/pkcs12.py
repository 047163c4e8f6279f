"""PKCS#12 files (RFC 7292) as strong as the format allows and other programs still read.

Key and certificates are encrypted with AES-256-CBC under PBES2, its key derived by PBKDF2 with
HMAC-SHA-256. The file's own MAC would let a password be guessed at its own, lower price, and
``cryptography`` fixes its iterations at 2048; so the MAC is made again here at the same price.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    PrivateFormat,
    pkcs12,
)
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.type.univ import OctetString
from pyasn1_alt_modules import rfc7292

from lockwright.enrol.token_key import SigningKey
from lockwright.records import dataclass
from lockwright.secret import Secret

ITERATIONS = 600_000
"""Of PBKDF2-HMAC-SHA-256, for the key, for the certificates and for the MAC: what OWASP's
Password Storage Cheat Sheet asks for."""
QUICK = 2048
"""Enough where the password is random and used once."""
_BLOCK = 64
"""Bytes of a block of SHA-256; ``v`` of RFC 7292, appendix B.2."""
_FOR_MAC = b"\x03"
"""What the derived key is for (RFC 7292, appendix B.3)."""
_SALT = 16


@dataclass(frozen=True, slots=True)
class Identity:
    """A key with what belongs to it."""

    key: SigningKey
    """The private key."""
    certificate: bytes = b""
    """Its certificate, DER; empty before there is one."""
    chain: tuple[bytes, ...] = ()
    """Certificates of CAs, DER."""


def seal(identity: Identity, label: str, password: Secret, *, rounds: int = ITERATIONS) -> bytes:
    """A PKCS#12 file.

    Args:
        identity: what it holds.
        label: its name for people, ``friendlyName``.
        password: what opens it, UTF-8.
        rounds: what a guess at the password costs.
    """
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(rounds)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(password.reveal())
    )
    sealed = _serialized(identity, label, encryption)
    return _with_dear_mac(sealed, password, rounds)


def seal_for_import(identity: Identity, label: str, password: Secret) -> bytes:
    """A PKCS#12 file that every system's own tool reads, to hand a key over and nothing else.

    macOS' ``security`` takes no MAC but SHA-1, and Windows Server 2016 no encryption but TripleDES.

    Args:
        identity: what it holds.
        label: its name for people, ``friendlyName``.
        password: random, and used once: only that makes the file safe.
    """
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(QUICK)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())  # noqa: S303  # see above
        .build(password.reveal())
    )
    return _serialized(identity, label, encryption)


def unseal(sealed: bytes, password: Secret) -> Identity:
    """What a PKCS#12 file holds.

    Raises:
        ValueError: the password does not open it, or it holds no key that signs.
    """
    found = pkcs12.load_pkcs12(sealed, password.reveal())
    if not isinstance(found.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("there is no key that signs")  # noqa: TRY004  # as cryptography says it
    own = found.cert
    return Identity(
        key=found.key,
        certificate=own.certificate.public_bytes(Encoding.DER) if own else b"",
        chain=tuple(each.certificate.public_bytes(Encoding.DER) for each in found.additional_certs),
    )


def _serialized(identity: Identity, label: str, encryption: KeySerializationEncryption) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        label.encode(),
        identity.key,
        x509.load_der_x509_certificate(identity.certificate) if identity.certificate else None,
        [x509.load_der_x509_certificate(each) for each in identity.chain],
        encryption,
    )


def _with_dear_mac(sealed: bytes, password: Secret, rounds: int) -> bytes:
    """The file with its MAC made again, at the price of the encryption."""
    file, _rest = decode(sealed, asn1Spec=rfc7292.PFX())
    content, _rest = decode(file["authSafe"]["content"], asn1Spec=OctetString())
    salt = secrets.token_bytes(_SALT)
    key = _derived(password.reveal_text(), salt, rounds)
    file["macData"]["macSalt"] = salt
    file["macData"]["iterations"] = rounds
    file["macData"]["mac"]["digest"] = hmac.digest(key, bytes(content), "sha256")
    made: bytes = encode(file)
    return made


def _derived(password: str, salt: bytes, rounds: int) -> bytes:
    """A MAC key for SHA-256 (RFC 7292, appendix B.2): one block of output is all it takes."""
    spelt = password.encode("utf-16-be") + b"\0\0"
    found = _FOR_MAC * _BLOCK + _filled(salt) + _filled(spelt)
    for _round in range(rounds):
        found = hashlib.sha256(found).digest()
    return found


def _filled(text: bytes) -> bytes:
    """A text again and again until it fills whole blocks."""
    size = -(-len(text) // _BLOCK) * _BLOCK
    return (text * (size // len(text) + 1))[:size]
