from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from lockwright.errors import PinIncorrect, TokenFull
from lockwright.models import ObjectKind, SignatureScheme
from lockwright.pkcs11.constants import CKA, CKO
from lockwright.pkcs11.standard import user_session
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import DATA, ID, LABEL, verifies

_DEVICE_MEMORY = "C_CreateObject@{}=0x31"


class ImportKeyTests:
    """``lockwright_import_key``."""

    def test_a_key_that_was_made_elsewhere_signs_and_never_leaves(self, bench: Bench) -> None:
        """It is sensitive and not extractable, as one that was made on the token is."""
        key, public_key = _pair()
        bench.import_key(bench.pin, key, public_key, ID, LABEL)
        signature = bench.sign(bench.pin, ID, SignatureScheme.ECDSA_SHA256, DATA)
        assert verifies(public_key, SignatureScheme.ECDSA_SHA256, signature)
        asked = (CKA.SENSITIVE, CKA.EXTRACTABLE)
        with user_session(bench.module, bench.token, bench.pin, write=False) as session:
            (found,) = session.find({CKA.CLASS: CKO.PRIVATE_KEY, CKA.ID: ID})
            told = session.numbers(found, asked)
        assert [told[each] for each in asked] == [1, 0]

    def test_a_pair_that_finds_no_room_leaves_no_half(self, bench: Bench) -> None:
        key, public_key = _pair()
        if bench.subject.fault is None:
            pytest.skip("the module cannot be made to fail")
        bench.subject.fault(_DEVICE_MEMORY.format(2))
        with pytest.raises(TokenFull):
            bench.import_key(bench.pin, key, public_key, ID, LABEL)
        bench.subject.fault("")
        kinds = {obj.kind for obj in bench.list(bench.pin)}
        assert not kinds & {ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY}

    def test_a_wrong_pin_imports_nothing(self, bench: Bench) -> None:
        key, public_key = _pair()
        with pytest.raises(PinIncorrect):
            bench.import_key(bench.wrong_pin, key, public_key, ID, LABEL)
        assert bench.list(bench.pin) == []


def _pair() -> tuple[Secret, bytes]:
    """A private key, PrivateKeyInfo, and its public key, SubjectPublicKeyInfo; DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    return (
        Secret(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    )
