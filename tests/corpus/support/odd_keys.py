"""Keys for the corpus, each named by a number, and their halves and certificates as templates."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from corpus_token import P256, certificate
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lockwright.pkcs11.constants import CKA, CKK, CKO
from lockwright.pkcs11.der import OCTET_STRING, encode
from lockwright_testkit.pki import TestCa
from lockwright_testkit.raw import Value

Template = Mapping[int, Value]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

OVER, VALID = timedelta(days=-3), timedelta(days=3000)
_STARTS = timedelta(days=-400)
_RSA = 100
"""Keys of higher numbers are RSA keys."""


@cache
def key(number: int) -> PrivateKey:
    """A key: EC up to a hundred, RSA above."""
    if number > _RSA:
        return rsa.generate_private_key(65537, 2048)
    return ec.derive_private_key(number + 0xC0DE, ec.SECP256R1())


def value(number: int) -> bytes:
    """Its point or modulus."""
    match key(number):
        case rsa.RSAPrivateKey() as found:
            return found.public_key().public_numbers().n.to_bytes(256)
        case found:
            public = found.public_key()
            return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def name(number: int) -> str:
    """What ``list`` calls its container, where neither id nor label tells it from others."""
    return hashlib.sha256(b"container\0value\0" + value(number)).hexdigest()[:12]


def private(number: int, key_id: bytes, label: str) -> Template:
    """The private key, its secret half with it."""
    return {CKA.CLASS: CKO.PRIVATE_KEY, **_named(key_id, label), **_secret(key(number))}


def public(
    number: int, key_id: bytes, label: str, *, raw: bool = False, zeros: int = 0
) -> Template:
    """The public key.

    Args:
        number: which key.
        key_id: ``CKA_ID``.
        label: ``CKA_LABEL``.
        raw: whether the point has no OCTET STRING round it.
        zeros: zeros before the modulus.
    """
    shown = value(number)
    wrapped = shown if raw else encode(OCTET_STRING, shown)
    told: Template = {CKA.KEY_TYPE: CKK.EC, CKA.EC_PARAMS: P256, CKA.EC_POINT: wrapped}
    if number > _RSA:
        told = {
            CKA.KEY_TYPE: CKK.RSA,
            CKA.MODULUS: bytes(zeros) + shown,
            CKA.PUBLIC_EXPONENT: b"\1\0\1",
        }
    return {CKA.CLASS: CKO.PUBLIC_KEY, **_named(key_id, label), **told}


def issued(
    number: int, key_id: bytes, label: str, holder: str, ends: timedelta = VALID
) -> Template:
    """A certificate of the key."""
    public_key = key(number).public_key()
    made = _ca().issue(public_key, f"CN={holder}", starts=_STARTS, lasts=ends - _STARTS)
    return certificate(made.public_bytes(Encoding.DER), key_id=key_id, label=label)


def pair(number: int, key_id: bytes, label: str) -> tuple[Template, Template]:
    """Both halves."""
    return private(number, key_id, label), public(number, key_id, label)


def _named(key_id: bytes, label: str) -> Template:
    return {CKA.ID: key_id, CKA.LABEL: label}


def _secret(found: PrivateKey) -> Template:
    common: Template = {CKA.PRIVATE: True, CKA.SIGN: True}
    if isinstance(found, ec.EllipticCurvePrivateKey):
        number = found.private_numbers().private_value.to_bytes(32)
        return {**common, CKA.KEY_TYPE: CKK.EC, CKA.EC_PARAMS: P256, CKA.VALUE: number}
    own = found.private_numbers()
    rest = (own.d, own.p, own.q, own.dmp1, own.dmq1, own.iqmp)
    numbers = {
        0x123 + place: each.to_bytes(256 if not place else 128) for place, each in enumerate(rest)
    }
    shown = own.public_numbers.n.to_bytes(256)
    return {
        **common,
        CKA.KEY_TYPE: CKK.RSA,
        CKA.MODULUS: shown,
        CKA.PUBLIC_EXPONENT: b"\1\0\1",
        **numbers,
    }


@cache
def _ca() -> TestCa:
    return TestCa.root()
