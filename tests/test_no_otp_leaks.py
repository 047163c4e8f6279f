"""No one-time password is found anywhere it has no business, whatever the CA answers."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright.enrol.ca import est
from lockwright.enrol.trust import der
from lockwright.errors import LockwrightError
from lockwright.models import CaOrder, CaProfile
from lockwright.secret import Secret
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.leaks import with_locals
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

LOGIN, OTP = "anna", "Zebra-Quilt-91"
ANSWERS = {
    "issued": (),
    "wrong": (Reply(401, b"no", {"Content-Type": "text/plain"}),),
    "pending": (Reply(202, headers={"Retry-After": "3600"}),),
    "refused": (Reply(400, b"no", {"Content-Type": "text/plain"}),),
    "trouble": (Reply(500),),
    "cut": (Reply(200, b"x" * 100, cut=3),),
}


def leaks(text: str) -> bool:
    """Whether the password is in a text, as it is or as it is sent."""
    pair = base64.b64encode(f"{LOGIN}:{OTP}".encode()).decode()
    forms = (OTP, OTP.encode().hex(), base64.b64encode(OTP.encode()).decode().rstrip("="), pair)
    return any(form.lower() in text.lower() for form in forms)


@pytest.fixture
def server() -> Iterator[EstServer]:
    with EstServer(TestCa.root(), {LOGIN: OTP}) as running:
        yield running


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM, server: EstServer) -> Program:
    made = Program(tmp_path)
    softhsm.add_token("Anna")
    made.secret("user.pin", USER_PIN)
    (tmp_path / "ca.pem").write_bytes(pem(server.ca.certificate))
    (tmp_path / "bank.toml").write_text(
        f'[ca.bank]\nurl = "{server.url}"\ntrust = ["ca.pem"]\nsubject = "CN={{login}}"\n'
        'key_type = "ec:p256"\n'
    )
    return made


ORDER = ("enroll", "--ca", "bank", "--login", LOGIN, "--pin-file", "user.pin", "--config")


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_no_output_and_no_file_holds_the_password(
    program: Program, server: EstServer, answer: str
) -> None:
    server.script("simpleenroll", *ANSWERS[answer])
    reader, writer = os.pipe()
    os.write(writer, f"{OTP}\n".encode())
    os.close(writer)
    how = ("bank.toml", "--verbose", "--otp-fd", str(reader))
    ended = program.run(*ORDER, *how, pass_fds=[reader])
    os.close(reader)
    assert (ended.code == 0) is (answer == "issued"), ended
    assert ended.out + ended.err
    assert not leaks(ended.out + ended.err)
    assert "lockwright_ca_enrol" in program.audit.read_text()
    for file in program.home.rglob("*"):
        assert not file.is_file() or not leaks(file.read_bytes().decode(errors="replace")), file


def test_a_terminal_does_not_show_the_password(program: Program, terminal: Terminal) -> None:
    screen = terminal(program, *ORDER, "bank.toml")
    screen.answers("One-time password:", OTP)
    assert screen.ends().code == 0, screen.everything
    assert not leaks(screen.everything)


@pytest.mark.parametrize("answer", sorted(set(ANSWERS) - {"issued", "pending", "refused"}))
def test_no_traceback_with_locals_holds_the_password(server: EstServer, answer: str) -> None:
    server.script("simpleenroll", *ANSWERS[answer])
    anchor = server.ca.certificate

    profile = CaProfile("bank", "est", server.url, anchors=(der(anchor),))
    with pytest.raises(LockwrightError) as caught:
        est.lockwright_ca_enrol(profile, CaOrder(b"request", LOGIN), Secret(OTP))
    shown = with_locals(caught.value)
    assert "Secret(***)" in shown
    assert not leaks(shown)
