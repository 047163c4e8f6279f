"""The applet of JaCarta-2 GOST: a PUK, and a Response that keeps the PIN."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright.errors import (
    LockwrightError,
    NotSupported,
    PinIncorrect,
    PinLocked,
    PinRefusedByToken,
    RequestVoid,
    ResponseWrong,
    TokenRemoved,
)
from lockwright.models import PinState, PinStatus, Token, UnblockWay
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret
from lockwright_jacarta import adapter
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.answers import stand_in_answer
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[[Simulator], tuple[Module, Token]]
Lock = Callable[[Module, Token], None]
Opens = Callable[[Module, Token, Secret], bool]
Certify = Callable[[Module, Token, Secret], Callable[[Secret], None]]

KEY = b"0" * 32
PUK, NEW = Secret("0987654321"), Secret("Nova-pin-2")


@pytest.fixture(params=["C_InitPIN", "C_SetPIN"])
def device(request: pytest.FixtureRequest, sim: SimulatorFactory) -> Simulator:
    """A token of either kind: which call follows a login with the PUK is not public."""
    settings: dict[str, Setting] = {
        "admin.key": KEY,
        "puk.pin": "0987654321",
        "puk.tries.max": 2,
        "puk.sets": request.param,
        "user.tries.max": 3,
        "info.grown": True,
    }
    return sim("jacarta-gost2", settings=settings)


def ask(module: Module, token: Token) -> Secret:
    """Make a Request and answer it by the simulator's stand-in for the vendor's workstation."""
    asked = adapter.lockwright_unblock_challenge(module, token)
    assert asked.response_length is None
    return Secret(stand_in_answer(KEY, asked.data, 16))


def complete(
    module: Module, token: Token, response: Secret, new_pin: Secret | None = None
) -> LockwrightError | None:
    try:
        adapter.lockwright_unblock_complete(module, token, response, new_pin)
    except LockwrightError as error:
        return error
    return None


def test_the_puk_sets_a_new_pin_and_the_old_key_still_signs(
    device: Simulator, found: Finder, lock: Lock, certify: Certify, pin: Secret, opens: Opens
) -> None:
    module, token = found(device)
    signs = certify(module, token, pin)
    lock(module, token)
    adapter.lockwright_unblock(module, token, UnblockWay.PUK, PUK, NEW)
    signs(NEW)
    assert not opens(module, token, pin)


def test_a_response_unblocks_and_keeps_the_pin(
    device: Simulator, found: Finder, lock: Lock, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    signs = certify(module, token, pin)
    lock(module, token)
    assert complete(module, token, ask(module, token)) is None
    signs(pin)


def test_a_response_sets_no_pin(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    error = complete(module, token, ask(module, token), NEW)
    assert isinstance(error, NotSupported)
    assert "JC_KT2_UnlockWithResponse" not in device.counts()


def test_wrong_and_void_responses_are_told_apart(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    response = ask(module, token)
    error = complete(module, token, Secret(b"x" * 16))
    assert isinstance(error, ResponseWrong)
    assert error.facts["tries_left"] is None
    assert "whether a try was spent is not known" in error.cost
    assert isinstance(complete(module, token, response), RequestVoid)
    response = ask(module, token)
    module.token(token.identity.slot)
    assert isinstance(complete(module, token, response), RequestVoid)
    response = ask(module, token)
    device.unplug()
    device.plug()
    assert isinstance(complete(module, token, response), TokenRemoved)


def test_a_wrong_puk_says_what_is_left_until_it_locks(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    for left, state in ((1, PinState.FINAL_TRY), (0, PinState.LOCKED)):
        with pytest.raises(PinIncorrect) as caught:
            adapter.lockwright_unblock(module, token, UnblockWay.PUK, Secret("wrong-puk"), NEW)
        facts = caught.value.facts
        assert (facts["role"], facts["tries_left"], facts["state"]) == ("PUK", left, state)
    with pytest.raises(PinLocked):
        adapter.lockwright_unblock(module, token, UnblockWay.PUK, PUK, NEW)


def test_a_weak_pin_is_refused_and_the_puk_logged_out(
    device: Simulator, found: Finder, pin: Secret, opens: Opens
) -> None:
    module, token = found(device)
    with pytest.raises(PinRefusedByToken):
        adapter.lockwright_unblock(module, token, UnblockWay.PUK, PUK, Secret("short"))
    assert opens(module, token, pin)


def test_what_is_not_offered_is_said_without_a_try(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    for way, new_pin in ((UnblockWay.SO_PIN, NEW), (UnblockWay.PUK, None)):
        with pytest.raises(NotSupported):
            adapter.lockwright_unblock(module, token, way, PUK, new_pin)
    with pytest.raises(NotSupported, match="only the vendor's workstation"):
        adapter.lockwright_set_policy(module, token, PUK, PinPolicy(min_length=8))
    assert "C_Login" not in device.counts()


def test_its_state_has_tries_and_no_so(device: Simulator, found: Finder, opens: Opens) -> None:
    module, token = found(device)
    opens(module, token, Secret("not-the-pin"))
    state = adapter.lockwright_state(module, token)
    assert state.user_pin is not None
    assert state.user_pin.tries_left == 2
    assert state.so_pin is None
    assert state.puk == PinStatus(PinState.OK, tries_left=2)
    assert state.capabilities.unblock_sets_pin == {UnblockWay.PUK}
    assert state.capabilities.unblock_keeps_pin == {UnblockWay.CHALLENGE}


def test_a_token_without_a_puk_does_not_offer_it(sim: SimulatorFactory, found: Finder) -> None:
    module, token = found(sim("jacarta-gost2"))
    state = adapter.lockwright_state(module, token)
    assert state.puk is None
    assert state.capabilities.unblock_sets_pin == frozenset()


def test_its_policy_begins_at_six(device: Simulator, found: Finder) -> None:
    device.set("user.policy.min", 8)
    device.set("user.policy.upper", 1)
    module, token = found(device)
    read = adapter.lockwright_policy(module, token)
    assert (read.min_length, read.min_upper, read.min_lower, read.min_digits) == (8, 1, 0, 0)


def test_a_module_without_the_vendors_functions_still_takes_the_puk(
    sim: SimulatorFactory, found: Finder, lock: Lock, opens: Opens
) -> None:
    settings: dict[str, Setting] = {"puk.pin": "0987654321", "user.tries.max": 3}
    module, token = found(sim("jacarta-gost2", module="jacarta@plain", settings=settings))
    can = adapter.lockwright_state(module, token).capabilities
    assert can.unblock_sets_pin == {UnblockWay.PUK}
    assert can.unblock_keeps_pin == frozenset()
    lock(module, token)
    adapter.lockwright_unblock(module, token, UnblockWay.PUK, PUK, NEW)
    assert opens(module, token, NEW)
