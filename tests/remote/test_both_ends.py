"""Client and bank, each with its own program: a locked token of every kind, answered for real."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from client import Computer
from kinds import IDPRIME, JACARTA_PKI, KEY, KINDS, Kind, vendors_module
from locked_token import Locked
from lockwright import Secret
from lockwright_testkit import responding_adapter
from lockwright_testkit.hsm import add_key
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.softhsm import USER_PIN as HSM_PIN
from lockwright_testkit.softhsm import SoftHSM

HSM = "hsm"


@pytest.fixture
def bank(tmp_path: Path, kind: Kind, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The bank's program, which sees no token; the vendor's workstation is the kit's adapter."""
    responding_adapter.install(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    made = Program(folder(tmp_path / "bank"))
    made.secret("admin.key", kind.key)
    made.secret("hsm.pin", HSM_PIN)
    (module,) = vendors_module()["modules"]
    configuration = folder(made.home / "config" / "lockwright") / "config.toml"
    configuration.write_text(f'[adapters.etoken]\nmodules = ["{module}"]\n')
    return made


def folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


def respond(bank: Program, locked: Locked, request: str, check: str, *key: str) -> Ended:
    """What the operator does while the client waits."""
    kind, token = locked.kind, locked.token
    about = ("--vendor", kind.vendor, "--model", kind.model or token.identity.model)
    heard = ("--serial", token.serial, "--request", request, "--check", check)
    by = key or ("--key-file", "admin.key", "--key-format", kind.form)
    return bank.run("respond", *about, *heard, *by, "--ticket", "4711", "--json")


def marks(trail: Path) -> set[str]:
    """What an audit trail keeps of Requests."""
    records = map(json.loads, trail.read_text().splitlines())
    facts = [record.get("facts", {}) for record in records]
    return {fact["request_sha256"] for fact in facts if "request_sha256" in fact}


@pytest.mark.parametrize(
    ("kind", "where"),
    [*((kind, "file") for kind in KINDS), (JACARTA_PKI, HSM), (IDPRIME, HSM)],
    ids=lambda value: value.name if isinstance(value, Kind) else value,
    indirect=["kind"],
)
def test_the_banks_answer_unblocks_the_token_and_its_old_key_signs(
    locked: Locked, computer: Computer, bank: Program, softhsm: SoftHSM, where: str
) -> None:
    by = key_in_hsm(softhsm) if where == HSM else ()
    kind = locked.kind
    screen, shown = computer.makes_a_request()

    ended = respond(bank, locked, shown.request.lower(), shown.words.upper(), *by)
    assert ended.code == 0, ended
    screen.types(ended.document["spoken"])

    code, said = screen.ends()
    assert code == 0, said
    assert ("keeps its user PIN" if kind.keeps_pin else "has a new user PIN") in said
    locked.signs(Secret(kind.pin))
    assert kind.keeps_pin or not locked.opens(USER_PIN)


def key_in_hsm(softhsm: SoftHSM) -> tuple[str, ...]:
    uri = add_key(softhsm, softhsm.add_token("bankhsm"), KEY, "admin")
    return ("--key-uri", uri, "--hsm-pin-file", "hsm.pin")


def test_both_trails_name_the_request_by_the_same_mark(
    locked: Locked, bank: Program, tmp_path: Path
) -> None:
    with locked.begin() as pending:
        request = pending.request
        respond(bank, locked, request.text, request.check.digits)

    client, banks = (marks(trail) for trail in (tmp_path / "audit.jsonl", bank.audit))
    assert len(client) == 1
    assert client == banks


def test_a_request_of_another_token_is_noticed_by_its_check(locked: Locked, bank: Program) -> None:
    with locked.begin() as pending:
        heard = pending.request
    identity = replace(locked.token.identity, serial="0B53001435596976")
    other = replace(locked, token=replace(locked.token, identity=identity))

    ended = respond(bank, other, heard.text, heard.check.digits)

    assert ended.error["code"] == "check-differs"
