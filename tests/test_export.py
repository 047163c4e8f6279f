"""``lockwright export``: certificates out of a token, byte for byte, and nothing but these."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lockwright_testkit.containers import container, request
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

SCHEMA = files("lockwright.cli") / "schemas" / "export.json"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    return made


@pytest.fixture
def token(program: Program, softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


def openssl(program: Program, *words: str) -> str:
    command = ["openssl", "x509", "-noout", *words]
    done = subprocess.run(command, cwd=program.home, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_only_certificate_needs_neither_name_nor_pin(
    program: Program, token: AddedToken
) -> None:
    stored = container(TestCa.root(), "CN=work")
    shown = program.run("export")
    (program.home / "shown.pem").write_text(shown.out)
    to_file = program.run("export", "--out", "work.der", "--der")

    assert (shown.code, to_file.code) == (0, 0), to_file.err
    for form in (("-in", "shown.pem"), ("-inform", "DER", "-in", "work.der")):
        told = openssl(program, *form, "-fingerprint", "-sha256").partition("=")[2]
        assert told.replace(":", "").lower() == stored.fingerprint


def test_a_certificate_is_named_by_container_fingerprint_or_serial_number(
    program: Program, token: AddedToken
) -> None:
    ca = TestCa.root()
    stored = container(ca, "CN=work")
    container(ca, "CN=home")
    listed = program.run("list", "--json").document["containers"]
    serial = next(each["certificates"][0]["serial"] for each in listed if each["label"] == "work")
    spelt = ":".join(serial[at : at + 2] for at in range(0, len(serial), 2))
    for name in ("work", stored.fingerprint[:8], serial, serial.upper(), spelt):
        done = program.run("export", name, "--json")
        Draft202012Validator(json.loads(SCHEMA.read_text())).validate(done.document)
        (found,) = done.document["certificates"]
        assert found["fingerprint"] == stored.fingerprint, name


def test_several_certificates_are_named_or_all_are_taken(
    program: Program, token: AddedToken
) -> None:
    ca = TestCa.root()
    fingerprints = {container(ca, f"CN={name}").fingerprint for name in ("work", "home")}
    unnamed = program.run("export", "--json")
    assert (unnamed.code, unnamed.error["code"]) == (4, "certificate-unnamed")
    assert {fits[:12] for fits in fingerprints} == set(unnamed.error["facts"]["fits"])
    done = program.run("export", "--all", "--out", "all.pem")
    assert done.code == 0
    assert (program.home / "all.pem").read_text().count("BEGIN CERTIFICATE") == 2


REFUSED = {
    ("spare",): (4, "The certificate that is wanted is not seen"),
    ("ghost",): (4, "matches ghost"),
    ("work", "--all"): (2, "not both"),
    ("work", "--der"): (2, "--der needs --out"),
    ("work", "--out", "there.pem"): (14, "exists already"),
    ("",): (2, "empty name"),
}


def test_what_cannot_be_exported_is_refused(program: Program, token: AddedToken) -> None:
    """A key without a certificate is among them: no key is ever shown."""
    container(TestCa.root(), "CN=work")
    request("CN=spare")
    (program.home / "there.pem").write_text("mine")
    for words, (code, told) in REFUSED.items():
        ended = program.run("export", *words)
        assert (ended.code, told in " ".join(ended.err.split())) == (code, True), ended.err
        assert "BEGIN" not in ended.out
    assert (program.home / "there.pem").read_text() == "mine"


def test_an_empty_token_has_none(program: Program, token: AddedToken) -> None:
    for words in ((), ("--all",)):
        assert program.run("export", *words, "--json").error["code"] == "no-certificate"
