"""JaCarta-2 GOST: a PUK in place of an SO, and a response that only unblocks."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import byref, c_ulong

import pytest
from lockwright.pkcs11.constants import CKF, CKR, CKU
from lockwright_testkit.raw import RawModule
from lockwright_testkit.sim import SO_PIN, USER_PIN, Applet, Simulator
from lockwright_testkit.sim.answers import des3_answer, stand_in_answer
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]

KEY = b"0" * 32
PUK, NEW = "0987654321", "Nova-pin-2"
CKU_PUK = 0x80000001
PUK_INCORRECT, CANNOT_UNLOCK = 0x80000015, 0x80000016
SIZE_OF_INFO = 194
USER_STATE, SIGN_STATE, PUK_STATE, POLICY = 107, 124, 141, 160
"""Where the fields lie in JC_KT2_EXTENDED_INFO with a CK_ULONG of eight bytes."""


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    settings: dict[str, Setting] = {
        "admin.key": KEY,
        "puk.pin": PUK,
        "puk.tries.max": 2,
        "user.tries.max": 3,
    }
    return sim("jacarta-gost2", settings=settings)


def challenge(module: RawModule, slot: int = 0) -> bytes:
    length = c_ulong()
    name = "JC_KT2_CreateUnlockChallenge"
    assert module.call(name, slot, None, byref(length)) == CKR.OK
    room = ctypes.create_string_buffer(length.value)
    assert module.call(name, slot, room, byref(length)) == CKR.OK
    return room.raw


def answer(asked: bytes) -> bytes:
    return stand_in_answer(KEY, asked, 16)


def unlock(module: RawModule, response: bytes) -> int:
    return module.call("JC_KT2_UnlockWithResponse", 0, response)


def lock(module: RawModule) -> int:
    session = module.open(0)
    while module.login(session, "wrong") != CKR.PIN_LOCKED:
        continue
    return session


def extended(module: RawModule, size: int = SIZE_OF_INFO) -> bytes:
    room = ctypes.create_string_buffer(b"\xee" * 256, 256)
    assert module.call("JC_KT2_ReadExtInfo", 0, room) == CKR.OK
    assert room.raw[size:] == b"\xee" * (256 - size)
    return room.raw


def pin_state(info: bytes, at: int) -> tuple[int, int, int]:
    """Whether the PIN exists, errors allowed, errors made."""
    most, made = (int.from_bytes(info[at + n : at + n + 8], "little") for n in (1, 9))
    return info[at], most, made


def test_a_locked_token_opens_with_a_response_and_keeps_its_pin(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = lock(module)
    assert unlock(module, answer(challenge(module))) == CKR.OK
    assert module.login(session, USER_PIN) == CKR.OK


def test_what_it_says_of_itself(token: Simulator, start: Starter) -> None:
    info = start(token).token_info(0)
    assert info.manufacturer.rstrip() == b"Aladdin R.D."
    assert info.model == b"JaCarta GOST 2.0"
    assert not info.flags & (CKF.SO_PIN_LOCKED | CKF.SO_PIN_FINAL_TRY | CKF.SO_PIN_COUNT_LOW)


def test_a_response_works_once_and_not_after_another_call(token: Simulator, start: Starter) -> None:
    module = start(token)
    response = answer(challenge(module))
    assert unlock(module, response) == CKR.OK
    assert unlock(module, response) == CANNOT_UNLOCK
    response = answer(challenge(module))
    extended(module)
    assert unlock(module, response) == CANNOT_UNLOCK


def test_a_wrong_response_is_told(token: Simulator, start: Starter) -> None:
    module = start(token)
    challenge(module)
    assert unlock(module, b"x" * 16) == CKR.PIN_INCORRECT
    token.set("response.wrong.rv", "0x5")
    challenge(module)
    assert unlock(module, b"x" * 16) == CKR.GENERAL_ERROR


def test_rule_and_lengths_are_settings(token: Simulator, start: Starter) -> None:
    module = start(token)
    token.set("response.rule", "des3")
    token.set("response.length", 8)
    token.set("challenge.length", 8)
    asked = challenge(module)
    assert len(asked) == 8
    assert unlock(module, des3_answer(KEY[:24], asked)) == CKR.OK


def test_without_the_workstations_key_no_response_is_right(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim("jacarta-gost2"))
    assert unlock(module, stand_in_answer(b"", challenge(module), 16)) == CANNOT_UNLOCK


def test_the_module_never_makes_the_response_itself(token: Simulator, start: Starter) -> None:
    module = start(token)
    room, length = ctypes.create_string_buffer(64), c_ulong(64)
    made = module.call("JC_KT2_CreateUnlockResponse", KEY, b"x" * 16, room, byref(length))
    assert made == CKR.FUNCTION_NOT_SUPPORTED


def test_the_puk_sets_a_new_pin(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = lock(module)
    assert module.login(session, "wrong-puk", CKU_PUK) == PUK_INCORRECT
    assert module.login(session, PUK, CKU_PUK) == CKR.OK
    assert module.call("C_InitPIN", session, "short") == CKR.PIN_LEN_RANGE
    assert module.call("C_InitPIN", session, NEW) == CKR.OK
    module.call("C_Logout", session)
    assert module.login(session, NEW) == CKR.OK


def test_the_puk_may_set_it_by_another_function(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = lock(module)
    assert module.login(session, PUK, CKU_PUK) == CKR.OK
    assert module.call("C_SetPIN", session, PUK, NEW) == CKR.FUNCTION_NOT_SUPPORTED
    token.set("puk.sets", "C_SetPIN")
    assert module.call("C_InitPIN", session, NEW) == CKR.FUNCTION_NOT_SUPPORTED
    assert module.call("C_SetPIN", session, PUK, NEW) == CKR.OK
    module.call("C_Logout", session)
    assert module.login(session, NEW) == CKR.OK


def test_the_puk_locks(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = module.open(0)
    for _ in range(2):
        assert module.login(session, "wrong-puk", CKU_PUK) == PUK_INCORRECT
    assert module.login(session, PUK, CKU_PUK) == CKR.PIN_LOCKED
    assert pin_state(extended(module), PUK_STATE) == (1, 2, 2)


def test_there_is_no_ordinary_so_and_no_c_init_token(token: Simulator, start: Starter) -> None:
    module = start(token)
    assert module.login(module.open(0), SO_PIN, CKU.SO) == CKR.USER_TYPE_INVALID
    module.call("C_CloseAllSessions", 0)
    label = ctypes.create_string_buffer(b" " * 32, 32)
    assert module.call("C_InitToken", 0, USER_PIN, label) == CKR.FUNCTION_NOT_SUPPORTED


def test_the_extended_info_lies_where_the_vendors_compiler_puts_it(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    module.login(module.open(0), "wrong")
    token.set("user.policy.min", 8)
    token.set("user.policy.digits", 1)
    info = extended(module)
    assert info[:2] == b"\1\0"
    assert pin_state(info, USER_STATE) == (1, 3, 1)
    assert pin_state(info, SIGN_STATE) == (0, 0, 0)
    assert pin_state(info, PUK_STATE) == (1, 2, 0)
    assert info[POLICY : POLICY + 13] == b"\0\0\1\0\0" + bytes(c_ulong(2))


def test_a_newer_module_tells_more(token: Simulator, start: Starter) -> None:
    module = start(token)
    token.set("info.grown", value=True)
    assert extended(module, SIZE_OF_INFO + 1)[SIZE_OF_INFO] == 1


def test_applets_of_one_device_have_one_reader_and_pins_of_their_own(
    sim: SimulatorFactory, start: Starter
) -> None:
    more = (Applet("jacarta-gost2", label="GOST", user_pin="12345678"),)
    module = start(sim("jacarta-pki", settings={"admin.key": KEY[:24]}, more=more))
    first, second = module.slots()
    assert module.slot_info(first).description == module.slot_info(second).description
    models = [module.token_info(slot).model.rstrip() for slot in (first, second)]
    assert models == [b"JaCarta Laser", b"JaCarta GOST 2.0"]
    assert module.token_info(first).serial != module.token_info(second).serial
    assert module.login(module.open(second), "12345678") == CKR.OK
    room = ctypes.create_string_buffer(8)
    assert module.call("JC_PKI_GetChallenge", second, room, 8) == CKR.FUNCTION_NOT_SUPPORTED


def test_a_call_on_one_applet_voids_the_challenge_of_another(
    sim: SimulatorFactory, start: Starter
) -> None:
    more = (Applet("jacarta-pki", label="PKI"),)
    module = start(sim("jacarta-gost2", settings={"admin.key": KEY[:24]}, more=more))
    asked = challenge(module)
    module.login(module.open(1), USER_PIN)
    assert unlock(module, stand_in_answer(KEY[:24], asked, 16)) == CANNOT_UNLOCK
