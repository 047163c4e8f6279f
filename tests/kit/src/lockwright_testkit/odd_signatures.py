"""Certificates that keys of every kind have signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

Signer = ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey | rsa.RSAPrivateKey


def issued_by(signer: Signer, key: ec.EllipticCurvePrivateKey, **how: Any) -> bytes:
    """A certificate for a key, DER; an RSA key signs it with SHA-384.

    Args:
        signer: what signs it.
        key: what it is for.
        how: further arguments of ``CertificateBuilder.sign``.
    """
    name, now = x509.Name.from_rfc4514_string("CN=Anna"), datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    digest = hashes.SHA384() if isinstance(signer, rsa.RSAPrivateKey) else None
    return builder.sign(signer, digest, **how).public_bytes(Encoding.DER)
