"""eToken: unblocking by challenge and response, its list of functions, its errors."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import byref, c_ubyte, c_ulong, c_void_p

import pytest
from lockwright.bindings import BINDINGS, load
from lockwright.pkcs11.constants import CKF, CKR, CKU
from lockwright.secret import Secret
from lockwright_testkit.raw import SERIAL, RawModule, started
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.answers import des3_answer
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.personalities import library

Starter = Callable[[Simulator], RawModule]

KEY = bytes(range(24))
NEW = "Nova-pin-2"
LEGACY = 2
EXTENSION, PIN_POLICY = 0, 3
TOO_SHORT, TOO_REPETITIVE = 0x1, 0x100
VOID, GARBLED = 0x91, b"\0" * 8
HASNO_ADMIN_PASSWORD, TOO_MANY_UNBLOCKS = 0xFF00001F, 0xFF000024


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    """A classic eToken whose user and administrator have three tries."""
    return sim("etoken", settings={"user.tries.max": 3, "so.tries.max": 3})


@pytest.fixture
def idprime(sim: SimulatorFactory) -> Simulator:
    """A card of the IDPrime family."""
    return sim("etoken-idprime", so_pin=KEY.hex().upper(), settings={"user.tries.max": 3})


def session_of(module: RawModule, flags: int = SERIAL) -> int:
    return module.open(module.slots()[0], flags)


def challenge_rv(module: RawModule, session: int) -> tuple[int, bytes]:
    room, length = ctypes.create_string_buffer(8), c_ulong(8)
    rv = module.call("ETC_UnlockGetChallenge", session, room, byref(length))
    return rv, room.raw


def challenge(module: RawModule, session: int) -> bytes:
    rv, drawn = challenge_rv(module, session)
    assert rv == CKR.OK
    return drawn


def calculate(
    module: RawModule, asked: bytes, password: str = SO_PIN, mode: int = LEGACY
) -> tuple[int, bytes]:
    room, length = ctypes.create_string_buffer(64), c_ulong(64)
    rest = (None, 0, room, byref(length), None)
    rv = module.call("ETC_RSM_Calculate", mode, password, asked, *rest)
    return rv, room.raw[: length.value] if rv == CKR.OK else b""


def answer(module: RawModule, asked: bytes, password: str = SO_PIN) -> bytes:
    rv, response = calculate(module, asked, password)
    assert rv == CKR.OK
    return response


def complete(module: RawModule, session: int, response: bytes, pin: str = NEW, **more: int) -> int:
    retries, change = more.get("retries", 3), c_ubyte(more.get("change", 0))
    return module.call("ETC_UnlockComplete", session, response, pin, retries, change)


def told(module: RawModule, code: int) -> int:
    return module.call("ETC_GetErrorInfo", code, None)


def lock(module: RawModule) -> int:
    session = session_of(module)
    while module.login(session, "wrong-pin") != CKR.PIN_LOCKED:
        continue
    return session


def test_a_locked_token_is_opened_by_the_vendors_own_response(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = lock(module)
    assert complete(module, session, answer(module, challenge(module, session))) == CKR.OK
    assert module.login(session, USER_PIN) == CKR.PIN_INCORRECT
    assert module.login(session, NEW) == CKR.OK
    assert token.show()["slot0.unlock.count"] == "1"


def test_an_idprime_is_opened_by_3des_with_its_key(idprime: Simulator, start: Starter) -> None:
    module = start(idprime)
    session = lock(module)
    assert complete(module, session, des3_answer(KEY, challenge(module, session))) == CKR.OK
    assert module.login(session, NEW) == CKR.OK


def test_the_administrator_of_an_idprime_logs_in_with_the_key(
    idprime: Simulator, start: Starter
) -> None:
    module = start(idprime)
    session = session_of(module, 6)
    assert module.login(session, "0" * 48, CKU.SO) == CKR.PIN_INCORRECT
    assert module.login(session, "not a key", CKU.SO) == CKR.PIN_INCORRECT
    assert idprime.tries("so") == 3
    assert module.login(session, KEY.hex(), CKU.SO) == CKR.OK
    assert idprime.tries("so") == 5


def test_the_length_is_asked_without_a_challenge(token: Simulator, start: Starter) -> None:
    module = start(token)
    session, length = session_of(module), c_ulong()
    assert module.call("ETC_UnlockGetChallenge", session, None, byref(length)) == CKR.OK
    assert length.value == 8
    small = c_ulong(7)
    room = ctypes.create_string_buffer(8)
    rv = module.call("ETC_UnlockGetChallenge", session, room, byref(small))
    assert rv == CKR.BUFFER_TOO_SMALL
    assert complete(module, session, GARBLED) == VOID
    assert token.tries("so") == 3


def test_a_wrong_response_costs_the_administrator_a_try_until_none_is_left(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = lock(module)
    for left in (2, 1, 0):
        challenge(module, session)
        assert complete(module, session, GARBLED) == CKR.PIN_INCORRECT
        assert complete(module, session, GARBLED) == VOID
        assert token.tries("so") == left
    response = answer(module, challenge(module, session))
    assert complete(module, session, response) == CKR.PIN_LOCKED
    assert module.login(session, USER_PIN) == CKR.PIN_LOCKED


@pytest.mark.parametrize(
    ("settings", "tries", "unlocks"),
    [
        ({"unlock.wrong.try": False}, 3, "0"),
        ({"unlock.wrong.try": False, "unlock.wrong.unlock": True}, 3, "1"),
        ({"unlock.wrong.unlock": True}, 2, "1"),
    ],
)
def test_what_a_wrong_response_costs_is_a_setting(
    token: Simulator, start: Starter, settings: dict[str, Setting], tries: int, unlocks: str
) -> None:
    for key, value in settings.items():
        token.set(key, value)
    module = start(token)
    session = session_of(module)
    challenge(module, session)
    assert complete(module, session, GARBLED) == CKR.PIN_INCORRECT
    assert (token.tries("so"), token.show()["slot0.unlock.count"]) == (tries, unlocks)


def test_a_wrong_password_makes_another_response(token: Simulator, start: Starter) -> None:
    module = start(token)
    asked = challenge(module, session_of(module))
    right = answer(module, asked)
    assert len(right) == 8
    assert answer(module, asked) == right
    assert answer(module, asked, "another password") != right
    assert answer(module, bytes(8)) != right


@pytest.mark.parametrize(
    ("mode", "asked", "expected"),
    [(4, bytes(8), CKR.FUNCTION_NOT_SUPPORTED), (LEGACY, bytes(7), CKR.ARGUMENTS_BAD)],
)
def test_the_calculation_refuses_what_it_does_not_know(
    token: Simulator, start: Starter, mode: int, asked: bytes, expected: int
) -> None:
    assert calculate(start(token), asked, mode=mode)[0] == expected


def test_the_calculation_needs_no_token_in_the_reader(token: Simulator, start: Starter) -> None:
    module = start(token)
    asked = challenge(module, session_of(module))
    right = answer(module, asked)
    token.unplug()
    assert module.slots() == []
    assert answer(module, asked) == right


def test_the_calculation_needs_no_device_of_the_modules(
    sim: SimulatorFactory, start: Starter
) -> None:
    older = start(sim("etoken", module="etoken@1.2"))
    session = session_of(older)
    asked = challenge(older, session)
    with started(library("etoken").built()) as alone:
        assert alone.slots() == []
        assert alone.info().description.rstrip() == b"SafeNet eToken PKCS#11"
        assert complete(older, session, answer(alone, asked)) == CKR.OK


def test_the_calculation_leaves_a_challenge_alone(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = session_of(module)
    response = answer(module, challenge(module, session))
    told(module, PIN_POLICY)
    module.slots()
    module.info()
    assert complete(module, session, response) == CKR.OK


@pytest.mark.parametrize(
    ("disturb", "left"),
    [
        (lambda module, session: module.session_info(session), CKR.OK),
        (lambda module, _session: module.open(module.slots()[0]), CKR.OK),
        (lambda module, _session: module.token_info(module.slots()[0]), VOID),
        (lambda module, session: module.find(session, {}), VOID),
        (lambda module, session: module.login(session, USER_PIN), VOID),
        (lambda module, session: module.call("C_GenerateRandom", session, bytes(4)), VOID),
        (challenge, VOID),
    ],
    ids=["session-info", "open", "token-info", "find", "login", "random", "challenge"],
)
def test_any_use_of_the_token_voids_a_challenge(
    token: Simulator, start: Starter, disturb: Callable[[RawModule, int], object], left: int
) -> None:
    module = start(token)
    session = session_of(module)
    response = answer(module, challenge(module, session))
    disturb(module, session)
    again = complete(module, session, response)
    assert again in ({VOID, CKR.PIN_INCORRECT} if left == VOID else {CKR.OK})


def test_a_challenge_ends_with_its_use_and_with_the_removal(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = session_of(module)
    response = answer(module, challenge(module, session))
    assert complete(module, session, response) == CKR.OK
    assert complete(module, session, response, "Another-pin-3") == VOID
    response = answer(module, challenge(module, session))
    token.unplug()
    token.plug()
    assert complete(module, session_of(module), response, "Another-pin-3") == VOID


def test_unblocks_can_be_limited(token: Simulator, start: Starter) -> None:
    token.set("unlock.max", 1)
    module = start(token)
    session = lock(module)
    assert complete(module, session, answer(module, challenge(module, session))) == CKR.OK
    assert challenge_rv(module, session)[0] == CKR.FUNCTION_FAILED
    assert told(module, EXTENSION) == TOO_MANY_UNBLOCKS


@pytest.mark.parametrize(
    ("key", "value", "why"), [("so.pin", "", HASNO_ADMIN_PASSWORD), ("unlock.supported", "no", 0)]
)
def test_a_token_that_cannot_be_unblocked_says_so_before_a_challenge(
    token: Simulator, start: Starter, key: str, value: str, why: int
) -> None:
    token.set(key, value, slot=0)
    module = start(token)
    assert challenge_rv(module, session_of(module))[0] == CKR.FUNCTION_NOT_SUPPORTED
    assert told(module, EXTENSION) == why


@pytest.mark.parametrize("ends", [False, True])
def test_a_weak_password_is_refused_and_told_why(
    token: Simulator, start: Starter, *, ends: bool
) -> None:
    token.set("unlock.weak.ends", ends)
    module = start(token)
    session = lock(module)
    response = answer(module, challenge(module, session))
    assert complete(module, session, response, "Pinnnn-12") == CKR.PIN_INVALID
    assert told(module, PIN_POLICY) == TOO_REPETITIVE
    assert module.session_info(session).device_error == TOO_REPETITIVE
    assert complete(module, session, response, "Pi-1") == CKR.PIN_LEN_RANGE
    assert told(module, PIN_POLICY) == TOO_SHORT
    assert token.tries("so") == 3
    assert complete(module, session, response) == (VOID if ends else CKR.OK)


def test_the_counter_and_the_duty_to_change_are_set_with_the_password(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = session_of(module)
    response = answer(module, challenge(module, session))
    assert complete(module, session, response, retries=0) == CKR.ARGUMENTS_BAD
    assert complete(module, session, response, retries=16) == CKR.ARGUMENTS_BAD
    assert complete(module, session, response, retries=7, change=1) == CKR.OK
    assert token.tries("user") == 7
    assert module.token_info(module.slots()[0]).flags & CKF.USER_PIN_TO_BE_CHANGED


def test_error_info_is_of_the_last_call_and_refuses_unknown_codes(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = session_of(module)
    complete(module, session, GARBLED, "Pi-1")
    assert told(module, PIN_POLICY) == TOO_SHORT
    challenge(module, session)
    assert told(module, PIN_POLICY) == 0
    assert told(module, 4) == CKR.ARGUMENTS_BAD
    assert module.call("ETC_GetErrorInfo", PIN_POLICY, byref(c_ulong())) == CKR.ARGUMENTS_BAD


class Head(ctypes.Structure):
    """The head of ETCK_FUNCTION_LIST_EX, packed: pointers begin at byte 4."""

    _pack_ = 1
    _fields_ = (
        ("major", c_ubyte),
        ("minor", c_ubyte),
        ("flags", ctypes.c_ushort),
        ("functions", c_void_p * 36),
    )


@pytest.mark.parametrize(
    ("version", "minor", "calculates"), [("etoken", 7, True), ("etoken@1.2", 2, False)]
)
def test_functions_are_exported_and_listed_where_each_version_has_them(
    sim: SimulatorFactory, start: Starter, version: str, minor: int, *, calculates: bool
) -> None:
    module = start(sim("etoken", module=version))
    listed = ctypes.POINTER(Head)()
    assert module.call("ETC_GetFunctionListEx", byref(listed)) == CKR.OK
    head = listed.contents
    assert (head.major, head.minor, head.flags) == (1, minor, 0)
    places = {"GetFunctionListEx": 0, "TokenIOCTL": 2, "InitTokenInit": 12, "InitTokenFinal": 13}
    places |= {"InitPIN": 14, "UnlockGetChallenge": 15, "UnlockComplete": 16, "GetErrorInfo": 22}
    if calculates:
        places["RSM_Calculate"] = 27
    for name, place in places.items():
        function = getattr(module.library, f"ETC_{name}")
        assert head.functions[place] == ctypes.cast(function, c_void_p).value
    assert hasattr(module.library, "ETC_RSM_Calculate") is calculates
    assert (head.functions[1] is None) is calculates


@pytest.mark.parametrize("name", BINDINGS)
def test_the_vendors_functions_work_in_the_sessions_of_either_binding(
    token: Simulator, name: str
) -> None:
    module = load(name, token.module)
    raw = RawModule(token.module)
    try:
        slot = module.slots()[0].token.slot
        with module.open_session(slot) as session:
            asked = challenge(raw, session.handle)
            assert complete(raw, session.handle, answer(raw, asked)) == CKR.OK
            session.login(CKU.USER, Secret(NEW))
    finally:
        module.close()


def test_functions_may_be_listed_and_not_exported(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim("etoken", module="etoken@listed"))
    listed = ctypes.POINTER(Head)()
    assert module.call("ETC_GetFunctionListEx", byref(listed)) == CKR.OK
    assert listed.contents.functions[15]
    assert not hasattr(module.library, "ETC_UnlockGetChallenge")


def test_a_module_without_extension_shows_the_token_and_exports_nothing(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim("etoken-idprime", module="etoken@plain"))
    assert not hasattr(module.library, "ETC_GetFunctionListEx")
    assert not hasattr(module.library, "ETC_UnlockGetChallenge")
    assert module.token_info(module.slots()[0]).model.rstrip() == b"ID Prime MD"
