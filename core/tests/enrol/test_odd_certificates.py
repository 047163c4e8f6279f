"""Odd certificates that a trusted CA really signed: accepted, or refused in words; nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lockwright.errors import CertificateError
from lockwright.operations.enrolment.by_hand import check_certificate
from lockwright.pkcs11.der import encode, oid
from lockwright_testkit.pki import TestCa, pem
from odd_der import (
    BMP,
    CN,
    attribute,
    extension,
    generalized,
    key_info,
    made,
    name,
    sequence,
    utc,
)

CA = TestCa.root()
PUBLIC = ec.generate_private_key(ec.SECP256R1()).public_key()
INFO = PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
SHORT = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505  # to be refused
SIGNS = extension("2.5.29.15", bytes.fromhex("03020780"), b"\x01\x01\xff")
ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"))
EC_P256 = sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
RSA = sequence(oid("1.2.840.113549.1.1.1"), b"\x05\x00")


def signed(**odd: object) -> bytes:
    usual = {"issuer": CA.certificate.subject.public_bytes(), "info": INFO, "extensions": [SIGNS]}
    return made(
        algorithm=ECDSA_SHA256,
        sign=lambda tbs: CA.key.sign(tbs, ec.ECDSA(hashes.SHA256())),
        **{**usual, **odd},  # type: ignore[arg-type]  # one part of its own each
    )


REFUSED = {
    "version 1": (signed(version=None), "it is of X.509 version 1"),
    "version 2": (signed(version=b"\xa0\x03\x02\x01\x01"), "it is of X.509 version 2"),
    "extension twice": (signed(extensions=[SIGNS, SIGNS]), "its extensions cannot be read"),
    "usage broken": (
        signed(extensions=[extension("2.5.29.15", b"\x05\x00")]),
        "its extensions cannot be read",
    ),
    "name of X.400": (
        signed(extensions=[SIGNS, extension("2.5.29.17", b"\x30\x04\xa3\x02\x30\x00")]),
        "its extensions cannot be read",
    ),
    "TLS feature without a name": (
        signed(extensions=[SIGNS, extension("1.3.6.1.5.5.7.1.24", b"\x30\x03\x02\x01\x63")]),
        "its extensions cannot be read",
    ),
    "critical and unknown": (
        signed(extensions=[SIGNS, extension("1.2.3.4", b"\x05\x00", b"\x01\x01\xff")]),
        "does not keep to the rules",
    ),
    "odd BMPString": (signed(subject=name(attribute(CN, b"\x04\x10\x04", BMP))), "its encoding"),
    "reversed": (signed(validity=(utc("400101000000Z"), utc("240101000000Z"))), "not now"),
    "year 0": (
        signed(validity=(generalized("00000101000000Z"), utc("400101000000Z"))),
        "its validity cannot be read in full",
    ),
    "short RSA": (
        signed(info=SHORT.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
        "its key is rsa:1024",
    ),
}
ACCEPTED = {
    "in order": signed(),
    "64 letters": signed(subject=name(attribute(CN, "Щ" * 64))),
    "100 letters": signed(subject=name(attribute(CN, "Щ" * 100))),
    "no name": signed(subject=sequence()),
    "serial 0": signed(serial=b"\x02\x01\x00"),
    "negative serial": signed(serial=b"\x02\x01\x80"),
    "long serial": signed(serial=encode(2, b"\x11" * 30)),
    "attribute of a number": signed(subject=name(attribute("1.2.3.4", b"\x01", 2))),
    "early generalized time": signed(
        validity=(utc("240101000000Z"), generalized("20300101000000Z"))
    ),
    "a point off its curve": signed(info=key_info(EC_P256, b"\x04" + b"\x01" * 64)),
    "an even modulus": signed(
        info=key_info(RSA, sequence(encode(2, b"\x00\xff" + bytes(255)), encode(2, b"\x03")))
    ),
}
"""The last two have a key that no token has."""


@pytest.fixture
def trust(tmp_path: Path) -> list[Path]:
    file = tmp_path / "ca.pem"
    file.write_bytes(pem(CA.certificate))
    return [file]


@pytest.mark.parametrize(("der", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_refused_in_words(der: bytes, words: str, trust: list[Path]) -> None:
    with pytest.raises(CertificateError, match=words):
        check_certificate(der, file="a.der", trust=trust)


@pytest.mark.parametrize("der", ACCEPTED.values(), ids=ACCEPTED)
def test_what_is_only_unusual_is_accepted(der: bytes, trust: list[Path]) -> None:
    check_certificate(der, file="a.der", trust=trust)
