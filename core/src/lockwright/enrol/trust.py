"""Whether a certificate may be put on a token: readable, valid now, and under a trusted CA."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import verification

from lockwright.certificates import parts
from lockwright.certificates.names import as_text, comparable
from lockwright.certificates.reading import read
from lockwright.certificates.strict import quiet
from lockwright.certificates.subjects import subject_text
from lockwright.enrol import paths
from lockwright.enrol.soft_key import public_info
from lockwright.enrol.supported import check, is_checkable, loaded, of_version
from lockwright.errors import (
    CertificateExpired,
    CertificateUnfit,
    CertificateUnreadable,
    CertificateUntrusted,
    FileNotRead,
    NoTrust,
    reason_of,
)
from lockwright.files import given
from lockwright.i18n import N_, _

_PEM = b"-----BEGIN"
_DAY = timedelta(days=1)
_VERIFIER = {
    "cert is not valid at validation time": N_("a certificate of its chain is not valid now"),
    "signature does not match": N_("its signature does not match the key of its issuer"),
    "path length constraint violated": N_("its chain is longer than a CA in it allows"),
    "basicConstraints": N_("its issuer is not a CA"),
    "the issuer is no CA": N_("its issuer is not a CA"),
    "the issuer may not sign certificates": N_("its issuer may not sign certificates"),
    "candidates exhausted": N_("no chain of signatures leads from it to a trusted CA"),
}
"""What the library says of the usual faults, by words that are in it."""
_OTHERWISE = N_("its chain of certificates does not keep to the rules")


def read_certificates(data: bytes, *, file: str) -> list[x509.Certificate]:
    """The certificates in a file, PEM (one or more) or DER (one).

    Args:
        data: the file's content.
        file: its name, for the error.

    Raises:
        CertificateUnreadable: there is none, or one is cut or damaged.
    """
    try:
        if _PEM in data:
            with quiet():
                return x509.load_pem_x509_certificates(data)
        return [loaded(data)]
    except x509.InvalidVersion as error:
        reason = of_version(error.parsed_version + 1)
    except ValueError as error:
        reason = str(error) if _PEM not in data else N_("its PEM is damaged")
    raise CertificateUnreadable(file=file, reason=reason)


def readable(found: Iterable[bytes]) -> list[x509.Certificate]:
    """The certificates that can be read, DER; what is among them otherwise does not matter."""
    certificates = []
    for each in found:
        with suppress(ValueError):
            certificates.append(loaded(each))
    return certificates


def read_anchors(files: Iterable[Path], *, for_chains: bool = True) -> list[x509.Certificate]:
    """Every CA certificate in the files that configure the trust.

    Args:
        files: the files.
        for_chains: whether certificates are to be checked by them; otherwise only servers are,
            which OpenSSL does.

    Raises:
        FileNotRead: a file is missing, or must not be read.
        CertificateUnreadable: a file holds no certificate.
        CertificateUnsupported: nothing could be checked by one of them.
    """
    anchors = []
    for file in files:
        try:
            data = given.read(file)
        except OSError as error:
            raise FileNotRead(file=str(file), reason=reason_of(error)) from error
        anchors += read_certificates(data, file=str(file))
    for anchor in anchors if for_chains else ():
        check(anchor, is_anchor=True, of_ca=True)
    return anchors


def leaf_of(found: Sequence[x509.Certificate]) -> x509.Certificate:
    """The one certificate that issued none of the others; the first if that is not one."""
    read_parts = [parts.of_certificate(der(each)) for each in found]
    issuers = {comparable(each.issuer) for each in read_parts if not each.is_own_issuer}
    leaves = [
        each
        for each, its in zip(found, read_parts, strict=True)
        if comparable(its.subject) not in issuers
    ]
    return leaves[0] if len(leaves) == 1 else found[0]


def der(certificate: x509.Certificate) -> bytes:
    """The certificate as DER."""
    return certificate.public_bytes(serialization.Encoding.DER)


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a DER certificate, lower-case hex."""
    return hashlib.sha256(certificate).hexdigest()


def spki(certificate: x509.Certificate) -> bytes:
    """The certificate's public key, DER SubjectPublicKeyInfo; as it stands, if it is unknown."""
    try:
        return public_info(certificate.public_key())
    except (ValueError, UnsupportedAlgorithm):
        return read(der(certificate)).key_info or b""


def check_validity(certificate: x509.Certificate, now: datetime) -> None:
    """Refuse a certificate outside its validity.

    Raises:
        CertificateExpired: it is not valid now.
    """
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= now <= end:
        raise CertificateExpired(
            subject=subject_text(certificate),
            not_before=_spelt(start, now),
            not_after=_spelt(end, now),
        )


def _spelt(moment: datetime, now: datetime) -> str:
    """A day; within one of now, where a clock may be the reason, the local time with its zone."""
    if abs(moment - now) < _DAY:
        return f"{moment.astimezone():%Y-%m-%d %H:%M:%S %z}"
    return f"{moment:%Y-%m-%d}"


def check_usage(certificate: x509.Certificate) -> None:
    """Refuse a certificate whose key usage does not let its key sign (RFC 5280, 4.2.1.3).

    Args:
        certificate: one that was checked, so its extensions can be read.

    Raises:
        CertificateUnfit: it may not sign.
    """
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        reason = N_("its key usage does not let the key sign")
        raise CertificateUnfit(subject=subject_text(certificate), reason=reason)


def check_chain(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    now: datetime,
) -> tuple[x509.Certificate, ...]:
    """Refuse a certificate that does not lead to a trusted CA (RFC 5280 path validation).

    Args:
        certificate: the certificate.
        others: certificates that came with it, such as intermediate CAs.
        anchors: the trusted CAs; an intermediate CA among them is trusted as it stands.
        now: the time to judge by.

    Returns:
        The CAs that it leads through, from its issuer to the trusted one.

    Raises:
        NoTrust: no CA is trusted at all.
        CertificateUnsupported: it cannot be checked.
        CertificateUntrusted: it leads to none of them.
    """
    if not anchors:
        raise NoTrust
    check(certificate)
    useful = [c for c in others if c != certificate]
    try:
        return _by_the_library(certificate, useful, anchors, now)
    except (verification.VerificationError, ValueError) as error:
        if (found := paths.path(certificate, useful, anchors, now)) is not None:
            return found
        reason = _in_words(certificate, [*others, *anchors], error)
    raise CertificateUntrusted(subject=subject_text(certificate), reason=reason)


def _by_the_library(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    now: datetime,
) -> tuple[x509.Certificate, ...]:
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store(list(anchors)))
        .time(now.astimezone(UTC).replace(tzinfo=None))
        .extension_policies(
            ca_policy=_of_a_ca(),
            ee_policy=verification.ExtensionPolicy.permit_all(),
        )
        .build_client_verifier()
    )
    useful = [each for each in others if is_checkable(each)]
    return tuple(verifier.verify(certificate, useful).chain[1:])


def _in_words(
    certificate: x509.Certificate,
    known: Iterable[x509.Certificate],
    error: Exception,
) -> str:
    """Why there is no chain; the library says only that its candidates are exhausted."""
    issuer = parts.of_certificate(der(certificate)).issuer
    subjects = [parts.of_certificate(der(candidate)).subject for candidate in known]
    if comparable(issuer) not in map(comparable, subjects):
        return _("its issuer {issuer} is not known").format(issuer=as_text(issuer))
    said = str(error).removeprefix("validation failed: ").removeprefix("candidates exhausted: ")
    return next((told for words, told in _VERIFIER.items() if words in said), _OTHERWISE)


def _of_a_ca() -> verification.ExtensionPolicy:
    """What a CA certificate must say (RFC 5280, 4.2.1.9 and 4.2.1.3).

    Without the rules of the public web: a bank's own CA often has no key usage at all.
    """
    return (
        verification.ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, _is_ca)
        .may_be_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _signs_certificates)
    )


def _is_ca(
    _policy: verification.Policy, _certificate: x509.Certificate, found: x509.BasicConstraints
) -> None:
    if not found.ca:
        raise ValueError("the issuer is no CA")


def _signs_certificates(
    _policy: verification.Policy, _certificate: x509.Certificate, found: x509.KeyUsage | None
) -> None:
    if found is not None and not found.key_cert_sign:
        raise ValueError("the issuer may not sign certificates")
