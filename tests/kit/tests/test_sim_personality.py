"""What the base offers to personalities, shown by a vendor that does not exist."""

from __future__ import annotations

import ctypes
import hashlib
import subprocess
from collections.abc import Callable
from ctypes import byref, c_ulong
from pathlib import Path

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from lockwright.pkcs11.constants import CKA, CKR, CKU
from lockwright_testkit.raw import RawModule, template
from lockwright_testkit.sim import (
    SO_PIN,
    USER_PIN,
    Applet,
    Personality,
    Simulator,
    SimulatorError,
    register,
    register_version,
)
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]
Child = Callable[..., "subprocess.CompletedProcess[str]"]

KEY = bytes(range(24))
NEW = "Nova-pin-2"
CANNOT_UNLOCK = 0x80000016
CKU_PUK, CKU_ANSWER = 0x80000001, 0x80000002
TRIES, NOTE, MODEL = 0x80000010, 0x80000011, 0x80000012
HW_FEATURE = {int(CKA.CLASS): 5}
SESSION_INFO, SLOT_INFO, TOKEN_INFO = "C_GetSessionInfo", "C_GetSlotInfo", "C_GetTokenInfo"

register(Personality("sample", "sample", source=Path(__file__).with_name("sample.c")))
register_version("sample@1", "-DWITHOUT_DIGEST")


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    settings: dict[str, Setting] = {"admin.key": KEY, "so.tries.max": 2, "puk.pin": "12121212"}
    return sim("sample", settings=settings)


def challenge(module: RawModule, slot: int = 0) -> bytes:
    room, length = ctypes.create_string_buffer(8), c_ulong(8)
    assert module.call("SA_Challenge", slot, room, byref(length)) == CKR.OK
    return room.raw


def answer(asked: bytes, key: bytes = KEY) -> bytes:
    return Cipher(TripleDES(key), modes.ECB()).encryptor().update(asked)  # noqa: S305  # the cards'


def complete(module: RawModule, response: bytes, pin: str = NEW) -> int:
    return module.call("SA_Complete", 0, response, pin)


def lock(module: RawModule) -> int:
    session = module.open(0)
    while module.login(session, "wrong") != CKR.PIN_LOCKED:
        continue
    return session


def test_an_answer_opens_a_locked_token(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = lock(module)
    asked = challenge(module)
    assert complete(module, answer(asked)) == CKR.OK
    assert module.login(session, NEW) == CKR.OK


def test_the_length_can_be_asked_first(token: Simulator, start: Starter) -> None:
    module = start(token)
    length = c_ulong()
    assert module.call("SA_Challenge", 0, None, byref(length)) == CKR.OK
    assert length.value == 8
    assert "slot0.challenge" not in (token.folder / "state").read_text()


def test_an_answer_works_once_and_no_two_challenges_are_alike(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    asked = challenge(module)
    assert complete(module, answer(asked)) == CKR.OK
    assert complete(module, answer(asked)) == CANNOT_UNLOCK
    assert challenge(module) != challenge(module)


def test_a_wrong_answer_costs_the_administrator_a_try_until_none_is_left(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    for left in (1, 0):
        challenge(module)
        assert complete(module, b"x" * 8) == CKR.PIN_INCORRECT
        assert token.tries("so") == left
    assert complete(module, answer(challenge(module))) == CKR.PIN_LOCKED


def test_a_new_pin_that_the_policy_refuses_leaves_the_challenge(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    asked = challenge(module)
    too_short = 0x80000001
    assert complete(module, answer(asked), "abc") == too_short
    assert complete(module, answer(asked)) == CKR.OK


@pytest.mark.parametrize(
    ("function", "left"),
    [(SLOT_INFO, CKR.OK), (SESSION_INFO, CKR.OK), (TOKEN_INFO, CANNOT_UNLOCK)],
)
def test_a_call_that_reaches_the_token_voids_the_challenge(
    token: Simulator, start: Starter, function: str, left: int
) -> None:
    module = start(token)
    session = module.open(0)
    asked = challenge(module)
    handle = session if function == SESSION_INFO else 0
    room = ctypes.create_string_buffer(512)
    assert module.call(function, handle, room) == CKR.OK
    assert complete(module, answer(asked)) == left


def test_another_program_voids_it_too(token: Simulator, start: Starter, child: Child) -> None:
    module = start(token)
    asked = challenge(module)
    child(token, "with started(path) as module:\n    module.slot_info(0)")
    session = module.open(0)
    child(token, "with started(path) as module:\n    module.token_info(0)")
    assert complete(module, answer(asked)) == CANNOT_UNLOCK
    assert module.call("C_CloseSession", session) == CKR.OK


def test_another_applet_of_the_device_voids_it_too(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim("sample", settings={"admin.key": KEY}, more=(Applet("sample"),)))
    asked = challenge(module)
    module.token_info(1)
    assert complete(module, answer(asked)) == CANNOT_UNLOCK


def test_a_challenge_outlives_the_program_but_not_the_removal(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    asked = challenge(module)
    module.finalize()
    module.initialize()
    assert complete(module, answer(asked)) == CKR.OK
    asked = challenge(module)
    token.unplug()
    token.plug()
    assert complete(module, answer(asked)) == CANNOT_UNLOCK


def test_vendors_ways_to_log_in(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = module.open(0)
    assert module.login(session, "wrong", CKU_PUK) == CKR.PIN_INCORRECT
    assert module.login(session, "12121212", CKU_PUK) == CKR.OK
    assert module.call("C_InitPIN", session, NEW) == CKR.OK
    module.call("C_Logout", session)
    response = answer(challenge(module))
    assert module.call("C_Login", session, CKU_ANSWER, response) == CKR.OK
    assert module.call("C_Logout", session) == CKR.OK
    assert module.login(session, SO_PIN, 0x80000009) == CKR.USER_TYPE_INVALID


def test_objects_of_the_vendors_are_found_read_and_set(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = module.open(0)
    assert module.find(session, {}) == []
    (thing,) = module.find(session, HW_FEATURE)
    assert module.get(session, thing, TRIES) == (CKR.OK, bytes(c_ulong(3)))
    assert module.get(session, thing, MODEL) == (CKR.OK, b"Sample")
    assert module.get(session, thing, NOTE) == (CKR.OK, b"\0")
    assert module.get(session, thing, 0x80000099)[0] == CKR.ATTRIBUTE_TYPE_INVALID
    assert set_attribute(module, session, thing, NOTE, b"\1") == CKR.OK
    assert module.get(session, thing, NOTE) == (CKR.OK, b"\1")
    assert set_attribute(module, session, thing, MODEL, b"x") == CKR.ATTRIBUTE_READ_ONLY
    assert module.call("C_DestroyObject", session, thing) == CKR.ACTION_PROHIBITED


def set_attribute(module: RawModule, session: int, thing: int, kind: int, value: bytes) -> int:
    return module.call("C_SetAttributeValue", session, thing, *template({kind: value}))


def test_a_search_for_vendors_objects_is_a_search_like_any(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = module.open(0)
    room, count = (c_ulong * 4)(), c_ulong()
    operation_active = 0x90
    assert module.call("C_FindObjectsInit", session, *template(HW_FEATURE)) == CKR.OK
    assert module.call("C_FindObjectsInit", session, None, 0) == operation_active
    for expected in (1, 0):
        assert module.call("C_FindObjects", session, room, 4, byref(count)) == CKR.OK
        assert count.value == expected
    assert module.call("C_FindObjectsFinal", session) == CKR.OK
    assert module.find(session, {}) == []


def test_a_personality_has_its_strings_and_its_last_word(token: Simulator, start: Starter) -> None:
    module = start(token)
    assert module.info().description.rstrip() == b"Sample's module"
    assert module.token_info(0).model.rstrip() == b"Sample"
    assert module.token_info(0).sessions[0] == 77


def test_a_personality_hears_of_a_format(token: Simulator, start: Starter) -> None:
    module = start(token)
    label = ctypes.create_string_buffer(b"x".ljust(32), 32)
    assert module.call("C_InitToken", 0, SO_PIN, label) == CKR.OK
    assert token.show()["slot0.formats"] == "1"


@pytest.mark.parametrize(
    ("mechanism", "name"), [(0x210, "md5"), (0x220, "sha1"), (0x250, "sha256")]
)
def test_digests_are_softhsms(token: Simulator, start: Starter, mechanism: int, name: str) -> None:
    module = start(token)
    session = module.open(0)
    room = ctypes.create_string_buffer(32)
    assert module.call("SA_Digest", session, mechanism, b"abc", room) == CKR.OK
    right = hashlib.new(name, b"abc", usedforsecurity=False).digest()
    assert room.raw[: len(right)] == right
    assert module.session_info(session).device_error == 0x123


def test_a_vendors_function_is_counted_traced_and_made_to_fail(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    token.start_trace()
    token.fault("SA_Challenge@2=0x30", "SA_Complete@1=0x31")
    challenge(module)
    room, length = ctypes.create_string_buffer(8), c_ulong(8)
    assert module.call("SA_Challenge", 0, room, byref(length)) == CKR.DEVICE_ERROR
    assert complete(module, b"x" * 8) == CKR.DEVICE_MEMORY
    assert token.counts()["SA_Challenge"] == 2
    assert [line.split()[4] for line in token.trace()] == ["SA_Challenge"] * 2 + ["SA_Complete"]


def test_an_older_module_lacks_a_function_and_shows_its_own_devices_alone(
    sim: SimulatorFactory, token: Simulator, start: Starter
) -> None:
    old = sim("sample", module="sample@1", label="old")
    module = start(old)
    assert not hasattr(module.library, "SA_Digest")
    assert hasattr(module.library, "SA_Complete")
    labels = [module.token_info(slot).label.rstrip() for slot in module.slots()]
    assert labels == [b"old"]
    with pytest.raises(SimulatorError, match="there is no module sample@7; there are"):
        sim("sample", module="sample@7")
    with pytest.raises(SimulatorError, match="must be of one vendor"):
        sim("sample", more=(Applet("plain"),))


def test_the_user_still_logs_in_as_everywhere(token: Simulator, start: Starter) -> None:
    module = start(token)
    assert module.login(module.open(0), USER_PIN, CKU.USER) == CKR.OK
