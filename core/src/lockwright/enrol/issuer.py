"""What a certificate says of its issuer, and what it is asked about by there."""

from __future__ import annotations

import base64

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


def identifier(certificate: bytes) -> str | None:
    """What a certificate is asked about by (RFC 9773, 4.1); None if it names no issuer's key.

    Args:
        certificate: DER.
    """
    try:
        issuer = key_identifier(certificate)
        serial = node(parts.of_certificate(certificate).serial).content
    except ValueError:
        return None
    return None if issuer is None else f"{_base64url(issuer)}.{_base64url(serial)}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
