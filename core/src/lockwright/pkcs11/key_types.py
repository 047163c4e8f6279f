"""Types of keys by name, from what a token tells of a key; the names are stable, for programs.

Numbers are those of the OASIS header ``pkcs11t.h`` of PKCS#11 3.2 and, for GOST R 34.10-2012 with
512 bits, those of TC 26, which OpenSC, p11-kit and the vendors of tokens have in their headers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from lockwright.pkcs11.constants import CKA, CKK, CKO
from lockwright.pkcs11.der import dotted
from lockwright.pkcs11.values import number

UNKNOWN = "unknown"
"""The type of a key that does not tell it."""

CURVES_BY_OID: Mapping[str, str] = {
    "1.2.840.10045.3.1.1": "ec:p192",
    "1.3.132.0.33": "ec:p224",
    "1.2.840.10045.3.1.7": "ec:p256",
    "1.3.132.0.34": "ec:p384",
    "1.3.132.0.35": "ec:p521",
    "1.3.132.0.10": "ec:secp256k1",
    "1.2.156.10197.1.301": "ec:sm2",
    "1.2.250.1.223.101.256.1": "ec:frp256v1",
    **{
        f"1.3.36.3.3.2.8.1.1.{arc}": f"ec:brainpoolp{bits}{kind}1"
        for arc, (bits, kind) in enumerate(
            ((bits, kind) for bits in (160, 192, 224, 256, 320, 384, 512) for kind in "rt"), 1
        )
    },
    "1.3.101.112": "ed25519",
    "1.3.101.113": "ed448",
    "1.3.101.110": "x25519",
    "1.3.101.111": "x448",
    "1.3.6.1.4.1.11591.15.1": "ed25519",
    "1.3.6.1.4.1.3029.1.5.1": "x25519",
}
"""Curves by object identifier (RFC 5480, RFC 5639, RFC 8410, SEC 2, GM/T 0003; the last two are
those of OpenPGP, which OpenSC writes)."""
GOST_SETS: Mapping[str, str] = {
    "1.2.643.2.2.35.0": "CryptoPro-Test",
    "1.2.643.2.2.35.1": "CryptoPro-A",
    "1.2.643.2.2.35.2": "CryptoPro-B",
    "1.2.643.2.2.35.3": "CryptoPro-C",
    "1.2.643.2.2.36.0": "CryptoPro-XchA",
    "1.2.643.2.2.36.1": "CryptoPro-XchB",
    "1.2.643.7.1.2.1.1.1": "TC26-256-A",
    "1.2.643.7.1.2.1.1.2": "TC26-256-B",
    "1.2.643.7.1.2.1.1.3": "TC26-256-C",
    "1.2.643.7.1.2.1.1.4": "TC26-256-D",
    "1.2.643.7.1.2.1.2.0": "TC26-512-Test",
    "1.2.643.7.1.2.1.2.1": "TC26-512-A",
    "1.2.643.7.1.2.1.2.2": "TC26-512-B",
    "1.2.643.7.1.2.1.2.3": "TC26-512-C",
}
"""Parameter sets of GOST R 34.10 in full (RFC 4357, RFC 7836, RFC 9215), dotted: a letter alone
is another curve in every tool."""
_CURVES_BY_NAME = {
    "edwards25519": "ed25519",
    "edwards448": "ed448",
    "curve25519": "x25519",
    "curve448": "x448",
}
"""Curves that ``CKA_EC_PARAMS`` may name in a PrintableString (PKCS#11 3.0, 2.3.5, 2.3.7)."""
_NAMES: Mapping[int, str] = {
    CKK.DSA: "dsa",
    CKK.DH: "dh",
    CKK.X9_42_DH: "dh",
    CKK.GENERIC_SECRET: "generic-secret",
    CKK.DES: "des",
    CKK.DES2: "des2",
    CKK.DES3: "des3",
    CKK.AES: "aes",
    CKK.CAMELLIA: "camellia",
    CKK.GOST28147: "gost28147",
    CKK.CHACHA20: "chacha20",
}
_SETS = {
    CKK.ML_DSA: ("ml-dsa", {1: "44", 2: "65", 3: "87"}),
    CKK.ML_KEM: ("ml-kem", {1: "512", 2: "768", 3: "1024"}),
    CKK.SLH_DSA: ("slh-dsa", {}),
}
"""Types with a parameter set (``CKP_ML_DSA_44`` and so on)."""
_VAGUE = frozenset(
    {
        *(UNKNOWN, "rsa", "dsa", "dh", "ec:unknown", "edwards", "montgomery"),
        *("ml-dsa", "ml-kem", "slh-dsa"),
        *("gost2001", "gost-256", "gost2012-256", "gost2012-512"),
    }
)
"""What leaves something open."""
_EITHER_STREEBOG = ("1.2.643.7.1.1.2.2", "1.2.643.7.1.1.2.3")
_GOST_94 = "1.2.643.2.2.30"
_TC26_SETS = "1.2.643.7.1.2.1."


def key_type(attributes: Mapping[int, bytes]) -> str | None:
    """The type of a key object, such as ``rsa:2048``; None for what is no key.

    Args:
        attributes: what was read of the object, values as the module gives them.
    """
    if number(attributes.get(CKA.CLASS, b"\xff")) not in _KEYS:
        return None
    if CKA.KEY_TYPE not in attributes:
        return UNKNOWN
    kind = number(attributes[CKA.KEY_TYPE])
    if found := _TOLD.get(kind):
        return found(attributes)
    if kind in _SETS:
        name, sets = _SETS[CKK(kind)]
        told = sets.get(number(attributes.get(CKA.PARAMETER_SET, b"")))
        return f"{name}-{told}" if told else name
    name = _NAMES.get(kind, f"ckk:{kind:#x}")
    size = 8 * number(attributes.get(CKA.VALUE_LEN, b"")) or _bits(attributes, CKA.PRIME)
    return f"{name}:{size}" if size else name


def most_telling(types: Iterable[str | None]) -> str | None:
    """Of several names for the type of one key, the first that tells it in full.

    Private keys often do not show what their public halves do.
    """
    known = [each for each in types if each]
    return next((each for each in known if each not in _VAGUE), known[0] if known else None)


def curve(parameters: bytes) -> str:
    """The type of a key on a curve.

    Args:
        parameters: ``CKA_EC_PARAMS``, or the parameters of an X.509 key (RFC 5480), DER.
    """
    if oid := dotted(parameters):
        return CURVES_BY_OID.get(oid, f"ec:{oid}")
    named = parameters[2:].decode("ascii", errors="replace")
    return _CURVES_BY_NAME.get(named, "ec:explicit" if parameters[:1] == b"0" else "ec:unknown")


def gost(bits: int, parameters: str | None, digest: str | None) -> str:
    """The type of a GOST R 34.10 key, with its parameter set dotted, since "A" names several.

    Args:
        bits: 256 or 512.
        parameters: the set of the curve, dotted; None if it is not told.
        digest: the digest that goes with the key, dotted; only it tells keys of 2001 from those
            of 2012 with 256 bits. Where it is missing, a set of TC 26 tells, or nothing.
    """
    of_2012 = bits > 256 or digest in _EITHER_STREEBOG or (parameters or "").startswith(_TC26_SETS)  # noqa: PLR2004  # bits
    of_2001 = not of_2012 and (digest or "").startswith(_GOST_94)
    name = f"gost2012-{bits}" if of_2012 else "gost2001" if of_2001 else f"gost-{bits}"
    return f"{name}:{parameters}" if parameters else name


def _rsa(attributes: Mapping[int, bytes]) -> str:
    bits = _bits(attributes, CKA.MODULUS)
    return f"rsa:{bits}" if bits else "rsa"


def _on_curve(attributes: Mapping[int, bytes]) -> str:
    return curve(attributes.get(CKA.EC_PARAMS, b""))


def _edwards(attributes: Mapping[int, bytes]) -> str:
    found = _on_curve(attributes)
    return "edwards" if found.startswith("ec:") else found


def _montgomery(attributes: Mapping[int, bytes]) -> str:
    """A token may name the curve by the OID of its Edwards form (PKCS#11 3.0 errata)."""
    found = _on_curve(attributes)
    return "montgomery" if found.startswith("ec:") else found.replace("ed", "x", 1)


def _gost_256(attributes: Mapping[int, bytes]) -> str:
    sets = dotted(attributes.get(CKA.GOSTR3410_PARAMS, b""))
    return gost(256, sets, dotted(attributes.get(CKA.GOSTR3411_PARAMS, b"")))


def _gost_512(attributes: Mapping[int, bytes]) -> str:
    standard = attributes.get(CKA.GOSTR3410_PARAMS, b"")
    sets = dotted(standard) or dotted(attributes.get(CKA.GOSTR3410_512PARAMS, b""))
    return gost(512, sets, None)


def _bits(attributes: Mapping[int, bytes], attribute: CKA) -> int:
    return int.from_bytes(attributes.get(attribute, b"")).bit_length()


_KEYS = (CKO.PUBLIC_KEY, CKO.PRIVATE_KEY, CKO.SECRET_KEY)
_TOLD: Mapping[int, Callable[[Mapping[int, bytes]], str]] = {
    CKK.RSA: _rsa,
    CKK.EC: _on_curve,
    CKK.EC_EDWARDS: _edwards,
    CKK.EC_MONTGOMERY: _montgomery,
    CKK.GOSTR3410: _gost_256,
    CKK.GOSTR3410_512: _gost_512,
}
