"""Enrolment with a CA over EST, as a person does it, on a real token."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.softhsm import USER_PIN, AddedToken

OTP = "Maple-Drum-77"
PIN = ("--pin-file", "user.pin")
ORDER = ("enroll", "--ca", "bank", "--login", "anna", "--otp-file", "otp", *PIN)


@pytest.fixture
def server(ca: TestCa) -> Iterator[EstServer]:
    with EstServer(ca, {"anna": OTP}) as running:
        yield running


@pytest.fixture
def bank(program: Program, token: AddedToken, server: EstServer) -> Program:
    """The program, configured for the server; the login's password lies in ``otp``."""
    configure(program, server)
    program.secret("otp", OTP)
    return program


def configure(program: Program, server: EstServer, *lines: str, trust: str = "ca.pem") -> None:
    text = "\n".join(
        (
            "[ca.bank]",
            f'url = "{server.url}"',
            f'trust = ["{program.home / trust}"]' if trust else "",
            'subject = "CN={login},O=Bank"',
            'key_type = "ec:p256"',
            'contact = "the manager, 123"',
            *lines,
        )
    )
    folder = program.home / "config" / "lockwright"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text + "\n")


def content(program: Program) -> list[dict[str, object]]:
    found: list[dict[str, object]] = program.run("list", *PIN, "--json").document["containers"]
    return found


def unfinished(program: Program) -> list[dict[str, object]]:
    found: list[dict[str, object]] = program.run("enroll", "--status", "--json").document[
        "unfinished"
    ]
    return found


def refused(program: Program, ended: Ended, code: str) -> dict[str, object]:
    """An error after which nothing is on the token and nothing is left to do."""
    assert ended.code != 0, ended
    error: dict[str, object] = ended.error
    assert error["code"] == code
    assert content(program) == []
    assert unfinished(program) == []
    return error


def test_login_and_password_become_a_certificate_that_works(bank: Program) -> None:
    ended = bank.run(*ORDER)
    assert ended.code == 0, ended
    assert "it works" in ended.out
    (container,) = content(bank)
    (certificate,) = container["certificates"]  # type: ignore[misc]  # a JSON document
    assert (container["state"], container["label"]) == ("complete", "anna")
    assert certificate["subject"] == "CN=anna,O=Bank"  # type: ignore[has-type]
    assert unfinished(bank) == []


def test_a_wrong_password_costs_nothing(bank: Program) -> None:
    bank.secret("otp", "wrong")
    error = refused(bank, bank.run(*ORDER, "--json"), "ca-login-refused")
    assert "nothing on the token was changed" in str(error["cost"])


def test_by_hand_the_login_stands_in_the_subject_too(bank: Program) -> None:
    request = ("enroll", "--ca", "bank", "--csr-out", "-", *PIN, "--json")
    unsaid = bank.run(*request)
    ended = bank.run(*request, "--login", "anna")

    assert (unsaid.code, "--login" in unsaid.out) == (2, True)
    assert ended.document["request"]["subject"] == "CN=anna,O=Bank"
    assert [each["label"] for each in content(bank)] == ["anna"]


def test_pending_is_gone_on_with_in_another_run(bank: Program, server: EstServer) -> None:
    later = Reply(202, b"Your manager is asked.", {"Retry-After": "3600"})
    server.script("simpleenroll", later)
    ended = bank.run(*ORDER, "--json")
    assert (ended.code, ended.error["code"]) == (17, "enrolment-waits")
    assert "Your manager is asked" in ended.error["message"]
    (container,) = content(bank)
    assert container["state"] == "key-only"
    assert bank.run("enroll", "--resume", "--json").error["code"] == "enrolment-waits"
    assert bank.run(*ORDER, "--json").error["code"] == "enrolment-open"
    (entry,) = unfinished(bank)
    assert (entry["step"], entry["subject"]) == ("waiting", "CN=anna,O=Bank")
    journal(bank).write_text(
        journal(bank).read_text().replace(str(entry["not_before"])[:4], "2020")
    )
    assert bank.run("enroll", "--resume", "--otp-file", "otp", *PIN).code == 0
    assert [each["state"] for each in content(bank)] == ["complete"]
    first, second = (asked.body for asked in server.asked if asked.method == "POST")
    assert first == second


def journal(program: Program) -> Path:
    (file,) = (program.home / "state" / "lockwright" / "enrolments").glob("*.json")
    return file


def test_every_answer_for_programs_keeps_to_its_schema(bank: Program, server: EstServer) -> None:
    server.script("simpleenroll", Reply(202, headers={"Retry-After": "3600"}))
    assert bank.run(*ORDER).code == 17
    check("enroll", bank.run("enroll", "--status", "--json"))
    check("enroll", bank.run("enroll", "--abandon", *PIN, "--json"))
    check("enroll", bank.run(*ORDER, "--json"))
    renewal = ("renew", "--ca", "bank", "--login", "boris", "--otp-file", "otp", *PIN, "--json")
    server.logins["boris"] = OTP
    check("renew", bank.run(*renewal))


def check(schema: str, ended: Ended) -> None:
    assert ended.code == 0, ended
    text = (files("lockwright.cli") / "schemas" / f"{schema}.json").read_text()
    Draft202012Validator(json.loads(text)).validate(ended.document)


def test_a_short_wait_is_waited_out(bank: Program, server: EstServer) -> None:
    server.script("simpleenroll", *[Reply(202, headers={"Retry-After": "1"})] * 2)
    assert bank.run(*ORDER).code == 0
    assert server.operations().count("simpleenroll") == 3


def test_a_certificate_that_is_not_accepted_yet_asks_for_no_password_again(
    bank: Program, server: EstServer
) -> None:
    stranger = TestCa.root("CN=Stranger")
    trust = bank.home / "ca.pem"
    trusted, server.ca = trust.read_bytes(), stranger
    assert bank.run(*ORDER, "--json").error["code"] == "certificate-untrusted"
    assert unfinished(bank)[0]["step"] == "checking"
    trust.write_bytes(trusted + pem(stranger.certificate))
    ended = bank.run("enroll", "--resume", *PIN)
    assert ended.code == 0, ended
    assert len(content(bank)) == 1


def test_abandoning_leaves_nothing(bank: Program, server: EstServer) -> None:
    server.script("simpleenroll", Reply(202, headers={"Retry-After": "3600"}))
    assert bank.run(*ORDER).code == 17
    assert stat.S_IMODE(journal(bank).stat().st_mode) == 0o600
    assert OTP not in journal(bank).read_text()
    ended = bank.run("enroll", "--abandon", *PIN)
    assert ended.code == 0, ended
    assert "its one-time password may be used up; ask for a new one" in " ".join(ended.err.split())
    assert (content(bank), unfinished(bank)) == ([], [])
    assert bank.run("enroll", "--abandon", *PIN).code == 17


def test_the_old_container_goes_only_with_replace_and_only_in_the_end(
    bank: Program, server: EstServer
) -> None:
    assert bank.run(*ORDER).code == 0
    (first,) = content(bank)
    server.logins["boris"] = OTP
    order = [*ORDER]
    order[order.index("anna")] = "boris"
    server.script("simpleenroll", Reply(500))
    assert bank.run(*order, "--replace", "anna").code == 16
    assert first in content(bank)
    assert bank.run("enroll", "--resume", "--otp-file", "otp", *PIN).code == 0
    assert [each["label"] for each in content(bank)] == ["boris"]


def test_an_unknown_ca_is_confirmed_by_its_fingerprint(
    program: Program, token: AddedToken, server: EstServer
) -> None:
    configure(program, server, trust="")
    program.secret("otp", OTP)
    ended = program.run(*ORDER, "--json")
    assert ended.error["code"] == "ca-not-confirmed"
    shown = ended.error["facts"]["fingerprint"]
    wrong = "00" + shown.replace(" ", "")[2:]
    assert program.run(*ORDER, "--ca-fingerprint", wrong).code == 16
    assert program.run(*ORDER, "--ca-fingerprint", shown.lower()).code == 0
    assert not any("authorization" in asked.headers for asked in server.asked[:-1])
    assert program.run("renew", "--ca", "bank", "--login", "anna", "--otp-fd", "77").code == 3


@pytest.mark.parametrize("command", [("renew", "nothing"), ("enroll", "--replace", "nothing")])
def test_no_one_time_password_is_asked_for_what_is_not_on_the_token(
    bank: Program, terminal: Terminal, command: tuple[str, ...]
) -> None:
    assert bank.run(*ORDER).code == 0
    screen = terminal(bank, *command, "--ca", "bank", "--login", "anna")

    screen.answers("User PIN:", USER_PIN)

    code, said = screen.ends()
    assert (code, "ne-time" in said) == (4, False), said


def test_a_one_time_password_is_asked_for_what_is_there(
    bank: Program, server: EstServer, terminal: Terminal
) -> None:
    assert bank.run(*ORDER).code == 0
    server.forget()
    screen = terminal(bank, "renew", "anna", "--ca", "bank", "--login", "anna")

    screen.answers("User PIN:", USER_PIN)
    screen.answers("ne-time password:", OTP)

    code, said = screen.ends()
    assert code == 0, said
