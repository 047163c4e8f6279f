"""Listing, deleting, wiping, enrolling, with requests that the vendor's module bears."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from lockwright.errors import PinIncorrect, TokenFull
from lockwright.models import KeyRequest, ObjectKind, SignatureScheme, Token
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_etoken import adapter
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[..., tuple[Module, Token]]
Certify = Callable[[Module, Token, Secret], Callable[[Secret], None]]

CONTAINER = {ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY, ObjectKind.CERTIFICATE}


@pytest.fixture(params=["etoken", "etoken-idprime"])
def device(request: pytest.FixtureRequest, sim: SimulatorFactory) -> Simulator:
    """A token whose module dies of more attributes than four at once."""
    return sim(request.param, settings={"attributes.most": 4, "user.tries.max": 3})


def kinds(module: Module, token: Token, pin: Secret | None) -> set[ObjectKind]:
    return {obj.kind for obj in adapter.lockwright_list(module, token, pin, None)}


def test_nothing_asks_for_many_attributes_at_once(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    certify(module, token, pin)(pin)
    assert kinds(module, token, pin) == CONTAINER
    assert ObjectKind.CERTIFICATE in kinds(module, token, None)
    assert [pair.id for pair in adapter.lockwright_keys(module, token, pin, None)] == [b"\x01"]
    adapter.lockwright_state(module, token)
    adapter.lockwright_policy(module, token)
    assert device.show()["slot0.attributes.long"] == "0"


def test_a_module_that_refuses_even_few_is_asked_for_one(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    device.set("attributes.most", 1)
    module, token = found(device)
    certify(module, token, pin)
    assert kinds(module, token, pin) == CONTAINER
    state = adapter.lockwright_state(module, token)
    assert state.user_pin is not None
    assert state.user_pin.tries_left == 3


def test_what_is_deleted_is_gone_and_the_rest_stays(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    signs = certify(module, token, pin)
    (certificate,) = (
        obj
        for obj in adapter.lockwright_list(module, token, pin, None)
        if obj.kind is ObjectKind.CERTIFICATE
    )
    assert adapter.lockwright_delete(module, token, pin, [certificate.ref]) == []
    assert kinds(module, token, pin) == CONTAINER - {ObjectKind.CERTIFICATE}
    signs(pin)


def test_a_wipe_leaves_label_pin_counters_and_rules(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    certify(module, token, pin)
    before = adapter.lockwright_state(module, token), adapter.lockwright_policy(module, token)
    assert adapter.lockwright_wipe(module, token, pin) == []
    assert adapter.lockwright_list(module, token, pin, None) == []
    after = adapter.lockwright_state(module, token), adapter.lockwright_policy(module, token)
    assert (after[0].user_pin, after[1]) == (before[0].user_pin, before[1])
    assert module.slots()[0].token.label == token.identity.label


def test_a_wipe_with_a_wrong_pin_removes_nothing(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    certify(module, token, pin)
    with pytest.raises(PinIncorrect):
        adapter.lockwright_wipe(module, token, Secret("not-the-pin"))
    assert kinds(module, token, pin) == CONTAINER


def test_what_cannot_be_destroyed_is_reported(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    certify(module, token, pin)
    device.set("undestroyable", "id:01")
    failures = adapter.lockwright_wipe(module, token, pin)
    assert len(failures) == 3
    assert kinds(module, token, pin) == CONTAINER


def test_an_rsa_key_signs(device: Simulator, found: Finder, pin: Secret) -> None:
    module, token = found(device)
    pair = adapter.lockwright_generate(module, token, pin, KeyRequest("rsa:2048", b"\2", "rsa"))
    key = load_der_public_key(pair.public_key)
    assert isinstance(key, rsa.RSAPublicKey)
    scheme = SignatureScheme.RSA_PKCS1_SHA256
    mark = adapter.lockwright_sign(module, token, pin, b"\2", scheme, b"a payment", None)
    key.verify(mark, b"a payment", padding.PKCS1v15(), hashes.SHA256())


def test_a_full_token_makes_no_half_of_a_key(device: Simulator, found: Finder, pin: Secret) -> None:
    module, token = found(device)
    device.set("memory", 100, slot=0)
    with pytest.raises(TokenFull):
        adapter.lockwright_generate(module, token, pin, KeyRequest("ec:p256", b"\3", "new"))
    assert adapter.lockwright_list(module, token, pin, None) == []
