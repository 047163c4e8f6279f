"""JaCarta PRO: one exchange that any other call ends, counters, and the user's PIN policy."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import byref, c_ubyte, c_ulong

import pytest
from lockwright.pkcs11.constants import CKF, CKR, CKU
from lockwright_testkit.raw import RawModule
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.answers import des3_answer, stand_in_answer
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]

NEW = "Nova-pin-2"
CANNOT_UNLOCK = 0x80000016
HISTORY, AGE, REPEAT, CASE, DIGIT, SPECCHAR, VIOLATION = (
    0x8000002B,
    0x8000002F,
    0x80000031,
    0x80000032,
    0x80000033,
    0x80000034,
    0x80000035,
)
NO, YES = c_ubyte(0), c_ubyte(1)


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    return sim("jacarta-pro", settings={"user.tries.max": 3, "so.tries.max": 2})


def challenge(module: RawModule) -> bytes:
    room, length = ctypes.create_string_buffer(64), c_ulong(64)
    assert module.call("JC_PJ_UnlockInit", 0, room, byref(length)) == CKR.OK
    return room.raw[: length.value]


def answer(asked: bytes) -> bytes:
    return stand_in_answer(SO_PIN.encode(), asked, 8)


def unlock(module: RawModule, response: bytes, pin: str = NEW, change: ctypes.c_ubyte = NO) -> int:
    return module.call("JC_PJ_Unlock", 0, response, pin, change)


def counters(module: RawModule, user: int = CKU.USER) -> list[int]:
    """Tries in all, and left."""
    room = (c_ulong * 2)()
    assert module.call("JC_PJ_GetPinCounters", 0, user, room) == CKR.OK
    return list(room)


def as_so(module: RawModule) -> int:
    session = module.open(0)
    assert module.login(session, SO_PIN, CKU.SO) == CKR.OK
    return session


def test_a_locked_token_opens_with_response_and_new_pin(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = module.open(0)
    while module.login(session, "wrong") != CKR.PIN_LOCKED:
        continue
    assert counters(module) == [3, 0]
    assert unlock(module, answer(challenge(module))) == CKR.OK
    assert module.login(session, NEW) == CKR.OK
    assert counters(module) == [3, 3]


def test_what_it_says_of_itself(token: Simulator, start: Starter) -> None:
    info = start(token).token_info(0)
    assert (info.manufacturer.rstrip(), info.model.rstrip()) == (b"Aladdin R.D.", b"PRO")
    assert len(info.serial.rstrip()) == 8


def test_any_other_call_voids_the_challenge(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = module.open(0)
    for function, handle in (
        ("C_GetSlotInfo", 0),
        ("C_GetTokenInfo", 0),
        ("C_GetSessionInfo", session),
        ("JC_PJ_GetUserPinPolicy", 0),
        ("JC_GetISD", 0),
    ):
        response = answer(challenge(module))
        assert module.call(function, handle, ctypes.create_string_buffer(512)) == CKR.OK
        assert unlock(module, response) == CANNOT_UNLOCK
    assert counters(module, CKU.SO) == [2, 2]


@pytest.mark.parametrize(("pin", "rv"), [("abc", CKR.PIN_LEN_RANGE), (NEW, CKR.OK)])
def test_any_ending_closes_the_exchange(
    token: Simulator, start: Starter, pin: str, rv: int
) -> None:
    module = start(token)
    response = answer(challenge(module))
    assert unlock(module, response, pin) == rv
    assert unlock(module, response) == CANNOT_UNLOCK


def test_a_wrong_response_costs_the_administrator_a_try(token: Simulator, start: Starter) -> None:
    module = start(token)
    for left in (1, 0):
        challenge(module)
        assert unlock(module, b"x" * 8) == CKR.PIN_INCORRECT
        assert counters(module, CKU.SO) == [2, left]
    assert unlock(module, answer(challenge(module))) == CKR.PIN_LOCKED


def test_the_response_rule_is_a_setting(token: Simulator, start: Starter) -> None:
    module = start(token)
    token.set("response.rule", "des3")
    assert unlock(module, des3_answer(SO_PIN.encode(), challenge(module))) == CKR.OK


def test_the_length_of_the_challenge_can_be_asked(token: Simulator, start: Starter) -> None:
    module = start(token)
    length = c_ulong()
    assert module.call("JC_PJ_UnlockInit", 0, None, byref(length)) == CKR.OK
    assert length.value == 8
    room, short = ctypes.create_string_buffer(8), c_ulong(7)
    assert module.call("JC_PJ_UnlockInit", 0, room, byref(short)) == CKR.BUFFER_TOO_SMALL


def test_the_pin_may_have_to_be_changed(token: Simulator, start: Starter) -> None:
    module = start(token)
    assert unlock(module, answer(challenge(module)), change=YES) == CKR.OK
    assert module.token_info(0).flags & CKF.USER_PIN_TO_BE_CHANGED


def test_a_token_without_administrator_is_not_unblocked(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim("jacarta-pro", so_pin=""))
    assert module.call("JC_PJ_UnlockInit", 0, None, byref(c_ulong())) == CANNOT_UNLOCK
    room = ctypes.create_string_buffer(b"\xee" * 16, 16)
    assert module.call("JC_PJ_GetCapabilities", 0, room) == CKR.OK
    assert room.raw == b"\0\1\0" + bytes(8) + b"\xee" * 5


def test_the_administrator_sets_pin_and_tries(token: Simulator, start: Starter) -> None:
    module = start(token)
    assert module.call("JC_PJ_InitPIN", 0, NEW, 5, NO) == CKR.USER_NOT_LOGGED_IN
    session = as_so(module)
    assert module.call("JC_PJ_InitPIN", 0, NEW, 5, YES) == CKR.OK
    assert counters(module) == [5, 5]
    assert module.token_info(0).flags & CKF.USER_PIN_TO_BE_CHANGED
    module.call("C_Logout", session)
    assert module.login(session, NEW) == CKR.OK


def test_the_policy_is_read_and_set_at_once(token: Simulator, start: Starter) -> None:
    module = start(token)
    policy = (c_ulong * 12)(*[0xEE] * 12)
    assert module.call("JC_PJ_GetUserPinPolicy", 0, policy) == CKR.OK
    assert list(policy) == [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0xEE]
    wanted = (c_ulong * 11)(0, 90, 7, 8, 3, 2, 0, 2, 0, 2, 1)
    assert module.call("JC_PJ_SetUserPinPolicy", 0, wanted) == CKR.USER_NOT_LOGGED_IN
    session = as_so(module)
    assert module.call("JC_PJ_SetUserPinPolicy", 0, wanted) == CKR.OK
    assert module.call("JC_PJ_GetUserPinPolicy", 0, policy) == CKR.OK
    assert list(policy)[:11] == list(wanted)
    for pin, rv in (
        ("Short1", CKR.PIN_LEN_RANGE),
        ("NoDigits", DIGIT),
        ("lower-12", CASE),
        ("Spec-123", SPECCHAR),
        ("Aaaaaaa1", REPEAT),
    ):
        assert module.call("C_InitPIN", session, pin) == rv
    assert module.call("C_InitPIN", session, "Good1234") == CKR.OK
    assert module.call("C_InitPIN", session, "Good1234") == HISTORY


@pytest.mark.parametrize(("least", "kinds"), [(1, "3"), (3, "2")])
def test_a_pin_needs_so_many_kinds_of_characters(
    token: Simulator, start: Starter, least: int, kinds: str
) -> None:
    module = start(token)
    session = as_so(module)
    wanted = (c_ulong * 11)(0, 0, 0, 4, 0, 0, least, 0, 0, 0, 0)
    assert module.call("JC_PJ_SetUserPinPolicy", 0, wanted) == CKR.OK
    assert token.show()["slot0.user.policy.kinds"] == kinds
    assert module.call("C_InitPIN", session, "onlylower") == VIOLATION
    assert module.call("JC_PJ_GetUserPinPolicy", 0, wanted) == CKR.OK
    assert wanted[6] == least


def test_a_young_pin_stays(token: Simulator, start: Starter) -> None:
    module = start(token)
    token.set("user.policy.age", 1)
    session = as_so(module)
    assert module.call("C_InitPIN", session, NEW) == CKR.OK
    module.call("C_Logout", session)
    assert module.login(session, NEW) == CKR.OK
    assert module.call("C_SetPIN", session, NEW, USER_PIN) == AGE


def test_other_applets_functions_are_not_supported(token: Simulator, start: Starter) -> None:
    module = start(token)
    room = ctypes.create_string_buffer(512)
    for function in ("JC_PKI_GetComplexity", "JC_PKI_GetPINInfo", "JC_KT2_ReadExtInfo"):
        assert module.call(function, 0, room) == CKR.FUNCTION_NOT_SUPPORTED


def test_bad_arguments_are_refused(token: Simulator, start: Starter) -> None:
    module = start(token)
    assert module.call("JC_PJ_GetPinCounters", 0, 9, (c_ulong * 2)()) == CKR.USER_TYPE_INVALID
    assert module.call("JC_PJ_GetPinCounters", 0, CKU.USER, None) == CKR.ARGUMENTS_BAD
    for function in ("GetCapabilities", "GetUserPinPolicy", "SetUserPinPolicy"):
        assert module.call(f"JC_PJ_{function}", 0, None) == CKR.ARGUMENTS_BAD
    assert module.call("JC_PJ_UnlockInit", 0, None, None) == CKR.ARGUMENTS_BAD
    challenge(module)
    assert module.call("JC_PJ_Unlock", 0, b"x", None, 4, NO) == CKR.ARGUMENTS_BAD
