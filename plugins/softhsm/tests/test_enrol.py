from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from lockwright.errors import (
    UNKNOWN_COST,
    KeyMissing,
    NotSupported,
    TokenFull,
    TokenRefused,
    TokenRemoved,
)
from lockwright.models import KeyRequest, ObjectKind, SignatureScheme, Token
from lockwright.pkcs11.constants import CKA, CKO
from lockwright.pkcs11.session import Module
from lockwright.pkcs11.standard import user_session
from lockwright.secret import Secret
from lockwright_softhsm import adapter
from lockwright_testkit.pki import TestCa

REQUEST = KeyRequest("ec:p256", b"\x01\x02", "Ключ 1")
MESSAGE = b"what is signed"


def verify(public_key: bytes, signature: bytes, scheme: SignatureScheme) -> None:
    key = load_der_public_key(public_key)
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, MESSAGE, padding.PKCS1v15(), hashes.SHA256())
        return
    assert isinstance(key, ec.EllipticCurvePublicKey)
    sha384 = scheme is SignatureScheme.ECDSA_SHA384
    key.verify(signature, MESSAGE, ec.ECDSA(hashes.SHA384() if sha384 else hashes.SHA256()))


@pytest.mark.parametrize(
    ("key_type", "scheme"),
    [
        ("rsa:2048", SignatureScheme.RSA_PKCS1_SHA256),
        ("rsa:3072", SignatureScheme.RSA_PKCS1_SHA256),
        ("ec:p256", SignatureScheme.ECDSA_SHA256),
        ("ec:p384", SignatureScheme.ECDSA_SHA384),
    ],
)
def test_a_key_made_on_the_token_signs(
    module: Module, token: Token, pin: Secret, key_type: str, scheme: SignatureScheme
) -> None:
    request = KeyRequest(key_type, b"\x01", "new key")
    pair = adapter.lockwright_generate(module, token, pin, request)
    assert (pair.id, pair.label) == (b"\x01", "new key")
    assert list(adapter.lockwright_keys(module, token, pin, None)) == [pair]
    signature = adapter.lockwright_sign(module, token, pin, b"\x01", scheme, MESSAGE, None)
    verify(pair.public_key, signature, scheme)
    with pytest.raises(InvalidSignature):
        verify(pair.public_key, signature[:-1] + bytes([signature[-1] ^ 1]), scheme)
    listed = adapter.lockwright_list(module, token, pin, None)
    assert {obj.key_type for obj in listed} == {key_type}


def test_a_token_that_only_pads_gets_the_digest(
    module: Module, token: Token, pin: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = adapter.lockwright_generate(module, token, pin, KeyRequest("rsa:2048", b"\x01", "k"))
    monkeypatch.setattr(type(module), "mechanisms", lambda *_: frozenset({0x1}))
    scheme = SignatureScheme.RSA_PKCS1_SHA256
    verify(
        pair.public_key,
        adapter.lockwright_sign(module, token, pin, b"\x01", scheme, MESSAGE, None),
        scheme,
    )


def test_the_private_key_is_sensitive_and_never_leaves(
    module: Module, token: Token, pin: Secret
) -> None:
    adapter.lockwright_generate(module, token, pin, REQUEST)
    with user_session(module, token, pin) as session:
        (key,) = session.find({CKA.CLASS: CKO.PRIVATE_KEY})
        yes = (CKA.SENSITIVE, CKA.ALWAYS_SENSITIVE, CKA.NEVER_EXTRACTABLE, CKA.LOCAL, CKA.PRIVATE)
        read = session.read(key, [*yes, CKA.EXTRACTABLE, CKA.VALUE])
    assert {attribute: read[attribute] for attribute in yes} == dict.fromkeys(yes, b"\x01")
    assert read[CKA.EXTRACTABLE] == b"\x00"
    assert CKA.VALUE not in read


def test_a_certificate_is_stored_beside_its_key(module: Module, token: Token, pin: Secret) -> None:
    pair = adapter.lockwright_generate(module, token, pin, REQUEST)
    key = load_der_public_key(pair.public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    certificate = TestCa.root().issue(key, "CN=Анна,O=Bank")
    der = certificate.public_bytes(Encoding.DER)
    adapter.lockwright_store(module, token, pin, pair.id, pair.label, der)
    (stored,) = [obj for obj in adapter.lockwright_list(module, token, None, None) if obj.value]
    assert (stored.kind, stored.id, stored.label, stored.value) == (
        ObjectKind.CERTIFICATE,
        pair.id,
        pair.label,
        der,
    )
    with user_session(module, token, None) as session:
        (handle,) = session.find({CKA.CLASS: CKO.CERTIFICATE})
        read = session.read(handle, [CKA.SUBJECT, CKA.ISSUER, CKA.SERIAL_NUMBER])
    assert read[CKA.SUBJECT] == certificate.subject.public_bytes()
    assert read[CKA.ISSUER] == certificate.issuer.public_bytes()
    assert int.from_bytes(read[CKA.SERIAL_NUMBER][2:]) == certificate.serial_number


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("C_GenerateKeyPair@1=0x31", TokenFull),
        ("C_GenerateKeyPair@1=0x70", NotSupported),
    ],
)
def test_a_generation_that_fails_leaves_no_half_of_a_pair(
    module: Module,
    token: Token,
    pin: Secret,
    faults: Callable[[str], None],
    fault: str,
    error: type[Exception],
) -> None:
    faults(fault)
    with pytest.raises(error):
        adapter.lockwright_generate(module, token, pin, REQUEST)
    faults("")
    assert adapter.lockwright_list(module, token, pin, None) == []
    adapter.lockwright_generate(module, token, pin, REQUEST)


def test_a_half_that_cannot_be_removed_is_not_called_unchanged(
    module: Module, token: Token, pin: Secret, faults: Callable[[str], None]
) -> None:
    faults("C_GetAttributeValue@*=0x30; C_DestroyObject@*=0x30")
    with pytest.raises(TokenRefused, match="half-made") as caught:
        adapter.lockwright_generate(module, token, pin, REQUEST)
    assert caught.value.cost == UNKNOWN_COST


def test_a_certificate_that_finds_no_room_leaves_nothing(
    module: Module, token: Token, pin: Secret, faults: Callable[[str], None]
) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    der = TestCa.root().issue(key).public_bytes(Encoding.DER)
    faults("C_CreateObject@1=0x31")
    with pytest.raises(TokenFull, match=token.serial):
        adapter.lockwright_store(module, token, pin, b"\x01", "label", der)
    faults("")
    assert adapter.lockwright_list(module, token, pin, None) == []


def test_an_id_in_use_is_not_used_twice_and_its_key_stays(
    module: Module, token: Token, pin: Secret
) -> None:
    pair = adapter.lockwright_generate(module, token, pin, REQUEST)
    with pytest.raises(TokenRefused, match="in use"):
        adapter.lockwright_generate(module, token, pin, REQUEST)
    assert list(adapter.lockwright_keys(module, token, pin, None)) == [pair]


@pytest.mark.parametrize("key_type", ["rsa:1024", "ec:secp192k1", "gost:2012"])
def test_a_key_type_nobody_makes_is_refused_before_the_token_is_touched(
    module: Module,
    token: Token,
    pin: Secret,
    faults: Callable[[str], None],
    key_type: str,
) -> None:
    faults("C_OpenSession@*=0x30")
    with pytest.raises(NotSupported, match=key_type):
        adapter.lockwright_generate(module, token, pin, KeyRequest(key_type, b"\x01", "k"))


def test_a_key_that_is_not_there_is_named(module: Module, token: Token, pin: Secret) -> None:
    with pytest.raises(KeyMissing, match="beef"):
        adapter.lockwright_sign(
            module, token, pin, b"\xbe\xef", SignatureScheme.ECDSA_SHA256, MESSAGE, None
        )


@pytest.mark.parametrize("nth", range(1, 7))
def test_no_half_is_left_when_the_token_goes_while_the_public_key_is_read(
    module: Module, token: Token, pin: Secret, faults: Callable[[str], None], nth: int
) -> None:
    """Fail each of the requests after the generation, some of which a binding may shrug off."""
    faults(f"C_GetAttributeValue@{nth}=0x32")
    with suppress(TokenRemoved):
        adapter.lockwright_generate(module, token, pin, REQUEST)
    faults("")
    listed = adapter.lockwright_list(module, token, pin, None)
    assert len(listed) == 2 * len(adapter.lockwright_keys(module, token, pin, None))
