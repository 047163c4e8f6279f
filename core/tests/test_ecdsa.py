"""Own arithmetic says of a signature what the library says."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
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


@pytest.mark.parametrize("kind", ecdsa.CURVES)
def test_a_point_beside_the_curve_fits_no_signature(kind: str) -> None:
    """For some of them a signature could be found without any key."""
    point, signature = signed(kind)
    size = len(point) // 2
    x, y = int.from_bytes(point[1 : 1 + size]), int.from_bytes(point[1 + size :])

    for x_too, y_too in ((x, y ^ 1), (y, x), (0, 0), (1, 0)):
        beside = b"\4" + x_too.to_bytes(size) + y_too.to_bytes(size)
        with pytest.raises(ValueError, match=r"curve|EC key"):
            ec.EllipticCurvePublicKey.from_encoded_point(CURVES[kind], beside)
        assert not ecdsa.CURVES[kind].has(x_too, y_too)
        assert not ecdsa.fits(kind, beside, signature, DIGEST)
    assert not ecdsa.CURVES[kind].has(x + ecdsa.CURVES[kind].p, y)


@pytest.mark.parametrize("kind", ecdsa.CURVES)
def test_a_signature_in_der_is_the_same_one(kind: str) -> None:
    point, raw = signed(kind)
    half = len(raw) // 2
    der = encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
    small = encode_dss_signature(1, 2)

    assert ecdsa.of_der(kind, der) == raw
    assert ecdsa.of_der(kind, small) == (1).to_bytes(half) + (2).to_bytes(half)
    for wrong in (b"", der[1:], der[:-1], der + b"\0", b"\x31" + der[1:], b"\x30\0"):
        assert not ecdsa.of_der(kind, wrong)
    assert not ecdsa.of_der(kind, encode_dss_signature(1 << 8 * half, 1))
    assert not ecdsa.fits(kind, point, b"", DIGEST)


def test_every_curve_of_a_library_is_the_same_here() -> None:
    """A curve's parameters are typed in by hand: its generator is on it, and has its order."""
    for kind, curve in ecdsa.CURVES.items():
        one = ec.derive_private_key(1, CURVES[kind]).public_key().public_numbers()
        assert (one.x, one.y) == curve.g
        assert curve.has(*curve.g)
        last = ec.derive_private_key(curve.n - 1, CURVES[kind]).public_key().public_numbers()
        assert (last.x, last.y) == (curve.g[0], curve.p - curve.g[1])
