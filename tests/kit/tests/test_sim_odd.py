"""Tokens with a PIN pad, write protection, no login; and sizes and flags that a setting decides."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import pytest
from lockwright.pkcs11.constants import CKA, CKF, CKM, CKO, CKR, CKU
from lockwright_testkit.raw import RawModule, Value
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]
READ_ONLY = 0x4
NEW = "Nova-pin-2"


def flags(module: RawModule) -> int:
    return int(module.token_info(module.slots()[0]).flags)


def pad_login(module: RawModule, session: int, user: int = CKU.USER) -> int:
    return module.call("C_Login", session, user, None, 0)


@pytest.fixture
def pad(sim: SimulatorFactory) -> Simulator:
    return sim(
        settings={"pad": True, "pad.user.pin": USER_PIN, "pad.so.pin": SO_PIN, "pad.new.pin": NEW}
    )


def test_a_pin_is_typed_at_the_pad_where_the_program_gives_none(
    pad: Simulator, start: Starter
) -> None:
    module = start(pad)
    session = module.open(module.slots()[0])

    assert flags(module) & CKF.PROTECTED_AUTHENTICATION_PATH
    assert pad_login(module, session) == CKR.OK


def test_what_is_typed_wrong_at_the_pad_costs_a_try(pad: Simulator, start: Starter) -> None:
    module = start(pad)
    session = module.open(module.slots()[0])
    pad.set("pad.user.pin", "wrong")

    assert pad_login(module, session) == CKR.PIN_INCORRECT
    assert pad.tries() == 9


@pytest.mark.parametrize("answer", ["cancels", "nothing"])
def test_a_pad_that_is_left_alone_costs_nothing(
    pad: Simulator, start: Starter, answer: str
) -> None:
    module = start(pad)
    session = module.open(module.slots()[0])
    pad.set("pad.answer", answer)

    assert pad_login(module, session) == CKR.FUNCTION_CANCELED
    assert pad.tries() == 10


def test_pins_are_set_at_the_pad(pad: Simulator, start: Starter) -> None:
    module = start(pad)
    session = module.open(module.slots()[0])

    assert module.call("C_SetPIN", session, None, 0, None, 0) == CKR.OK
    assert module.login(session, NEW) == CKR.OK
    module.call("C_Logout", session)
    pad.set("pad.new.pin", USER_PIN)
    assert pad_login(module, session, CKU.SO) == CKR.OK
    assert module.call("C_InitPIN", session, None, 0) == CKR.OK
    module.call("C_Logout", session)
    assert module.login(session, USER_PIN) == CKR.OK


def test_without_a_pad_a_pin_must_be_given(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = module.open(module.slots()[0])

    assert pad_login(module, session) == CKR.ARGUMENTS_BAD


def test_a_write_protected_token_opens_to_read_only(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim(settings={"write.protected": True}))
    (slot,) = module.slots()
    label = ctypes.create_string_buffer(b"new", 32)

    assert flags(module) & CKF.WRITE_PROTECTED
    assert module.open_rv(slot) == CKR.TOKEN_WRITE_PROTECTED
    assert module.call("C_InitToken", slot, SO_PIN, label) == CKR.TOKEN_WRITE_PROTECTED
    assert module.login(module.open(slot, READ_ONLY), USER_PIN) == CKR.OK


def test_a_token_without_login_shows_and_takes_private_objects(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim(settings={"login.required": False}))
    session = module.open(module.slots()[0])
    private: dict[int, Value] = {
        CKA.CLASS: CKO.DATA,
        CKA.TOKEN: True,
        CKA.PRIVATE: True,
        CKA.VALUE: b"x",
    }

    assert not flags(module) & CKF.LOGIN_REQUIRED
    assert module.create(session, private)[0] == CKR.OK
    assert len(module.find(session, {CKA.CLASS: CKO.DATA})) == 1


def test_key_sizes_are_those_of_the_settings(sim: SimulatorFactory, start: Starter) -> None:
    module = start(sim(settings={"rsa.min": 1024, "rsa.max": 2048}))
    told = (ctypes.c_ulong * 3)()

    assert (
        module.call("C_GetMechanismInfo", module.slots()[0], CKM.RSA_PKCS_KEY_PAIR_GEN, told)
        == CKR.OK
    )
    assert list(told)[:2] == [1024, 2048]


def test_the_flag_of_the_last_try_lingers_until_a_login(
    sim: SimulatorFactory, start: Starter
) -> None:
    module = start(sim(settings={"user.tries": 1, "tries.linger": True}))
    session = module.open(module.slots()[0])
    module.login(session, SO_PIN, CKU.SO)
    module.call("C_InitPIN", session, NEW)
    module.call("C_Logout", session)

    assert flags(module) & CKF.USER_PIN_FINAL_TRY
    assert module.login(session, NEW) == CKR.OK
    assert not flags(module) & CKF.USER_PIN_FINAL_TRY
