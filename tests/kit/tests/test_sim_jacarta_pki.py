"""JaCarta PKI: its functions by name, its structures as the vendor packs them, its unblocking."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import byref, c_char, c_ubyte, c_ulong, c_void_p

import pytest
from lockwright.pkcs11.constants import CKF, CKR, CKU
from lockwright_testkit.raw import RawModule
from lockwright_testkit.sim import SO_PIN, USER_PIN, Applet, Simulator
from lockwright_testkit.sim.answers import des3_answer
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]

KEY = bytes(range(24))
NEW = "Nova-pin-2"
CKU_SO_RESPONSE = 0x80000002
CANNOT_UNLOCK = 0x80000016
UNLOCK = "JC_PKI_UnlockUserPinWithResponse"
SIZE_OF_PERSONALIZATION = 171
USER_MAX_UNBLOCK, ADMIN_MAX_ATTEMPTS, ADMIN_IS_CHAL_RESP = 10, 11, 12
USER_MIN_CHARS, USER_MIN_DIGITS, ALLOW_CARD_WIPE = 22, 27, 53
NEW_ADMIN_PIN_LENGTH, NEW_ADMIN_PIN = 154, 155
"""Where the fields lie in JC_PKI_PERSONALIZATION_INFO with a CK_ULONG of eight bytes."""


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    """A token whose administrator is a key, whose user has three tries and two unblocks."""
    settings: dict[str, Setting] = {
        "admin.key": KEY,
        "user.tries.max": 3,
        "user.unblocks.max": 2,
    }
    return sim("jacarta-pki", settings=settings)


@pytest.fixture
def with_pin(sim: SimulatorFactory) -> Simulator:
    """A token whose administrator is a PIN."""
    return sim("jacarta-pki", settings={"user.tries.max": 3, "wipe.allowed": True})


def challenge(module: RawModule, slot: int = 0) -> bytes:
    room = ctypes.create_string_buffer(8)
    assert module.call("JC_PKI_GetChallenge", slot, room, 8) == CKR.OK
    return room.raw


def unlock(module: RawModule, response: bytes, pin: str = NEW) -> int:
    return module.call(UNLOCK, 0, response, pin)


def lock(module: RawModule) -> int:
    session = module.open(0)
    while module.login(session, "wrong") != CKR.PIN_LOCKED:
        continue
    return session


def counters(module: RawModule, user: int = CKU.USER) -> list[int]:
    """Tries left and in all, unblocks left and in all."""
    room = (c_ulong * 4)()
    assert module.call("JC_PKI_ReadPinCounters", 0, user, room) == CKR.OK
    return list(room)


def complexity(module: RawModule) -> bytearray:
    room = ctypes.create_string_buffer(b"\xee" * 256, 256)
    assert module.call("JC_PKI_GetComplexity", 0, room) == CKR.OK
    assert room.raw[SIZE_OF_PERSONALIZATION:] == b"\xee" * (256 - SIZE_OF_PERSONALIZATION)
    return bytearray(room.raw[:SIZE_OF_PERSONALIZATION])


def set_complexity(module: RawModule, info: bytearray) -> int:
    return module.call("JC_PKI_SetComplexity", 0, (c_char * len(info)).from_buffer(info))


def init_token(module: RawModule, secret: str | bytes = SO_PIN) -> int:
    label = ctypes.create_string_buffer(b"fresh".ljust(32), 32)
    return module.call("C_InitToken", 0, secret, label)


def test_a_locked_token_opens_with_response_and_new_pin(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = lock(module)
    assert module.token_info(0).flags & CKF.USER_PIN_LOCKED
    assert unlock(module, des3_answer(KEY, challenge(module))) == CKR.OK
    assert module.login(session, USER_PIN) == CKR.PIN_INCORRECT
    assert module.login(session, NEW) == CKR.OK
    assert counters(module) == [3, 3, 1, 2]


def test_what_it_says_of_itself(token: Simulator, start: Starter) -> None:
    info = start(token).token_info(0)
    assert info.manufacturer.rstrip() == b"Aladdin R.D."
    assert info.model.rstrip() == b"JaCarta Laser"
    assert len(info.serial.rstrip()) == 16
    assert set(info.serial) <= set(b"0123456789ABCDEF")
    assert token.show()["reader"].startswith("Aladdin R.D. JaCarta (")


def test_a_response_works_once_and_every_challenge_is_another(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    first = challenge(module)
    assert challenge(module) != first
    assert unlock(module, des3_answer(KEY, first)) == CKR.PIN_INCORRECT
    response = des3_answer(KEY, challenge(module))
    assert unlock(module, response) == CKR.OK
    assert unlock(module, response) == CANNOT_UNLOCK


def test_a_wrong_response_costs_the_administrator_a_try_until_none_is_left(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    for left in (2, 1, 0):
        challenge(module)
        assert unlock(module, b"x" * 8) == CKR.PIN_INCORRECT
        assert counters(module, CKU.SO)[0] == left
    assert unlock(module, des3_answer(KEY, challenge(module))) == CKR.PIN_LOCKED


def test_a_new_pin_that_is_refused_costs_no_try_but_the_challenge(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    response = des3_answer(KEY, challenge(module))
    assert unlock(module, response, "abc") == CKR.PIN_LEN_RANGE
    assert unlock(module, response) == CANNOT_UNLOCK
    assert token.tries("so") == 3


def test_unblocks_come_to_an_end(token: Simulator, start: Starter) -> None:
    module = start(token)
    for left in (1, 0):
        assert unlock(module, des3_answer(KEY, challenge(module)), f"Pin-{left}-new") == CKR.OK
        assert counters(module)[2:] == [left, 2]
    assert unlock(module, des3_answer(KEY, challenge(module))) == CANNOT_UNLOCK


@pytest.mark.parametrize(("most", "told"), [(0, [255, 0]), (255, [0, 255])])
def test_unblocks_without_limit_and_none_at_all(
    sim: SimulatorFactory, start: Starter, most: int, told: list[int]
) -> None:
    module = start(sim("jacarta-pki", settings={"admin.key": KEY, "user.unblocks.max": most}))
    assert counters(module)[2:] == told
    done = unlock(module, des3_answer(KEY, challenge(module)))
    assert done == (CANNOT_UNLOCK if most else CKR.OK)
    assert counters(module)[2:] == told


def test_what_reaches_the_card_voids_the_challenge(token: Simulator, start: Starter) -> None:
    module = start(token)
    for function in ("JC_PKI_GetPINInfo", "JC_PKI_GetComplexity", "C_GetTokenInfo"):
        response = des3_answer(KEY, challenge(module))
        assert module.call(function, 0, ctypes.create_string_buffer(512)) == CKR.OK
        assert unlock(module, response) == CANNOT_UNLOCK
    response = des3_answer(KEY, challenge(module))
    assert module.login(module.open(0), USER_PIN) == CKR.OK
    assert unlock(module, response) == CANNOT_UNLOCK


def test_a_strict_token_bears_no_other_call_at_all(token: Simulator, start: Starter) -> None:
    module = start(token)
    response = des3_answer(KEY, challenge(module))
    module.slot_info(0)
    assert unlock(module, response) == CKR.OK
    token.set("challenge.strict", value=True)
    response = des3_answer(KEY, challenge(module))
    module.slot_info(0)
    assert unlock(module, response) == CANNOT_UNLOCK


def test_the_administrator_logs_in_with_a_response(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = lock(module)
    assert module.login(session, SO_PIN, CKU.SO) == CKR.USER_TYPE_INVALID
    challenge(module)
    assert module.call("C_Login", session, CKU_SO_RESPONSE, b"x" * 8) == CKR.PIN_INCORRECT
    response = des3_answer(KEY, challenge(module))
    assert module.call("C_Login", session, CKU_SO_RESPONSE, response) == CKR.OK
    assert module.call("C_Login", session, CKU_SO_RESPONSE, b"x" * 8) == CKR.USER_ALREADY_LOGGED_IN
    assert module.call("C_InitPIN", session, NEW) == CKR.OK
    assert module.call("C_Logout", session) == CKR.OK
    assert module.login(session, NEW) == CKR.OK


def test_a_key_may_be_a_text_filled_up_with_zeros(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim("jacarta-pki", settings={"admin.key": b"00000000"}))
    assert unlock(module, des3_answer(b"00000000", challenge(module))) == CKR.OK


def test_an_administrator_with_a_pin_unlocks_and_keeps_the_pin(
    with_pin: Simulator, start: Starter
) -> None:
    module = start(with_pin)
    session = lock(module)
    assert module.call("JC_PKI_UnlockUserPIN", 0) == CKR.USER_NOT_LOGGED_IN
    assert module.login(session, SO_PIN, CKU.SO) == CKR.OK
    assert module.call("JC_PKI_UnlockUserPIN", 0) == CKR.OK
    module.call("C_Logout", session)
    assert module.login(session, USER_PIN) == CKR.OK


def test_an_administrator_with_a_pin_answers_no_challenge(
    with_pin: Simulator, start: Starter
) -> None:
    module = start(with_pin)
    assert complexity(module)[ADMIN_IS_CHAL_RESP] == 0
    asked = challenge(module)
    assert unlock(module, des3_answer(KEY, asked)) == CANNOT_UNLOCK
    assert with_pin.tries("so") == 3


def test_unlocking_may_ask_for_another_pin(with_pin: Simulator, start: Starter) -> None:
    module = start(with_pin)
    with_pin.set("change.after.unlock", value=True)
    session = module.open(0)
    module.login(session, SO_PIN, CKU.SO)
    assert module.call("JC_PKI_UnlockUserPIN", 0) == CKR.OK
    assert module.token_info(0).flags & CKF.USER_PIN_TO_BE_CHANGED


def test_the_tries_of_both_pins_are_told_in_bytes(token: Simulator, start: Starter) -> None:
    module = start(token)
    module.login(module.open(0), "wrong")
    room = ctypes.create_string_buffer(b"\xee" * 8, 8)
    assert module.call("JC_PKI_GetPINInfo", 0, room) == CKR.OK
    assert room.raw == b"\x02\x00\x03" + b"\xee" * 5


def test_the_complexity_lies_where_the_vendors_compiler_puts_it(
    token: Simulator, start: Starter
) -> None:
    token.set("user.policy.min", 6)
    token.set("user.policy.digits", 2)
    info = complexity(start(token))
    assert info[0] == 1
    assert info[USER_MAX_UNBLOCK : ADMIN_IS_CHAL_RESP + 1] == bytes([2, 3, 1])
    assert (info[USER_MIN_CHARS], info[USER_MIN_CHARS + 1], info[USER_MIN_DIGITS]) == (6, 16, 2)
    assert info[ALLOW_CARD_WIPE] == 0


def test_another_complexity_is_in_force_only_after_initialisation(
    with_pin: Simulator, start: Starter
) -> None:
    module = start(with_pin)
    info = complexity(module)
    info[USER_MIN_CHARS], info[ADMIN_MAX_ATTEMPTS] = 8, 5
    assert set_complexity(module, info) == CKR.OK
    assert complexity(module)[USER_MIN_CHARS] == 4
    assert init_token(module) == CKR.OK
    assert complexity(module) == info
    session = module.open(0)
    assert module.login(session, SO_PIN, CKU.SO) == CKR.OK
    assert module.call("C_InitPIN", session, "seven77") == CKR.PIN_LEN_RANGE


def test_a_module_may_tell_what_waits(with_pin: Simulator, start: Starter) -> None:
    module = start(with_pin)
    with_pin.set("complexity.tells", "waiting")
    info = complexity(module)
    info[USER_MIN_CHARS] = 8
    set_complexity(module, info)
    assert complexity(module)[USER_MIN_CHARS] == 8


def test_a_pin_becomes_a_key_and_a_key_a_pin_at_initialisation(
    with_pin: Simulator, start: Starter
) -> None:
    module = start(with_pin)
    info = complexity(module)
    info[ADMIN_IS_CHAL_RESP] = 1
    set_complexity(module, info)
    assert init_token(module) == CKR.OK
    session = module.open(0)
    response = des3_answer(SO_PIN.encode(), challenge(module))
    assert module.call("C_Login", session, CKU_SO_RESPONSE, response) == CKR.OK
    module.call("C_CloseSession", session)
    info[ADMIN_IS_CHAL_RESP] = 0
    info[NEW_ADMIN_PIN_LENGTH] = 8
    info[NEW_ADMIN_PIN : NEW_ADMIN_PIN + 8] = b"87654321"
    set_complexity(module, info)
    assert "87654321" not in str(with_pin.show())
    assert init_token(module, "wrong") == CKR.PIN_INCORRECT
    assert init_token(module, SO_PIN) == CKR.OK
    assert module.login(module.open(0), "87654321", CKU.SO) == CKR.OK


def test_wiping_needs_the_administrator_and_the_cards_leave(
    with_pin: Simulator, start: Starter
) -> None:
    module = start(with_pin)
    session = module.open(0)
    module.login(session, USER_PIN)
    assert module.create(session, {0: 0, 1: True, 3: "note", 0x11: b"x"})[0] == CKR.OK
    assert module.call("JC_PKI_WipeCard", 0) == CKR.USER_NOT_LOGGED_IN
    module.call("C_Logout", session)
    module.login(session, SO_PIN, CKU.SO)
    with_pin.set("wipe.allowed", value=False)
    assert module.call("JC_PKI_WipeCard", 0) == CKR.ACTION_PROHIBITED
    with_pin.set("wipe.allowed", value=True)
    assert module.call("JC_PKI_WipeCard", 0) == CKR.OK
    session = module.open(0)
    assert module.find(session, {}) == []
    assert module.login(session, USER_PIN) == CKR.OK


def test_wiping_may_leave_a_blank_card(with_pin: Simulator, start: Starter) -> None:
    module = start(with_pin)
    with_pin.set("wipe.leaves", "nothing")
    module.login(module.open(0), SO_PIN, CKU.SO)
    assert module.call("JC_PKI_WipeCard", 0) == CKR.OK
    assert not module.token_info(0).flags & CKF.TOKEN_INITIALIZED
    assert module.open_rv(0) == CKR.TOKEN_NOT_RECOGNIZED


def test_the_device_and_the_library_have_their_versions(token: Simulator, start: Starter) -> None:
    module = start(token)
    room = ctypes.create_string_buffer(48)
    assert module.call("JC_GetISD", 0, room) == CKR.OK
    assert room.raw[:40] == b"JC000".ljust(32) + b"20210101"
    version = (c_ulong * 4)()
    assert module.call("JC_GetVersionInfo", version) == CKR.OK
    assert list(version) == [2, 4, 0, 0]


def test_the_function_list_is_packed_and_in_the_headers_order(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    assert function_at(module, 6) == address(module, "JC_PKI_SetComplexity")
    assert function_at(module, 158) == address(module, UNLOCK)
    unsupported = ctypes.CFUNCTYPE(c_ulong)(function_at(module, 44))
    assert unsupported() == CKR.FUNCTION_NOT_SUPPORTED


def function_at(module: RawModule, place: int) -> int:
    listed = ctypes.POINTER(c_ubyte)()
    assert module.call("JC_GetFunctionList", byref(listed)) == CKR.OK
    start = ctypes.cast(listed, c_void_p).value or 0
    version = ctypes.string_at(start, 2)
    assert version == b"\x02\x0a"
    raw = ctypes.string_at(start + 2 + place * ctypes.sizeof(c_void_p), 8)
    return int.from_bytes(raw, "little")


def address(module: RawModule, name: str) -> int | None:
    return ctypes.cast(getattr(module.library, name), c_void_p).value


def test_an_older_module_has_no_unlocking_with_a_response(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim("jacarta-pki", module="jacarta@2.9", settings={"admin.key": KEY}))
    assert not hasattr(module.library, UNLOCK)
    assert len(challenge(module)) == 8


def test_the_oldest_module_exports_nothing_of_the_vendors(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim("jacarta-pki", module="jacarta@plain"))
    assert not [
        name for name in ("JC_GetFunctionList", "JC_GetISD") if hasattr(module.library, name)
    ]
    assert module.login(module.open(0), USER_PIN) == CKR.OK


def test_bad_arguments_are_refused(token: Simulator, start: Starter) -> None:
    module = start(token)
    room = ctypes.create_string_buffer(8)
    assert module.call("JC_PKI_GetChallenge", 0, room, 7) == CKR.ARGUMENTS_BAD
    assert module.call("JC_PKI_ReadPinCounters", 0, 7, room) == CKR.USER_TYPE_INVALID
    for function in ("JC_GetISD", "JC_PKI_GetPINInfo", "JC_PKI_GetComplexity"):
        assert module.call(function, 0, None) == CKR.ARGUMENTS_BAD
    assert module.call("JC_PKI_GetChallenge", 99, room, 8) == CKR.SLOT_ID_INVALID


def test_applets_of_a_device_are_slots_of_one_reader(sim: SimulatorFactory, start: Starter) -> None:
    more = (Applet("jacarta-pki", label="second", user_pin="12345678"),)
    module = start(sim("jacarta-pki", settings={"admin.key": KEY}, more=more))
    readers = {module.slot_info(slot).description for slot in module.slots()}
    assert len(readers) == 1
    serials = {module.token_info(slot).serial for slot in module.slots()}
    assert len(serials) == 2
    assert module.login(module.open(1), "wrong") == CKR.PIN_INCORRECT
    assert module.login(module.open(0), USER_PIN) == CKR.OK
