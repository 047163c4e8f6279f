"""Client and bank, each with its own program: the Request of a locked token, answered for real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from locked_token import Locked
from lockwright import Secret
from lockwright_testkit.hsm import add_key
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.softhsm import USER_PIN as HSM_PIN
from lockwright_testkit.softhsm import SoftHSM

KEY = bytes(range(24))
NEW_PIN = "Kettle-Moss-42"


@pytest.fixture
def bank(tmp_path: Path) -> Program:
    """The bank's program, which sees no token."""
    home = tmp_path / "bank"
    home.mkdir()
    made = Program(home)
    made.secret("admin.key", KEY.hex())
    made.secret("hsm.pin", HSM_PIN)
    return made


def respond(bank: Program, locked: Locked, request: str, check: str, *key: str) -> Ended:
    """What the operator does while the client waits."""
    model, serial = locked.token.identity.model, locked.token.serial
    about = ("--vendor", "jacarta", "--model", model, "--serial", serial, "--request", request)
    return bank.run("respond", *about, "--check", check, *key, "--ticket", "4711", "--json")


def marks(trail: Path) -> set[str]:
    """What an audit trail keeps of Requests."""
    records = map(json.loads, trail.read_text().splitlines())
    facts = [record.get("facts", {}) for record in records]
    return {fact["request_sha256"] for fact in facts if "request_sha256" in fact}


@pytest.mark.parametrize("where", ["file", "hsm"])
def test_the_banks_answer_unblocks_the_token_and_its_old_key_signs(
    locked: Locked, bank: Program, softhsm: SoftHSM, where: str
) -> None:
    key: tuple[str, ...] = ("--key-file", "admin.key")
    if where == "hsm":
        uri = add_key(softhsm, softhsm.add_token("bankhsm"), KEY, "admin")
        key = ("--key-uri", uri, "--hsm-pin-file", "hsm.pin")

    with locked.runner.begin_unblock(locked.token, Secret(NEW_PIN)) as pending:
        request = pending.request
        ended = respond(bank, locked, request.text.lower(), request.check.words("ru"), *key)
        assert ended.code == 0, ended
        pending.complete(Secret(ended.document["spoken"]))

    locked.signs(Secret(NEW_PIN))
    assert not locked.opens(USER_PIN)


def test_both_trails_name_the_request_by_the_same_mark(
    locked: Locked, bank: Program, tmp_path: Path
) -> None:
    with locked.runner.begin_unblock(locked.token, Secret(NEW_PIN)) as pending:
        request = pending.request
        respond(bank, locked, request.text, request.check.digits, "--key-file", "admin.key")

    client, banks = (marks(trail) for trail in (tmp_path / "audit.jsonl", bank.audit))
    assert len(client) == 1
    assert client == banks


def test_a_request_of_another_token_is_noticed_by_its_check(locked: Locked, bank: Program) -> None:
    with locked.runner.begin_unblock(locked.token, Secret(NEW_PIN)) as pending:
        request = pending.request
        ended = bank.run(
            *("respond", "--vendor", "jacarta", "--model", locked.token.identity.model),
            *("--serial", "0B53001435596976", "--request", request.text, "--ticket", "4711"),
            *("--check", request.check.digits, "--key-file", "admin.key", "--json"),
        )

    assert ended.error["code"] == "check-differs"
