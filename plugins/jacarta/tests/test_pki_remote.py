"""A remote unblock of the PKI applet: a Request, a Response, a new PIN."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright.errors import (
    LockwrightError,
    NotSupported,
    PinLocked,
    PinRefusedByToken,
    RequestMalformed,
    RequestVoid,
    ResponseWrong,
    TokenRemoved,
)
from lockwright.keys.response import KeyInHand
from lockwright.models import PinState, Token, UnblockWay
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_jacarta import adapter
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.answers import des3_answer
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[[Simulator], tuple[Module, Token]]
Lock = Callable[[Module, Token], None]
Opens = Callable[[Module, Token, Secret], bool]
Certify = Callable[[Module, Token, Secret], Callable[[Secret], None]]

KEY = bytes(range(24))
NEW = Secret("Nova-pin-2")
MODEL = "JaCarta Laser"
OLD_MODULE = "jacarta@2.9"


@pytest.fixture(params=["", OLD_MODULE], ids=["module", "older-module"])
def device(request: pytest.FixtureRequest, sim: SimulatorFactory) -> Simulator:
    """A token whose administrator is a key, in the present module and in an older one."""
    settings: dict[str, Setting] = {"admin.key": KEY, "user.tries.max": 3, "user.unblocks.max": 5}
    return sim("jacarta-pki", module=request.param, settings=settings)


def answer(challenge: bytes) -> Secret:
    response = adapter.lockwright_respond(MODEL, challenge, KeyInHand(Secret(KEY)))
    return Secret(response)


def ask(module: Module, token: Token) -> bytes:
    return adapter.lockwright_unblock_challenge(module, token).data


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
    assert device.tries() == 0
    challenge = adapter.lockwright_unblock_challenge(module, token)
    assert (challenge.serial, len(challenge.data)) == (token.serial, 8)
    assert challenge.response_length == 8
    adapter.lockwright_unblock_complete(module, token, answer(challenge.data), NEW)
    signs(NEW)
    assert not opens(module, token, pin)


def test_the_pin_can_be_kept(
    device: Simulator, found: Finder, lock: Lock, pin: Secret, opens: Opens
) -> None:
    module, token = found(device)
    lock(module, token)
    assert complete(module, token, answer(ask(module, token)), None) is None
    assert opens(module, token, pin)


def test_nothing_touches_the_token_between_request_and_response(
    device: Simulator, found: Finder
) -> None:
    module, token = found(device)
    device.start_trace()
    response = answer(ask(module, token))
    assert complete(module, token, response) is None
    called = [line.split()[4] for line in device.trace()]
    at = called.index("JC_PKI_GetChallenge") + 1
    if "JC_PKI_UnlockUserPinWithResponse" in called:
        assert called[at] == "JC_PKI_UnlockUserPinWithResponse"
    else:
        assert called[at : at + 2] == ["C_Login", "C_InitPIN"]
    assert called[-1] == "C_CloseSession"


def test_a_wrong_response_says_what_it_cost_and_what_is_left(
    device: Simulator, found: Finder
) -> None:
    module, token = found(device)
    for left, state in ((2, None), (1, PinState.FINAL_TRY), (0, PinState.LOCKED)):
        ask(module, token)
        error = complete(module, token, Secret(b"x" * 8))
        assert isinstance(error, ResponseWrong)
        assert (error.facts["tries_left"], error.facts["state"]) == (left, state)
    error = complete(module, token, answer(ask(module, token)))
    assert isinstance(error, PinLocked)
    assert error.facts["role"] == "administrator's key"


@pytest.mark.parametrize("rv", [0x30, 0x5, 0x80000016])
def test_a_wrong_response_is_told_by_the_tries_whatever_the_token_returns(
    device: Simulator, found: Finder, rv: int
) -> None:
    device.set("response.wrong.rv", hex(rv))
    module, token = found(device)
    ask(module, token)
    assert isinstance(complete(module, token, Secret(b"x" * 8)), ResponseWrong)


@pytest.mark.parametrize("rv", [0xA0, 0x80000016])
def test_a_request_that_another_program_voided_is_told_apart_from_a_wrong_response(
    device: Simulator, found: Finder, rv: int
) -> None:
    device.set("response.void.rv", hex(rv))
    module, token = found(device)
    response = answer(ask(module, token))
    module.token(token.identity.slot)
    error = complete(module, token, response)
    assert isinstance(error, RequestVoid)
    assert device.tries("so") == 3


def test_a_request_is_good_for_one_response(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    response = answer(ask(module, token))
    assert complete(module, token, response) is None
    assert isinstance(complete(module, token, response), RequestVoid)


def test_a_second_request_voids_the_first(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    first = answer(ask(module, token))
    ask(module, token)
    assert isinstance(complete(module, token, first), ResponseWrong)


def test_a_cancelled_request_is_void(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    response = answer(ask(module, token))
    adapter.lockwright_unblock_cancel(module, token)
    assert device.show()["slot0.challenge"] == ""
    assert isinstance(complete(module, token, response), RequestVoid)
    assert device.tries("so") == 3


def test_a_token_that_was_pulled_out_is_gone(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    response = answer(ask(module, token))
    device.unplug()
    device.plug()
    assert isinstance(complete(module, token, response), TokenRemoved)
    assert complete(module, token, answer(ask(module, token))) is None


def test_a_pin_that_the_token_refuses_ends_the_request(device: Simulator, found: Finder) -> None:
    module, token = found(device)
    response = answer(ask(module, token))
    error = complete(module, token, response, Secret("abc"))
    assert isinstance(error, PinRefusedByToken)
    assert "too short" in str(error.facts["reason"])
    assert "the Request is void" in error.cost
    assert isinstance(complete(module, token, response), RequestVoid)
    assert device.tries("so") == 3


def test_no_unblock_is_left_at_some_time(sim: SimulatorFactory, found: Finder) -> None:
    settings: dict[str, Setting] = {"admin.key": KEY, "user.unblocks.max": 255}
    module, token = found(sim("jacarta-pki", settings=settings))
    state = adapter.lockwright_state(module, token)
    assert state.user_pin is not None
    assert state.user_pin.unblocks_left == 0
    error = complete(module, token, answer(ask(module, token)))
    assert isinstance(error, NotSupported)
    assert "no unblocks are left" in str(error)


def test_an_administrator_with_a_pin_says_so_before_a_request_is_made(
    sim: SimulatorFactory, found: Finder
) -> None:
    device = sim("jacarta-pki")
    module, token = found(device)
    assert adapter.lockwright_state(module, token).capabilities.unblock_sets_pin == {
        UnblockWay.SO_PIN
    }
    with pytest.raises(NotSupported, match="the administrator is a PIN"):
        adapter.lockwright_unblock_challenge(module, token)
    assert "JC_PKI_GetChallenge" not in device.counts()


def test_a_token_that_came_back_in_another_slot_is_looked_for_anew(
    sim: SimulatorFactory, found: Finder
) -> None:
    device = sim("jacarta-pki", settings={"admin.key": KEY, "slot.moves": True})
    module, token = found(device)
    device.unplug()
    device.plug()
    with pytest.raises(TokenRemoved):
        adapter.lockwright_unblock_challenge(module, token)


def test_the_bank_answers_as_microsofts_documents_do() -> None:
    vectors = {
        bytes(24): "1951EC3EF81BBABB",
        bytes.fromhex("0102030405060708") * 3: "B0A1674747F4EB87",
    }
    for key, response in vectors.items():
        asked = bytes.fromhex("A892D75601617C5D")
        made = adapter.lockwright_respond(MODEL, asked, KeyInHand(Secret(key)))
        assert made.hex().upper() == response == des3_answer(key, asked).hex().upper()


def test_the_bank_invents_no_rule_and_takes_no_other_length() -> None:
    key = KeyInHand(Secret(KEY))
    with pytest.raises(RequestMalformed):
        adapter.lockwright_respond(MODEL, b"x" * 7, key)
    for model in ("PRO", "JaCarta GOST 2.0", "JaCarta GOST 2", "a new one"):
        with pytest.raises(NotSupported, match="response rule not public"):
            adapter.lockwright_respond(model, b"x" * 8, key)
