"""Types of keys by name, from what tokens tell of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from lockwright.certificates.key_names import in_words
from lockwright.i18n import use
from lockwright.pkcs11.constants import CKA, CKK, CKO
from lockwright.pkcs11.der import encode, oid
from lockwright.pkcs11.key_types import key_type, most_telling
from lockwright.pkcs11.values import pack

TC26_512_A, XCH_A = "1.2.643.7.1.2.1.2.1", "1.2.643.2.2.36.0"
STREEBOG, GOST_94 = oid("1.2.643.7.1.1.2.2"), oid("1.2.643.2.2.30.1")


def of(number: int, kind: CKO = CKO.PUBLIC_KEY, **attributes: bytes) -> str | None:
    told: dict[int, bytes] = {CKA[name.upper()]: value for name, value in attributes.items()}
    return key_type({CKA.CLASS: pack(kind), CKA.KEY_TYPE: pack(number), **told})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (of(CKK.ML_DSA, parameter_set=pack(2)), "ml-dsa-65"),
        (of(CKK.ML_DSA), "ml-dsa"),
        (of(CKK.ML_KEM, parameter_set=pack(3)), "ml-kem-1024"),
        (of(CKK.EC_MONTGOMERY, ec_params=oid("1.3.101.110")), "x25519"),
        (of(CKK.EC_MONTGOMERY, ec_params=oid("1.3.101.111")), "x448"),
        (of(CKK.EC_MONTGOMERY, ec_params=encode(0x13, b"curve25519")), "x25519"),
        (of(CKK.EC_EDWARDS, ec_params=oid("1.3.101.113")), "ed448"),
        (of(CKK.EC_EDWARDS), "edwards"),
        (of(CKK.EC, ec_params=oid("1.3.36.3.3.2.8.1.1.7")), "ec:brainpoolp256r1"),
        (of(CKK.EC, ec_params=oid("1.3.36.3.3.2.8.1.1.14")), "ec:brainpoolp512t1"),
        (of(CKK.EC), "ec:unknown"),
        (of(CKK.RSA), "rsa"),
        (of(CKK.GOSTR3410_512, gostr3410_params=oid(TC26_512_A)), f"gost2012-512:{TC26_512_A}"),
        (of(CKK.GOSTR3410_512, gostr3410_512params=oid(TC26_512_A)), f"gost2012-512:{TC26_512_A}"),
        (
            of(CKK.GOSTR3410, gostr3410_params=oid(XCH_A), gostr3411_params=STREEBOG),
            f"gost2012-256:{XCH_A}",
        ),
        (
            of(CKK.GOSTR3410, gostr3410_params=oid(XCH_A), gostr3411_params=GOST_94),
            f"gost2001:{XCH_A}",
        ),
        (of(CKK.GOSTR3410, gostr3410_params=oid(XCH_A)), f"gost-256:{XCH_A}"),
        (of(CKK.GOSTR3410, gostr3410_params=b"\x06\x80"), "gost-256"),
        (of(CKK.AES, CKO.SECRET_KEY, value_len=pack(16)), "aes:128"),
        (of(0x80001234), "ckk:0x80001234"),
        (key_type({CKA.CLASS: pack(CKO.PRIVATE_KEY)}), "unknown"),
        (key_type({CKA.CLASS: pack(CKO.DATA), CKA.KEY_TYPE: pack(CKK.RSA)}), None),
        (key_type({}), None),
    ],
)
def test_a_key_has_the_name_of_its_type(found: str | None, expected: str | None) -> None:
    assert found == expected


TOLD: Mapping[str, tuple[str, str]] = {
    "rsa:2048": ("rsa:2048", "rsa:2048"),
    f"gost2012-512:{TC26_512_A}": (
        "GOST R 34.10-2012 512 TC26-512-A",
        "ГОСТ Р 34.10-2012 512 TC26-512-A",
    ),
    "gost2001": ("GOST R 34.10-2001", "ГОСТ Р 34.10-2001"),
    "ckk:0x80001234": ("key type 0x80001234", "тип ключа 0x80001234"),
    "unknown": ("unknown key type", "тип ключа неизвестен"),
    "x25519": ("X25519", "X25519"),
}


@pytest.mark.parametrize(("kind", "words"), TOLD.items())
def test_a_type_is_told_in_both_languages(kind: str, words: tuple[str, str]) -> None:
    try:
        assert tuple(in_words(kind) for language in ("en", "ru") if use(language)) == words
    finally:
        use("en")


def test_of_several_names_for_one_key_the_one_that_tells_most_is_shown() -> None:
    assert most_telling([None, "rsa", "rsa:2048"]) == "rsa:2048"
    assert most_telling(["ec:unknown", None]) == "ec:unknown"
    assert most_telling([]) is None
