"""The main job without anyone else's service: lockwright enrols a token at lockwright-desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_home import Home, Server
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import USER_PIN, SoftHSM


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk that serves."""
    home = Home(tmp_path_factory.mktemp("desk"))
    home.init()
    with home.serving() as running:
        yield running


@pytest.fixture
def client(softhsm: SoftHSM, desk: Server, tmp_path: Path) -> Program:
    """The program with an empty token, which knows the desk and its CA."""
    softhsm.add_token("Anna Petrova")
    program = Program(tmp_path)
    program.secret("pin", USER_PIN)
    folder = program.home / "config" / "lockwright"
    folder.mkdir(parents=True)
    tables = (
        f'[ca.{label}]\nkind = "est"\nurl = "{desk.url}"\nlabel = "{label}"\n'
        f'subject = "CN={{login}},O=Bank,C=RU"\ntrust = ["{desk.home.ca}"]\n'
        for label in ("client", "checked")
    )
    (folder / "config.toml").write_text("".join(tables))
    return program


def enroll(client: Program, ca: str, login: str, otp: str, *further: str) -> Ended:
    client.secret("otp", otp)
    given = ("--login", login, "--otp-file", "otp", "--pin-file", "pin", "--json")
    return client.run("enroll", "--ca", ca, *given, *further)


def test_a_token_is_enrolled_at_the_desk(client: Program, desk: Server) -> None:
    otp = desk.home.otp("anna", name="anna")

    ended = enroll(client, "client", "anna", otp)

    assert ended.code == 0, ended.out
    (container,) = client.run("list", "--json").document["containers"]
    assert container["key"]["type"] == "ec:p256"
    assert container["certificates"][0]["subject"] == "CN=anna,O=Bank,C=RU"


def test_a_wrong_password_leaves_nothing_on_the_token(client: Program, desk: Server) -> None:
    desk.home.otp("boris", name="boris")

    ended = enroll(client, "client", "boris", "0000-0000-0000-0000-0000")

    assert ended.code != 0
    assert "The login or the one-time password is wrong" in ended.out
    assert client.run("list", "--json", "--pin-file", "pin").document["containers"] == []


def test_what_waits_for_approval_is_resumed(client: Program, desk: Server) -> None:
    otp = desk.home.otp("clara", "checked", name="clara")

    waits = enroll(client, "checked", "clara", otp, "--wait", "0")
    (found,) = desk.home.run("requests", "list", "--json").document["requests"]
    desk.home.run("requests", "approve", str(found["id"]))
    given = ("--otp-file", "otp", "--pin-file", "pin", "--json")
    ended = client.run("enroll", "--resume", *given)

    assert waits.code == 17, waits.out
    assert ended.code == 0, ended.out
    (container,) = client.run("list", "--json").document["containers"]
    assert container["certificates"][0]["subject"] == "CN=clara,O=Bank,C=RU"
