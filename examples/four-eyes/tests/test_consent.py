"""What destroys waits for a second person, whose signature fits just that, once."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from lockwright import Secret
from lockwright.contract import declaration, hooks
from lockwright.contract.audit_facts import NOTHING_RECORDED
from lockwright.models import Token
from lockwright.operations.enrolment.orders import Asked
from lockwright.registry import Registry
from lockwright_four_eyes import program
from lockwright_four_eyes.errors import ConsentMissing
from lockwright_four_eyes.guard import FourEyes
from lockwright_testkit.bank import LOGIN, PASSWORD, SOFTHSM, Bank
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.filling import fill
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.simulator import USER_PIN as SIM_PIN
from lockwright_testkit.softhsm import SoftHSM
from second_person import (  # noqa: F401  # pytest finds fixtures by their names
    BORIS,
    CA,
    PIN,
    Full,
    Office,
    full_fixture,
    office_fixture,
)


def test_what_is_guarded_is_what_the_contract_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    @declaration.hook(removes=declaration.EVERYTHING, changes=True, records=NOTHING_RECORDED)
    def lockwright_melt(module: object, token: Token) -> None: ...

    melt = declaration.Declared(
        function=lockwright_melt, removes="everything", changes=True, records=NOTHING_RECORDED
    )
    monkeypatch.setattr(hooks, "HOOKS", {**hooks.HOOKS, "lockwright_melt": melt})
    guard = FourEyes(Path("unread"))

    guarded = {name.removeprefix("lockwright_") for name in vars(guard) if name[:5] == "lockw"}
    assert guarded >= {"delete", "wipe", "erase", "melt"}
    assert guarded >= {"unblock", "unblock_challenge", "unblock_complete", "respond"}
    assert guarded >= {"set_policy", "change_so_pin", "init"}, "they go by the SO PIN"
    assert not guarded & {"change_pin", "generate", "store", "sign", "unblock_cancel", "state"}


def test_everything_that_is_deleted_by_name_is_guarded_like_a_wipe(
    office: Office, full: Full
) -> None:
    wipe = full.runner.plan_wipe(full.token, PIN)

    first, second = full.asks(full.everything()), full.asks(wipe)

    assert first != second
    assert full.left() == 2
    shown = {each["id"]: each for each in office.exchange.waiting()}
    assert [len(shown[each]["goes"]) for each in (first, second)] == [4, 4]
    assert shown[first]["plan"] == wipe.digest


def test_a_deletion_is_done_once_a_second_person_agreed_and_once_only(
    office: Office, full: Full, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = full.asks(full.everything())

    assert office.approve(asked, full.token.serial) == 0
    shown = capsys.readouterr().out
    assert "Old Anna" in shown
    assert len(full.runner.apply(full.token, PIN, full.everything()).gone) == 4

    full.runner.request(full.token, PIN, "CN=Anna", key_type="ec:p256")
    assert full.asks(full.everything()) != asked
    assert full.left() == 1


def test_who_types_another_serial_number_agrees_to_nothing(
    office: Office, full: Full, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = full.asks(full.everything())

    assert office.approve(asked, "0000") == 1

    assert "nothing was agreed to" in capsys.readouterr().err
    assert full.asks(full.everything()) == asked


def test_the_second_person_signs_with_a_token_of_their_own(
    office: Office, full: Full, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = softhsm.add_token("Boris", user_pin="Boris-pin-1")
    asked = full.asks(full.everything())
    with office.runner() as runner:
        made = runner.request(
            runner.find(own.serial), Secret("Boris-pin-1"), "CN=Boris", key_type="ec:p384"
        )
    public = load_der_public_key(made.key.public_key)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    (office.folder / "boris.pem").write_bytes(pem(CA.issue(public)))
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{full.token.serial}\nBoris-pin-1\n"))

    told = program.main(["approve", asked, "--as", BORIS, "--token", own.serial], office.settings)

    assert told == 0
    full.runner.apply(full.token, PIN, full.everything())
    assert full.left() == 0


def test_a_renewal_that_replaces_stops_at_the_old_container_and_is_resumed_once_agreed(
    office: Office, tmp_path: Path, sim: SimulatorFactory
) -> None:
    pin = Secret(SIM_PIN)
    with EstServer(TestCa.root(), {LOGIN: PASSWORD}) as server:
        bank = Bank(tmp_path, sim("plain", settings=SOFTHSM), server)
        fill(bank.device.module, 1)
        bank.registry = Registry(found=office.points)
        bank.configured()
        bank.token = bank.runner.find()
        ca, asked = bank.runner.authorities.get("bank"), Asked(LOGIN, Secret(PASSWORD))

        with pytest.raises(ConsentMissing) as caught:
            bank.runner.enrolments.renew(bank.storage(), ca, asked, container="c0", replace=True)
        both = bank.runner.list(bank.token, pin).containers
        office.approve(str(caught.value.facts["id"]), bank.token.serial)
        bank.runner.enrolments.resume(bank.storage())

        (left,) = bank.runner.list(bank.token, pin).containers
        assert [each.label for each in both if each.ref != left.ref] == ["c0"]
        assert bank.runner.enrolments.unfinished() == []
        bank.close()
