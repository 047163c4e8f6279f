"""What destroys or unblocks waits for a second person, whose signature fits just that, once."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from lockwright import Config, Responder, Runner, Secret
from lockwright.audit.actor import account
from lockwright.contract import declaration, hooks
from lockwright.contract.audit_facts import NOTHING_RECORDED
from lockwright.errors import BrokenConfiguration, PinIncorrect, PlanStale
from lockwright.keys.source import given_key
from lockwright.models import Grounds, KeyForm, Plan, Token
from lockwright.registry import Registry
from lockwright_four_eyes import consent as consents
from lockwright_four_eyes import program
from lockwright_four_eyes.errors import ConsentMissing, ConsentsUnreachable, ConsentUnusable
from lockwright_four_eyes.exchange import Exchange
from lockwright_four_eyes.guard import FourEyes
from lockwright_testkit import responding_adapter
from lockwright_testkit.pki import TestCa, key_pem, pem
from lockwright_testkit.sim.answers import des3_answer
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, SoftHSM

PIN, NEW_PIN = Secret(USER_PIN), "Kettle-Moss-42"
BORIS, EVE = "boris", "eve"
CA = TestCa.root()


@dataclass
class Bank:
    """A computer with the plugin, where whoever runs the tests works, and Boris may consent."""

    folder: Path
    keys: dict[str, ec.EllipticCurvePrivateKey]
    points: tuple[EntryPoint, ...]

    @property
    def settings(self) -> Path:
        return self.folder / "four-eyes.toml"

    @property
    def exchange(self) -> Exchange:
        return Exchange(self.folder / "spool")

    def runner(self, *modules: Path, use_last_try: bool = False) -> Runner:
        return Runner(
            Config(audit=None),
            modules=modules,
            registry=Registry(found=self.points),
            isolate=False,
            use_last_try=use_last_try,
        )

    def approve(self, asked: str, serial: str, who: str = BORIS) -> int:
        """Run the second person's program, who types the serial number."""
        key = self.folder / f"{who}.key"
        sys.stdin = io.StringIO(f"{serial}\n")
        return program.main(["approve", asked, "--as", who, "--key", str(key)], self.settings)

    def forge(self, asked: str, who: str = BORIS, key: str = BORIS, **changed: object) -> None:
        """Put a consent into the folder by hand."""
        (subject,) = (each for each in self.exchange.waiting() if each["id"] == asked)
        subject = {**subject, **{name: value for name, value in changed.items() if name != "at"}}
        made = consents.consent(subject, who, consents.signs(self.keys[key]))
        if at := changed.get("at"):
            data = consents.to_sign(subject, who, str(at))
            again = consents.consent(subject, who, lambda _data: self.signed(key, data))
            made = replace(again, approved_at=str(at))
        self.exchange.answer(made)

    def signed(self, key: str, data: bytes) -> bytes:
        return consents.signs(self.keys[key])(data)


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bank:
    people = (BORIS, account(), EVE)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in people}
    for name, key in keys.items():
        (tmp_path / f"{name}.pem").write_bytes(pem(CA.issue(key.public_key())))
        (tmp_path / f"{name}.key").write_bytes(key_pem(key))
        (tmp_path / f"{name}.key").chmod(0o600)
    (tmp_path / "spool").mkdir()
    may = "".join(f'{name} = "{name}.pem"\n' for name in people[:2])
    settings = tmp_path / "four-eyes.toml"
    settings.write_text(f'folder = "{tmp_path}/spool"\n[approvers]\n{may}')
    (tmp_path / "plugged_four_eyes.py").write_text(
        "from pathlib import Path\nfrom lockwright_four_eyes.guard import FourEyes\n"
        f"plugin = FourEyes(Path({str(settings)!r}))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "plugged_four_eyes", raising=False)
    monkeypatch.setattr(sys, "stdin", sys.stdin)
    eyes = EntryPoint("four-eyes", "plugged_four_eyes:plugin", "lockwright")
    return Bank(tmp_path, keys, (*entry_points(group="lockwright"), eyes))


@dataclass
class Full:
    """A token with two keys."""

    runner: Runner
    token: Token

    def everything(self) -> Plan:
        names = [each.selector for each in self.runner.list(self.token, PIN).containers]
        return self.runner.plan_delete(self.token, PIN, names)

    def left(self) -> int:
        return len(self.runner.list(self.token, PIN).containers)

    def asks(self, plan: Plan) -> str:
        """What the consent to a plan is asked for as."""
        with pytest.raises(ConsentMissing) as caught:
            self.runner.apply(self.token, PIN, plan)
        return str(caught.value.facts["id"])


@pytest.fixture
def full(bank: Bank, softhsm: SoftHSM) -> Iterator[Full]:
    softhsm.add_token("Anna")
    with bank.runner() as runner:
        token = runner.find()
        for name in ("CN=Anna", "CN=Old Anna"):
            runner.request(token, PIN, name, key_type="ec:p256")
        yield Full(runner, token)


# --- what is guarded ------------------------------------------------------------------------------


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
    assert guarded >= {"set_policy"}, "it goes by the SO PIN"
    assert not guarded & {"change_pin", "generate", "store", "sign", "unblock_cancel", "state"}


def test_everything_that_is_deleted_by_name_is_guarded_like_a_wipe(bank: Bank, full: Full) -> None:
    wipe = full.runner.plan_wipe(full.token, PIN)

    first, second = full.asks(full.everything()), full.asks(wipe)

    assert first != second
    assert full.left() == 2
    shown = {each["id"]: each for each in bank.exchange.waiting()}
    assert [len(shown[each]["goes"]) for each in (first, second)] == [4, 4]
    assert shown[first]["plan"] == wipe.digest


def test_a_deletion_is_done_once_a_second_person_agreed_and_once_only(
    bank: Bank, full: Full, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = full.asks(full.everything())

    assert bank.approve(asked, full.token.serial) == 0
    shown = capsys.readouterr().out
    assert "Old Anna" in shown
    assert len(full.runner.apply(full.token, PIN, full.everything()).gone) == 4

    full.runner.request(full.token, PIN, "CN=Anna", key_type="ec:p256")
    assert full.asks(full.everything()) != asked
    assert full.left() == 1


def test_who_types_another_serial_number_agrees_to_nothing(
    bank: Bank, full: Full, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = full.asks(full.everything())

    assert bank.approve(asked, "0000") == 1

    assert "nothing was agreed to" in capsys.readouterr().err
    assert full.asks(full.everything()) == asked


def test_the_second_person_signs_with_a_token_of_their_own(
    bank: Bank, full: Full, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = softhsm.add_token("Boris", user_pin="Boris-pin-1")
    asked = full.asks(full.everything())
    with bank.runner() as runner:
        made = runner.request(
            runner.find(own.serial), Secret("Boris-pin-1"), "CN=Boris", key_type="ec:p384"
        )
    public = load_der_public_key(made.key.public_key)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    (bank.folder / "boris.pem").write_bytes(pem(CA.issue(public)))
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{full.token.serial}\nBoris-pin-1\n"))

    told = program.main(["approve", asked, "--as", BORIS, "--token", own.serial], bank.settings)

    assert told == 0
    full.runner.apply(full.token, PIN, full.everything())
    assert full.left() == 0


# --- what is no consent ---------------------------------------------------------------------------


def ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat(timespec="seconds")


FORGED = [
    ({"who": account(), "key": account()}, "what they ask for themselves"),
    ({"who": BORIS, "key": account()}, "not signed by boris"),
    ({"who": EVE, "key": EVE}, "none of those who may"),
    ({"at": ago(minutes=16)}, "too old"),
    ({"at": ago(minutes=-5)}, "from the future"),
]


def test_a_consent_that_does_not_count_says_why(bank: Bank, full: Full) -> None:
    asked = full.asks(full.everything())
    for forged, reason in FORGED:
        bank.forge(asked, **forged)
        with pytest.raises(ConsentUnusable, match=reason) as caught:
            full.runner.apply(full.token, PIN, full.everything())
        (bank.folder / "spool" / f"{asked}.consent").unlink()
        asked = str(caught.value.facts["anew"])

    assert full.left() == 2
    assert bank.approve(asked, full.token.serial) == 0
    full.runner.apply(full.token, PIN, full.everything())
    assert full.left() == 0


OTHER: list[dict[str, object]] = [
    {"operation": "lockwright_wipe"},
    {"token": {"serial": "0000", "label": "", "model": "", "manufacturer": ""}},
    {"plan": "00" * 32},
    {"goes": []},
    {"asked_by": {"user": "anna", "host": "elsewhere"}},
]


def test_a_consent_to_something_else_is_none(bank: Bank, full: Full) -> None:
    for other in OTHER:
        bank.forge(full.asks(full.everything()), **other)  # type: ignore[arg-type]  # named above

    full.asks(full.everything())
    assert full.left() == 2


def test_a_consent_is_of_no_use_once_the_token_has_other_content(bank: Bank, full: Full) -> None:
    wipe = full.runner.plan_wipe(full.token, PIN)
    bank.approve(full.asks(wipe), full.token.serial)
    full.runner.request(full.token, PIN, "CN=New", key_type="ec:p256")

    with pytest.raises(PlanStale):
        full.runner.apply(full.token, PIN, wipe)
    full.asks(full.runner.plan_wipe(full.token, PIN))
    assert full.left() == 3


def test_a_consent_whose_use_was_noted_is_not_used_again(bank: Bank, full: Full) -> None:
    asked = full.asks(full.everything())
    bank.approve(asked, full.token.serial)
    (found,) = bank.exchange.consents()

    assert bank.exchange.use_up(found)
    assert not bank.exchange.use_up(found)
    assert full.asks(full.everything()) != asked


def test_what_anybody_writes_into_the_folder_is_passed_over(bank: Bank, full: Full) -> None:
    asked = full.asks(full.everything())
    spool = bank.folder / "spool"
    for name, text in [
        ("0000000000000000.consent", "{}"),
        ("0000000000000001.consent", '{"subject": {"id": "0000000000000001"}}'),
        ("../spool/x.consent", "[" * 9999),
        ("0000000000000002.asked", '{"id": "../../etc", "asked_by": {}}'),
        ("0000000000000003.asked", '{"id": "0000000000000003", "asked_by": {"user": 1e400}}'),
    ]:
        (spool / name).write_text(text)

    assert full.asks(full.everything()) == asked
    assert bank.approve(asked, full.token.serial) == 0
    full.runner.apply(full.token, PIN, full.everything())


def test_a_label_moves_no_cursor_of_the_second_person(
    bank: Bank, full: Full, capsys: pytest.CaptureFixture[str]
) -> None:
    full.runner.request(full.token, PIN, "CN=Anna", key_type="ec:p256", label="a\x1b[2Jb")
    full.asks(full.everything())

    assert program.main(["list"], bank.settings) == 0

    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "[2Jb" in shown


# --- unblocking -----------------------------------------------------------------------------------


def test_unblocking_by_the_so_pin_waits_for_a_second_person(bank: Bank, full: Full) -> None:
    def unblock() -> None:
        full.runner.unblock(full.token, Secret(SO_PIN), Secret(NEW_PIN))

    with pytest.raises(ConsentMissing, match="unblock the PIN") as caught:
        unblock()
    full.runner.list(full.token, PIN)

    bank.approve(str(caught.value.facts["id"]), full.token.serial)
    unblock()
    full.runner.list(full.token, Secret(NEW_PIN))


def test_a_request_is_agreed_to_once_and_its_response_needs_no_more(
    bank: Bank, sim: SimulatorFactory
) -> None:
    key = bytes(range(24))
    device = sim("jacarta-pki", settings={"user.tries.max": 1, "admin.key": key})
    with bank.runner(device.module, use_last_try=True) as runner:
        token = runner.find()
        with pytest.raises(PinIncorrect):
            runner.list(token, Secret("not-the-pin"))
        with pytest.raises(ConsentMissing) as caught:
            runner.begin_unblock(token, Secret(NEW_PIN))

        bank.approve(str(caught.value.facts["id"]), token.serial)
        with runner.begin_unblock(token, Secret(NEW_PIN)) as pending:
            pending.complete(Secret(des3_answer(key, pending.request.data).hex()))

        assert runner.list(token, Secret(NEW_PIN)).logged_in


def test_the_bank_gives_a_response_once_two_agreed(bank: Bank, tmp_path: Path) -> None:
    point = EntryPoint(responding_adapter.NAME, responding_adapter.__name__, "lockwright")
    config = Config(audit=None, ledger=tmp_path / "answered.db")
    responder = Responder(config, registry=Registry(found=[point, bank.points[-1]]))
    model = responding_adapter.KEY_MODEL
    serial = "0B53001435596976"
    inquiry = responder.inquire(responding_adapter.NAME, model, serial, "A892D75601617C5D").value
    key = given_key(Secret("7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"), KeyForm.HEX)
    grounds = Grounds("anna", ticket="4711")

    with pytest.raises(ConsentMissing) as caught:
        responder.respond(inquiry, key, grounds)
    bank.approve(str(caught.value.facts["id"]), serial)
    with pytest.raises(ConsentMissing):
        responder.respond(inquiry, key, Grounds("anna", ticket="4712"))

    assert responder.respond(inquiry, key, grounds)
    asked = [json.loads(file.read_text()) for file in (tmp_path / "spool").glob("*.asked")]
    assert {each["facts"]["ticket"] for each in asked} == {"4711", "4712"}


# --- settings -------------------------------------------------------------------------------------


def test_where_the_folder_is_gone_nothing_is_destroyed(bank: Bank, full: Full) -> None:
    plan = full.everything()
    (bank.folder / "spool").rmdir()

    with pytest.raises(ConsentsUnreachable):
        full.runner.apply(full.token, PIN, plan)
    assert full.left() == 2


WRONG: list[tuple[Callable[[str], str], str]] = [
    (lambda text: text.replace("boris.pem", "gone.pem"), "gone.pem: there is no such file"),
    (lambda text: text.replace("folder", "folter"), "folter"),
    (lambda text: text.partition("[")[0], "approvers"),
    (lambda text: f"minutes = 0\n{text}", "minutes"),
    (lambda text: f'{text}olga = "boris.pem"\n', "same key"),
]


def test_settings_that_mean_nothing_stop_what_is_guarded(bank: Bank, full: Full) -> None:
    plan, good = full.everything(), bank.settings.read_text()
    for change, reason in WRONG:
        bank.settings.write_text(change(good))
        with pytest.raises(BrokenConfiguration, match=reason):
            full.runner.apply(full.token, PIN, plan)

    assert full.left() == 2
