"""Three vendors and a stranger at once: each token goes to its adapter, each PIN to its slot."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from lockwright import Config, Runner, Secret
from lockwright.config import load
from lockwright.errors import SeveralTokens, TokenUnclaimed
from lockwright.models import PinState, Token
from lockwright_testkit.program import Program
from lockwright_testkit.sim import SO_PIN, USER_PIN, Applet, Simulator
from lockwright_testkit.sim.answers import des3_answer
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM, module_path

NEW = "Kettle-Moss-42"
GOST_PIN = "Gost-pin-1"
PKI, GOST, PRO, ETOKEN, STRANGER = (
    "0B53001435596976",
    "4C54000351574C50",
    "5A1E07C3",
    "01f2a3b4",
    "0000000000000042",
)
KEY = bytes(range(24))
GIVES_A_PIN = {
    *("C_Login", "C_SetPIN", "C_InitPIN", "C_InitToken"),
    *("JC_PKI_UnlockUserPinWithResponse", "JC_PJ_Unlock", "ETC_UnlockComplete"),
}
"""Functions that hand a PIN to a slot."""


@dataclass(frozen=True)
class Workplace:
    """Five devices in one computer. SoftHSM and the GOST applet have PINs of their own."""

    program: Program
    softhsm: str
    """Serial number of SoftHSM's token."""
    devices: dict[str, Simulator]
    """The simulated devices by name."""

    @property
    def config(self) -> Config:
        return load(self.program.home / "config" / "lockwright" / "config.toml")

    def given_pins(self) -> set[tuple[str, int]]:
        """Where a PIN went, as the traces tell: device and slot."""
        return {
            (name, int(slot.removeprefix("slot=")))
            for name, device in self.devices.items()
            for _time, _process, slot, _session, function, *_answer in map(
                str.split, device.trace()
            )
            if function in GIVES_A_PIN
        }

    def softhsm_is_untouched(self) -> bool:
        """SoftHSM keeps no trace, but remembers a wrong PIN, and the PIN of any other is wrong."""
        with Runner(Config(audit=None), modules=[module_path()], isolate=False) as runner:
            status = runner.find(self.softhsm).state.user_pin
        return status is not None and status.state is PinState.OK


@pytest.fixture
def workplace(tmp_path: Path, softhsm: SoftHSM, sim: SimulatorFactory) -> Workplace:
    """The stranger is seen through a module that the eToken's adapter is told to look at."""
    added = softhsm.add_token("Software", user_pin="Soft-hsm-pin-1")
    more = (Applet("jacarta-gost2", "Anna GOST", user_pin=GOST_PIN, serial=GOST),)
    devices = {
        "first": sim(
            "jacarta-pki", label="Anna", serial=PKI, more=more, settings={"admin.key": KEY}
        ),
        "second": sim("jacarta-pro", label="Boris", serial=PRO),
        "etoken": sim("etoken", label="Vera", serial=ETOKEN),
        "stranger": sim("plain", label="Stranger", serial=STRANGER),
    }
    program = Program(tmp_path)
    config = program.home / "config" / "lockwright" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        f'[adapters.jacarta]\nmodules = ["{devices["first"].module}"]\n'
        f"[adapters.etoken]\n"
        f'modules = ["{devices["etoken"].module}", "{devices["stranger"].module}"]\n'
    )
    for device in devices.values():
        device.start_trace()
    for name, pin in (("user", USER_PIN), ("so", SO_PIN), ("gost", GOST_PIN), ("new", NEW)):
        program.secret(f"{name}.pin", pin)
    return Workplace(program, added.serial, devices)


OWNERS = {PKI: "jacarta", GOST: "jacarta", PRO: "jacarta", ETOKEN: "etoken", STRANGER: None}
REASONS = {
    PKI: "manufacturer 'Aladdin R.D.', model 'JaCarta Laser'",
    GOST: "manufacturer 'Aladdin R.D.', model 'JaCarta GOST 2.0'",
    PRO: "manufacturer 'Aladdin R.D.', model 'PRO'",
    ETOKEN: "manufacturer 'SafeNet, Inc.', model 'eToken'",
    STRANGER: "no adapter claims model 'plain'",
}


def test_each_token_goes_to_its_adapter_and_the_stranger_to_none(workplace: Workplace) -> None:
    with Runner(workplace.config) as runner:
        seen = runner.detect()
    assert {token.serial: token.adapter for token in seen.tokens} == OWNERS | {
        workplace.softhsm: "softhsm"
    }
    assert seen.problems == ()
    assert sorted(len(device.tokens) for device in seen.devices) == [1, 1, 1, 1, 2]


def test_tokens_explains_each_choice_to_a_program(workplace: Workplace) -> None:
    shown = workplace.program.run("tokens", "--json").document
    assert {token["serial"]: token["reason"] for token in shown["tokens"]} == REASONS | {
        workplace.softhsm: "manufacturer 'SoftHSM project', model 'SoftHSM v2'"
    }
    assert shown["problems"] == []


def test_tokens_explains_each_choice_to_a_person(workplace: Workplace) -> None:
    ended = workplace.program.run("tokens", "--verbose")
    assert ended.code == 0
    for serial, reason in REASONS.items():
        about = ended.out.split(f"{serial}\nmodule")[1].split("\n\n")[0]
        assert reason in about
    brief = workplace.program.run("tokens").out
    assert "no adapter claims model 'plain'" in brief
    assert "a device with 2 tokens" in brief
    russian = workplace.program.run("tokens", "--verbose", "--lang", "ru").out
    assert "ни один адаптер не берёт модель 'plain'" in russian
    assert "производитель 'SafeNet, Inc.', модель 'eToken'" in russian


def test_a_serial_number_stands_in_one_piece_where_there_is_little_room(
    workplace: Workplace,
) -> None:
    shown = workplace.program.run("tokens", "--lang", "ru", environment={"COLUMNS": "72"}).out
    assert {serial for serial in (*OWNERS, workplace.softhsm) if serial in shown} == {
        *OWNERS,
        workplace.softhsm,
    }


def test_modules_named_on_the_command_line_are_looked_at_without_their_adapters_names(
    workplace: Workplace,
) -> None:
    """Any adapter opens a module that none knows; each token still goes to its own, with state."""
    (workplace.program.home / "config" / "lockwright" / "config.toml").unlink()
    named = [f"--module={device.module}" for device in workplace.devices.values()]
    found = workplace.program.run("tokens", "--json", *named).document["tokens"]
    assert {token["serial"]: token["adapter"] for token in found} == OWNERS
    assert {token["serial"]: token["pin"] and token["pin"]["tries_left"] for token in found} == {
        PKI: 10,
        GOST: 10,
        PRO: 10,
        ETOKEN: 15,
        STRANGER: None,
    }


SLOTS = [
    (PKI, "user.pin", ("first", 0)),
    (GOST, "gost.pin", ("first", 1)),
    (PRO, "user.pin", ("second", 0)),
    (ETOKEN, "user.pin", ("etoken", 0)),
]


@pytest.mark.parametrize("command", [("list", "--login"), ("pin", "change")])
@pytest.mark.parametrize(("serial", "pin", "slot"), SLOTS)
def test_a_pin_goes_to_one_slot_only(
    workplace: Workplace, serial: str, pin: str, slot: tuple[str, int], command: tuple[str, ...]
) -> None:
    new = ("--new-pin-file", "new.pin") if command == ("pin", "change") else ()
    ended = workplace.program.run(*command, "--token", serial, "--pin-file", pin, *new)
    assert ended.code == 0, ended
    assert workplace.given_pins() == {slot}
    assert workplace.softhsm_is_untouched()


def test_the_pin_of_the_administrator_goes_to_one_slot_only(workplace: Workplace) -> None:
    pins = ("--so-pin-file", "so.pin", "--new-pin-file", "new.pin")
    ended = workplace.program.run("unblock", "--token", PRO, *pins)
    assert ended.code == 0, ended
    assert workplace.given_pins() == {("second", 0)}
    assert workplace.softhsm_is_untouched()


def test_a_new_pin_that_goes_with_a_response_reaches_one_slot_only(workplace: Workplace) -> None:
    with (
        Runner(workplace.config) as runner,
        runner.begin_unblock(runner.find(PKI), Secret(NEW)) as pending,
    ):
        pending.complete(Secret(des3_answer(KEY, pending.request.data).hex()))
    assert workplace.given_pins() == {("first", 0)}
    assert workplace.softhsm_is_untouched()


def test_a_pin_of_softhsm_reaches_no_device(workplace: Workplace) -> None:
    with Runner(workplace.config) as runner:
        runner.list(runner.find(workplace.softhsm), Secret("Soft-hsm-pin-1"))
    assert workplace.given_pins() == set()


def test_no_pin_goes_anywhere_until_it_is_clear_which_token_is_meant(workplace: Workplace) -> None:
    several = workplace.program.run("list", "--pin-file", "user.pin", "--json")
    assert several.error["code"] == "several-tokens"
    fitting = {told.partition(" ")[0] for told in several.error["facts"]["serials"]}
    assert fitting == {PKI, GOST, PRO, ETOKEN, workplace.softhsm}
    unclaimed = workplace.program.run(
        "list", "--token", STRANGER, "--pin-file", "user.pin", "--json"
    )
    assert unclaimed.error["code"] == "token-unclaimed"
    with Runner(workplace.config) as runner:
        with pytest.raises(SeveralTokens):
            runner.find()
        with pytest.raises(TokenUnclaimed):
            runner.list(named(runner, STRANGER), Secret(USER_PIN))
    assert workplace.given_pins() == set()
    assert workplace.softhsm_is_untouched()


def test_a_token_whose_module_could_not_be_looked_at_is_not_said_to_be_missing(
    workplace: Workplace,
) -> None:
    etoken = workplace.devices["etoken"]
    etoken.set("library.version", "4.5")
    ended = workplace.program.run("list", "--token", ETOKEN, "--json")
    assert ended.error["code"] == "token-overlooked"
    assert ended.error["facts"]["missed"] == [str(etoken.module)]
    assert "lockwright doctor" in ended.error["advice"]
    etoken.set("library.version", "10.8")
    unknown = workplace.program.run("list", "--token", "4711", "--json")
    assert unknown.error["code"] == "unknown-token", "once every module is looked at"


def test_only_a_token_that_no_adapter_knows_is_said_to_need_one(
    workplace: Workplace, tmp_path: Path
) -> None:
    """The eToken is seen through two modules, and usable through the first of them."""
    etoken, stranger = workplace.devices["etoken"], workplace.devices["stranger"]
    another = shutil.copy(etoken.module, tmp_path / "another.so")
    config = workplace.program.home / "config" / "lockwright" / "config.toml"
    known = f'"{stranger.module}"'
    config.write_text(config.read_text().replace(known, f'{known}, "{another}"'))
    named = [f"--module={module}" for module in (stranger.module, etoken.module, another)]
    checks = workplace.program.run("doctor", "--json", *named).document["checks"]
    unknown = "Install the adapter for this model."
    assert [check["advice"] for check in checks].count(unknown) == 1


def named(runner: Runner, serial: str) -> Token:
    return next(token for token in runner.detect().tokens if token.serial == serial)


@pytest.mark.parametrize("isolate", [True, False])
def test_one_runner_gives_each_of_many_pins_to_its_own_token(
    workplace: Workplace, *, isolate: bool
) -> None:
    pins = {PKI: USER_PIN, GOST: GOST_PIN, PRO: USER_PIN, ETOKEN: USER_PIN}
    pins[workplace.softhsm] = "Soft-hsm-pin-1"
    with Runner(workplace.config, isolate=isolate) as runner:
        tokens = {token.serial: token for token in runner.detect().tokens}
        for serial, pin in pins.items():
            assert runner.list(tokens[serial], Secret(pin)).serial == serial
    assert workplace.given_pins() == {slot for _serial, _pin, slot in SLOTS}
    for device in workplace.devices.values():
        assert all(" 0xa0 " not in line for line in device.trace()), "no PIN was wrong anywhere"
