"""A path of certificates by RFC 5280, section 6, where the library's rules are those of the web.

The library's verifier takes no key but of RSA and of P-256 to P-521, no CA of version 1, and no
name of an issuer in other bytes than the CA's own. What it can check the signature of is checked
here. What is not handled, such as name constraints, ends a path: it is for the library's verifier
alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives._asymmetric import AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from lockwright.certificates import parts
from lockwright.certificates.names import comparable
from lockwright.enrol.supported import is_checkable

_E = TypeVar("_E", bound=x509.ExtensionType)

_LONGEST = 8
"""CAs in a path."""
_MOST_CHECKS = 256
"""Signatures that are checked for one certificate: a stranger may send what never ends."""
_HANDLED = frozenset(
    {
        x509.BasicConstraints.oid,
        x509.KeyUsage.oid,
        x509.ExtendedKeyUsage.oid,
        x509.SubjectAlternativeName.oid,
        x509.CertificatePolicies.oid,
    }
)
"""Extensions that may be critical: their meaning is kept to here, or does not bear on a path."""
_CONSTRAINING = frozenset(
    {x509.NameConstraints.oid, x509.PolicyConstraints.oid, x509.InhibitAnyPolicy.oid}
)
"""Extensions that are not handled here, critical or not."""


def path(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    now: datetime,
) -> tuple[x509.Certificate, ...] | None:
    """The CAs from a certificate's issuer to a trusted one; None if there is no such path.

    Args:
        certificate: the certificate, which is checkable.
        others: what may stand between; order and strangers do not matter.
        anchors: the trusted CAs.
        now: the time to judge by, UTC.
    """
    useful = [each for each in others if _may_issue(each, now)]
    trusted = [each for each in anchors if _may_issue(each, now, is_anchor=True)]
    if not _is_plain(certificate, now):
        return None
    return next(_Search(useful, trusted).above(certificate, ()), None)


class _Search:
    def __init__(
        self, others: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate]
    ) -> None:
        self._others = others
        self._anchors = anchors
        self._checks = _MOST_CHECKS

    def above(
        self, child: x509.Certificate, below: tuple[x509.Certificate, ...]
    ) -> Iterator[tuple[x509.Certificate, ...]]:
        """Every way from a certificate up to a trusted CA, the shortest of each step first."""
        between = sum(not _parts(each).is_own_issuer for each in below)
        for anchor in self._anchors:
            if _reaches(anchor, between) and self._issued(child, anchor):
                yield (*below, anchor)
        if len(below) >= _LONGEST:
            return
        for other in self._others:
            if other not in below and _reaches(other, between) and self._issued(child, other):
                yield from self.above(other, (*below, other))

    def _issued(self, child: x509.Certificate, issuer: x509.Certificate) -> bool:
        named = comparable(_parts(child).issuer) == comparable(_parts(issuer).subject)
        if not named or self._checks <= 0:
            return False
        self._checks -= 1
        try:
            _check_signature(child, issuer)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            return False
        return True


def _check_signature(child: x509.Certificate, issuer: x509.Certificate) -> None:
    """Check a certificate's signature; the library's own method wants the very bytes of a name.

    Raises:
        InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError: it is not the issuer's.
    """
    signature, signed = child.signature, child.tbs_certificate_bytes
    how, digest = child.signature_algorithm_parameters, child.signature_hash_algorithm
    match issuer.public_key():
        case rsa.RSAPublicKey() as public if isinstance(how, AsymmetricPadding) and digest:
            public.verify(signature, signed, how, digest)
        case ec.EllipticCurvePublicKey() as public if isinstance(how, ec.ECDSA):
            public.verify(signature, signed, how)
        case (ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey()) as public if digest is None:
            public.verify(signature, signed)
        case _:
            raise InvalidSignature


def _parts(certificate: x509.Certificate) -> parts.Parts:
    return parts.of_certificate(certificate.public_bytes(Encoding.DER))


def _reaches(ca: x509.Certificate, between: int) -> bool:
    """Whether so many CAs may stand below it, those that issued themselves not counted."""
    constraints = _of(ca, x509.BasicConstraints)
    longest = None if constraints is None else constraints.path_length
    return longest is None or between <= longest


def _may_issue(ca: x509.Certificate, now: datetime, *, is_anchor: bool = False) -> bool:
    """Whether it is a CA that may sign certificates; a trusted one of version 1 is one."""
    if not is_checkable(ca, is_anchor=is_anchor, of_ca=True) or not _is_plain(ca, now):
        return False
    constraints, usage = _of(ca, x509.BasicConstraints), _of(ca, x509.KeyUsage)
    is_ca = constraints.ca if constraints else is_anchor and ca.version is x509.Version.v1
    return is_ca and (usage is None or usage.key_cert_sign)


def _is_plain(certificate: x509.Certificate, now: datetime) -> bool:
    """Whether one that is checkable is valid now, and has nothing that is not handled here."""
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        return False
    kinds = {each.oid for each in certificate.extensions}
    critical = {each.oid for each in certificate.extensions if each.critical}
    return not kinds & _CONSTRAINING and critical <= _HANDLED


def _of(certificate: x509.Certificate, kind: type[_E]) -> _E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
