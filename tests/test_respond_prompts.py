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


def below(screen: Screen, shown: str) -> str:
    """The line below one that is shown."""
    lines = [line.rstrip() for line in screen.lines]
    return lines[lines.index(shown) + 1]


def test_everything_is_asked_for_in_the_order_of_a_call(respond: Respond) -> None:
    screen = respond()
    assert "no letter" not in screen.answers(
        "Adapter of the client's token", responding_adapter.NAME
    )
    screen.answers("Model of the client's token, by its number or name:", "1")
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
    assert "misheard" in screen.reads("Serial number, from the record of the client:").before
    screen.presses(CTRL_C)
    code, said = screen.ends()
    assert code == 130
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


def test_what_was_mistyped_is_asked_for_again_with_its_wrong_places(respond: Respond) -> None:
    screen = respond("--ticket", "4711", "--key-file", "admin.key")
    screen.answers("Adapter of the client's token, by its number or name:", "responders")
    screen.answers("Adapter of the client's token, by its number or name:", "responder")
    screen.answers("Model of the client's token, by its number or name:", "Key 4DES")
    screen.answers("Model of the client's token, by its number or name:", "key 3des")
    screen.answers("Serial number, from the record of the client:", "0В53001435596976")
    screen.answers("Serial number, from the record of the client:", SERIAL)
    screen.answers("Request:", "A892 G756 01Z1 7C5D")
    told = screen.answers("group by group. Request:", REQUEST)
    screen.answers("Is it the same? [y/N]", "y")

    assert "character 1 of group 2 is «G»; character 3 of group 3 is «Z»" in told
    assert below(screen, "    A892 G756 01Z1 7C5D") == "         ^      ^"
    assert screen.ends().code == 0


def test_a_misheard_request_is_typed_once_more_and_the_difference_is_shown(
    respond: Respond,
) -> None:
    screen = respond(*ABOUT, "--ticket", "4711", "--key-file", "admin.key")
    screen.answers("Request:", "A892 D756 0161 7C5B")
    screen.answers("Is it the same? [y/N]", "n")
    screen.answers("Serial number, from the record of the client:", "")
    screen.answers("Request:", REQUEST)
    shown = screen.answers("Is it the same? [y/N]", "y")

    assert below(screen, "    A892 D756 0161 7C5D") == "                      ^"
    assert CHECK.words("en") in shown
    code, said = screen.ends()
    assert code == 0
    assert f"The Response for the token {SERIAL}:" in said


def test_words_that_were_given_wrong_are_compared_at_the_terminal(respond: Respond) -> None:
    screen = respond(*ALL, "--check", "enroll shock")
    shown = screen.answers("Is it the same? [y/N]", "y")
    assert "The check does not match" in shown
    assert screen.ends().code == 0


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_who_gives_up_while_typing_it_again_ends_cleanly(respond: Respond, key: str) -> None:
    screen = respond(*ABOUT, "--ticket", "4711", "--key-file", "admin.key")
    screen.answers("Request:", "A892")
    screen.reads("Request:")
    screen.presses(key)
    code, said = screen.ends()
    assert code == 130
    assert "Traceback" not in said
