"""What Windows and macOS call a certificate by."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1


def thumbprint(certificate: bytes) -> str:
    """SHA-1 of a certificate, DER, in upper-case hex; a name, and no signature."""
    own = x509.load_der_x509_certificate(certificate)
    return own.fingerprint(SHA1()).hex().upper()  # noqa: S303  # their own name for it
