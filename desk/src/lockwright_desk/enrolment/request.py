"""A PKCS #10 request: read in any form clients send it, and judged by a profile."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from lockwright.certificates import key_names
from lockwright.certificates.asn1 import node, nodes
from lockwright.certificates.key_types import key_type as told_type
from lockwright.certificates.subjects import subject_of, written
from lockwright.certificates.unreadable import UNREADABLE
from lockwright.enrol.soft_key import public_info

from lockwright_desk.configuration.profiles import (
    ALL_KEY_USAGES,
    EXTENDED_KEY_USAGES,
    KEY_USAGES,
    Profile,
)
from lockwright_desk.enrolment.refusals import (
    BodyUnreadable,
    ExtensionRefused,
    KeyRefused,
    SignatureWrong,
    SubjectRefused,
)

_SEQUENCE = 0x30
_CURVES = {"secp256r1": "ec:p256", "secp384r1": "ec:p384", "secp521r1": "ec:p521"}
_DIGESTS = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_LEAST_EXPONENT = 65537
_UNKNOWN = "?"
_BEGIN = b"-----BEGIN"


@dataclass(frozen=True, slots=True)
class Wish:
    """A request whose signature proves that its sender holds the key."""

    der: bytes
    """The request itself."""
    subject: x509.Name
    public_key: CertificatePublicKeyTypes
    key_sha256: str
    """SHA-256 of the SubjectPublicKeyInfo, lower-case hex."""


def decode(body: bytes) -> bytes:
    """The DER in the body of a request.

    RFC 8951 has it in base64, with or without line ends; PEM and bare DER are read, too.

    Raises:
        BodyUnreadable: it is none of them.
    """
    if body[:1] == bytes([_SEQUENCE]) and not body.isascii():
        return body
    text = _between(body) if body.lstrip().startswith(_BEGIN) else b"".join(body.split())
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BodyUnreadable from None


def judged(der: bytes, profile: Profile) -> Wish:
    """The request, if the profile can fulfil it, whoever sends it.

    Raises:
        BodyUnreadable: it is not a request.
        SignatureWrong, KeyRefused, ExtensionRefused: it cannot be fulfilled.
    """
    try:
        request = x509.load_der_x509_csr(der)
        subject, wanted = subject_of(request), list(request.extensions)
    except UNREADABLE:
        raise BodyUnreadable from None
    public_key = _accepted(request, profile)
    _check_signature(request)
    for extension in wanted:
        if not _granted(extension.value, profile):
            raise ExtensionRefused(extension=_named(extension.oid))
    digest = hashlib.sha256(public_info(public_key)).hexdigest()
    return Wish(der, subject, public_key, digest)


def check_subject(wish: Wish, subject: x509.Name) -> None:
    """Refuse a request for another name; it may leave out what the certificate will say anyway.

    Args:
        wish: the request.
        subject: the subject that the certificate will have.

    Raises:
        SubjectRefused: it asks for something that is not in there.
    """
    given = {frozenset(rdn) for rdn in subject.rdns}
    if not all(frozenset(rdn) in given for rdn in wish.subject.rdns):
        raise SubjectRefused(subject=written(subject))


def key_type(key: object) -> str:
    """The type of a key as profiles name it; other keys by their kind."""
    match key:
        case rsa.RSAPublicKey():
            return f"rsa:{key.key_size}"
        case ec.EllipticCurvePublicKey():
            return _CURVES.get(key.curve.name, f"ec:{key.curve.name}")
        case _:
            return type(key).__name__.lstrip("_").removesuffix("PublicKey").lower() or _UNKNOWN


def key_type_in(body: bytes) -> str:
    """The type of the key in the body of a request (RFC 2986, 4.1) that the library refuses."""
    try:
        return told_type(list(nodes(node(body).content))[2].whole)
    except (ValueError, IndexError):
        return _UNKNOWN


def _between(pem: bytes) -> bytes:
    """What stands between the boundaries of a PEM block."""
    lines = [line.strip() for line in pem.splitlines()]
    begun = next(at for at, line in enumerate(lines) if line.startswith(_BEGIN))
    ended = next((at for at, line in enumerate(lines) if line.startswith(b"-----END")), begun)
    return b"".join(lines[begun + 1 : ended])


def _accepted(
    request: x509.CertificateSigningRequest, profile: Profile
) -> CertificatePublicKeyTypes:
    try:
        key = request.public_key()
    except UNREADABLE:
        found = key_names.in_words(key_type_in(request.tbs_certrequest_bytes))
        raise KeyRefused(found=found, accepted=profile.key_types) from None
    weak = isinstance(key, rsa.RSAPublicKey) and key.public_numbers().e < _LEAST_EXPONENT
    found = key_type(key)
    if found not in profile.key_types or weak:
        raise KeyRefused(found=f"{found}, e<65537" if weak else found, accepted=profile.key_types)
    return key


def _check_signature(request: x509.CertificateSigningRequest) -> None:
    try:
        sound = isinstance(request.signature_hash_algorithm, _DIGESTS)
        proved = sound and request.is_signature_valid
    except UNREADABLE:
        proved = False
    if not proved:
        raise SignatureWrong


def _named(kind: x509.ObjectIdentifier) -> str:
    """What an extension is called; by its numbers where it has no name."""
    name = kind._name  # noqa: SLF001  # its only name
    return kind.dotted_string if name == "Unknown OID" else name


def _granted(wanted: x509.ExtensionType, profile: Profile) -> bool:
    """Whether the certificate will say what the request asks for, or less was asked for."""
    match wanted:
        case x509.BasicConstraints():
            return not wanted.ca
        case x509.KeyUsage():
            granted = {KEY_USAGES[name] for name in profile.key_usage}
            asked = {name for name in ALL_KEY_USAGES if getattr(wanted, name)}
            return asked <= granted
        case x509.ExtendedKeyUsage():
            return set(wanted) <= {EXTENDED_KEY_USAGES[name] for name in profile.extended_key_usage}
        case x509.SubjectKeyIdentifier():
            return True
        case _:
            return False
