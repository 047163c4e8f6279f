"""ECDSA signatures checked by own arithmetic (SEC 1, 4.1.4).

The child has no library for it, and for the parent one takes longer to import than this takes. It
checks a few signatures that the token itself has just made, of data drawn here: nothing secret
is in it, so it need not take equal time.
"""

from __future__ import annotations

from lockwright.pkcs11.der import INTEGER, SEQUENCE, elements
from lockwright.records import dataclass

_Point = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Curve:
    """Domain parameters (SEC 2); a is p - 3 on each of them, h is 1."""

    p: int
    b: int
    n: int
    g: tuple[int, int]

    @property
    def size(self) -> int:
        """Bytes of a coordinate."""
        return (self.p.bit_length() + 7) // 8

    def has(self, x: int, y: int) -> bool:
        """Whether a point is on it; one that is not may fit signatures of another's key."""
        on_it = (y * y - x * x * x + 3 * x - self.b) % self.p == 0
        return x < self.p and y < self.p and on_it


CURVES = {
    "ec:p256": _Curve(
        0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        (
            0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
            0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        ),
    ),
    "ec:p384": _Curve(
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        (
            0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
            0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
        ),
    ),
    "ec:p521": _Curve(
        2**521 - 1,
        0x51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00,
        2**521 - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7,
        (
            0xC6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
            0x11839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650,
        ),
    ),
}
"""The curves by key type."""
POINT_LENGTHS = {kind: 1 + 2 * curve.size for kind, curve in CURVES.items()}
"""Bytes of an uncompressed point on each (SEC 1, 2.3.3)."""


def of_der(key_type: str, signature: bytes) -> bytes:
    """A DER Ecdsa-Sig-Value (RFC 3279) as ``fits`` takes it; empty if it is none of this curve.

    Args:
        key_type: one of ``CURVES``.
        signature: the signature.
    """
    size = CURVES[key_type].size
    try:
        (whole,) = elements(signature)
        numbers = list(elements(whole.content))
    except ValueError:
        return b""
    if [whole.tag, *(each.tag for each in numbers)] != [SEQUENCE, INTEGER, INTEGER]:
        return b""
    both = [each.content.lstrip(b"\0").rjust(size, b"\0") for each in numbers]
    return b"".join(both) if all(len(each) == size for each in both) else b""


def fits(key_type: str, point: bytes, signature: bytes, digest: bytes) -> bool:
    """Whether a signature is that of a point's key.

    Args:
        key_type: one of ``CURVES``.
        point: uncompressed (SEC 1, 2.3.3); another one, or one beside the curve, fits nothing.
        signature: r and s, one after the other, as PKCS#11 gives them.
        digest: what was signed, not longer than the order of the curve.
    """
    curve = CURVES[key_type]
    size = curve.size
    if len(point) != POINT_LENGTHS[key_type] or point[0] != 4 or len(signature) % 2:  # noqa: PLR2004  # SEC 1, 2.3.3
        return False
    key = int.from_bytes(point[1 : 1 + size]), int.from_bytes(point[1 + size :])
    if not curve.has(*key):
        return False
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    if not (0 < r < curve.n and 0 < s < curve.n):
        return False
    inverse = pow(s, -1, curve.n)
    first = _times(curve, int.from_bytes(digest) * inverse % curve.n, curve.g)
    found = _sum(curve, first, _times(curve, r * inverse % curve.n, key))
    return found is not None and found[0] % curve.n == r


def _times(curve: _Curve, number: int, point: _Point) -> _Point:
    found: _Point = None
    while number:
        if number & 1:
            found = _sum(curve, found, point)
        point = _sum(curve, point, point)
        number >>= 1
    return found


def _sum(curve: _Curve, one: _Point, other: _Point) -> _Point:
    if one is None or other is None:
        return other if one is None else one
    if one[0] == other[0]:
        if (one[1] + other[1]) % curve.p == 0:
            return None
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, curve.p)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, curve.p)
    x = (slope * slope - one[0] - other[0]) % curve.p
    return x, (slope * (one[0] - x) - one[1]) % curve.p
