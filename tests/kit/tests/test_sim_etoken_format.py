"""eToken: formatting in one call and in the vendor's steps."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Callable
from ctypes import byref, c_ubyte, c_ulong

import pytest
from lockwright.pkcs11.constants import CKA, CKO, CKR, CKU
from lockwright_testkit.raw import SERIAL_RW, RawModule, Value
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]

CKK_DES2 = 0x13
POLICY, CACHING, SECOND_AUTH = 0x80005003, 0x80005005, 0x80005006
MIN_LEN, NUMBERS, CACHE_PRIVATE, AUTH_CREATE = 0x80001202, 0x8000120A, 0x80001601, 0x80001701
STARTKEY_INCORRECT = 0xFF00001D
NOT_INITIALIZED = 0x91
NEW, ADMIN = "Nova-pin-2", "new-administrator"


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    return sim("etoken")


def begin_rv(module: RawModule, password: str = ADMIN, retries: int = 5) -> tuple[int, int]:
    session = c_ulong()
    label = ctypes.create_string_buffer("Анна".encode())
    (slot,) = module.slots()
    rv = module.call("ETC_InitTokenInit", slot, password, retries, label, byref(session))
    return rv, session.value


def begin(module: RawModule, password: str = ADMIN) -> int:
    rv, session = begin_rv(module, password)
    assert rv == CKR.OK
    return session


def feature(module: RawModule, session: int, kind: int, rules: dict[int, Value]) -> int:
    asked = {CKA.CLASS: CKO.HW_FEATURE, CKA.HW_FEATURE_TYPE: kind} | rules
    return module.create(session, asked)[0]


def start_key(module: RawModule, session: int, label: str, text: str) -> int:
    value = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    asked: dict[int, Value] = {CKA.CLASS: CKO.SECRET_KEY, CKA.KEY_TYPE: CKK_DES2}
    return module.create(session, asked | {CKA.LABEL: label, CKA.VALUE: value})[0]


def set_user(module: RawModule, session: int, pin: str = NEW, change: int = 0) -> int:
    return module.call("ETC_InitPIN", session, pin, 4, c_ubyte(change))


def finish(module: RawModule, session: int) -> int:
    return module.call("ETC_InitTokenFinal", session)


def test_a_token_is_formatted_in_steps(token: Simulator, start: Starter) -> None:
    module = start(token)
    (slot,) = module.slots()
    old = module.open(slot, SERIAL_RW)
    module.login(old, USER_PIN)
    module.create(old, {CKA.CLASS: CKO.DATA, CKA.TOKEN: True, CKA.VALUE: b"x"})
    module.call("C_CloseSession", old)
    session = begin(module)
    assert feature(module, session, POLICY, {MIN_LEN: 8, NUMBERS: 2}) == CKR.OK
    assert feature(module, session, CACHING, {CACHE_PRIVATE: 2}) == CKR.OK
    assert feature(module, session, SECOND_AUTH, {AUTH_CREATE: 1}) == CKR.OK
    assert set_user(module, session, "Short-1") == CKR.PIN_LEN_RANGE
    assert set_user(module, session) == CKR.OK
    assert token.show()["slot0.label"] == "simulated"  # nothing is done before the last step
    assert finish(module, session) == CKR.OK
    assert module.token_info(slot).label.rstrip().decode() == "Анна"
    assert (token.tries("user"), token.tries("so")) == (4, 5)
    assert module.find(session, {}) == []
    assert module.login(session, USER_PIN) == CKR.PIN_INCORRECT
    assert module.login(session, NEW) == CKR.OK
    shown = token.show()
    said = [shown[f"slot0.{key}"] for key in ("user.policy.min", "cache.private", "2ndauth.create")]
    assert said == ["8", "2", "1"]


def test_a_token_may_be_without_an_administrator(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = begin(module, "")
    assert set_user(module, session) == CKR.OK
    assert finish(module, session) == CKR.OK
    assert module.login(session, ADMIN, CKU.SO) == CKR.USER_PIN_NOT_INITIALIZED
    room, length = ctypes.create_string_buffer(8), c_ulong(8)
    rv = module.call("ETC_UnlockGetChallenge", session, room, byref(length))
    assert rv == CKR.FUNCTION_NOT_SUPPORTED


def test_a_format_that_is_not_finished_changes_nothing(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = begin(module)
    feature(module, session, POLICY, {MIN_LEN: 12})
    set_user(module, session, "Another-pin-123")
    module.call("C_CloseSession", session)
    (slot,) = module.slots()
    session = module.open(slot, SERIAL_RW)
    assert finish(module, session) == NOT_INITIALIZED
    assert module.login(session, USER_PIN) == CKR.OK
    assert token.show()["slot0.user.policy.min"] == "6"


def test_a_format_wants_the_token_for_itself_and_sane_numbers(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    assert begin_rv(module, retries=16)[0] == CKR.ARGUMENTS_BAD
    assert begin_rv(module, "abc")[0] == CKR.PIN_LEN_RANGE
    module.open(module.slots()[0])
    assert begin_rv(module)[0] == CKR.SESSION_EXISTS
    token.set("format", value=False)
    assert begin_rv(module)[0] == CKR.FUNCTION_NOT_SUPPORTED


def test_the_start_key_guards_a_format(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = begin(module)
    assert start_key(module, session, "NEWKEY", "open sesame") == CKR.OK
    assert finish(module, session) == CKR.OK
    module.call("C_CloseSession", session)
    label = ctypes.create_string_buffer(b"x".ljust(32), 32)
    assert module.call("C_InitToken", module.slots()[0], ADMIN, label) == CKR.PIN_INCORRECT
    assert module.call("ETC_GetErrorInfo", 0, None) == STARTKEY_INCORRECT
    session = begin(module)
    assert start_key(module, session, "OLDKEY", "open barley") == CKR.PIN_INCORRECT
    assert finish(module, session) == CKR.PIN_INCORRECT
    assert start_key(module, session, "OLDKEY", "open sesame") == CKR.OK
    assert finish(module, session) == CKR.OK


def test_other_objects_have_no_place_in_a_format(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = begin(module)
    assert start_key(module, session, "MY KEY", "x") == CKR.TEMPLATE_INCONSISTENT
    assert feature(module, session, 0x80005007, {}) == CKR.TEMPLATE_INCONSISTENT
    assert feature(module, session, CACHING, {}) == CKR.TEMPLATE_INCONSISTENT
    assert module.create(session, {CKA.CLASS: CKO.DATA})[0] == CKR.TEMPLATE_INCONSISTENT


def test_one_call_formats_without_the_old_password(token: Simulator, start: Starter) -> None:
    module = start(token)
    (slot,) = module.slots()
    label = ctypes.create_string_buffer(b"fresh".ljust(32), 32)
    token.set("user.policy.min", 9, slot=0)
    assert module.call("C_InitToken", slot, ADMIN, label) == CKR.OK
    session = module.open(slot, SERIAL_RW)
    assert module.login(session, SO_PIN, CKU.SO) == CKR.PIN_INCORRECT
    assert module.login(session, ADMIN, CKU.SO) == CKR.OK
    assert token.show()["slot0.user.policy.min"] == "6"


def test_the_administrator_sets_password_counter_and_duty(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = module.open(module.slots()[0], SERIAL_RW)
    assert set_user(module, session) == CKR.USER_NOT_LOGGED_IN
    module.login(session, SO_PIN, CKU.SO)
    assert set_user(module, session, change=1) == CKR.OK
    assert token.tries("user") == 4
    assert token.show()["slot0.user.change"] == "yes"


def test_an_idprime_is_formatted_with_its_key_alone(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim("etoken-idprime", so_pin="0" * 48))
    label = ctypes.create_string_buffer(b"fresh".ljust(32), 32)
    (slot,) = module.slots()
    assert module.call("C_InitToken", slot, ADMIN, label) == CKR.PIN_INCORRECT
    assert module.call("C_InitToken", slot, "0" * 48, label) == CKR.OK
