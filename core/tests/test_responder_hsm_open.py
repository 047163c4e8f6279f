"""A Responder that stays open, with keys in an HSM: one login for many, one try for a PIN."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from lockwright import Config, Responder, Secret
from lockwright.bindings import load_installed
from lockwright.errors import (
    NOTHING,
    KeyUnusable,
    LockwrightError,
    ModuleCrashed,
    ModuleHung,
    PinIncorrect,
    TooManyAnswers,
)
from lockwright.keys.response import KeyInHand
from lockwright.keys.source import HsmKey, hsm_module
from lockwright.ledger import Limits
from lockwright.models import Grounds, Inquiry
from lockwright.models.deadlines import Deadlines
from lockwright.pkcs11.constants import CKA, CKO, CKU
from lockwright.registry import Registry
from lockwright_testkit import odd_responder as odd
from lockwright_testkit.hsm import add_key
from lockwright_testkit.sim import USER_PIN as SIM_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

OPERATORS = 20
GROUNDS = Grounds("anna", ticket="4711")
KEY = bytes.fromhex("7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0")
POINT = EntryPoint(odd.NAME, odd.__name__, "lockwright")

Made = Callable[..., Responder]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(
        at_once: int = 2,
        *,
        per_key: int | None = None,
        isolate: bool = True,
        call: float = 30,
    ) -> Responder:
        config = Config(
            audit=tmp_path / "bank" / "audit.jsonl",
            ledger=tmp_path / "bank" / "answered.db",
            limits=Limits(None, per_key, None),
            adapters={odd.NAME: {"folder": str(tmp_path)}},
            deadlines=Deadlines(call=call),
        )
        registry = Registry(found=[POINT])
        return Responder(config, isolate=isolate, at_once=at_once, registry=registry)

    return make


@pytest.fixture
def bank(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("bankhsm")


@pytest.fixture
def uri(softhsm: SoftHSM, bank: AddedToken) -> str:
    return add_key(softhsm, bank, KEY, "admin")


@pytest.fixture
def operators() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(OPERATORS) as pool:
        yield pool


@pytest.fixture
def failing(faulty: Path, faults: Callable[[str], None], tmp_path: Path) -> Callable[[str], Path]:
    """Plans faults of a module that forwards to SoftHSM, in whatever process it is; the module."""
    plan = tmp_path / "plan"
    plan.touch()
    faults(str(plan))

    def fail(text: str) -> Path:
        plan.write_text(text)
        return faulty

    return fail


def in_hsm(uri: str, module: Path | None = None, pin: str = USER_PIN) -> HsmKey:
    return HsmKey(uri, hsm_module(uri, module), Secret(pin))


def inquiry(number: int, model: str = odd.PLAIN) -> Inquiry:
    return Inquiry(odd.NAME, model, "S1", number.to_bytes(8))


def expected(number: int, key: bytes = KEY) -> bytes:
    return KeyInHand(Secret(key)).des3_ecb(number.to_bytes(8))


def answered(responder: Responder, number: int, key: HsmKey) -> bytes:
    with responder.respond(inquiry(number), key, GROUNDS) as response:
        return response.reveal()


@pytest.mark.parametrize("isolate", [True, False])
def test_keys_of_two_tokens_answer_for_many_at_once(
    made: Made, softhsm: SoftHSM, uri: str, operators: ThreadPoolExecutor, *, isolate: bool
) -> None:
    other = add_key(softhsm, softhsm.add_token("branch"), KEY[::-1], "admin")

    with made(1, isolate=isolate) as responder:

        def answer(number: int) -> bool:
            key = in_hsm(other if number % 3 else uri)
            value = KEY[::-1] if number % 3 else KEY
            return answered(responder, number, key) == expected(number, value)

        assert all(operators.map(answer, range(OPERATORS)))


@pytest.mark.parametrize("isolate", [True, False])
def test_one_login_serves_many_answers(
    made: Made, failing: Callable[[str], Path], uri: str, *, isolate: bool
) -> None:
    module = failing("C_Login@2=0xA0")  # another one would be told as a wrong PIN

    with made(1, isolate=isolate) as responder:
        for number in range(4):
            assert answered(responder, number, in_hsm(uri, module)) == expected(number)


ENDS = [
    (False, "C_GetSessionInfo@1=0xB3"),
    (False, "C_GetSessionInfo@1=0x30;C_GetSlotList@1=0x30"),
    (False, "C_FindObjectsInit@1=0x101"),
    (False, "C_Encrypt@1=0x32"),
    (False, "C_EncryptInit@2=0xB3"),
    (True, "C_GetSessionInfo@1=0x30;C_GetSlotList@1=0x30"),
    (True, "C_EncryptInit@2=0xB3"),
]


@pytest.mark.parametrize(("isolate", "ends"), ENDS)
def test_a_session_that_ended_is_opened_again(
    made: Made, failing: Callable[[str], Path], uri: str, ends: str, *, isolate: bool
) -> None:
    with made(1, isolate=isolate) as responder:
        key = in_hsm(uri, failing(""))
        assert answered(responder, 1, key) == expected(1)
        failing(f"{ends};C_Login@2=0xA0")
        assert answered(responder, 2, key) == expected(2)
        assert answered(responder, 3, key) == expected(3)


def test_an_hsm_that_stays_away_is_told_and_asked_again_when_it_is_back(
    made: Made, failing: Callable[[str], Path], uri: str
) -> None:
    with made(1) as responder:
        key = in_hsm(uri, failing(""))
        assert answered(responder, 1, key) == expected(1)
        failing("C_GetSessionInfo@*=0xB3;C_GetSlotList@*=0x30")
        for _ in range(2):
            with pytest.raises(LockwrightError):
                answered(responder, 2, key)
        failing("")
        assert answered(responder, 2, key) == expected(2)


def test_a_wrong_pin_is_sent_once_whoever_gives_it(
    made: Made, sim: SimulatorFactory, operators: ThreadPoolExecutor
) -> None:
    device = sim("plain", label="bankhsm", settings={"user.tries.max": 10})
    key = HsmKey("pkcs11:token=bankhsm;object=admin", device.module, Secret("Wrong-pin-1"))

    def refusal(number: int) -> LockwrightError:
        with pytest.raises(PinIncorrect) as refused:
            responder.respond(inquiry(number), key, GROUNDS)
        return refused.value

    with made(4) as responder:
        refused = list(operators.map(refusal, range(OPERATORS)))
        assert device.counts()["C_Login"] == 1
        right = HsmKey(key.uri, key.module, Secret(SIM_PIN))
        with pytest.raises(KeyUnusable):  # let in, where no such key is
            responder.respond(inquiry(1), right, GROUNDS)

    assert [error.cost for error in refused].count(NOTHING) == OPERATORS - 1


def test_a_login_serves_nobody_who_gives_another_pin(
    made: Made, softhsm: SoftHSM, uri: str
) -> None:
    for isolate in (True, False):
        with made(1, isolate=isolate) as responder:
            number = 10 * isolate
            assert answered(responder, number, in_hsm(uri)) == expected(number)
            with pytest.raises(PinIncorrect):
                answered(responder, number + 1, in_hsm(uri, pin="Wrong-pin-1"))
            assert answered(responder, number + 1, in_hsm(uri)) == expected(number + 1)


def test_a_pin_that_was_changed_meanwhile_is_sent_once(
    made: Made,
    softhsm: SoftHSM,
    bank: AddedToken,
    failing: Callable[[str], Path],
    uri: str,
) -> None:
    with made(1) as responder:
        key = in_hsm(uri, failing(""))
        assert answered(responder, 1, key) == expected(1)
        with (
            closing(load_installed(softhsm.module)) as module,
            module.open_session(bank.slot) as session,
        ):
            session.login(CKU.USER, Secret(USER_PIN))
            session.set_pin(Secret(USER_PIN), Secret("Another-pin-1"))
        failing("C_GetSessionInfo@1=0xB3;C_GetSlotList@1=0x30;C_Login@2=crash")
        for _ in range(2):
            with pytest.raises(PinIncorrect):
                answered(responder, 2, key)
        failing("")
        new = in_hsm(uri, key.module, "Another-pin-1")
        assert answered(responder, 2, new) == expected(2)


def test_a_key_that_took_anothers_place_is_judged_anew(
    made: Made, softhsm: SoftHSM, bank: AddedToken, uri: str
) -> None:
    with made(1) as responder:
        assert answered(responder, 1, in_hsm(uri)) == expected(1)
        with (
            closing(load_installed(softhsm.module)) as module,
            module.open_session(bank.slot) as session,
        ):
            session.login(CKU.USER, Secret(USER_PIN))
            [handle] = session.find({CKA.CLASS: CKO.SECRET_KEY})
            session.destroy(handle)
        add_key(softhsm, bank, KEY, "admin", further={CKA.EXTRACTABLE: True})
        with pytest.raises(KeyUnusable, match="taken out"):
            answered(responder, 2, in_hsm(uri))


def test_an_hsm_that_crashes_in_the_middle_costs_one_answer(
    made: Made, failing: Callable[[str], Path], uri: str
) -> None:
    with made(1) as responder:
        key = in_hsm(uri, failing(""))
        assert answered(responder, 1, key) == expected(1)
        failing("C_Encrypt@3=crash")
        with pytest.raises(ModuleCrashed):
            answered(responder, 2, key)
        failing("")
        assert answered(responder, 2, key) == expected(2)


def test_operators_who_wait_for_a_login_that_hangs_do_not_wait_in_turn(
    made: Made, failing: Callable[[str], Path], uri: str, operators: ThreadPoolExecutor
) -> None:
    key = in_hsm(uri, failing("C_Login@*=hang"))

    def refusal(number: int) -> LockwrightError:
        with pytest.raises(ModuleHung) as refused:
            responder.respond(inquiry(number), key, GROUNDS)
        return refused.value

    with made(2, call=1.5) as responder:
        begun = time.monotonic()
        refused = list(operators.map(refusal, range(OPERATORS)))
        assert time.monotonic() - begun < OPERATORS
        failing("")

    assert [error.cost for error in refused].count(NOTHING) > 0


def test_a_key_in_an_hsm_is_counted_while_its_mark_is_known(made: Made, uri: str) -> None:
    with made(1, per_key=2) as responder:
        for number in range(2):
            assert answered(responder, number, in_hsm(uri)) == expected(number)
        with pytest.raises(TooManyAnswers):
            answered(responder, 3, in_hsm(uri))
