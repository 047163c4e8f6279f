"""Enrolment at EST servers as the field has them, as a person meets it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lockwright_testkit.est_peers import GlobalSignServer, LibestServer
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken

OTP = "Maple-Drum-77"
PIN = ("--pin-file", "user.pin")
GIVEN = ("--ca", "bank", "--login", "anna", "--otp-file", "otp", *PIN)


@pytest.fixture
def server(ca: TestCa, request: pytest.FixtureRequest) -> Iterator[EstServer]:
    with request.param(ca, {"anna": OTP}) as running:
        yield running


@pytest.fixture
def bank(program: Program, token: AddedToken, server: EstServer) -> Program:
    """The program, configured for the server; the login's password lies in ``otp``."""
    configure(program, server.url)
    program.secret("otp", OTP)
    return program


def configure(program: Program, url: str, *more: str) -> None:
    lines = (
        "[ca.bank]",
        f'url = "{url}"',
        f'trust = ["{program.home / "ca.pem"}"]',
        'subject = "CN={login},O=Bank"',
        *more,
    )
    folder = program.home / "config" / "lockwright"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("server", [LibestServer], indirect=True)
def test_libest_is_enrolled_with_and_what_cannot_be_read_is_told(
    bank: Program, server: EstServer
) -> None:
    ended = bank.run("enroll", *GIVEN)
    assert ended.code == 0, ended
    assert "(csrattrs) could not be read, and is passed over: something follows" in ended.err
    server.challenge = 'Digest realm="estrealm"'
    error = bank.run("renew", *GIVEN, "--json").error
    assert error["code"] == "ca-login-scheme"
    assert "takes a login by Digest only" in error["message"]


@pytest.mark.parametrize("server", [GlobalSignServer], indirect=True)
def test_globalsign_renews_where_the_configuration_says_so(
    bank: Program, server: EstServer
) -> None:
    configure(bank, f"{server.url}/.well-known/est/staff")
    assert bank.run("enroll", *GIVEN).code == 0
    server.forget()
    error = bank.run("renew", *GIVEN, "--json").error
    assert error["code"] == "ca-renewal-refused"
    assert 'ca.bank.renewal = "simpleenroll"' in error["advice"]
    assert "nothing on the token was changed" in error["cost"]
    configure(bank, f"{server.url}/.well-known/est/staff", 'renewal = "simpleenroll"')
    ended = bank.run("renew", *GIVEN)
    assert ended.code == 0, ended


@pytest.mark.parametrize("server", [EstServer], indirect=True)
def test_a_login_with_its_password_behind_a_colon_is_neither_sent_nor_shown(
    bank: Program, server: EstServer
) -> None:
    for command in ("enroll", "renew"):
        ended = bank.run(command, "--ca", "bank", "--login", f"anna:{OTP}", "--json")
        assert ended.error["code"] == "login-unfit"
        assert OTP not in ended.out + ended.err
    assert server.asked == []
