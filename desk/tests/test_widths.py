"""The desk's tables on terminals of every width: numbers and dates are in one piece."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from desk_client import Client, new_key, new_login, request
from desk_home import DESK, Home
from lockwright.console.language import speak
from lockwright.console.wrapping import cells
from lockwright_desk.cli.app import main
from lockwright_testkit.pseudo_terminal import Screen
from lockwright_testkit.widths import LANGUAGES, WIDTHS, told_whole

NAME = "Анна Петровна Долгорукова"
SERIAL = "0B53001435596976"


@pytest.fixture(scope="module")
def people(home: Home) -> Home:
    """A desk with a client who holds a token."""
    add = ("clients", "add", "anna.dolgorukova", "--name", NAME, "--phone", "+74951234567")
    assert home.run(*add).code == 0
    row = f"jacarta,JaCarta Laser,{SERIAL},anna.dolgorukova"
    file = home.folder / "tokens.csv"
    file.write_text(f"adapter,model,serial,login\n{row}\n")
    assert home.run("tokens", "import", str(file)).code == 0
    return home


def looks(home: Home, command: Iterable[str], copied: Iterable[str]) -> None:
    def start(language: str, size: tuple[int, int]) -> Screen:
        asked: list[str] = [*command, "--config", str(home.file), "--lang", language]
        return Screen.running(
            DESK.path, *asked, environment={"LANG": "C.UTF-8"}, folder=home.folder, size=size
        )

    told_whole(start, copied, cells)


def rows(home: Home, *command: str) -> list[dict[str, Any]]:
    (found,) = home.run(*command, "--json").document.values()
    return list(found)


def test_passwords_are_told_whole(home: Home) -> None:
    home.otp(login := new_login(), name=NAME)
    (row,) = (each for each in rows(home, "otp", "list") if each["login"] == login)
    number = f"{row['id'][:4]}-{row['id'][4:]}"

    looks(home, ("otp", "list"), {number, login, row["expires_at"][:10]})


def test_requests_are_told_whole(home: Home, client: Client) -> None:
    password = home.otp(login := new_login(), "checked", name=NAME)
    asked = request(new_key(), "")
    client.enroll(asked, login=login, password=password, profile="checked")

    looks(home, ("requests", "list"), {login, f"{datetime.now(UTC):%Y-%m-%d}", "CN=Анна"})


def test_certificates_are_told_whole(home: Home, client: Client) -> None:
    password = home.otp(login := new_login(), name=NAME)
    client.enroll(request(new_key(), ""), login=login, password=password)
    (row,) = (each for each in rows(home, "certificates", "list") if each["login"] == login)

    looks(home, ("certificates", "list"), {login, row["serial"], row["not_after"][:10]})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_register_is_told_whole(
    people: Home,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    width: int,
    language: str,
) -> None:
    """In this process: a terminal of its own for each width takes seconds."""
    monkeypatch.setenv("COLUMNS", str(width))
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    for command, copied in (
        (("tokens", "show", SERIAL), {SERIAL, day}),
        (("tokens", "list"), {SERIAL}),
        (("clients", "list", "анна"), {"anna.dolgorukova", "+74951234567"}),
    ):
        try:
            assert main([*command, "--config", str(people.file), "--lang", language]) == 0
        finally:
            speak("en")
        lines = capsys.readouterr().out.splitlines()
        assert copied <= {word for line in lines for word in line.split()}
        assert [line for line in lines if cells(line) > width and len(line.split()) > 1] == []
