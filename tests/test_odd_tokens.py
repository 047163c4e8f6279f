"""Tokens as they are: blank, write-protected, asking for no login; each shown, with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import USER_PIN, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

SOFTHSM = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    made.secret("new.pin", "Kettle-Moss-42")
    return made


def odd(
    sim: SimulatorFactory, settings: Mapping[str, Setting], *, label: str = "odd", serial: str = ""
) -> Simulator:
    return sim(settings={**SOFTHSM, **settings}, label=label, serial=serial)


def run(program: Program, token: Simulator, *words: str) -> Ended:
    return program.run(*words, "--module", token.module)


def add_key(program: Program, token: Simulator) -> None:
    command = ("enroll", "--csr-out", "-", "--subject", "CN=work", "--key-type", "ec:p256")
    assert run(program, token, *command, "--pin-file", "user.pin").code == 0


# --- blank -------------------------------------------------------------------------------------


def test_a_blank_token_is_shown_with_what_to_do(program: Program, sim: SimulatorFactory) -> None:
    token = odd(sim, {"initialized": "no", "reader": "Bank reader 00"}, label="")

    seen = run(program, token, "tokens")
    listed = run(program, token, "list")

    assert seen.code == 0
    assert "Blank, never initialised: SoftHSM v2 in Bank reader 00" in seen.out
    assert "lockwright token init --blank" in seen.err
    assert listed.code == 4
    assert "Only a blank token was found" in listed.err
    assert "Bank reader 00" in listed.err


def test_a_blank_token_is_told_in_json(program: Program, sim: SimulatorFactory) -> None:
    token = odd(sim, {"initialized": "no"}, label="", serial="0A1B")

    seen = run(program, token, "tokens", "--json").document

    assert seen["tokens"] == []
    assert [each["serial"] for each in seen["blank"]] == ["0A1B"]
    assert run(program, token, "list", "--json").error["code"] == "token-blank"


def test_a_blank_token_beside_a_good_one_is_never_meant(program: Program, softhsm: SoftHSM) -> None:
    token = softhsm.add_token("Anna")  # SoftHSM shows one blank token more than it has

    seen = program.run("tokens")
    listed = program.run("list", "--json")

    assert "Anna" in seen.out
    assert seen.out.count("Blank, never initialised") == 1
    assert seen.err == ""
    assert listed.document["token"] == token.serial


def test_a_blank_token_that_is_named_is_not_called_unknown(
    program: Program, sim: SimulatorFactory
) -> None:
    odd(sim, {}, label="good", serial="0001")
    blank = odd(sim, {"initialized": "no"}, label="", serial="0002")

    named = run(program, blank, "list", "--token", "0002", "--json")

    assert named.error["code"] == "token-blank"


# --- write-protected ---------------------------------------------------------------------------


def test_a_write_protected_token_is_shown_so_and_listed_with_the_pin(
    program: Program, sim: SimulatorFactory
) -> None:
    token = odd(sim, {})
    add_key(program, token)
    token.set("write.protected", value=True)

    seen = run(program, token, "tokens")
    listed = run(program, token, "list", "--pin-file", "user.pin", "--json")

    assert "write-protected" in seen.out
    assert listed.code == 0
    assert [each["label"] for each in listed.document["containers"]] == ["work"]
    assert listed.document["logged_in"] is True


@pytest.mark.parametrize(
    "words",
    [
        ("pin", "change", "--pin-file", "gone", "--new-pin-file", "gone"),
        ("unblock", "--so-pin-file", "gone", "--new-pin-file", "gone"),
        ("delete", "work", "--yes", "--pin-file", "gone"),
        ("wipe", "--yes", "--token", "0001", "--pin-file", "gone"),
        ("enroll", "--csr-out", "-", "--subject", "CN=a", "--pin-file", "gone"),
        ("policy", "set", "--min-length", "9", "--yes", "--token", "0001", "--so-pin-file", "gone"),
    ],
    ids=lambda words: words[0],
)
def test_a_change_of_a_write_protected_token_is_refused_before_a_pin_is_asked(
    program: Program, sim: SimulatorFactory, words: tuple[str, ...]
) -> None:
    token = odd(sim, {"write.protected": True}, serial="0001")

    refused = run(program, token, *words, "--json")

    assert refused.code == 10
    assert refused.error["code"] == "token-write-protected"
    assert token.counts().get("C_Login", 0) == 0


def test_what_would_be_deleted_is_shown_of_a_write_protected_token(
    program: Program, sim: SimulatorFactory
) -> None:
    token = odd(sim, {})
    add_key(program, token)
    token.set("write.protected", value=True)

    plan = run(program, token, "delete", "work", "--dry-run", "--pin-file", "user.pin", "--json")

    assert plan.code == 0
    assert len(plan.document["plan"]["containers"]) == 1


def test_no_certificate_goes_to_a_token_that_takes_none(
    program: Program, sim: SimulatorFactory
) -> None:
    protected = odd(sim, {"write.protected": True})

    told = run(program, protected, "storages", "--json").document["storages"]

    assert [each["reason"] for each in told if each["kind"] == "token"] == ["it is write-protected"]


# --- no login required -------------------------------------------------------------------------


def test_a_token_that_requires_no_login_is_asked_for_no_pin(
    program: Program, sim: SimulatorFactory
) -> None:
    token = odd(sim, {"login.required": False})
    command = ("enroll", "--csr-out", "-", "--subject", "CN=work", "--key-type", "ec:p256")

    seen = run(program, token, "tokens")
    made = run(program, token, *command)
    listed = run(program, token, "list")
    gone = run(program, token, "delete", "work", "--yes", "--json")

    assert "asks for no PIN" in seen.out
    assert made.code == 0
    assert "work" in listed.out
    assert "Private objects are not shown" not in listed.err
    assert len(gone.document["gone"]) == 2
    assert token.counts().get("C_Login", 0) == 0
