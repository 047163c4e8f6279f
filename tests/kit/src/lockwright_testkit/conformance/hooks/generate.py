from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from lockwright.errors import PinIncorrect, TokenFull
from lockwright.models import KeyRequest
from lockwright.pkcs11.constants import CKA, CKO
from lockwright.pkcs11.standard import user_session
from lockwright.pkcs11.values import number

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.hook_caller import NotOffered
from lockwright_testkit.conformance.scenes import ID, LABEL, key_type
from lockwright_testkit.conformance.untested import planned

_SLOW = ("rsa:3072", "rsa:4096")
"""Made like ``rsa:2048``; a token may take minutes."""


class GenerateTests:
    """``lockwright_generate``."""

    def test_a_key_pair_is_made_as_it_was_asked_for(self, bench: Bench) -> None:
        """Every type that ``key_types`` names; the public key is given in DER."""
        kinds = [kind for kind in bench.state().capabilities.key_types if kind not in _SLOW]
        if not kinds:
            bench.generate(bench.pin, KeyRequest("rsa:2048", ID, LABEL))
            pytest.fail("a key was made although the capabilities name no key type")
        for place, kind in enumerate(kinds):
            made = bench.generate(bench.pin, KeyRequest(kind, bytes([place + 1]), LABEL))
            assert (made.id, made.label) == (bytes([place + 1]), LABEL)
            assert _type_of(made.public_key) in {kind, ""}

    def test_a_private_key_never_leaves_the_token(self, bench: Bench) -> None:
        """Sensitive, not extractable, made on the token."""
        bench.generate(bench.pin, KeyRequest(_some_type(bench), ID, LABEL))
        wanted = (CKA.SENSITIVE, CKA.EXTRACTABLE)
        with user_session(bench.module, bench.token, bench.pin) as session:
            keys = session.find({CKA.CLASS: CKO.PRIVATE_KEY})
            read = [session.read(key, wanted) for key in keys]
        told = [(number(each[CKA.SENSITIVE]), number(each[CKA.EXTRACTABLE])) for each in read]
        assert told == [(1, 0)]

    def test_a_full_token_is_told_and_keeps_no_half_of_a_pair(self, bench: Bench) -> None:
        kind = _some_type(bench)
        if planned(bench, "C_GenerateKeyPair@1=0x31"):
            with pytest.raises(TokenFull):
                bench.generate(bench.pin, KeyRequest(kind, ID, LABEL))
            planned(bench, "")
            assert bench.list(bench.pin) == []

    def test_an_unknown_key_type_is_not_supported(self, bench: Bench) -> None:
        _some_type(bench)
        with pytest.raises(NotOffered):
            bench.generate(bench.pin, KeyRequest("rsa:17", ID, LABEL))

    def test_a_wrong_pin_makes_no_key(self, bench: Bench) -> None:
        kind = _some_type(bench)
        with pytest.raises(PinIncorrect):
            bench.generate(bench.wrong_pin, KeyRequest(kind, ID, LABEL))
        assert bench.list(bench.pin) == []


def _some_type(bench: Bench) -> str:
    """A type that the token makes; where it makes none, the hook's ``NotSupported`` gets out."""
    if not (kind := key_type(bench)):
        bench.generate(bench.pin, KeyRequest("rsa:2048", ID, LABEL))
    return kind


def _type_of(public_key: bytes) -> str:
    """A key's type in lockwright's words; empty for one that is not known here."""
    key = load_der_public_key(public_key)
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa:{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return {"secp256r1": "ec:p256", "secp384r1": "ec:p384"}.get(key.curve.name, "")
    return ""
