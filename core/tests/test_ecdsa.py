"""Own arithmetic says of a signature what the library says."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lockwright.pkcs11 import ecdsa

CURVES = {"ec:p256": ec.SECP256R1(), "ec:p384": ec.SECP384R1(), "ec:p521": ec.SECP521R1()}
DIGEST = hashlib.sha256(b"data").digest()


def signed(kind: str) -> tuple[bytes, bytes]:
    """A point, and a signature of its key over the digest."""
    key = ec.generate_private_key(CURVES[kind])
    size = (key.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(b"data", ec.ECDSA(hashes.SHA256())))
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return point, r.to_bytes(size) + s.to_bytes(size)


@pytest.mark.parametrize("kind", ecdsa.CURVES)
def test_a_signature_fits_its_own_key_and_no_other(kind: str) -> None:
    point, signature = signed(kind)
    other, _signature = signed(kind)

    assert ecdsa.fits(kind, point, signature, DIGEST)
    assert not ecdsa.fits(kind, other, signature, DIGEST)
    assert not ecdsa.fits(kind, point, signature, hashlib.sha256(b"other data").digest())


@pytest.mark.parametrize("kind", ecdsa.CURVES)
def test_what_is_no_signature_or_no_point_fits_nothing(kind: str) -> None:
    point, signature = signed(kind)
    half = len(signature) // 2

    for wrong in (b"", signature[1:], bytes(2 * half), b"\xff" * 2 * half, signature[half:] * 2):
        assert not ecdsa.fits(kind, point, wrong, DIGEST)
    for wrong in (b"", point[1:], b"\2" + point[1 : 1 + half], bytes(len(point))):
        assert not ecdsa.fits(kind, wrong, signature, DIGEST)


def test_every_curve_of_a_library_is_the_same_here() -> None:
    """A curve's parameters are typed in by hand: its generator has its order."""
    for kind, curve in ecdsa.CURVES.items():
        one = ec.derive_private_key(1, CURVES[kind]).public_key().public_numbers()
        assert (one.x, one.y) == curve.g
        last = ec.derive_private_key(curve.n - 1, CURVES[kind]).public_key().public_numbers()
        assert (last.x, last.y) == (curve.g[0], curve.p - curve.g[1])
