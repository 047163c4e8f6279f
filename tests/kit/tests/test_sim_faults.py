"""Faults and conditions, each as a test asks for it."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable
from ctypes import byref, c_ulong

import pytest
from lockwright.pkcs11.constants import CKA, CKM, CKR
from lockwright_testkit.raw import Mechanism, RawModule, Value, template
from lockwright_testkit.sim import USER_PIN, Simulator, SimulatorError
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.personalities import SOURCES

Starter = Callable[[Simulator], RawModule]
Child = Callable[..., "subprocess.CompletedProcess[str]"]

P256 = bytes.fromhex("06082a8648ce3d030107")
NOTE: dict[int, Value] = {CKA.CLASS: 0, CKA.TOKEN: True, CKA.PRIVATE: False, CKA.LABEL: "note"}
CERTIFICATE: dict[int, Value] = {
    CKA.CLASS: 1,
    CKA.TOKEN: True,
    CKA.PRIVATE: False,
    CKA.CERTIFICATE_TYPE: 0,
    CKA.SUBJECT: b"0\0",
    CKA.VALUE: b"0\0",
    CKA.ID: b"\1\2",
}


def opened(module: RawModule) -> int:
    return module.open(module.slots()[0])


def test_the_nth_call_from_now_fails_and_no_other(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    module.create(session, NOTE)
    token.fault("C_CreateObject@2=0x31")
    answers = [module.create(session, NOTE)[0] for _ in range(3)]
    assert answers == [CKR.OK, CKR.DEVICE_MEMORY, CKR.OK]
    assert len(module.find(session, NOTE)) == 3


def functions() -> list[str]:
    """Every function of PKCS#11 2.40, as the simulator lists them."""
    listed = (SOURCES / "functions.h").read_text()
    return re.findall(r"(?:OWN|FORWARD)\((C_\w+),", listed)


def test_any_function_can_be_made_to_fail(token: Simulator, child: Child) -> None:
    named = functions()
    assert len(named) == 68
    # C_GetFunctionList asks no device, C_Finalize ends the module.
    asked = [name for name in named if name not in {"C_GetFunctionList", "C_Finalize"}]
    token.fault(*(f"{name}@1=0x30" for name in asked))
    lines = (
        "module = RawModule(path)\n"
        "print(module.initialize())\n"
        "module.initialize()\n"
        f"print(*(module.call(name, *[0] * 8) for name in {asked[1:]}))"
    )
    done = child(token, lines)
    assert done.stdout.split() == [str(int(CKR.DEVICE_ERROR))] * len(asked)


def test_every_call_fails_until_the_plan_is_cleared(token: Simulator, start: Starter) -> None:
    module = start(token)
    token.fault("C_OpenSession@*=0x30")
    assert [module.open_rv(0) for _ in range(3)] == [CKR.DEVICE_ERROR] * 3
    token.clear_faults()
    assert module.open_rv(0) == CKR.OK


def test_a_fault_may_come_after_the_work_is_done(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    token.fault("C_CreateObject@1=after:0x5")
    assert module.create(session, NOTE)[0] == CKR.GENERAL_ERROR
    assert len(module.find(session, NOTE)) == 1


def test_a_program_is_killed_at_a_call(token: Simulator, child: Child) -> None:
    token.fault("C_OpenSession@2=kill")
    lines = "with started(path) as module:\n    print(module.open(0))\n    module.open(0)"
    done = child(token, lines)
    assert done.returncode == -signal.SIGKILL
    assert token.counts()["C_OpenSession"] == 2


def test_a_program_is_killed_after_its_work_was_done(
    token: Simulator, child: Child, start: Starter
) -> None:
    token.fault("C_CreateObject@1=after:kill")
    lines = (
        "with started(path) as module:\n"
        "    module.create(module.open(0), {0: 0, 1: True, 2: False, 3: 'note'})"
    )
    assert child(token, lines).returncode == -signal.SIGKILL
    module = start(token)
    assert len(module.find(opened(module), NOTE)) == 1


def test_a_call_hangs(token: Simulator, child: Child) -> None:
    token.fault("C_GetSlotList@1=hang")
    with pytest.raises(subprocess.TimeoutExpired):
        child(token, "with started(path) as module:\n    module.slots()", timeout=2)


@pytest.mark.parametrize(
    "plan",
    [
        "C_Nonsense@1=0x30",
        "C_Login@0=0x30",
        "C_Login@1=0",
        "C_Login@1=oops",
        "C_Login=0x30",
        "C_Login@x=0x30",
        "C_Login@1=0x30 C_Sign@1=0x30",
    ],
)
def test_a_plan_that_means_nothing_is_refused_as_a_whole(token: Simulator, plan: str) -> None:
    with pytest.raises(SimulatorError, match="no such fault"):
        token.fault("C_Login@1=0x30", plan)
    assert token.show()["faults"] == ""


def test_a_full_token_takes_nothing_more_until_something_is_deleted(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim(settings={"memory": 4000}))
    slot, session = module.slots()[0], opened(module)
    big = NOTE | {CKA.VALUE: b"x" * 1000}
    made = []
    while (answer := module.create(session, big))[0] == CKR.OK:
        made.append(answer[1])
    assert answer[0] == CKR.DEVICE_MEMORY
    assert 2 <= len(made) <= 3
    info = module.token_info(slot)
    assert info.total_memory == 4000
    assert info.free_memory < 1500
    assert len(module.find(session, NOTE)) == len(made)
    assert module.call("C_DestroyObject", session, made[0]) == CKR.OK
    assert module.token_info(slot).free_memory > info.free_memory
    assert module.create(session, big)[0] == CKR.OK


def test_a_token_may_keep_its_memory_to_itself(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim(settings={"memory": 4000, "memory.unavailable": True}))
    info = module.token_info(module.slots()[0])
    assert info.free_memory == info.total_memory == c_ulong(-1).value


def test_a_call_takes_as_long_as_it_is_told(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim(settings={"delay": 1, "delay.C_GetTokenInfo": 120}))
    slot = module.slots()[0]
    began = time.monotonic()
    module.slot_info(slot)
    between = time.monotonic()
    module.token_info(slot)
    assert between - began >= 0.001
    assert time.monotonic() - between >= 0.12


def test_key_generation_is_slow_by_itself(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim(settings={"delay.C_GenerateKeyPair": 150}))
    session = opened(module)
    module.login(session, USER_PIN)
    public = template({CKA.EC_PARAMS: P256, CKA.TOKEN: True})
    private = template({CKA.TOKEN: True, CKA.SIGN: True})
    pair = byref(c_ulong()), byref(c_ulong())
    mechanism = byref(Mechanism(CKM.EC_KEY_PAIR_GEN, None, 0))
    finding = []
    for _ in range(10):
        began = time.monotonic()
        assert module.find(session, {}) == []
        finding.append(time.monotonic() - began)
    between = time.monotonic()
    rv = module.call("C_GenerateKeyPair", session, mechanism, *public, *private, *pair)
    assert rv == CKR.OK
    assert min(finding) < 0.1
    assert time.monotonic() - between >= 0.15


def test_a_delay_with_a_long_tail_is_mostly_short(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim(settings={"delay.C_GetSlotInfo": "1..240"}))
    slot = module.slots()[0]
    took = []
    for _ in range(40):
        began = time.monotonic()
        module.slot_info(slot)
        took.append(time.monotonic() - began)
    took.sort()
    assert took[0] >= 0.001
    assert took[20] < 0.12
    assert took[-1] > 0.008


def test_another_program_that_holds_the_token_is_a_sharing_violation(
    sim: SimulatorFactory, start: Starter, child: Child
) -> None:
    token = sim(settings={"sharing.violation": 0x30})
    module = start(token)
    session = opened(module)
    ask = "with started(path) as module:\n    print(module.open_rv(0))"
    assert child(token, ask).stdout.split() == [str(int(CKR.DEVICE_ERROR))]
    module.call("C_CloseSession", session)
    assert child(token, ask).stdout.split() == ["0"]


@pytest.mark.parametrize("rule", ["label:note", "id:0102"])
def test_an_object_cannot_be_destroyed(sim: SimulatorFactory, start: Starter, rule: str) -> None:
    module = start(sim(settings={"undestroyable": rule}))
    session = opened(module)
    _, kept = module.create(session, CERTIFICATE | {CKA.LABEL: "note"})
    _, other = module.create(session, CERTIFICATE | {CKA.LABEL: "other", CKA.ID: b"\3"})
    assert module.call("C_DestroyObject", session, kept) == CKR.ACTION_PROHIBITED
    assert module.call("C_DestroyObject", session, other) == CKR.OK
    assert module.find(session, {}) == [kept]


def test_two_objects_may_have_one_id_unless_the_token_refuses(
    sim: SimulatorFactory, start: Starter
) -> None:
    token = sim()
    module = start(token)
    session = opened(module)
    assert [module.create(session, CERTIFICATE)[0] for _ in range(2)] == [CKR.OK] * 2
    token.set("id.unique", value=True)
    assert module.create(session, CERTIFICATE)[0] == CKR.ATTRIBUTE_VALUE_INVALID
    assert module.create(session, CERTIFICATE | {CKA.ID: b"\3"})[0] == CKR.OK


def test_an_attribute_that_is_not_there_may_be_answered_with_ok(
    sim: SimulatorFactory, start: Starter
) -> None:
    token = sim()
    module = start(token)
    session = opened(module)
    _, note = module.create(session, NOTE)
    request = (session, note, *template({CKA.MODULUS: b""}))
    assert module.call("C_GetAttributeValue", *request) == CKR.ATTRIBUTE_TYPE_INVALID
    token.set("attributes.unavailable", value=True)
    assert module.call("C_GetAttributeValue", *request) == CKR.OK


def test_a_request_for_too_many_attributes_is_refused_and_remembered(
    sim: SimulatorFactory, start: Starter
) -> None:
    token = sim(settings={"attributes.most": 2})
    module = start(token)
    session = opened(module)
    _, note = module.create(session, NOTE)
    three = template({CKA.CLASS: b"x" * 8, CKA.TOKEN: b"x", CKA.LABEL: b"x" * 9})
    assert module.call("C_GetAttributeValue", session, note, *three) == CKR.ARGUMENTS_BAD
    assert module.get(session, note, CKA.LABEL) == (CKR.OK, b"note")
    assert token.show()["slot0.attributes.long"] == "1"


def test_a_fault_of_the_first_call_is_no_bar_to_the_second(token: Simulator, child: Child) -> None:
    token.fault("C_Initialize@1=0x30")
    lines = "module = RawModule(path)\nprint(module.initialize(), module.initialize())"
    assert child(token, lines).stdout.split() == [str(int(CKR.DEVICE_ERROR)), "0"]
    assert token.tries() == 3
    assert USER_PIN not in str(token.show())
