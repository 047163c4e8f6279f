"""What unblocks waits for a second person as well, on both sides of a remote unblock."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from lockwright import Config, Responder, Secret
from lockwright.errors import PinIncorrect
from lockwright.keys.source import given_key
from lockwright.models import Grounds, KeyForm, Token
from lockwright.registry import Registry
from lockwright_four_eyes.errors import ConsentMissing
from lockwright_testkit import responding_adapter
from lockwright_testkit.sim.answers import des3_answer
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SO_PIN
from second_person import (  # noqa: F401  # pytest finds fixtures by their names
    NEW_PIN,
    PIN,
    Full,
    Office,
    full_fixture,
    office_fixture,
)


def test_unblocking_by_the_so_pin_waits_for_a_second_person(office: Office, full: Full) -> None:
    def unblock() -> None:
        full.runner.unblock(full.token, Secret(SO_PIN), Secret(NEW_PIN))

    with pytest.raises(ConsentMissing, match="unblock the PIN") as caught:
        unblock()
    full.runner.list(full.token, PIN)

    office.approve(str(caught.value.facts["id"]), full.token.serial)
    unblock()
    full.runner.list(full.token, Secret(NEW_PIN))


def test_a_request_is_agreed_to_once_and_its_response_needs_no_more(
    office: Office, sim: SimulatorFactory
) -> None:
    key = bytes(range(24))
    device = sim("jacarta-pki", settings={"user.tries.max": 1, "admin.key": key})
    with office.runner(device.module, use_last_try=True) as runner:
        token = runner.find()
        with pytest.raises(PinIncorrect):
            runner.list(token, Secret("not-the-pin"))
        with pytest.raises(ConsentMissing) as caught:
            runner.begin_unblock(token, Secret(NEW_PIN))

        office.approve(str(caught.value.facts["id"]), token.serial)
        with runner.begin_unblock(token, Secret(NEW_PIN)) as pending:
            pending.complete(Secret(des3_answer(key, pending.request.data).hex()))

        assert runner.list(token, Secret(NEW_PIN)).logged_in


def test_the_bank_gives_a_response_once_two_agreed(office: Office, tmp_path: Path) -> None:
    point = EntryPoint(responding_adapter.NAME, responding_adapter.__name__, "lockwright")
    config = Config(audit=None, ledger=tmp_path / "answered.db")
    responder = Responder(config, registry=Registry(found=[point, office.points[-1]]))
    model = responding_adapter.KEY_MODEL
    serial = "0B53001435596976"
    inquiry = responder.inquire(responding_adapter.NAME, model, serial, "A892D75601617C5D").value
    key = given_key(Secret("7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"), KeyForm.HEX)
    grounds = Grounds("anna", ticket="4711")

    with pytest.raises(ConsentMissing) as caught:
        responder.respond(inquiry, key, grounds)
    office.approve(str(caught.value.facts["id"]), serial)
    with pytest.raises(ConsentMissing):
        responder.respond(inquiry, key, Grounds("anna", ticket="4712"))

    assert responder.respond(inquiry, key, grounds)
    asked = [json.loads(file.read_text()) for file in (tmp_path / "spool").glob("*.asked")]
    assert {each["facts"]["ticket"] for each in asked} == {"4711", "4712"}


def test_a_token_that_is_initialised_gets_its_first_pin_under_the_same_consent(
    office: Office, full: Full
) -> None:
    def initialise() -> Token:
        care, token = full.runner.care, full.runner.find()
        plan = care.plan_init(token, "Clara")
        return care.init(token, Secret(SO_PIN), Secret(NEW_PIN), plan)

    with pytest.raises(ConsentMissing) as caught:
        initialise()
    assert full.left() == 2

    office.approve(str(caught.value.facts["id"]), full.token.serial)
    now = initialise()

    assert full.runner.list(now, Secret(NEW_PIN)).containers == ()
    with pytest.raises(ConsentMissing):
        full.runner.unblock(now, Secret(SO_PIN), Secret(NEW_PIN))
