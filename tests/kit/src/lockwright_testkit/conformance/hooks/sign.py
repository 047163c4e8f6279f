from __future__ import annotations

import pytest
from lockwright.errors import KeyMissing, KeyUnclear, PinIncorrect
from lockwright.models import KeyPair, KeyRequest, ObjectKind, SignatureScheme

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.hook_caller import NotOffered
from lockwright_testkit.conformance.scenes import (
    DATA,
    ID,
    LABEL,
    key_type,
    renamed,
    scheme_of,
    verifies,
)

_QUICK = {"rsa:2048", "ec:p256", "ec:p384"}


class SignTests:
    """``lockwright_sign``."""

    def test_a_signature_is_right_for_every_type_of_key(self, bench: Bench) -> None:
        """The form is the scheme's: DER for ECDSA, which a token gives as two numbers.

        An RSA key signs by RSA-PSS, too, or it is said that the token has no such mechanism.
        """
        _needed(bench)
        for kind in _QUICK & set(bench.state().capabilities.key_types):
            key_id = kind.encode()
            pair = bench.generate(bench.pin, KeyRequest(kind, key_id, LABEL))
            scheme = scheme_of(kind)
            assert scheme is not None
            assert verifies(pair.public_key, scheme, bench.sign(bench.pin, key_id, scheme, DATA))
            if scheme is SignatureScheme.RSA_PKCS1_SHA256:
                assert _is_right_by_pss(bench, pair)

    def test_a_key_that_is_not_there_is_missing(self, bench: Bench) -> None:
        _needed(bench)
        with pytest.raises(KeyMissing):
            bench.sign(bench.pin, b"\x0d", SignatureScheme.RSA_PKCS1_SHA256, DATA)

    def test_a_ref_says_which_key_signs(self, bench: Bench) -> None:
        """Several may have one id. If this fails, the adapter does not look at ``ref``."""
        _needed(bench)
        pair = bench.generate(bench.pin, KeyRequest(key_type(bench), ID, LABEL))
        scheme = scheme_of(key_type(bench)) or SignatureScheme.RSA_PKCS1_SHA256
        refs = {obj.kind: obj.ref for obj in bench.list(bench.pin)}
        private, public = refs[ObjectKind.PRIVATE_KEY], refs[ObjectKind.PUBLIC_KEY]
        signature = bench.sign(bench.pin, ID, scheme, DATA, private)
        assert verifies(pair.public_key, scheme, signature)
        with pytest.raises(KeyMissing):
            bench.sign(bench.pin, ID, scheme, DATA, public)

    def test_which_of_two_keys_of_one_id_signs_is_not_picked(self, bench: Bench) -> None:
        """Without a ``ref`` nobody knows which one is meant."""
        _needed(bench)
        kind = key_type(bench)
        bench.generate(bench.pin, KeyRequest(kind, ID, LABEL))
        bench.generate(bench.pin, KeyRequest(kind, b"\x0e", LABEL))
        if not renamed(bench, b"\x0e", ID):
            return
        with pytest.raises(KeyUnclear):
            bench.sign(bench.pin, ID, scheme_of(kind) or SignatureScheme.RSA_PKCS1_SHA256, DATA)

    def test_a_wrong_pin_signs_nothing(self, bench: Bench) -> None:
        _needed(bench)
        bench.generate(bench.pin, KeyRequest(key_type(bench), ID, LABEL))
        with pytest.raises(PinIncorrect):
            bench.sign(bench.wrong_pin, ID, SignatureScheme.RSA_PKCS1_SHA256, DATA)


def _is_right_by_pss(bench: Bench, pair: KeyPair) -> bool:
    """Whether RSA-PSS is that; or refused, since a signature by another scheme would be wrong."""
    scheme = SignatureScheme.RSA_PSS_SHA256
    try:
        signature = bench.sign(bench.pin, pair.id, scheme, DATA)
    except NotOffered:
        return True
    return verifies(pair.public_key, scheme, signature)


def _needed(bench: Bench) -> None:
    """Where no key can be made, nothing can be signed here, and the hook must say why."""
    if not key_type(bench):
        with pytest.raises(KeyMissing):
            bench.sign(bench.pin, ID, SignatureScheme.RSA_PKCS1_SHA256, DATA)
        raise NotOffered("sign", "no key can be made to sign with")
