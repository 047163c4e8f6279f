"""Whether a certificate that a CA issued is the one that was ordered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509

from lockwright.certificates import parts
from lockwright.certificates.subjects import subject_text
from lockwright.enrol import trust
from lockwright.enrol.journal import Entry
from lockwright.enrol.request import public_key_of
from lockwright.enrol.supported import check
from lockwright.errors import CertificateForAnotherKey
from lockwright.models import CaProfile, Issued


def check_issued(issued: Issued, entry: Entry, ca: CaProfile) -> None:
    """Refuse a certificate that no storage should get.

    Args:
        issued: the CA's answer.
        entry: what was ordered.
        ca: the CA, with the anchors that the certificate must lead to.

    Raises:
        CertificateError: it is for another key, not valid now, not trusted, or may not sign.
    """
    leaf, *others = (
        found
        for der in (issued.certificate, *issued.chain)
        for found in trust.read_certificates(der, file=ca.name)
    )
    anchors = [x509.load_der_x509_certificate(anchor) for anchor in ca.anchors]
    now = datetime.now(UTC)
    check(leaf)
    if trust.spki(leaf) != public_key_of(entry.request):
        subject = subject_text(leaf)
        raise CertificateForAnotherKey(subject=subject, serial=entry.place)
    trust.check_validity(leaf, now)
    trust.check_chain(leaf, others, anchors, now)
    trust.check_usage(leaf)


def kept_of(certificate: bytes) -> tuple[bytes, Sequence[bytes]]:
    """What a renewal has as the certificate has it (RFC 7030, 4.2.2), DER.

    Returns:
        The subject, and the extension with the alternative names, if there is one.
    """
    old = parts.of_certificate(certificate)
    names = old.extension(parts.SUBJECT_ALTERNATIVE_NAME)
    return old.subject, () if names is None else (names,)
