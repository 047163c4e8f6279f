"""The time that a Request has left, as the person at the terminal sees it go by."""

from __future__ import annotations

import re

import pytest
from client import Computer
from locked_token import Locked
from lockwright import Secret
from lockwright.spoken import spell
from lockwright_testkit.pseudo_terminal import CTRL_C, CTRL_Z, Screen
from telephone import read_out

NEW = "Kettle-Moss-42"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
BACKSPACE, CTRL_U, CTRL_W, LEFT, DELETE = "\x7f", "\x15", "\x17", "\x1b[D", "\x1b[3~"


@pytest.fixture(params=["xterm-256color", "dumb"])
def term(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What terminal it is: one that rewrites its lines, or one that shows what it gets."""
    name = str(request.param)
    monkeypatch.setenv("TERM", name)
    return name


def waits(computer: Computer, seconds: int, *, width: int = 100) -> tuple[Screen, bytes]:
    """A terminal that waits for a Response so long; the Request."""
    file = computer.program.home / "short.toml"
    file.write_text(f"[deadlines]\nresponse = {seconds}\n")
    screen = computer.asks("--remote", "--config", str(file), size=(40, width))
    screen.answers("New user PIN:", NEW)
    screen.answers("once more:", NEW)
    return screen, read_out(screen).data


def test_it_is_a_clock_with_a_warning_and_an_end_on_a_line_of_its_own(
    computer: Computer, term: str
) -> None:
    seconds = 4 if term == "dumb" else 6  # a clock has a second and a half for its warning
    screen, _request = waits(computer, seconds)

    if term != "dumb":  # a busy machine may miss a second
        seen = [screen.reads(re.compile(r"\[0:0(\d)\] Response:")).match[1] for _ in range(3)]
        assert seen == sorted(set(seen), reverse=True)
    screen.reads("Only 0:02 is left.", "Only 0:01 is left.")
    screen.reads("Response:")
    code, said = screen.ends()

    assert code == 15
    assert "the time for its Response is over" in said
    assert re.search(
        rf"until \d\d:\d\d:\d\d, that is 0:0{seconds};", " ".join(screen.everything.split())
    )
    assert re.search(r"\n(\x1b\[[0-9;]*m)?Error:", screen.everything)
    assert term != "dumb" or not CONTROL.search(screen.everything)


def test_what_was_typed_stays_while_the_clock_goes_on(
    computer: Computer, locked: Locked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    screen, request = waits(computer, 300)
    response = locked.answer(request).reveal_text()

    screen.presses(f"way wrong{CTRL_U}{response[:4]}xя{LEFT}{BACKSPACE}{BACKSPACE}{DELETE}")
    screen.reads(*(f"[4:{left}] Response: {response[:4]}" for left in range(57, 29, -1)))
    screen.presses(f" nonsense{CTRL_W}{response[4:]}\r")
    code, said = screen.ends()

    assert code == 0, said
    locked.signs(Secret(NEW))


@pytest.mark.usefixtures("term")
def test_ctrl_c_ends_it_on_a_line_of_its_own_and_gives_the_echo_back(computer: Computer) -> None:
    screen, _request = waits(computer, 300)

    screen.presses("12")
    screen.presses(CTRL_C)
    screen.reads(re.compile(r"\n(\x1b\[[0-9;]*m)?Error: Interrupted"))

    assert screen.echoes()
    assert screen.ends().code == 130


def test_a_response_that_is_longer_than_the_line_shows_its_end(
    computer: Computer, locked: Locked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    screen, request = waits(computer, 300, width=40)
    response = " ".join(locked.answer(request).reveal_text())

    screen.presses(f"{response}{' ' * 4}")
    shown = screen.reads(re.compile(rf"Response: [^\r]*{response[-4:]} +\x1b\[K")).match[0]
    screen.presses("\r")

    assert len(shown) < 40
    assert screen.ends().code == 0


def test_on_a_narrow_terminal_what_is_read_out_stays_in_one_piece(
    computer: Computer, locked: Locked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    screen, request = waits(computer, 300, width=40)
    screen.presses(CTRL_C)
    screen.ends()

    shown = spell(request)
    assert any(shown in line for line in screen.lines)
    assert any(locked.token.serial in line for line in screen.lines)
    assert any(re.search(r"\(\d{4} \d{4}\)", line) for line in screen.lines)


def test_a_program_that_is_suspended_at_the_clock_lends_the_echo_out(
    computer: Computer, locked: Locked
) -> None:
    program, module = computer.program, locked.device.module
    environment = program.environment | {"TERM": "xterm-256color"}
    with Screen.running("/bin/sh", "-i", environment=environment, folder=program.home) as screen:
        screen.types(f"{program.path} unblock --remote --module {module}")
        screen.answers("New user PIN:", NEW)
        screen.answers("once more:", NEW)
        request = read_out(screen).data
        screen.presses("12")
        screen.reads("Response: 12")
        screen.presses(CTRL_Z)
        screen.reads(re.compile("Stopped|Suspended"))
        assert screen.echoes()
        screen.types("fg")
        screen.reads("Response: 12")
        assert not screen.echoes()
        screen.presses(f"{CTRL_U}{locked.answer(request).reveal_text()}\r")
        screen.reads("has a new user PIN")
        screen.types("echo $? is the code")
        screen.reads("0 is the code")
        assert screen.echoes()
