"""Keys that are made here, in no token, and the public half of any key."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lockwright.enrol.token_key import SigningKey

_CURVES: dict[str, ec.EllipticCurve] = {
    "ec:p256": ec.SECP256R1(),
    "ec:p384": ec.SECP384R1(),
    "ec:p521": ec.SECP521R1(),
}
_EXPONENT = 65537


def new_key(key_type: str) -> SigningKey:
    """A key pair in memory.

    Args:
        key_type: such as ``ec:p256`` or ``rsa:3072``.
    """
    if key_type in _CURVES:
        return ec.generate_private_key(_CURVES[key_type])
    return rsa.generate_private_key(_EXPONENT, int(key_type.removeprefix("rsa:")))


def public_info(key: CertificatePublicKeyTypes) -> bytes:
    """A public key, DER SubjectPublicKeyInfo (RFC 5280)."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
