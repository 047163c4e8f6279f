"""Enrolment into a PKCS#12 file and into the system's store, as a person and as a script do it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lockwright.enrol.storage.pkcs12 import unseal
from lockwright.secret import Secret
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.pseudo_terminal import Terminal

OTP, P12 = "Maple-Drum-77", "Kettle-Moss-42"
ORDER = ("enroll", "--ca", "bank", "--login", "anna", "--otp-file", "otp")
INTO = ("--storage", "file", "--out", "anna.p12", "--p12-password-file", "p12")
LATER = Reply(202, headers={"Retry-After": "3600"})


@pytest.fixture
def server(ca: TestCa) -> Iterator[EstServer]:
    with EstServer(ca, {"anna": OTP, "boris": OTP}) as running:
        yield running


@pytest.fixture
def bank(program: Program, server: EstServer) -> Program:
    """The program, configured for the server, with no token connected."""
    folder = program.home / "config" / "lockwright"
    folder.mkdir(parents=True)
    trust = f'trust = ["{program.home / "ca.pem"}"]\nsubject = "CN={{login}},O=Bank"\n'
    (folder / "config.toml").write_text(f'[ca.bank]\nurl = "{server.url}"\n{trust}')
    program.secret("otp", OTP)
    program.secret("p12", P12)
    return program


def check(ended: Ended) -> None:
    text = (files("lockwright.cli") / "schemas" / "enroll.json").read_text()
    Draft202012Validator(json.loads(text)).validate(ended.document)


def test_a_script_gets_a_file_without_any_token(bank: Program) -> None:
    ended = bank.run(*ORDER, *INTO, "--json")
    assert ended.code == 0, ended
    check(ended)
    assert ended.document["storage"] == {"kind": "file", "place": str(bank.home / "anna.p12")}
    found = unseal((bank.home / "anna.p12").read_bytes(), Secret(P12))
    assert found.key.key_size == 3072


def test_a_person_chooses_a_good_password_and_enters_it_twice(
    bank: Program, terminal: Terminal
) -> None:
    screen = terminal(bank, *ORDER, "--out", "anna.p12")
    assert "The password needs" in screen.answers("protects the new key:", "short")
    screen.answers("protects the new key:", P12)
    screen.answers("once more:", P12)
    code, said = screen.ends()
    assert (code, "sealed with your password" in said) == (0, True)
    assert P12 not in screen.everything


def test_what_waits_is_found_without_naming_it_and_gone_on_with(
    bank: Program, server: EstServer
) -> None:
    server.script("simpleenroll", LATER)
    assert bank.run(*ORDER, *INTO).code == 17
    status = bank.run("enroll", "--status", "--json")
    check(status)
    (entry,) = status.document["unfinished"]
    assert (entry["token"], entry["storage"]["kind"]) == (None, "file")
    (journal,) = (bank.home / "state" / "lockwright" / "enrolments").glob("*.json")
    journal.write_text(journal.read_text().replace(entry["not_before"][:4], "2020"))
    ended = bank.run("enroll", "--resume", "--otp-file", "otp", "--p12-password-file", "p12")
    assert ended.code == 0, ended
    assert (bank.home / "anna.p12").exists()


def test_of_several_that_wait_one_must_be_named(bank: Program, server: EstServer) -> None:
    server.script("simpleenroll", LATER, LATER)
    assert bank.run(*ORDER, *INTO).code == 17
    other = (*ORDER, "--out", "boris.p12", "--login", "boris", "--p12-password-file", "p12")
    assert bank.run(*other).code == 17
    assert bank.run("enroll", "--abandon", "--storage", "file").code == 2
    ended = bank.run("enroll", "--abandon", "--out", "boris.p12", "--json")
    check(ended)
    assert ended.document["undone"]["storage"]["place"] == str(bank.home / "boris.p12")
    assert bank.run("enroll", "--abandon").code == 0
    assert bank.run("enroll", "--status", "--json").document["unfinished"] == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--storage", "file"), "--storage file needs --out"),
        (("--storage", "token", "--out", "x.p12"), "--out goes with --storage file"),
        (("--out", "x.p12", "--token", "1"), "--token goes with --storage token"),
        (("--out", "x.p12", "--replace", "old"), "--replace goes with --storage token"),
    ],
)
def test_what_does_not_go_together_is_said(
    bank: Program, wrong: tuple[str, ...], told: str
) -> None:
    ended = bank.run(*ORDER, *wrong)
    assert (ended.code, told in ended.err) == (2, True), ended


def test_a_weak_password_is_refused_before_anything_is_made(
    bank: Program, server: EstServer
) -> None:
    bank.secret("p12", "12345678")
    ended = bank.run(*ORDER, *INTO, "--json")
    assert (ended.code, ended.error["code"]) == (6, "password-refused")
    assert server.issued == {}


def test_a_file_can_always_be_written_and_a_token_must_be_there(bank: Program) -> None:
    found = {each["kind"]: each for each in bank.run("storages", "--json").document["storages"]}
    assert found["file"]["available"]
    assert (found["token"]["available"], found["token"]["reason"]) == (
        False,
        "only a blank token is connected",
    )
    assert "only a blank token is connected" in bank.run("storages").out


# --- the system's store -----------------------------------------------------------------------

STORE_PASSWORD = "Lantern-Creek-63"
INTO_STORE = ("--storage", "system", "--p12-password-file", "p12")


def home(program: Program) -> dict[str, str]:
    return {"HOME": str(program.home)}


def locked_database(program: Program) -> Path:
    """The NSS database of a person who gave it a password."""
    database = program.home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    secret = program.secret("store", STORE_PASSWORD + "\n")
    subprocess.run(["certutil", "-N", "-d", f"sql:{database}", "-f", secret], check=True)
    return database


def test_the_store_of_the_system_gets_it_and_says_so(bank: Program) -> None:
    ended = bank.run(*ORDER, *INTO_STORE, "--json", environment=home(bank))
    assert ended.code == 0, ended
    check(ended)
    place = str(bank.home / ".pki" / "nssdb")
    assert ended.document["storage"] == {"kind": "system", "place": place}


def test_a_locked_store_asks_a_person_for_its_password(
    bank: Program, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked_database(bank)
    monkeypatch.setenv("HOME", str(bank.home))
    screen = terminal(bank, *ORDER, *INTO_STORE)
    screen.answers("certificate store:", STORE_PASSWORD)
    code, said = screen.ends()
    assert (code, "in the system's store" in said) == (0, True)
    assert STORE_PASSWORD not in screen.everything


def test_a_wrong_password_of_the_store_changes_nothing(bank: Program, server: EstServer) -> None:
    locked_database(bank)
    bank.secret("store", "Lantern-Creek-64")
    order = (*ORDER, *INTO_STORE, "--store-password-file", "store", "--json")
    ended = bank.run(*order, environment=home(bank))
    assert (ended.code, ended.error["code"]) == (17, "store-failed")
    assert (server.issued, unfinished(bank)) == ({}, [])


def test_a_locked_store_is_opened_to_go_on_and_to_undo(bank: Program, server: EstServer) -> None:
    database = locked_database(bank)
    opens = ("--store-password-file", "store")
    server.script("simpleenroll", LATER)
    assert bank.run(*ORDER, *INTO_STORE, *opens, environment=home(bank)).code == 17
    ended = bank.run("enroll", "--abandon", *opens, "--json", environment=home(bank))
    check(ended)
    assert ended.document["undone"]["storage"]["place"] == str(database)
    assert unfinished(bank) == []


def unfinished(program: Program) -> list[object]:
    found: list[object] = program.run("enroll", "--status", "--json").document["unfinished"]
    return found
