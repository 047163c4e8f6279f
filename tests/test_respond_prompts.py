"""The operator of the help desk at a terminal: every question, and what a wrong answer does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.spoken import request_check
from lockwright_testkit import responding_adapter
from lockwright_testkit.hsm import add_key
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import CTRL_C, CTRL_D, Screen, Terminal
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

SERIAL, REQUEST = "0B53001435596976", "A892D75601617C5D"
KEY = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"
CHECK = request_check(SERIAL, bytes.fromhex(REQUEST))
ABOUT = (
    "--vendor",
    responding_adapter.NAME,
    "--model",
    responding_adapter.KEY_MODEL,
    "--serial",
    SERIAL,
)
ALL = (*ABOUT, "--request", REQUEST, "--ticket", "4711", "--key-file", "admin.key")
Respond = Callable[..., Screen]


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch) -> Program:
    responding_adapter.install(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    made = Program(tmp_path)
    made.secret("admin.key", KEY)
    return made


@pytest.fixture
def respond(program: Program, terminal: Terminal) -> Respond:
    """Starts ``respond`` on a terminal of its own."""
    return lambda *arguments: terminal(program, "respond", *arguments)


def test_everything_is_asked_for_in_the_order_of_a_call(respond: Respond) -> None:
    screen = respond()
    assert "no letter" not in screen.answers(
        "Adapter of the client's token", responding_adapter.NAME
    )
    screen.answers("Model of the client's token:", responding_adapter.KEY_MODEL)
    screen.answers("Serial number, from the record of the client:", SERIAL)
    screen.answers("Request:", "а892 d756 o161 7c5d")
    shown = screen.answers("Is it the same? [y/N]", "y")
    assert "A892 D756 0161 7C5D" in shown
    assert SERIAL in shown
    assert CHECK.words("en") in shown
    assert CHECK.digits in shown
    assert "read as the digit 0" in shown
    screen.answers("Why is it answered? For the record:", "")
    screen.answers("Why is it answered? For the record:", "she forgot her PIN")
    screen.answers("File with the administrator key:", "admin.key")
    code, said = screen.ends()
    assert code == 0
    assert f"The Response for the token {SERIAL}:" in said


def test_it_asks_in_russian(respond: Respond) -> None:
    screen = respond(*ALL, "--lang", "ru")
    shown = screen.answers("Совпадает? [y/N]", "да")
    assert CHECK.words("ru") in shown
    code, said = screen.ends()
    assert code == 0
    assert "Ответ для токена" in said


@pytest.mark.parametrize("word", ["", "n", "нет", "yess"])
def test_anything_but_a_clear_yes_gives_no_response(
    program: Program, respond: Respond, word: str
) -> None:
    screen = respond(*ALL)
    screen.answers("Is it the same? [y/N]", word)
    code, said = screen.ends()
    assert code == 15
    assert "misheard" in said
    assert "Response for the token" not in said
    assert not program.audit.exists()


def test_a_check_that_was_given_is_not_asked_for(respond: Respond) -> None:
    code, said = respond(*ALL, "--check", CHECK.words("en")).ends()
    assert code == 0
    assert "Is it the same?" not in said


def test_a_request_that_was_answered_is_told_before_anything_is_asked(respond: Respond) -> None:
    assert respond(*ALL, "--check", CHECK.digits).ends().code == 0
    code, said = respond(*ALL).ends()
    assert code == 15
    assert "already answered" in said
    assert "Is it the same?" not in said


def test_the_hsms_pin_is_asked_for_without_echo(
    program: Program, softhsm: SoftHSM, respond: Respond
) -> None:
    uri = add_key(softhsm, softhsm.add_token("bankhsm"), bytes.fromhex(KEY), "admin")
    screen = respond(*ALL[:-2], "--key-uri", uri)
    screen.answers("Is it the same? [y/N]", "y")
    screen.reads("HSM's user PIN:")
    assert not screen.echoes()
    screen.types(USER_PIN)
    code, said = screen.ends()
    assert code == 0
    assert USER_PIN not in said


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_ctrl_c_at_a_question_ends_it_and_nothing_is_used_up(respond: Respond, key: str) -> None:
    screen = respond(*ALL)
    screen.reads("Is it the same? [y/N]")
    screen.presses(key)
    code, said = screen.ends()
    assert code == 130
    assert "Error: Interrupted." in screen.lines
    assert "Interrupted" in said
    assert "lockwright list" not in said  # there is no token to look at
    assert respond(*ALL, "--check", CHECK.digits).ends().code == 0
