"""Certificates that can be checked here: their keys, their signatures, their version."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lockwright.certificates import key_names
from lockwright.certificates.asn1 import Broken
from lockwright.certificates.key_types import key_type
from lockwright.certificates.reading import Reading, read
from lockwright.certificates.strict import quiet
from lockwright.certificates.subjects import subject_text
from lockwright.certificates.unreadable import UNREADABLE
from lockwright.errors import CertificateUnsupported
from lockwright.i18n import N_, _

_CURVES = frozenset({"ec:p256", "ec:p384", "ec:p521"})
_OF_A_CA = frozenset(
    {*_CURVES, "ed25519", "ed448", *(f"ec:brainpoolp{bits}r1" for bits in (256, 384, 512))}
)
"""Keys whose signatures ``cryptography`` checks, though not all of them in its own verifier."""
_SHORTEST_RSA = 2048
_SIGNATURES = frozenset(
    {
        *(f"1.2.840.113549.1.1.{arc}" for arc in (10, 11, 12, 13)),
        *(f"1.2.840.10045.4.3.{arc}" for arc in (2, 3, 4)),
        *("1.3.101.112", "1.3.101.113"),
    }
)
"""RSA (PKCS #1, PSS) and ECDSA with SHA-256, -384 and -512, Ed25519 and Ed448: what
``cryptography`` checks and nobody has broken."""
_NAMED = {
    "1.2.840.113549.1.1.4": "MD5 RSA",
    "1.2.840.113549.1.1.5": "SHA-1 RSA",
    "1.2.840.10045.4.1": "SHA-1 ECDSA",
    "1.2.643.2.2.3": "GOST R 34.10-2001",
    "1.2.643.7.1.1.3.2": "GOST R 34.10-2012 256",
    "1.2.643.7.1.1.3.3": "GOST R 34.10-2012 512",
    "1.2.156.10197.1.501": "SM2",
}
"""Algorithms that are met, as people call them."""
_FIRST, _VERSION = 1, 3
_UNREADABLE = N_("it does not keep to the rules for its encoding")


def loaded(der: bytes) -> x509.Certificate:
    """A certificate.

    Raises:
        ValueError: it cannot be read strictly; its text says why, for people, or as a msgid.
    """
    try:
        with quiet():
            return x509.load_der_x509_certificate(der)
    except x509.InvalidVersion as error:
        raise ValueError(of_version(error.parsed_version + 1)) from None
    except ValueError:
        told = _UNREADABLE if read(der).subject else N_("it is neither PEM nor DER")
        raise ValueError(told) from None


def check(certificate: x509.Certificate, *, is_anchor: bool = False, of_ca: bool = False) -> None:
    """Refuse what could not be checked later.

    Args:
        certificate: the certificate.
        is_anchor: whether it is trusted as it stands, whoever signed it.
        of_ca: whether it is to check others by, and nothing here signs with its key. One that is
            trusted, too, may be of version 1.

    Raises:
        CertificateUnsupported: it is such a one.
    """
    found = read(certificate.public_bytes(Encoding.DER))
    reason = (
        _of_extensions(certificate)
        or _of_validity(found)
        or _of_key(found, of_ca=of_ca)
        or _of_signature(found, is_anchor=is_anchor)
    )
    if found.version != _VERSION and not (is_anchor and of_ca and found.version == _FIRST):
        reason = of_version(found.version or 0)
    if reason is not None:
        raise CertificateUnsupported(subject=subject_text(certificate), reason=reason)


def of_version(version: int) -> str:
    """Why a certificate of a version is not accepted."""
    said = _("it is of X.509 version {version}; only those of version 3 can be checked")
    return said.format(version=version)


def is_checkable(
    certificate: x509.Certificate, *, is_anchor: bool = False, of_ca: bool = False
) -> bool:
    """Whether a certificate can be of use in a chain; see ``check``."""
    try:
        check(certificate, is_anchor=is_anchor, of_ca=of_ca)
    except CertificateUnsupported:
        return False
    return True


def _of_extensions(certificate: x509.Certificate) -> str | None:
    """Whether the library reads extensions; it does so when it is asked for them."""
    try:
        with quiet():
            _ = certificate.extensions
    except UNREADABLE:
        return N_("its extensions cannot be read")
    return None


def _of_validity(found: Reading) -> str | None:
    """The library takes a year that no calendar of Python's has, until it is asked for it."""
    known = found.not_before is not None and found.not_after is not None
    return None if known else N_("its validity cannot be read in full")


def _of_key(found: Reading, *, of_ca: bool) -> str | None:
    try:
        kind = key_type(found.key_info or b"")
    except (Broken, ValueError):
        return N_("its key cannot be read")
    name, _colon, size = kind.partition(":")
    known = _OF_A_CA if of_ca else _CURVES
    if kind in known or (name == "rsa" and int(size) >= _SHORTEST_RSA):
        return None
    told = _("its key is {type}, which cannot be checked here")
    return told.format(type=key_names.in_words(kind))


def _of_signature(found: Reading, *, is_anchor: bool) -> str | None:
    if is_anchor or found.signature in _SIGNATURES:
        return None
    told = _("its signature is made by an algorithm ({algorithm}) that cannot be checked here")
    return told.format(algorithm=_NAMED.get(found.signature or "", found.signature or "-"))
