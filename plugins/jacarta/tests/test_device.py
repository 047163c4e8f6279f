"""A device with several applets, through the installed program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.sim import USER_PIN, Applet, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

GOST_PIN = "Gost-pin-1"
PKI, GOST = "0B53001435596976", "4C54000351574C50"


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    more = (Applet("jacarta-gost2", "Anna GOST", user_pin=GOST_PIN, serial=GOST),)
    return sim("jacarta-pki", label="Anna", serial=PKI, more=more)


@pytest.fixture
def program(tmp_path: Path, device: Simulator) -> Program:
    made = Program(tmp_path)
    config = made.home / "config" / "lockwright" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[adapters.jacarta]\nmodules = ["{device.module}"]\n')
    made.secret("pki.pin", USER_PIN + "\n")
    made.secret("gost.pin", GOST_PIN + "\n")
    return made


def test_its_applets_are_shown_as_one_device(program: Program, device: Simulator) -> None:
    ended = program.run("tokens")
    assert ended.code == 0, ended
    assert "a device with 2 tokens" in ended.out
    for text in ("├ Anna", "└ Anna GOST", PKI, GOST, "JaCarta Laser", "JaCarta GOST 2.0"):
        assert text in ended.out
    devices = program.run("tokens", "--json").document["devices"]
    (shown,) = (one for one in devices if one["module"] == str(device.module))
    assert shown == {
        "module": str(device.module),
        "reader": device.show()["reader"],
        "tokens": [PKI, GOST],
    }


def test_tries_and_unblocks_left_are_shown(program: Program, device: Simulator) -> None:
    device.set("user.unblocks.max", 5)
    ended = program.run("tokens", "--verbose")
    assert "tries left: 10" in ended.out
    assert re.search(r"unblocks left +5\b", ended.out)


def test_which_applet_is_meant_must_be_said(program: Program, device: Simulator) -> None:
    ended = program.run("list", "--login", "--pin-file", "pki.pin", "--json")
    assert ended.error["code"] == "several-tokens"
    assert "C_Login" not in device.counts()


def test_a_pin_goes_to_its_applet_and_to_no_other(program: Program, device: Simulator) -> None:
    device.start_trace()
    for serial, pin in ((GOST, "gost.pin"), (PKI, "gost.pin")):
        program.run("list", "--token", serial, "--pin-file", pin)
    logins = [line.split() for line in device.trace() if "C_Login" in line]
    assert [(line[2], line[5]) for line in logins] == [
        ("slot=1", "0x0"),
        ("slot=0", "0xa0"),
    ]
    assert (device.tries("user", 0), device.tries("user", 1)) == (9, 10)


def test_another_applet_of_the_vendors_is_shown_but_not_claimed(
    sim: SimulatorFactory, program: Program
) -> None:
    other = sim("jacarta-pki", serial="0000000000000001", settings={"model": "JaCarta DS"})
    found = program.run("tokens", "--module", other.module, "--json").document["tokens"]
    (shown,) = [token for token in found if token["model"] == "JaCarta DS"]
    assert shown["adapter"] is None
