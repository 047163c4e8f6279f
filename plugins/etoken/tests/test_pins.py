"""New PINs, the rules that refuse them, and the rules themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from lockwright.errors import (
    NotSupported,
    PinIncorrect,
    PinLocked,
    PinRefusedByToken,
    TokenRefused,
)
from lockwright.explain import explain
from lockwright.models import Token, UnblockWay
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret
from lockwright_etoken import adapter
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[..., tuple[Module, Token]]
Lock = Callable[[Module, Token], None]
Opens = Callable[[Module, Token, Secret], bool]
Certify = Callable[[Module, Token, Secret], Callable[[Secret], None]]

NEW = Secret("Nova-pin-2")
KEY = bytes(range(24)).hex().upper()
WEAK = [
    ("A-1", ("it is too short",)),
    ("A-1234567890abcdef", ("it is too long",)),
    ("Aaaaa-12", ("too many equal characters follow each other",)),
    ("abcdefgh", ("it has no digit", "it has no upper-case letter")),
    ("ABCDEFG1", ("it has no lower-case letter",)),
    ("Abc 4567", ("special characters are forbidden",)),
]


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    settings: dict[str, Setting] = {
        "user.tries.max": 3,
        "so.tries.max": 3,
        "user.policy.digits": 1,
        "user.policy.upper": 1,
        "user.policy.lower": 1,
    }
    return sim("etoken", settings=settings)


def refused(module: Module, token: Token, pin: Secret, new_pin: Secret) -> PinRefusedByToken:
    with pytest.raises(PinRefusedByToken) as caught:
        adapter.lockwright_change_pin(module, token, pin, new_pin)
    return caught.value


# --- set and change -------------------------------------------------------------------------------


def test_a_locked_token_is_opened_by_its_administrator_and_its_old_key_still_signs(
    device: Simulator, found: Finder, lock: Lock, certify: Certify, pin: Secret, so_pin: Secret
) -> None:
    module, token = found(device)
    signs = certify(module, token, pin)
    lock(module, token)
    adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, NEW)
    signs(NEW)


def test_an_idprime_is_opened_by_its_key(
    sim: SimulatorFactory, found: Finder, lock: Lock, opens: Opens
) -> None:
    module, token = found(sim("etoken-idprime", so_pin=KEY))
    lock(module, token)
    with pytest.raises(PinIncorrect):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, Secret(SO_PIN), NEW)
    adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, Secret(KEY.lower()), NEW)
    assert opens(module, token, NEW)


def test_the_administrator_can_be_locked(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    for _try in range(3):
        with pytest.raises(PinIncorrect) as caught:
            adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, Secret("wrong"), NEW)
        assert caught.value.facts["role"] == "SO PIN"
    with pytest.raises(PinLocked):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, Secret(SO_PIN), NEW)


def test_what_the_token_has_no_way_for_costs_nothing(
    device: Simulator, found: Finder, so_pin: Secret
) -> None:
    module, token = found(device)
    with pytest.raises(NotSupported, match="unblock by puk"):
        adapter.lockwright_unblock(module, token, UnblockWay.PUK, so_pin, NEW)
    with pytest.raises(NotSupported, match="keep the user PIN"):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, None)
    assert "C_Login" not in device.counts()


def test_the_owner_changes_the_pin(
    device: Simulator, found: Finder, pin: Secret, opens: Opens
) -> None:
    module, token = found(device)
    adapter.lockwright_change_pin(module, token, pin, NEW)
    assert opens(module, token, NEW)
    assert not opens(module, token, pin)


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "etoken@listed"])
@pytest.mark.parametrize(("new_pin", "why"), WEAK)
def test_a_weak_pin_is_refused_with_every_rule_that_it_breaks(
    sim: SimulatorFactory,
    found: Finder,
    pin: Secret,
    version: str,
    new_pin: str,
    why: tuple[str, ...],
) -> None:
    settings = {"user.policy.special": -1, "user.policy.digits": 1, "user.policy.upper": 1}
    device = sim("etoken", module=version, settings=settings | {"user.policy.lower": 1})
    module, token = found(device)
    error = refused(module, token, pin, Secret(new_pin))
    reason = error.facts["reason"]
    assert isinstance(reason, tuple)
    assert set(why) <= set(reason)
    assert explain(error).message == f"The token refused the new PIN: {', '.join(reason)}."
    assert device.tries() == 15


def test_a_pin_that_was_used_before_is_refused_as_such(
    device: Simulator, found: Finder, pin: Secret, so_pin: Secret
) -> None:
    module, token = found(device)
    adapter.lockwright_change_pin(module, token, pin, NEW)
    error = refused(module, token, NEW, pin)
    assert error.facts["reason"] == ("it was used before",)
    with pytest.raises(PinRefusedByToken) as caught:
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, pin)
    assert caught.value.facts["reason"] == ("it was used before",)


@pytest.mark.parametrize(("key", "rv"), [("pin.weak.rv", 0xA2), ("pin.weak.rv", 0xA3)])
def test_the_reason_is_told_whichever_code_the_token_refuses_with(
    device: Simulator, found: Finder, pin: Secret, key: str, rv: int
) -> None:
    device.set(key, rv)
    error = refused(*found(device), pin, Secret("abcd-efg"))
    assert error.facts["reason"] == ("it has no digit", "it has no upper-case letter")
    assert error.ckr == rv


def test_the_session_tells_the_reason_where_the_function_is_missing(
    sim: SimulatorFactory, found: Finder, pin: Secret
) -> None:
    device = sim("etoken", module="etoken@plain")
    error = refused(*found(device), pin, Secret("Aaaaaa-1"))
    assert error.facts["reason"] == ("too many equal characters follow each other",)


def test_the_session_tells_the_reason_where_the_function_fails(
    device: Simulator, found: Finder, pin: Secret
) -> None:
    device.fault("ETC_GetErrorInfo@*=0x7")
    error = refused(*found(device), pin, Secret("A-1a"))
    assert error.facts["reason"] == ("it is too short",)


def test_without_any_reason_the_code_speaks(device: Simulator, found: Finder, pin: Secret) -> None:
    device.fault("ETC_GetErrorInfo@*=0x7", "C_GetSessionInfo@*=0x5")
    error = refused(*found(device), pin, Secret("A-1a"))
    assert error.facts["reason"] == "it is too short or too long for the token"


# --- the rules ------------------------------------------------------------------------------------


def test_the_rules_are_read_without_a_login(device: Simulator, found: Finder) -> None:
    assert adapter.lockwright_policy(*found(device)) == PinPolicy(
        min_length=6,
        min_bytes=6,
        max_bytes=16,
        min_digits=1,
        min_upper=1,
        min_lower=1,
        max_repeated=3,
    )


@pytest.mark.parametrize("key", ["policy.object", "features"])
def test_a_token_without_rules_of_its_own_has_those_of_pkcs11(
    device: Simulator, found: Finder, so_pin: Secret, key: str
) -> None:
    device.set(key, value=False)
    module, token = found(device)
    assert adapter.lockwright_policy(module, token) == PinPolicy(min_bytes=6, max_bytes=20)
    with pytest.raises(NotSupported):
        adapter.lockwright_set_policy(module, token, so_pin, PinPolicy(min_length=8))
    assert "C_Login" not in device.counts()


def test_rules_are_set_by_the_administrator_and_kinds_left_open_are_lifted(
    device: Simulator, found: Finder, pin: Secret, so_pin: Secret
) -> None:
    module, token = found(device)
    told = adapter.lockwright_state(module, token).capabilities
    assert told.policy_sets == told.policy_reads - {"min_bytes"} | {"max_bytes"}
    asked = PinPolicy(min_length=9, max_length=14, min_special=1, max_repeated=2)
    adapter.lockwright_set_policy(module, token, so_pin, asked)
    assert adapter.lockwright_policy(module, token) == PinPolicy(
        min_length=9,
        min_bytes=6,
        max_bytes=14,
        min_special=1,
        max_repeated=2,
    )
    assert refused(module, token, pin, Secret("Nova-pi2")).facts["reason"] == ("it is too short",)


def test_a_length_that_is_left_open_is_not_lifted_in_silence(
    device: Simulator, found: Finder, so_pin: Secret
) -> None:
    module, token = found(device)
    before = adapter.lockwright_policy(module, token)
    with pytest.raises(NotSupported, match="lift a rule for the length of a PIN"):
        adapter.lockwright_set_policy(module, token, so_pin, PinPolicy())
    assert adapter.lockwright_policy(module, token) == before
    assert "C_Login" not in device.counts()


@pytest.mark.parametrize(
    "asked",
    [PinPolicy(min_digits=2), PinPolicy(min_length=8, refuse_guessable=True)],
    ids=["two-digits", "guessable"],
)
def test_a_rule_that_the_token_has_not_is_not_set_in_part(
    device: Simulator, found: Finder, so_pin: Secret, asked: PinPolicy
) -> None:
    module, token = found(device)
    before = adapter.lockwright_policy(module, token)
    with pytest.raises(NotSupported):
        adapter.lockwright_set_policy(module, token, so_pin, asked)
    assert adapter.lockwright_policy(module, token) == before
    assert "C_Login" not in device.counts()


@pytest.mark.parametrize(("key", "value"), [("policy.modifiable", False), ("policy.owner", 1)])
def test_rules_that_the_administrator_may_not_change_are_not_tried(
    device: Simulator, found: Finder, so_pin: Secret, key: str, value: Setting
) -> None:
    device.set(key, value)
    module, token = found(device)
    assert adapter.lockwright_state(module, token).capabilities.policy_sets == set()
    with pytest.raises(NotSupported):
        adapter.lockwright_set_policy(module, token, so_pin, PinPolicy(min_length=8))
    assert "C_Login" not in device.counts()


def test_rules_that_cannot_be_are_the_tokens_to_refuse(
    device: Simulator, found: Finder, so_pin: Secret
) -> None:
    module, token = found(device)
    rules = replace(adapter.lockwright_policy(module, token), min_length=17)
    with pytest.raises(TokenRefused, match="CKR_ATTRIBUTE_VALUE_INVALID"):
        adapter.lockwright_set_policy(module, token, so_pin, rules)
