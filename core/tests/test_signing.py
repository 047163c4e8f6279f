"""A person signs a text with a key of theirs, by the Python API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from lockwright import Config, Runner, Secret
from lockwright.errors import KeyMissing, PinIncorrect
from lockwright.models import Token
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

TEXT = b"I agree"
PIN = Secret(USER_PIN)


@pytest.fixture
def runner() -> Iterator[Runner]:
    with Runner(Config(audit=None), isolate=False) as runner:
        yield runner


@pytest.fixture
def token(softhsm: SoftHSM, runner: Runner) -> Token:
    return runner.find(softhsm.add_token("Boris").serial)


@pytest.mark.parametrize("key_type", ["rsa:2048", "ec:p256", "ec:p384"])
def test_a_signature_fits_the_key_that_is_meant_among_others(
    runner: Runner, token: Token, key_type: str
) -> None:
    runner.request(token, PIN, "CN=Other", key_type="ec:p256")
    meant = runner.request(token, PIN, "CN=Boris", key_type=key_type).key.public_key

    signature = runner.sign(token, PIN, meant, TEXT)

    key = load_der_public_key(meant)
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, TEXT, PKCS1v15(), hashes.SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        wide = key.key_size > 256
        key.verify(signature, TEXT, ec.ECDSA(hashes.SHA384() if wide else hashes.SHA256()))


def test_a_key_that_is_elsewhere_or_of_another_kind_signs_nothing(
    runner: Runner, token: Token
) -> None:
    runner.request(token, PIN, "CN=Boris", key_type="ec:p256")
    elsewhere = ec.generate_private_key(ec.SECP256R1()).public_key()
    unknown = ed25519.Ed25519PrivateKey.generate().public_key()
    info = [
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        for key in (elsewhere, unknown)
    ]

    with pytest.raises(KeyMissing):
        runner.sign(token, PIN, info[0], TEXT)
    with pytest.raises((TypeError, KeyMissing)):
        runner.sign(token, PIN, info[1], TEXT)
    with pytest.raises(PinIncorrect):
        runner.sign(token, Secret("not-the-pin"), info[0], TEXT)
