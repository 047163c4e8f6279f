"""Sessions keep the kind their caller asked for, though beneath they are all read-write."""

from __future__ import annotations

from collections.abc import Callable

from lockwright.pkcs11.constants import CKA, CKR, CKU
from lockwright_testkit.raw import SERIAL, RawModule, Value
from lockwright_testkit.sim import SO_PIN, USER_PIN, Applet, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]

NOTE: dict[int, Value] = {CKA.CLASS: 0, CKA.TOKEN: True, CKA.PRIVATE: False, CKA.LABEL: "note"}
RO_PUBLIC, RO_USER, RW_PUBLIC, RW_USER, RW_SO = range(5)
PARALLEL_NOT_SUPPORTED = 0xB4


def state(module: RawModule, session: int) -> int:
    return int(module.session_info(session).state)


def test_a_session_tells_its_kind_and_who_is_logged_in(token: Simulator, start: Starter) -> None:
    module = start(token)
    slot = module.slots()[0]
    reading, writing = module.open(slot, SERIAL), module.open(slot)
    assert [state(module, each) for each in (reading, writing)] == [RO_PUBLIC, RW_PUBLIC]
    module.login(reading, USER_PIN)
    assert [state(module, each) for each in (reading, writing)] == [RO_USER, RW_USER]
    assert module.session_info(reading).flags == SERIAL
    assert module.token_info(slot).sessions[1] == 2
    assert module.token_info(slot).sessions[3] == 1


def test_a_read_only_session_writes_nothing_to_the_token(token: Simulator, start: Starter) -> None:
    module = start(token)
    slot = module.slots()[0]
    reading, writing = module.open(slot, SERIAL), module.open(slot)
    module.login(reading, USER_PIN)
    _, note = module.create(writing, NOTE)
    assert module.create(reading, NOTE)[0] == CKR.SESSION_READ_ONLY
    assert module.call("C_DestroyObject", reading, note) == CKR.SESSION_READ_ONLY
    assert module.call("C_SetPIN", reading, USER_PIN, "Nova-pin-2") == CKR.SESSION_READ_ONLY
    assert module.find(reading, NOTE) == [note]
    assert token.tries() == 3


def test_a_read_only_session_may_have_objects_of_its_own(token: Simulator, start: Starter) -> None:
    module = start(token)
    reading = module.open(module.slots()[0], SERIAL)
    rv, made = module.create(reading, NOTE | {CKA.TOKEN: False})
    assert rv == CKR.OK
    assert module.call("C_DestroyObject", reading, made) == CKR.OK


def test_the_so_stays_out_while_a_read_only_session_is_open(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    slot = module.slots()[0]
    reading, writing = module.open(slot, SERIAL), module.open(slot)
    assert module.login(writing, SO_PIN, CKU.SO) == CKR.SESSION_READ_ONLY_EXISTS
    module.call("C_CloseSession", reading)
    assert module.login(writing, SO_PIN, CKU.SO) == CKR.OK
    assert state(module, writing) == RW_SO
    assert module.open_rv(slot, SERIAL) == CKR.SESSION_READ_WRITE_SO_EXISTS


def test_nobody_logs_in_twice(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = module.open(module.slots()[0])
    assert module.login(session, USER_PIN) == CKR.OK
    assert module.login(session, USER_PIN) == CKR.USER_ALREADY_LOGGED_IN
    assert module.login(session, SO_PIN, CKU.SO) == CKR.USER_ANOTHER_ALREADY_LOGGED_IN
    assert module.login(session, USER_PIN, 77) == CKR.USER_TYPE_INVALID
    assert token.tries() == 3


def test_a_session_is_gone_once_closed(token: Simulator, start: Starter) -> None:
    module = start(token)
    slot = module.slots()[0]
    first, second = module.open(slot), module.open(slot)
    assert module.call("C_CloseSession", first) == CKR.OK
    assert module.login(first, USER_PIN) == CKR.SESSION_HANDLE_INVALID
    assert module.call("C_CloseAllSessions", slot) == CKR.OK
    assert module.login(second, USER_PIN) == CKR.SESSION_HANDLE_INVALID
    assert token.tries() == 3


def test_what_is_asked_wrongly_is_refused(token: Simulator, start: Starter) -> None:
    module = start(token)
    assert module.initialize() == CKR.CRYPTOKI_ALREADY_INITIALIZED
    assert module.open_rv(module.slots()[0], 2) == PARALLEL_NOT_SUPPORTED
    assert module.open_rv(99) == CKR.SLOT_ID_INVALID
    assert module.finalize() == CKR.OK
    assert module.finalize() == CKR.CRYPTOKI_NOT_INITIALIZED
    assert module.open_rv(0) == CKR.CRYPTOKI_NOT_INITIALIZED


def test_several_devices_and_applets_keep_to_themselves(
    sim: SimulatorFactory, start: Starter
) -> None:
    first = sim(label="one", more=(Applet(label="two", user_pin="second-pin"),))
    second = sim(label="three", user_pin="third-pin")
    module = start(second)
    labels = [module.token_info(slot).label.decode().strip() for slot in module.slots()]
    assert labels == ["one", "two", "three"]
    sessions = [module.open(slot) for slot in module.slots()]
    assert module.login(sessions[1], "second-pin") == CKR.OK
    assert [state(module, each) for each in sessions] == [RW_PUBLIC, RW_USER, RW_PUBLIC]
    assert module.login(sessions[2], "second-pin") == CKR.PIN_INCORRECT
    assert (first.tries(), first.tries(slot=1), second.tries()) == (10, 10, 9)
    module.create(sessions[1], NOTE)
    assert [len(module.find(each, NOTE)) for each in sessions] == [0, 1, 0]


def test_applets_of_one_device_share_the_reader(sim: SimulatorFactory, start: Starter) -> None:
    token = sim(more=(Applet(),), settings={"reader": "One reader 00 00"})
    module = start(token)
    names = {module.slot_info(slot).description.rstrip() for slot in module.slots()}
    assert names == {b"One reader 00 00"}
