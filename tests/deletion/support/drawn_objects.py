"""Objects for a token, drawn at random from a few keys, ids and labels, so that they collide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lockwright.pkcs11.constants import CKA, CKC, CKK, CKO
from lockwright.pkcs11.der import OCTET_STRING, encode
from lockwright_testkit.pki import TestCa
from lockwright_testkit.raw import Value

Template = Mapping[int, Value]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

IDS = (b"", b"\1", b"\1\0", b"\2", bytes.fromhex("deadbeef"))
LABELS = ("", " ", "01", "a", "A", "a\u200b", "deadbeef", "Имя")
_P256 = bytes.fromhex("06082a8648ce3d030107")
_KEYS = 3
_VALID = (timedelta(days=-5), timedelta(days=30))
_MOST = 9
_DRAWN = (*("private", "public", "certificate") * 3, "private", "secret", "data")


@dataclass(frozen=True)
class Key:
    """A key pair, and what tokens write of it."""

    private: Template
    public: Template
    certificates: tuple[bytes, ...]
    """One that has expired, and one that has not; DER."""
    value: bytes
    """Its modulus or point."""


def drawn(random: Random) -> list[Template]:
    """The objects of one token."""
    made = [_object(random) for _ in range(random.randint(1, _MOST))]
    made += [each for each in made if random.random() < 0.15]  # some are there twice
    return made


def _object(random: Random) -> Template:
    key = random.choice(every_key())
    key_id, label = random.choice(IDS), random.choice(LABELS)
    named: Template = {CKA.TOKEN: True, CKA.ID: key_id, CKA.LABEL: label}
    match random.choice(_DRAWN):
        case "private":
            return {**named, **key.private}
        case "public":
            return {**named, **key.public}
        case "certificate":
            return {**named, **_certificate(random.choice(key.certificates))}
        case "secret":
            value = random.randbytes(16)
            return {**named, CKA.CLASS: CKO.SECRET_KEY, CKA.KEY_TYPE: 0x1F, CKA.VALUE: value}
        case _:
            value = random.randbytes(4)
            return {CKA.CLASS: CKO.DATA, CKA.TOKEN: True, CKA.LABEL: label, CKA.VALUE: value}


@cache
def every_key() -> tuple[Key, ...]:
    """All key pairs that are drawn from: some RSA, some EC, their points raw and wrapped."""
    return (*map(_ec_key, range(_KEYS)), *map(_rsa_key, range(_KEYS)))


def _ec_key(number: int) -> Key:
    key = ec.derive_private_key(number + 1000, ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    common: Template = {CKA.KEY_TYPE: CKK.EC, CKA.EC_PARAMS: _P256}
    wrapped = encode(OCTET_STRING, point) if number else point
    return Key(
        {**common, **_PRIVATE, CKA.VALUE: key.private_numbers().private_value.to_bytes(32)},
        {**common, CKA.CLASS: CKO.PUBLIC_KEY, CKA.EC_POINT: wrapped},
        _certificates(key, f"CN=EC {number}"),
        point,
    )


def _rsa_key(number: int) -> Key:
    key = rsa.generate_private_key(65537, 2048)
    numbers = key.private_numbers()
    modulus = numbers.public_numbers.n.to_bytes(256)
    common: Template = {CKA.KEY_TYPE: CKK.RSA, CKA.MODULUS: modulus, CKA.PUBLIC_EXPONENT: b"\1\0\1"}
    rest = {
        0x123: numbers.d,
        0x124: numbers.p,
        0x125: numbers.q,
        0x126: numbers.dmp1,
        0x127: numbers.dmq1,
        0x128: numbers.iqmp,
    }
    secret = {kind: value.to_bytes((value.bit_length() + 7) // 8) for kind, value in rest.items()}
    return Key(
        {**common, **_PRIVATE, **secret},
        {**common, CKA.CLASS: CKO.PUBLIC_KEY},
        _certificates(key, f"CN=RSA {number}"),
        modulus,
    )


_PRIVATE: Template = {
    CKA.CLASS: CKO.PRIVATE_KEY,
    CKA.PRIVATE: True,
    CKA.SIGN: True,
    CKA.SENSITIVE: False,
    CKA.EXTRACTABLE: True,
}
"""So the secret half can be read, by which the test tells private keys apart."""


def _certificates(key: PrivateKey, name: str) -> tuple[bytes, ...]:
    starts = timedelta(days=-100)
    issued = (_ca().issue(key.public_key(), name, starts=starts, lasts=e - starts) for e in _VALID)
    return tuple(each.public_bytes(Encoding.DER) for each in issued)


@cache
def _ca() -> TestCa:
    return TestCa.root()


def _certificate(der: bytes) -> Template:
    return {
        CKA.CLASS: CKO.CERTIFICATE,
        CKA.CERTIFICATE_TYPE: CKC.X_509,
        CKA.PRIVATE: False,
        CKA.SUBJECT: b"\x30\x00",
        CKA.VALUE: der,
    }
