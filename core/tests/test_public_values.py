"""One key, however tokens and certificates write it, has one public value."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lockwright.pkcs11 import public_values
from lockwright.pkcs11.constants import CKA
from lockwright.pkcs11.der import OCTET_STRING, encode
from lockwright_testkit.pki import TestCa

CA = TestCa.root()


def in_certificate(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes | None:
    return public_values.of_certificate(CA.issue(key, "CN=x").public_bytes(Encoding.DER))


@pytest.mark.parametrize("curve", [ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, ec.BrainpoolP512R1])
def test_a_point_is_the_same_raw_and_wrapped_and_in_a_certificate(
    curve: type[ec.EllipticCurve],
) -> None:
    key = ec.generate_private_key(curve()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    wrapped = encode(OCTET_STRING, point)

    assert public_values.of_key({CKA.EC_POINT: point}) == point
    assert public_values.of_key({CKA.EC_POINT: wrapped}) == point
    assert in_certificate(key) == point


def test_a_raw_point_that_begins_like_a_wrapping_is_left_whole() -> None:
    point = bytes([4, 63]) + bytes(63)

    assert public_values.of_key({CKA.EC_POINT: point}) == point


def test_a_modulus_is_the_same_with_zeros_in_front_and_in_a_certificate() -> None:
    key = rsa.generate_private_key(65537, 2048).public_key()
    modulus = key.public_numbers().n.to_bytes(256)

    assert public_values.of_key({CKA.MODULUS: modulus}) == modulus
    assert public_values.of_key({CKA.MODULUS: b"\0\0" + modulus}) == modulus
    assert in_certificate(key) == modulus


@pytest.mark.parametrize("length", [64, 128])
def test_a_gost_point_is_the_same_raw_and_wrapped(length: int) -> None:
    """OpenSC's module wraps it, Rutoken's does not; a raw one may begin with 04 as well."""
    for point in (bytes(range(length)), bytes([4, length - 2]) + bytes(length - 2)):
        assert public_values.of_key({CKA.VALUE: point}) == point
        assert public_values.of_key({CKA.VALUE: encode(OCTET_STRING, point)}) == point


@pytest.mark.parametrize("kind", [ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey])
def test_an_edwards_point_is_the_same_in_each_string_and_in_a_certificate(
    kind: type[ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey],
) -> None:
    """PKCS#11 3.0 wants an OCTET STRING; OpenSC wrote a BIT STRING; others neither."""
    key = kind.generate()
    point = key.public_key().public_bytes_raw()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(CA.certificate.subject)
        .issuer_name(CA.certificate.subject)
        .serial_number(7)
        .not_valid_before(CA.certificate.not_valid_before_utc)
        .not_valid_after(CA.certificate.not_valid_after_utc)
        .public_key(key.public_key())
        .sign(key, None)
    )

    assert public_values.of_certificate(certificate.public_bytes(Encoding.DER)) == point
    for value in (point, encode(OCTET_STRING, point), encode(0x03, b"\0", point)):
        assert public_values.of_key({CKA.EC_POINT: value}) == point


@pytest.mark.parametrize("attributes", [{}, {CKA.MODULUS: b""}, {CKA.MODULUS: b"\0\0"}])
def test_a_key_that_shows_nothing_has_no_public_value(attributes: Mapping[int, bytes]) -> None:
    assert public_values.of_key(attributes) is None


def test_a_certificate_cut_anywhere_has_no_public_value() -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    whole = CA.issue(key, "CN=x").public_bytes(Encoding.DER)

    assert public_values.of_certificate(whole) is not None
    assert public_values.of_certificate(whole + b"\0\0") is not None
    assert {public_values.of_certificate(whole[:cut]) for cut in range(len(whole))} == {None}
