"""What decides is not used where just anybody may write to it; ``doctor`` tells of others."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import copy

import pytest
from lockwright_testkit.accounts import Account, can_change
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import AddedToken, SoftHSM

ANNA = Account(60101)


def told(ended: Ended, code: int, name: str) -> str:
    assert (ended.code, ended.error["code"]) == (code, name), ended
    message: str = ended.error["message"]
    return message


@pytest.fixture
def config(program: Program) -> Path:
    """A configuration in a folder of its own."""
    made = program.home / "etc" / "bank.toml"
    made.parent.mkdir()
    made.write_text(f'[audit]\nfile = "{program.home}/state/audit.jsonl"\n')
    return made


@pytest.fixture
def module(program: Program, softhsm: SoftHSM) -> Path:
    """A module in a folder of its own."""
    made = program.home / "lib" / "libhsm.so"
    made.parent.mkdir()
    copy(softhsm.module, made)
    return made


@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_configuration_that_anybody_may_change_is_not_used(
    program: Program, config: Path, which: str
) -> None:
    exposed = config if which == "file" else config.parent
    exposed.chmod(0o777)

    for command in ("tokens", "plugins"):
        message = told(
            program.run(command, "--config", config, "--json"), 3, "configuration-broken"
        )
        assert f"anybody may write to {exposed}; what ends that: chmod o-w {exposed}" in message
    assert program.run("doctor", "--config", config).code == 3


@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_module_that_anybody_may_change_is_not_loaded(
    program: Program, token: AddedToken, module: Path, which: str
) -> None:
    assert program.run("list", "--module", module).code == 0
    exposed = module if which == "file" else module.parent
    exposed.chmod(0o777)

    ended = program.run("list", "--module", module, "--token", token.serial)
    assert f"anybody may write to {exposed}" in ended.err
    ended = program.run("doctor", "--module", module)
    assert ended.code == 11
    assert f"chmod o-w {exposed}" in ended.out


def test_nothing_is_begun_where_anybody_may_change_the_record(
    program: Program, token: AddedToken, config: Path
) -> None:
    state = program.home / "state"
    state.mkdir(mode=0o700)
    state.chmod(0o777)

    ended = program.run("list", "--config", config, "--pin-file", "user.pin", "--json")
    assert f"anybody may write to {state}" in told(ended, 13, "audit-unwritable")
    assert list(state.iterdir()) == []
    ended = program.run("doctor", "--config", config)
    assert ended.code == 13
    assert f"chmod o-w {state}" in ended.out


def test_a_ledger_that_anybody_may_change_fails(program: Program, token: AddedToken) -> None:
    ledger = program.home / "answered.db"
    (program.home / "bank.toml").write_text('[respond]\nledger = "answered.db"\n')
    assert "answered.db can be used" in program.run("doctor", "--config", "bank.toml").out
    ledger.touch()
    ledger.chmod(0o666)

    ended = program.run("doctor", "--config", "bank.toml")
    assert ended.code == 13
    assert f"chmod o-w {ledger}" in ended.out


@can_change
def test_doctor_warns_of_what_another_user_may_change(
    program: Program, token: AddedToken, config: Path, module: Path
) -> None:
    for exposed in (config.parent, module):
        os.chown(exposed, ANNA.uid, -1)

    ended = program.run("doctor", "--config", config, "--module", module, "--json")

    assert ended.code == 0
    warned = [each for each in ended.document["checks"] if "may change" in each["message"]]
    assert [(each["area"], each["status"]) for each in warned] == [
        ("configuration", "warn"),
        ("module", "warn"),
    ]
    assert f"chown root {config.parent}" in warned[0]["advice"]
    assert f"chown root {module}" in warned[1]["advice"]
