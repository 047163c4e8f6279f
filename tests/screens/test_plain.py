"""A terminal that moves no cursor, and a pipe: plain lines, and one while a key is made."""

from __future__ import annotations

import re

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\r*\n)")
MAKING = re.compile(r"^Making the key pair.*\.\.\. This can take minutes\.$", re.MULTILINE)
BY_HAND = ("enroll", "--csr-out", "a.csr", "--subject", "CN=anna", "--key-type", "ec:p256")
WITH_CA = ("enroll", "--ca", "bank", "--login", "anna", "--otp-file", "otp")

pytestmark = pytest.mark.usefixtures("bank")


@pytest.fixture(autouse=True)
def token(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


@pytest.mark.parametrize("command", [BY_HAND, WITH_CA], ids=["by hand", "with a CA"])
def test_a_dumb_terminal_gets_a_line_while_a_key_is_made(
    program: Program,
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    monkeypatch.setenv("TERM", "dumb")

    screen = terminal(program, *command)
    screen.answers("User PIN:", USER_PIN)
    ended = screen.ends()

    assert ended.code == 0
    assert len(MAKING.findall(screen.everything.replace("\r", ""))) == 1
    assert not CONTROL.search(screen.everything)


@pytest.mark.parametrize("command", [BY_HAND, WITH_CA], ids=["by hand", "with a CA"])
def test_a_pipe_gets_it_too_and_a_program_does_not(
    program: Program, command: tuple[str, ...]
) -> None:
    told = program.run(*command, "--pin-file", "user.pin")
    silent = program.run(*BY_HAND[:2], "b.csr", *BY_HAND[3:], "--pin-file", "user.pin", "--json")

    assert told.code == 0
    assert len(MAKING.findall(told.err)) == 1
    assert not CONTROL.search(told.err + told.out)
    assert (silent.code, silent.err) == (0, "")


def test_a_dumb_terminal_is_as_wide_as_it_is(
    program: Program, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    screen = terminal(program, "tokens", size=(40, 50))

    assert screen.ends().code == 0
    assert max(map(len, screen.lines)) <= 50
    assert not CONTROL.search(screen.everything)
