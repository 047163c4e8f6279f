"""Keys, signatures and certificates as PKCS#11 has them, checked against cryptography."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from lockwright.pkcs11 import der
from lockwright.pkcs11.constants import CKA
from lockwright.pkcs11.spki import CURVES, certificate_fields, ecdsa_signature, public_key
from lockwright_testkit.pki import TestCa

KINDS: dict[str, ec.EllipticCurve] = {
    "ec:p256": ec.SECP256R1(),
    "ec:p384": ec.SECP384R1(),
    "ec:p521": ec.SECP521R1(),
}
UNSIGNED = st.integers(min_value=1, max_value=2**256 - 1)


def spki(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("curve", KINDS)
def test_an_ec_key_is_told_whether_its_point_is_wrapped_or_bare(curve: str) -> None:
    for _ in range(50):
        key = ec.generate_private_key(KINDS[curve]).public_key()
        point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        for value in (point, der.encode(0x04, point)):
            made = public_key({CKA.EC_PARAMS: CURVES[curve], CKA.EC_POINT: value})
            assert made == spki(key)


def test_a_bare_point_that_looks_wrapped_is_taken_as_it_is() -> None:
    """Its second byte is what the length of an OCTET STRING would be."""
    point = b"\x04\x3f" + bytes(63)
    made = public_key({CKA.EC_PARAMS: CURVES["ec:p256"], CKA.EC_POINT: point})
    assert made is not None
    assert made.endswith(point)


def test_an_rsa_key_is_told_also_with_leading_zeros() -> None:
    key = rsa.generate_private_key(65537, 2048).public_key()
    modulus = key.public_numbers().n.to_bytes(260)
    made = public_key({CKA.MODULUS: modulus, CKA.PUBLIC_EXPONENT: b"\x00\x01\x00\x01"})
    assert made == spki(key)


def test_an_object_that_shows_no_public_key_has_none() -> None:
    assert public_key({CKA.EC_PARAMS: CURVES["ec:p256"]}) is None
    assert public_key({}) is None


@given(UNSIGNED, UNSIGNED)
def test_a_signature_is_der_whatever_its_numbers(r: int, s: int) -> None:
    assert ecdsa_signature(r.to_bytes(32) + s.to_bytes(32)) == encode_dss_signature(r, s)


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=16))
def test_serial_issuer_and_subject_are_cut_out_of_a_certificate(name: str) -> None:
    certificate = CA.issue(KEY, "CN=" + "".join(f"\\{byte:02x}" for byte in name.encode()))
    fields = certificate_fields(certificate.public_bytes(Encoding.DER))
    assert fields.subject == certificate.subject.public_bytes()
    assert fields.issuer == certificate.issuer.public_bytes()
    (serial,) = der.elements(fields.serial_number)
    assert int.from_bytes(serial.content) == certificate.serial_number


CA = TestCa.root("CN=CA,O=A bank")
KEY = ec.generate_private_key(ec.SECP256R1()).public_key()
