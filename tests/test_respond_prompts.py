"""The operator of the help desk at a terminal: every question, and what a wrong answer does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
from lockwright.spoken import request_check
from lockwright_testkit import responder
from lockwright_testkit.hsm import add_key
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

SERIAL, REQUEST = "0B53001435596976", "A892D75601617C5D"
KEY = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"
CHECK = request_check(SERIAL, bytes.fromhex(REQUEST))
ABOUT = ("--vendor", responder.NAME, "--model", responder.KEY_MODEL, "--serial", SERIAL)
ALL = (*ABOUT, "--request", REQUEST, "--ticket", "4711", "--key-file", "admin.key")
Spawn = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM, monkeypatch: pytest.MonkeyPatch) -> Program:
    responder.install(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    made = Program(tmp_path)
    made.secret("admin.key", KEY)
    return made


@pytest.fixture
def spawn(program: Program) -> Iterator[Spawn]:
    """Starts ``respond`` on a terminal of its own."""
    running: list[pexpect.spawn[str]] = []

    def start(*arguments: str) -> pexpect.spawn[str]:
        child = pexpect.spawn(
            str(program.path),
            ["respond", *arguments],
            env=program.environment | {"TERM": "xterm-256color"},
            cwd=str(program.home),
            encoding="utf-8",
            timeout=20,
            dimensions=(40, 100),
        )
        running.append(child)
        return child

    yield start
    for child in running:
        child.close(force=True)


def answer(child: pexpect.spawn[str], question: str, text: str) -> str:
    """Wait for a question and answer it; what was shown before it."""
    child.expect_exact(question)
    before = str(child.before)
    child.sendline(text)
    return before


def end(child: pexpect.spawn[str]) -> tuple[int | None, str]:
    """Wait for the end; the exit code, and what was shown since the last answer."""
    child.expect(pexpect.EOF)
    said = str(child.before)
    child.close()
    return child.exitstatus, said


def test_everything_is_asked_for_in_the_order_of_a_call(spawn: Spawn) -> None:
    child = spawn()
    assert "no letter" not in answer(child, "Adapter of the client's token", responder.NAME)
    answer(child, "Model of the client's token:", responder.KEY_MODEL)
    answer(child, "Serial number, from the record of the client:", SERIAL)
    answer(child, "Request:", "а892 d756 o161 7c5d")
    shown = answer(child, "Is it the same? [y/N]", "y")
    assert "A892 D756 0161 7C5D" in shown
    assert SERIAL in shown
    assert CHECK.words("en") in shown
    assert CHECK.digits in shown
    assert "read as the digit 0" in shown
    answer(child, "Why is it answered? For the record:", "")
    answer(child, "Why is it answered? For the record:", "she forgot her PIN")
    answer(child, "File with the administrator key:", "admin.key")
    code, said = end(child)
    assert code == 0
    assert f"The Response for the token {SERIAL}:" in said


def test_it_asks_in_russian(spawn: Spawn) -> None:
    child = spawn(*ALL, "--lang", "ru")
    shown = answer(child, "Совпадает? [y/N]", "да")
    assert CHECK.words("ru") in shown
    code, said = end(child)
    assert code == 0
    assert "Ответ для токена" in said


@pytest.mark.parametrize("word", ["", "n", "нет", "yess"])
def test_anything_but_a_clear_yes_gives_no_response(
    program: Program, spawn: Spawn, word: str
) -> None:
    child = spawn(*ALL)
    answer(child, "Is it the same? [y/N]", word)
    code, said = end(child)
    assert code == 15
    assert "misheard" in said
    assert "Response for the token" not in said
    assert not program.audit.exists()


def test_a_check_that_was_given_is_not_asked_for(spawn: Spawn) -> None:
    code, said = end(spawn(*ALL, "--check", CHECK.words("en")))
    assert code == 0
    assert "Is it the same?" not in said


def test_a_request_that_was_answered_is_told_before_anything_is_asked(spawn: Spawn) -> None:
    assert end(spawn(*ALL, "--check", CHECK.digits))[0] == 0
    code, said = end(spawn(*ALL))
    assert code == 15
    assert "already answered" in said
    assert "Is it the same?" not in said


def test_the_hsms_pin_is_asked_for_without_echo(
    program: Program, softhsm: SoftHSM, spawn: Spawn
) -> None:
    uri = add_key(softhsm, softhsm.add_token("bankhsm"), bytes.fromhex(KEY), "admin")
    child = spawn(*ALL[:-2], "--key-uri", uri)
    answer(child, "Is it the same? [y/N]", "y")
    child.expect_exact("HSM's user PIN: ")
    assert not child.getecho()
    child.sendline(USER_PIN)
    code, said = end(child)
    assert code == 0
    assert USER_PIN not in said


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_at_a_question_ends_it_and_nothing_is_used_up(spawn: Spawn, key: str) -> None:
    child = spawn(*ALL)
    child.expect_exact("Is it the same? [y/N]")
    child.send(key)
    code, said = end(child)
    assert code == 130
    assert "Interrupted" in said
    assert "lockwright list" not in said  # there is no token to look at
    assert end(spawn(*ALL, "--check", CHECK.digits))[0] == 0
