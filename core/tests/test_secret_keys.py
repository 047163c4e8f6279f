"""Keys of a token that make, wrap, unwrap and derive others: as software does."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import aes_key_wrap, aes_key_wrap_with_padding
from lockwright.keys.response import KeyInHand
from lockwright.pkcs11.constants import CKA, CKK, CKM, CKO, CKU
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.objects import Objects
from lockwright.pkcs11.secret_keys import NestedTemplate, SecretKeys
from lockwright.pkcs11.session import Template
from lockwright.pkcs11.using import Uses
from lockwright.pkcs11.values import pack
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

BLOCK = bytes(range(8))
DES3: Template = {
    CKA.CLASS: CKO.SECRET_KEY,
    CKA.KEY_TYPE: CKK.DES3,
    CKA.TOKEN: False,
    CKA.SENSITIVE: True,
    CKA.EXTRACTABLE: False,
    CKA.ENCRYPT: True,
}
READABLE: Template = {**DES3, CKA.SENSITIVE: False, CKA.EXTRACTABLE: True}


class Token:
    """A session with a token, logged in."""

    def __init__(self, softhsm: SoftHSM) -> None:
        slot = softhsm.add_token().slot
        self.cryptoki = Cryptoki(softhsm.module)
        self.cryptoki.initialize()
        session = self.cryptoki.open_session(slot)
        self.cryptoki.login(session, CKU.USER, Secret(USER_PIN))
        self.keys = SecretKeys(self.cryptoki, session)
        self.objects = Objects(self.cryptoki, session)
        self.uses = Uses(self.cryptoki, session)

    def aes(self, value: bytes, more: NestedTemplate) -> int:
        """An AES key of a known value."""
        kind: NestedTemplate = {CKA.CLASS: CKO.SECRET_KEY, CKA.KEY_TYPE: CKK.AES, CKA.VALUE: value}
        return self.keys.create({**kind, **more})


@pytest.fixture
def token(softhsm: SoftHSM) -> Iterator[Token]:
    made = Token(softhsm)
    yield made
    made.cryptoki.finalize()


def test_a_derived_key_is_what_the_master_encrypts(token: Token) -> None:
    master, data = secrets.token_bytes(32), secrets.token_bytes(32)
    by = token.aes(master, {CKA.DERIVE: True})

    key = token.keys.derive(CKM.AES_ECB_ENCRYPT_DATA, by, data, DES3)

    ecb = Cipher(algorithms.AES256(master), modes.ECB()).encryptor()  # noqa: S305  # the mechanism
    expected = KeyInHand(Secret(ecb.update(data)[:24]))
    assert token.uses.encrypt(key, CKM.DES3_ECB, BLOCK) == expected.des3_ecb(BLOCK)


@pytest.mark.parametrize(
    ("mechanism", "software"),
    [
        (CKM.AES_KEY_WRAP, aes_key_wrap),
        (CKM.AES_KEY_WRAP_PAD, aes_key_wrap_with_padding),
    ],
)
def test_a_key_is_wrapped_as_the_rfcs_say_and_comes_back_as_the_template_has_it(
    token: Token, mechanism: int, software: object
) -> None:
    wrapping, value = secrets.token_bytes(32), secrets.token_bytes(24)
    inside: NestedTemplate = {CKA.UNWRAP_TEMPLATE: DES3}
    by = token.aes(wrapping, {CKA.WRAP: True, CKA.UNWRAP: True, **inside})
    clear = token.objects.create({**READABLE, CKA.VALUE: Secret(value)})

    wrapped = token.keys.wrap(mechanism, by, clear)
    token.keys.destroy(clear)

    assert callable(software)
    assert wrapped == software(wrapping, value)
    key = token.keys.unwrap(mechanism, by, wrapped, DES3)
    expected = KeyInHand(Secret(value)).des3_ecb(BLOCK)
    assert token.uses.encrypt(key, CKM.DES3_ECB, BLOCK) == expected
    assert token.keys.nested(by, CKA.UNWRAP_TEMPLATE) == {
        attribute: pack(value) for attribute, value in DES3.items()
    }
    with pytest.raises(CkrError, match="C_UnwrapKey: CKR_TEMPLATE_INCONSISTENT"):
        token.keys.unwrap(mechanism, by, wrapped, READABLE)
    with pytest.raises(CkrError, match="C_UnwrapKey"):
        token.keys.unwrap(mechanism, by, bytes(len(wrapped)), DES3)


def test_a_key_is_wrapped_for_whoever_has_a_private_key(token: Token) -> None:
    private = rsa.generate_private_key(65537, 2048)
    modulus = private.public_key().public_numbers().n.to_bytes(256, "big")
    value = secrets.token_bytes(24)
    public = token.objects.create(
        {
            CKA.CLASS: CKO.PUBLIC_KEY,
            CKA.KEY_TYPE: CKK.RSA,
            CKA.WRAP: True,
            CKA.MODULUS: modulus,
            CKA.PUBLIC_EXPONENT: b"\x01\x00\x01",
        }
    )
    clear = token.objects.create({**READABLE, CKA.VALUE: Secret(value)})

    wrapped = token.keys.wrap_to(public, clear)

    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303  # as it says
    assert private.decrypt(wrapped, oaep) == value


def test_a_key_that_was_made_has_what_its_template_says(token: Token) -> None:
    made = token.keys.generate(CKM.AES_KEY_GEN, {CKA.VALUE_LEN: 32, CKA.SIGN: False})

    found = token.objects.values(made, (CKA.KEY_TYPE, CKA.VALUE_LEN, CKA.SIGN))
    assert found == {CKA.KEY_TYPE: pack(int(CKK.AES)), CKA.VALUE_LEN: pack(32), CKA.SIGN: b"\0"}
    assert token.keys.nested(made, CKA.UNWRAP_TEMPLATE) == {}
    assert token.keys.nested(made, 0xC0000001) is None
