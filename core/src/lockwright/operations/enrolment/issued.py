"""Whether a certificate that a CA issued is the one that was ordered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509

from lockwright.certificates import parts
from lockwright.certificates.reading import read
from lockwright.enrol import trust
from lockwright.enrol.journal import Entry
from lockwright.enrol.request import public_key_of
from lockwright.enrol.supported import check, loaded
from lockwright.errors import CaAnswerBroken, CertificateForAnotherKey
from lockwright.i18n import N_
from lockwright.models import CaProfile, Issued


def check_key(certificate: bytes, entry: Entry, ca: CaProfile) -> None:
    """Refuse a certificate that the new key does not fit, which nothing can cure.

    Args:
        certificate: what the CA issued, DER.
        entry: what was ordered.
        ca: the CA.

    Raises:
        CertificateForAnotherKey: it is for another key.
        CaAnswerBroken: it is no certificate at all.
    """
    found = read(certificate)
    if found.key_info is None:
        raise CaAnswerBroken(ca=ca.name, reason=N_("it holds no certificate"))
    try:
        info = trust.spki(loaded(certificate))
    except ValueError:
        info = found.key_info
    if info != public_key_of(entry.request):
        subject = found.subject.rfc4514() if found.subject else "-"
        raise CertificateForAnotherKey(subject=subject, serial=entry.place)


def check_issued(issued: Issued, ca: CaProfile) -> tuple[bytes, ...]:
    """Refuse a certificate that no storage should get yet.

    Args:
        issued: what the CA issued, with all that may lead from it to a trusted CA.
        ca: the CA, with the anchors that the certificate must lead to.

    Returns:
        What does lead there, of what came with it, DER.

    Raises:
        CertificateError: it cannot be read, is not valid now, not trusted, or may not sign.
    """
    (leaf,) = trust.read_certificates(issued.certificate, file=ca.name)
    others = trust.readable(issued.chain)
    anchors = [x509.load_der_x509_certificate(anchor) for anchor in ca.anchors]
    now = datetime.now(UTC)
    check(leaf)
    trust.check_validity(leaf, now)
    path = trust.check_chain(leaf, others, anchors, now)
    trust.check_usage(leaf)
    return tuple(trust.der(each) for each in path if each in others)


def kept_of(certificate: bytes) -> tuple[bytes, Sequence[bytes]]:
    """What a renewal has as the certificate has it (RFC 7030, 4.2.2), DER.

    Returns:
        The subject, and the extension with the alternative names, if there is one.
    """
    old = parts.of_certificate(certificate)
    names = old.extension(parts.SUBJECT_ALTERNATIVE_NAME)
    return old.subject, () if names is None else (names,)
