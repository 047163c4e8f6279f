"""What every applet does as plain PKCS#11 does: list, delete, wipe, enrol."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright.errors import KeyMissing, PinIncorrect, TokenFull
from lockwright.models import Confidence, KeyRequest, ObjectKind, Token, TokenIdentity
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_jacarta import adapter
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[[Simulator], tuple[Module, Token]]
Certify = Callable[[Module, Token, Secret], Callable[[Secret], None]]


@pytest.fixture(params=["jacarta-pki", "jacarta-pro", "jacarta-gost2"])
def device(request: pytest.FixtureRequest, sim: SimulatorFactory) -> Simulator:
    return sim(request.param)


def kinds(module: Module, token: Token, pin: Secret | None) -> list[ObjectKind]:
    return sorted(obj.kind for obj in adapter.lockwright_list(module, token, pin, None))


def test_each_applet_is_claimed_by_manufacturer_and_model(device: Simulator, found: Finder) -> None:
    _module, token = found(device)
    claimed = adapter.lockwright_match(token.identity)
    assert claimed is not None
    assert claimed.confidence is Confidence.MODEL
    assert token.identity.model in claimed.reason


@pytest.mark.parametrize(
    ("manufacturer", "model"),
    [("Aladdin R.D.", "JaCarta DS"), ("Aladdin R.D.", "eToken GOST"), ("Somebody", "PRO")],
)
def test_nothing_else_is_claimed(
    device: Simulator, found: Finder, manufacturer: str, model: str
) -> None:
    module, _token = found(device)
    identity = TokenIdentity("1", "", model, manufacturer, module.info(), 0, "")
    assert adapter.lockwright_match(identity) is None


def test_a_key_and_its_certificate_are_listed_and_deleted(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    signs = certify(module, token, pin)
    signs(pin)
    assert ObjectKind.PRIVATE_KEY not in kinds(module, token, None)
    objects = adapter.lockwright_list(module, token, pin, None)
    assert {obj.id for obj in objects} == {b"\1"}
    assert adapter.lockwright_delete(module, token, pin, [obj.ref for obj in objects]) == []
    assert kinds(module, token, pin) == []
    with pytest.raises(KeyMissing):
        signs(pin)


def test_a_wipe_leaves_label_and_pin(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    certify(module, token, pin)
    assert adapter.lockwright_wipe(module, token, pin) == []
    assert kinds(module, token, pin) == []
    assert module.slots()[0].token.label == "simulated"


def test_a_wrong_pin_deletes_nothing(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    certify(module, token, pin)
    with pytest.raises(PinIncorrect):
        adapter.lockwright_wipe(module, token, Secret("not-the-pin"))
    assert len(kinds(module, token, pin)) == 3


def test_a_full_token_says_so_and_keeps_no_half(
    device: Simulator, found: Finder, pin: Secret
) -> None:
    device.set("memory", 1000)
    module, token = found(device)
    with pytest.raises(TokenFull):
        adapter.lockwright_generate(module, token, pin, KeyRequest("rsa:2048", b"\2", "new"))
    assert kinds(module, token, pin) == []


def test_keys_are_found_by_their_owner(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    certify(module, token, pin)
    (pair,) = adapter.lockwright_keys(module, token, pin, None)
    assert (pair.id, pair.label) == (b"\1", "old")


def test_the_modules_are_known_absolute_paths() -> None:
    paths = adapter.lockwright_modules({})
    assert {path.name for path in paths} >= {"libjcPKCS11-2.so", "jcPKCS11-2"}
