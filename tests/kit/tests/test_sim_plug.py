"""A token is pulled out and put back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from ctypes import byref, c_ulong

from lockwright.pkcs11.constants import CKR
from lockwright_testkit.raw import RawModule
from lockwright_testkit.sim import USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.waiting import until

Starter = Callable[[Simulator], RawModule]

PATIENCE = 60
"""Seconds in which even a busy machine wakes a thread."""
DONT_BLOCK = 1
NO_EVENT = 8
TOKEN_PRESENT = 1
RW_PUBLIC = 2


def event(module: RawModule, flags: int = DONT_BLOCK) -> tuple[int, int]:
    slot = c_ulong(77)
    return module.call("C_WaitForSlotEvent", flags, byref(slot), None), slot.value


def test_open_sessions_die_with_the_token(token: Simulator, start: Starter) -> None:
    module = start(token)
    slot = module.slots()[0]
    first, second = module.open(slot), module.open(slot)
    module.login(first, USER_PIN)
    token.unplug()
    assert module.call("C_Logout", first) == CKR.DEVICE_REMOVED
    assert module.call("C_Logout", first) == CKR.SESSION_HANDLE_INVALID
    assert module.slots() == []
    assert module.slots(present=False) == [slot]
    assert module.open_rv(slot) == CKR.TOKEN_NOT_PRESENT
    assert not module.slot_info(slot).flags & TOKEN_PRESENT
    token.plug()
    assert module.call("C_Logout", second) == CKR.DEVICE_REMOVED
    assert module.session_info(module.open(slot)).state == RW_PUBLIC


def test_a_token_that_came_back_wants_a_new_login_even_if_nobody_saw_it_go(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    slot = module.slots()[0]
    session = module.open(slot)
    module.login(session, USER_PIN)
    token.unplug()
    token.plug()
    assert module.session_info(module.open(slot)).state == RW_PUBLIC
    assert module.login(session, USER_PIN) == CKR.DEVICE_REMOVED


def test_events_are_told_once_each(token: Simulator, start: Starter) -> None:
    module = start(token)
    slot = module.slots()[0]
    assert event(module)[0] == NO_EVENT
    token.unplug()
    assert event(module) == (CKR.OK, slot)
    assert event(module)[0] == NO_EVENT
    token.plug()
    assert event(module) == (CKR.OK, slot)


def test_a_program_that_waits_is_woken_by_the_event(token: Simulator, start: Starter) -> None:
    module = start(token)
    seen: list[tuple[int, int]] = []
    waiter = threading.Thread(target=lambda: seen.append(event(module, flags=0)))
    waiter.start()
    time.sleep(0.1)
    assert seen == []
    token.unplug()
    waiter.join(PATIENCE)
    assert seen == [(CKR.OK, 0)]


def test_a_program_that_waits_is_let_go_when_the_module_ends(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    seen: list[int] = []
    waiter = threading.Thread(target=lambda: seen.append(event(module, flags=0)[0]))
    waiter.start()
    time.sleep(0.1)
    assert module.finalize() == CKR.OK
    waiter.join(PATIENCE)
    assert seen == [CKR.CRYPTOKI_NOT_INITIALIZED]


def test_a_slot_may_have_another_number_when_the_token_comes_back(
    sim: SimulatorFactory, start: Starter
) -> None:
    token = sim(settings={"slot.moves": True, "slot.first": 0x1FFFF})
    module = start(token)
    before = module.slots()
    token.unplug()
    token.plug()
    assert module.open_rv(before[0]) == CKR.SLOT_ID_INVALID, "by the very first call"
    after = module.slots()
    assert before == [0x1FFFF]
    assert after == [0x200FF]
    assert module.open_rv(after[0]) == CKR.OK


def test_a_token_that_is_pulled_out_in_the_middle_of_a_call_answers_so(
    sim: SimulatorFactory, start: Starter
) -> None:
    token = sim(settings={"delay.C_GenerateRandom": 30_000})
    module = start(token)
    session = module.open(module.slots()[0])
    seen: list[int] = []
    room = (c_ulong * 2)()
    caller = threading.Thread(
        target=lambda: seen.append(module.call("C_GenerateRandom", session, room, 16))
    )
    caller.start()
    until(lambda: token.counts().get("C_GenerateRandom"))
    token.unplug()
    caller.join(PATIENCE)
    assert seen == [CKR.DEVICE_REMOVED]


def test_empty_slots_stand_beside_the_one_with_a_token(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim(settings={"slots.empty": 7}))
    assert len(module.slots()) == 1
    empty = [slot for slot in module.slots(present=False) if slot not in module.slots()]
    assert len(empty) == 7
    assert module.slot_info(empty[0]).description.strip() == b""
    assert module.open_rv(empty[0]) == CKR.TOKEN_NOT_PRESENT
