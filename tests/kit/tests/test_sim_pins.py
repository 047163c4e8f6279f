"""PINs that lock: what SoftHSM beneath never does."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from itertools import pairwise

import pytest
from lockwright.pkcs11.constants import CKF, CKR, CKU
from lockwright_testkit.raw import RawModule
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]

LOW, LAST, LOCKED = CKF.USER_PIN_COUNT_LOW, CKF.USER_PIN_FINAL_TRY, CKF.USER_PIN_LOCKED
USER_FLAGS = LOW | LAST | LOCKED
NEW = "Nova-pin-2"


def flags(module: RawModule) -> CKF:
    return CKF(module.token_info(module.slots()[0]).flags & 0xFFFFFF)


def opened(module: RawModule) -> int:
    return module.open(module.slots()[0])


def raw_init_token(module: RawModule, slot: int, pin: str, label: bytes) -> int:
    buffer = ctypes.create_string_buffer(label, 32)
    return module.call("C_InitToken", slot, pin, buffer)


def test_the_user_pin_locks_after_its_tries_and_even_the_right_one_is_refused(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = opened(module)
    answers = [module.login(session, "wrong") for _ in range(4)]
    assert answers == [CKR.PIN_INCORRECT] * 3 + [CKR.PIN_LOCKED]
    assert module.login(session, USER_PIN) == CKR.PIN_LOCKED
    assert token.tries() == 0


@pytest.mark.parametrize(("user", "shift"), [(CKU.USER, 0), (CKU.SO, 4)], ids=["user", "SO"])
@pytest.mark.parametrize(
    ("low_at", "expected"),
    [
        (0, [CKF(0), LOW, LOW, LOW, LOW | LAST, LOW | LOCKED]),
        (3, [CKF(0), CKF(0), LOW, LOW, LAST, LOCKED]),
    ],
    ids=["as PKCS#11 has it", "as vendors have it"],
)
def test_the_flags_tell_of_the_tries_left(  # the SO's lie four bits above the user's
    sim: SimulatorFactory, start: Starter, user: CKU, shift: int, low_at: int, expected: list[CKF]
) -> None:
    settings: dict[str, Setting] = {"user.tries.max": 5, "so.tries.max": 5, "tries.low": low_at}
    module = start(sim(settings=settings))
    session = opened(module)
    told = []
    for _ in range(6):
        told.append((flags(module) >> shift) & USER_FLAGS)
        module.login(session, "wrong", user)
    assert told == expected


def test_a_wrong_pin_is_told_until_the_next_right_one(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    module.login(session, "wrong")
    assert flags(module) & USER_FLAGS == LOW
    module.login(session, USER_PIN)
    assert not flags(module) & USER_FLAGS


def test_the_right_pin_makes_the_tries_full_again(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    module.login(session, "wrong")
    module.login(session, "wrong")
    assert module.login(session, USER_PIN) == CKR.OK
    assert token.tries() == 3


def test_the_so_gives_a_new_pin_to_a_locked_user(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    for _ in range(3):
        module.login(session, "wrong")
    assert module.login(session, SO_PIN, CKU.SO) == CKR.OK
    assert module.call("C_InitPIN", session, NEW) == CKR.OK
    module.call("C_Logout", session)
    assert module.login(session, USER_PIN) == CKR.PIN_INCORRECT
    assert module.login(session, NEW) == CKR.OK


def test_the_so_pin_locks_too_and_nothing_opens_it(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    answers = [module.login(session, "wrong", CKU.SO) for _ in range(2)]
    assert answers == [CKR.PIN_INCORRECT] * 2
    assert module.login(session, SO_PIN, CKU.SO) == CKR.PIN_LOCKED
    assert flags(module) & CKF.SO_PIN_LOCKED
    module.call("C_CloseSession", session)
    slot = module.slots()[0]
    assert raw_init_token(module, slot, SO_PIN, b"x".ljust(32)) == CKR.PIN_LOCKED


def test_tries_outlive_the_program(token: Simulator, start: Starter) -> None:
    module = start(token)
    module.login(opened(module), "wrong")
    module.finalize()
    module.initialize()
    session = opened(module)
    assert module.login(session, "wrong") == CKR.PIN_INCORRECT
    assert flags(module) & CKF.USER_PIN_FINAL_TRY


def test_a_changed_pin_is_the_only_one_that_opens(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    assert module.call("C_SetPIN", session, USER_PIN, NEW) == CKR.OK
    assert module.login(session, USER_PIN) == CKR.PIN_INCORRECT
    assert module.login(session, NEW) == CKR.OK


def test_a_change_with_a_wrong_old_pin_costs_a_try(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    assert module.call("C_SetPIN", session, "wrong", NEW) == CKR.PIN_INCORRECT
    assert token.tries() == 2
    assert module.login(session, USER_PIN) == CKR.OK


@pytest.mark.parametrize(
    ("rule", "value", "pin", "answer"),
    [
        ("min", 6, "Ab-45", CKR.PIN_LEN_RANGE),
        ("max", 6, "Ab-4567", CKR.PIN_LEN_RANGE),
        ("upper", 2, "Abc-123", CKR.PIN_INVALID),
        ("lower", 1, "ABC-123", CKR.PIN_INVALID),
        ("digits", 1, "Abc-def", CKR.PIN_INVALID),
        ("special", 1, "Abcd123", CKR.PIN_INVALID),
        ("special", -1, "Abc-123", CKR.PIN_INVALID),
        ("alpha", 3, "Ab-1234", CKR.PIN_INVALID),
        ("nonalpha", 2, "Abcdef1", CKR.PIN_INVALID),
        ("kinds", 3, "abcd1234", CKR.PIN_INVALID),
        ("repeat", 2, "Ab-111x", CKR.PIN_INVALID),
        ("sequence", 3, "Ab-1234", CKR.PIN_INVALID),
        ("history", 1, USER_PIN, CKR.PIN_INVALID),
    ],
)
def test_a_pin_that_breaks_a_rule_is_refused_and_costs_no_try(
    sim: SimulatorFactory, start: Starter, rule: str, value: int, pin: str, answer: int
) -> None:
    token = sim(settings={f"user.policy.{rule}": value})
    module = start(token)
    session = opened(module)
    assert module.call("C_SetPIN", session, USER_PIN, pin) == answer
    assert module.login(session, USER_PIN) == CKR.OK
    assert token.tries() == 10


def test_the_same_pin_is_welcome_without_the_rule(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim())
    session = opened(module)
    assert module.call("C_SetPIN", session, USER_PIN, "aaaa") == CKR.OK
    assert module.call("C_SetPIN", session, "aaaa", "aaaa") == CKR.OK


def test_old_pins_come_back_only_after_as_many_others(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim(settings={"user.policy.history": 3}))
    session = opened(module)
    pins = [USER_PIN, "second-2", "third-3"]
    for old, new in pairwise(pins):
        assert module.call("C_SetPIN", session, old, new) == CKR.OK
    assert module.call("C_SetPIN", session, "third-3", USER_PIN) == CKR.PIN_INVALID
    assert module.call("C_SetPIN", session, "third-3", "fourth-4") == CKR.OK
    assert module.call("C_SetPIN", session, "fourth-4", USER_PIN) == CKR.OK


def test_cyrillic_letters_are_letters(sim: SimulatorFactory, start: Starter) -> None:
    rules = {"user.policy.upper": 1, "user.policy.lower": 1, "user.policy.max": 6}
    module = start(sim(settings=rules))
    session = opened(module)
    assert module.call("C_SetPIN", session, USER_PIN, "Ёжик12") == CKR.OK


def test_a_pin_that_was_just_set_must_rest(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim(settings={"user.policy.age": 1}))
    session = opened(module)
    assert module.call("C_SetPIN", session, USER_PIN, NEW) == CKR.OK
    assert module.call("C_SetPIN", session, NEW, USER_PIN) == CKR.PIN_INVALID


def test_a_token_without_a_user_pin_says_so(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim(user_pin=""))
    session = opened(module)
    assert not flags(module) & CKF.USER_PIN_INITIALIZED
    assert module.login(session, "anything") == CKR.USER_PIN_NOT_INITIALIZED


def test_a_pin_that_must_be_changed_is_flagged_until_it_is(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim(settings={"user.change": True}))
    session = opened(module)
    assert flags(module) & CKF.USER_PIN_TO_BE_CHANGED
    module.call("C_SetPIN", session, USER_PIN, NEW)
    assert not flags(module) & CKF.USER_PIN_TO_BE_CHANGED


def test_a_pin_that_must_be_changed_first_lets_nobody_in_before(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim(settings={"user.change": True, "user.change.first": True}))
    session = opened(module)
    assert module.login(session, "wrong") == CKR.PIN_INCORRECT
    assert module.login(session, USER_PIN) == CKR.PIN_EXPIRED
    assert module.call("C_SetPIN", session, USER_PIN, NEW) == CKR.OK
    assert module.login(session, NEW) == CKR.OK


def test_a_pin_of_any_bytes_is_kept_as_it_is(sim: SimulatorFactory, start: Starter) -> None:
    odd = bytes(range(1, 40)) + b" %41 = #\xff "
    module = start(sim())
    session = opened(module)
    assert module.call("C_SetPIN", session, USER_PIN, odd) == CKR.OK
    module.finalize()
    module.initialize()
    session = opened(module)
    assert module.call("C_Login", session, int(CKU.USER), odd[:-1]) == CKR.PIN_INCORRECT
    assert module.call("C_Login", session, int(CKU.USER), odd) == CKR.OK


def test_a_formatted_token_has_its_so_pin_and_no_user_pin_and_no_objects(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    slot = module.slots()[0]
    session = module.open(slot)
    module.login(session, USER_PIN)
    assert module.create(session, {0: 0, 1: True, 2: False, 3: "note"})[0] == CKR.OK
    label = "Нова".encode().ljust(32)
    assert raw_init_token(module, slot, SO_PIN, label) == CKR.SESSION_EXISTS
    module.call("C_CloseAllSessions", slot)
    assert raw_init_token(module, slot, "wrong", label) == CKR.PIN_INCORRECT
    assert raw_init_token(module, slot, SO_PIN, label) == CKR.OK
    session = module.open(slot)
    assert module.find(session, {}) == []
    assert module.login(session, USER_PIN) == CKR.USER_PIN_NOT_INITIALIZED
    assert module.token_info(slot).label.decode().strip() == "Нова"
    assert module.login(session, SO_PIN, CKU.SO) == CKR.OK


def test_a_blank_token_takes_the_so_pin_it_is_given(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim(so_pin="", user_pin="", settings={"initialized": False}))
    slot = module.slots()[0]
    assert not flags(module) & CKF.TOKEN_INITIALIZED
    assert module.open_rv(slot) == CKR.TOKEN_NOT_RECOGNIZED
    assert raw_init_token(module, slot, "new-so-pin", b"mine".ljust(32)) == CKR.OK
    assert flags(module) & CKF.TOKEN_INITIALIZED
    assert module.login(module.open(slot), "new-so-pin", CKU.SO) == CKR.OK
