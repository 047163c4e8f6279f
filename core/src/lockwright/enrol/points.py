"""Points on curves, and the signatures of their keys."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_CURVES: dict[str, ec.EllipticCurve] = {
    "ec:p256": ec.SECP256R1(),
    "ec:p384": ec.SECP384R1(),
    "ec:p521": ec.SECP521R1(),
}


def is_known(key_type: str) -> bool:
    """Whether signatures of a key type can be checked against points."""
    return key_type in _CURVES


def ecdsa_fits(key_type: str, point: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a signature over SHA-256 is that of a point's key.

    Args:
        key_type: which curve, such as ``ec:p256``.
        point: as SEC 1, 2.3.3 encodes it; what is none on this curve fits nothing.
        signature: DER Ecdsa-Sig-Value (RFC 3279).
        data: the whole message.
    """
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[key_type], point)
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True
