"""Which CA's certificate a certificate names as its issuer."""

from __future__ import annotations

from lockwright.certificates import parts
from lockwright.certificates.asn1 import node, nodes
from lockwright.certificates.names import comparable

_KEY_IDENTIFIER = 0x80


def key_identifier(certificate: bytes) -> bytes | None:
    """Of the key that signed a certificate (RFC 5280, 4.2.1.1); None if it does not say.

    Args:
        certificate: DER.

    Raises:
        ValueError: it is no certificate.
    """
    value = parts.of_certificate(certificate).value(parts.AUTHORITY_KEY_IDENTIFIER)
    if value is None:
        return None
    found = nodes(node(value).content)
    return next((each.content for each in found if each.tag == _KEY_IDENTIFIER), None)


def issued_by(certificate: bytes, issuer: bytes) -> bool:
    """Whether a certificate names another as its issuer: the name, and the key where both say it.

    No signature is checked: it only tells whom to ask.

    Args:
        certificate: DER.
        issuer: DER.
    """
    try:
        child, parent = parts.of_certificate(certificate), parts.of_certificate(issuer)
        if comparable(child.issuer) != comparable(parent.subject):
            return False
        wanted = key_identifier(certificate)
        own = parent.value(parts.SUBJECT_KEY_IDENTIFIER)
        return wanted is None or own is None or node(own).content == wanted
    except ValueError:
        return False
