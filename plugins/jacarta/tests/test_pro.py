"""The PRO applet: nothing but the Response may follow a Request."""

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
from lockwright.models import Token, UnblockWay
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret
from lockwright_jacarta import adapter
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.answers import stand_in_answer
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[[Simulator], tuple[Module, Token]]
Lock = Callable[[Module, Token], None]
Opens = Callable[[Module, Token, Secret], bool]
Certify = Callable[[Module, Token, Secret], Callable[[Secret], None]]

NEW = Secret("Nova-pin-2")


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim("jacarta-pro", settings={"user.tries.max": 3, "so.tries.max": 3})


def ask(module: Module, token: Token) -> Secret:
    """Make a Request and answer it by the simulator's stand-in for the vendor's rule."""
    asked = adapter.lockwright_unblock_challenge(module, token)
    assert (len(asked.data), asked.response_length) == (8, None)
    return Secret(stand_in_answer(SO_PIN.encode(), asked.data, 8))


def complete(
    module: Module, token: Token, response: Secret, new_pin: Secret | None = NEW
) -> LockwrightError | None:
    try:
        adapter.lockwright_unblock_complete(module, token, response, new_pin)
    except LockwrightError as error:
        return error
    return None


def test_a_locked_token_is_unblocked_and_its_old_key_still_signs(
    device: Simulator, found: Finder, lock: Lock, certify: Certify, pin: Secret, opens: Opens
) -> None:
    module, token = found(device)
    signs = certify(module, token, pin)
    lock(module, token)
    assert complete(module, token, ask(module, token)) is None
    signs(NEW)
    assert not opens(module, token, pin)


def test_nothing_at_all_is_called_between_request_and_response(
    device: Simulator, found: Finder
) -> None:
    module, token = found(device)
    device.start_trace()
    assert complete(module, token, ask(module, token)) is None
    called = [line.split()[4] for line in device.trace()]
    assert called[called.index("JC_PJ_UnlockInit") + 1] == "JC_PJ_Unlock"


def test_a_wrong_response_says_what_it_cost(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    for left in (2, 1, 0):
        ask(module, token)
        error = complete(module, token, Secret(b"x" * 8))
        assert isinstance(error, ResponseWrong)
        assert error.facts["tries_left"] == left
    assert isinstance(complete(module, token, ask(module, token)), PinLocked)


def test_another_call_a_second_response_and_removal_are_told_apart(
    device: Simulator, found: Finder
) -> None:
    module, token = found(device)
    response = ask(module, token)
    module.token(token.identity.slot)
    assert isinstance(complete(module, token, response), RequestVoid)
    assert isinstance(complete(module, token, response), RequestVoid)
    response = ask(module, token)
    device.unplug()
    device.plug()
    assert isinstance(complete(module, token, response), TokenRemoved)
    assert device.tries("so") == 3


def test_a_weak_pin_is_refused_in_the_vendors_words_and_ends_the_request(
    device: Simulator, found: Finder
) -> None:
    device.set("user.policy.digits", 1)
    module, token = found(device)
    response = ask(module, token)
    error = complete(module, token, response, Secret("NoDigits-here"))
    assert isinstance(error, PinRefusedByToken)
    assert "digits" in str(error.facts["reason"])
    assert isinstance(complete(module, token, response), RequestVoid)
    assert device.tries("so") == 3


@pytest.mark.parametrize(
    ("rule", "value", "pin", "reason"),
    [
        ("digits", 1, "NoDigits-here", "digits"),
        ("upper", 1, "lower-case-1", "letters"),
        ("special", -1, "Special-1", "special"),
        ("repeat", 2, "Baaad-pin-1", "equal"),
        ("kinds", 3, "onlylower", "kinds"),
        ("history", 2, "User-pin-1", "used before"),
    ],
)
def test_each_reason_to_refuse_a_pin_is_told(
    device: Simulator,
    found: Finder,
    so_pin: Secret,
    rule: str,
    value: int,
    pin: str,
    reason: str,
) -> None:
    device.set(f"user.policy.{rule}", value)
    module, token = found(device)
    with pytest.raises(PinRefusedByToken, match=reason):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, Secret(pin))
    with pytest.raises(PinRefusedByToken, match=reason):
        adapter.lockwright_change_pin(module, token, Secret("User-pin-1"), Secret(pin))


def test_the_administrator_at_hand_sets_a_new_pin(
    device: Simulator, found: Finder, lock: Lock, so_pin: Secret, opens: Opens
) -> None:
    module, token = found(device)
    lock(module, token)
    with pytest.raises(PinIncorrect):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, Secret("not-the-so"), NEW)
    adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, NEW)
    assert opens(module, token, NEW)


def test_no_way_keeps_the_pin(device: Simulator, found: Finder, so_pin: Secret) -> None:
    module, token = found(device)
    assert adapter.lockwright_state(module, token).capabilities.unblock_keeps_pin == frozenset()
    with pytest.raises(NotSupported):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, None)
    assert isinstance(complete(module, token, ask(module, token), None), NotSupported)


def test_tries_are_numbers_and_ways_are_those_of_an_administrator(
    device: Simulator, found: Finder, opens: Opens
) -> None:
    module, token = found(device)
    opens(module, token, Secret("not-the-pin"))
    state = adapter.lockwright_state(module, token)
    assert state.user_pin is not None
    assert state.so_pin is not None
    assert (state.user_pin.tries_left, state.so_pin.tries_left) == (2, 3)
    assert state.capabilities.unblock_sets_pin == {UnblockWay.SO_PIN, UnblockWay.CHALLENGE}


def test_a_token_without_an_administrator_has_no_way(sim: SimulatorFactory, found: Finder) -> None:
    module, token = found(sim("jacarta-pro", so_pin=""))
    state = adapter.lockwright_state(module, token)
    assert state.so_pin is None
    assert state.capabilities.unblock_sets_pin == frozenset()
    assert state.capabilities.policy_sets == frozenset()


def test_the_policy_is_read_and_set(device: Simulator, found: Finder, so_pin: Secret) -> None:
    module, token = found(device)
    wanted = PinPolicy(min_length=8, min_digits=1, min_upper=1, max_repeated=3)
    adapter.lockwright_set_policy(module, token, so_pin, wanted)
    read = adapter.lockwright_policy(module, token)
    assert (read.min_length, read.min_digits, read.min_upper) == (8, 1, 1)
    assert (read.min_lower, read.min_special, read.max_repeated) == (0, 0, 3)
    adapter.lockwright_set_policy(module, token, so_pin, PinPolicy(min_length=4))
    assert adapter.lockwright_policy(module, token).max_repeated is None


@pytest.mark.parametrize(
    "policy",
    [
        PinPolicy(min_digits=2),
        PinPolicy(max_length=8),
        PinPolicy(refuse_guessable=True),
        PinPolicy(min_bytes=4),
    ],
)
def test_rules_that_it_has_not_are_not_set(
    device: Simulator, found: Finder, so_pin: Secret, policy: PinPolicy
) -> None:
    module, token = found(device)
    with pytest.raises(NotSupported, match="set these PIN rules"):
        adapter.lockwright_set_policy(module, token, so_pin, policy)
    assert "JC_PJ_SetUserPinPolicy" not in device.counts()
