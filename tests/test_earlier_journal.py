"""What an earlier version noted of an enrolment, the serial number alone, beside a token's twin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.twins import OPERATIONS, OTP, SERIAL, Layout, Twins

ORDER = next(each for each in OPERATIONS if each.words[:2] == ("enroll", "--ca=bank"))
ONE, OTHER = f"pkcs11:token=Anna;serial={SERIAL}", f"pkcs11:token=Boris;serial={SERIAL}"


class Begun:
    """An enrolment that waits for the bank on one of two tokens, as version 1 noted it."""

    def __init__(self, program: Program, twins: Twins) -> None:
        self.program, self.twins = program, twins
        self.pin = ("--pin-file", program.secret("pin", USER_PIN))
        waits = program.run(*ORDER.words, "--wait", "0", "--token", ONE, *self.pin, "--json")
        assert waits.error["code"] == "enrolment-waits", waits
        (file,) = program.home.rglob(f"{SERIAL}*.json")
        told = json.loads(file.read_text())
        file.unlink()
        self.file = file.with_name(f"{SERIAL}.json")
        del told["token"], told["moves"]
        self.told = {**told, "version": 1}
        self.file.write_text(json.dumps(self.told))

    def run(self, way: str, token: str) -> Ended:
        otp = ("--otp-file", "otp") if way == "--resume" else ()
        return self.program.run("enroll", way, "--token", token, *otp, *self.pin, "--json")

    def is_refused(self, way: str, token: str) -> bool:
        ended = self.run(way, token)
        return bool(
            ended.error["code"] == "enrolment-unclear"
            and json.loads(self.file.read_text()) == self.told
        )


@pytest.fixture
def begun(tmp_path: Path, sim: SimulatorFactory) -> Iterator[Begun]:
    ca = TestCa.root()
    (tmp_path / "ca.pem").write_bytes(pem(ca.certificate))
    with EstServer(ca, {"anna": OTP}) as server:
        trust = f'trust = ["{tmp_path / "ca.pem"}"]\nsubject = "CN={{login}}"\n'
        bank = f'[ca.bank]\nurl = "{server.url}"\n{trust}'
        program = Program(tmp_path)
        server.script("simpleenroll", Reply(202, headers={"Retry-After": "1"}))
        yield Begun(program, Twins(program, sim, ORDER, Layout.LABELS, bank))


@pytest.mark.parametrize("way", ["--resume", "--abandon"])
def test_it_is_not_taken_for_the_other_token_that_is_the_only_one_connected(
    begun: Begun, way: str
) -> None:
    one, _other = begun.twins.devices
    one.unplug()
    assert begun.is_refused(way, SERIAL)
    one.plug()
    assert begun.run(way, SERIAL).error["code"] == "several-tokens"
    assert begun.run(way, ONE).code == 0
    assert not begun.file.exists()


def test_it_is_not_gone_on_with_on_the_other_token_though_that_one_is_named(begun: Begun) -> None:
    assert begun.is_refused("--resume", OTHER)
    assert begun.run("--resume", ONE).code == 0


def test_it_is_undone_where_the_person_says_though_its_key_is_gone(begun: Begun) -> None:
    wiped = begun.program.run("wipe", "--yes", "--token", ONE, *begun.pin)
    assert wiped.code == 0, wiped
    begun.twins.devices[1].unplug()
    assert begun.is_refused("--abandon", SERIAL)
    assert begun.run("--abandon", ONE).code == 0
    assert not begun.file.exists()
