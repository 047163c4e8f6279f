"""The bank's side: a Response from a password or a key, where no token is."""

from __future__ import annotations

import pytest
from lockwright.adapter import Settings
from lockwright.errors import (
    KeyUnusable,
    ModuleNotLoadable,
    ModuleTooOld,
    NotSupported,
    RequestMalformed,
    RuleNotPublic,
)
from lockwright.keys.response import KeyInHand, PasswordInHand
from lockwright.models import KeyForm
from lockwright.secret import Secret
from lockwright_etoken import adapter
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

CLASSIC, IDPRIME = "eToken", "ID Prime MD"
REQUEST = bytes.fromhex("A892D75601617C5D")
PASSWORD = PasswordInHand(Secret(SO_PIN))


@pytest.fixture
def bank(sim: SimulatorFactory) -> Simulator:
    """The bank's workstation: the vendor's module, and no token in the reader."""
    device = sim("etoken")
    device.unplug()
    return device


def at(device: Simulator) -> Settings:
    return {"modules": ["/there/is/none.so", str(device.module)]}


@pytest.mark.parametrize(
    ("key", "response"),
    [("00" * 24, "1951EC3EF81BBABB"), ("0102030405060708" * 3, "B0A1674747F4EB87")],
)
def test_an_idprime_is_answered_as_microsofts_documents_do_without_a_module(
    key: str, response: str
) -> None:
    held = KeyInHand(Secret(bytes.fromhex(key)))
    assert adapter.lockwright_respond(IDPRIME, REQUEST, held, {}).hex().upper() == response


def test_a_classic_is_answered_by_the_vendors_function(bank: Simulator) -> None:
    responses = [
        adapter.lockwright_respond(CLASSIC, REQUEST, PASSWORD, at(bank)),
        adapter.lockwright_respond(CLASSIC, REQUEST, PASSWORD, at(bank)),
        adapter.lockwright_respond(CLASSIC, REQUEST, PasswordInHand(Secret("other")), at(bank)),
        adapter.lockwright_respond(CLASSIC, bytes(8), PASSWORD, at(bank)),
    ]
    assert [len(each) for each in responses] == [8] * 4
    assert len(set(responses)) == 3
    assert bank.counts()["ETC_RSM_Calculate"] == 8  # the length is asked first
    assert bank.counts()["C_Finalize"] == 4


def test_without_the_vendors_module_nothing_is_invented() -> None:
    with pytest.raises(ModuleNotLoadable, match="no such file"):
        adapter.lockwright_respond(CLASSIC, REQUEST, PASSWORD, {"modules": ["/no/module.so"]})


@pytest.mark.parametrize("version", ["etoken@1.2", "etoken@plain"])
def test_a_module_without_the_function_says_so(sim: SimulatorFactory, version: str) -> None:
    device = sim("etoken", module=version)
    with pytest.raises(NotSupported, match="ETC_RSM_Calculate, in this version of its module"):
        adapter.lockwright_respond(CLASSIC, REQUEST, PASSWORD, at(device))
    assert device.counts()["C_Finalize"] == 1


def test_a_module_that_is_too_old_answers_nothing(sim: SimulatorFactory) -> None:
    device = sim("etoken", settings={"library.version": "5.0"})
    with pytest.raises(ModuleTooOld):
        adapter.lockwright_respond(CLASSIC, REQUEST, PASSWORD, at(device))


def test_what_the_function_refuses_is_told(bank: Simulator) -> None:
    bank.fault("ETC_RSM_Calculate@2=0xa2")
    with pytest.raises(KeyUnusable, match="CKR_PIN_LEN_RANGE"):
        adapter.lockwright_respond(CLASSIC, REQUEST, PASSWORD, at(bank))


@pytest.mark.parametrize("model", [CLASSIC, IDPRIME])
def test_a_request_of_another_length_is_none(model: str) -> None:
    with pytest.raises(RequestMalformed):
        adapter.lockwright_respond(model, bytes(16), PASSWORD, {})


def test_a_key_of_the_wrong_kind_is_refused(bank: Simulator) -> None:
    with pytest.raises(KeyUnusable):
        adapter.lockwright_respond(IDPRIME, REQUEST, PASSWORD, {})
    held = KeyInHand(Secret(bytes(24)))
    with pytest.raises(KeyUnusable):
        adapter.lockwright_respond(CLASSIC, REQUEST, held, at(bank))


def test_each_model_has_its_form_of_key_and_a_new_one_has_none() -> None:
    assert adapter.lockwright_response_rule(CLASSIC).key_forms == {KeyForm.PASSWORD}
    assert adapter.lockwright_response_rule(IDPRIME).key_forms == {KeyForm.HEX}
    for call in (
        lambda: adapter.lockwright_response_rule("eToken Fusion"),
        lambda: adapter.lockwright_respond("eToken Fusion", REQUEST, PASSWORD, {}),
    ):
        with pytest.raises(RuleNotPublic):
            call()
