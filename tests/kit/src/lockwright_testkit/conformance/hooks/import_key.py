from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from lockwright.errors import PinIncorrect, PinLocked, TokenFull
from lockwright.models import ObjectKind
from lockwright.pkcs11.constants import CKA, CKO
from lockwright.pkcs11.public_values import of_info
from lockwright.pkcs11.standard import user_session
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import (
    DATA,
    ID,
    LABEL,
    key_type,
    lock,
    scheme_of,
    verifies,
)
from lockwright_testkit.conformance.untested import planned

_DEVICE_MEMORY = "C_CreateObject@{}=0x31"


class ImportKeyTests:
    """``lockwright_import_key``."""

    def test_a_key_that_was_made_elsewhere_signs_and_never_leaves(self, bench: Bench) -> None:
        """Both halves are there; the private one as if it had been made on the token."""
        key, public_key = _pair(bench)
        bench.import_key(bench.pin, key, public_key, ID, LABEL)
        scheme = scheme_of(_kind(bench))
        assert scheme is not None
        assert verifies(public_key, scheme, bench.sign(bench.pin, ID, scheme, DATA))
        asked = (CKA.SENSITIVE, CKA.EXTRACTABLE)
        with user_session(bench.module, bench.token, bench.pin, write=False) as session:
            (found,) = session.find({CKA.CLASS: CKO.PRIVATE_KEY, CKA.ID: ID})
            told = session.numbers(found, asked)
        assert [told[each] for each in asked] == [1, 0]
        pair = [obj for obj in bench.list(bench.pin) if (obj.id, obj.label) == (ID, LABEL)]
        assert {obj.kind for obj in pair} >= {ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY}
        shown = {obj.public_value for obj in pair if obj.kind is ObjectKind.PUBLIC_KEY}
        assert shown == {of_info(public_key)}

    def test_a_pair_that_finds_no_room_leaves_no_half(self, bench: Bench) -> None:
        key, public_key = _pair(bench)
        if not planned(bench, _DEVICE_MEMORY.format(2)):
            return
        with pytest.raises(TokenFull):
            bench.import_key(bench.pin, key, public_key, ID, LABEL)
        planned(bench, "")
        kinds = {obj.kind for obj in bench.list(bench.pin)}
        assert not kinds & {ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY}

    def test_a_wrong_pin_imports_nothing(self, bench: Bench) -> None:
        key, public_key = _pair(bench)
        with pytest.raises(PinIncorrect):
            bench.import_key(bench.wrong_pin, key, public_key, ID, LABEL)
        assert bench.list(bench.pin) == []

    def test_a_locked_pin_imports_nothing(self, bench: Bench) -> None:
        """Told as locked: another try would not help."""
        key, public_key = _pair(bench)
        if lock(bench):
            with pytest.raises(PinLocked):
                bench.import_key(bench.pin, key, public_key, ID, LABEL)
            assert bench.list(None) == []


def _kind(bench: Bench) -> str:
    """A type of key that the token can sign with, or a usual one."""
    return "rsa:2048" if key_type(bench).startswith("rsa") else "ec:p256"


def _pair(bench: Bench) -> tuple[Secret, bytes]:
    """A private key, PrivateKeyInfo, and its public key, SubjectPublicKeyInfo; DER."""
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if _kind(bench) == "rsa:2048":
        key = rsa.generate_private_key(65537, 2048)
    else:
        key = ec.generate_private_key(ec.SECP256R1())
    return (
        Secret(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    )
