"""A person at a terminal: every question, the wrong answers, and Ctrl-C, on a pseudo-terminal."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.audit import verify
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import CTRL_C, CTRL_D, CTRL_Z, Screen, Terminal
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, AddedToken, SoftHSM

NEW = "Kettle-Moss-42"


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    return made


@pytest.fixture
def token(program: Program, softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


def opens(program: Program, pin: str) -> bool:
    program.secret("try.pin", pin)
    return program.run("list", "--pin-file", "try.pin").code == 0


def add_key(program: Program) -> None:
    command = ("enroll", "--csr-out", "-", "--subject", "CN=work", "--key-type", "ec:p256")
    assert program.run(*command, "--pin-file", "user.pin").code == 0


def test_a_lost_pin_is_replaced_by_answering_the_questions(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    screen = terminal(program, "unblock")
    before = screen.answers("SO PIN:", SO_PIN)
    assert "Anna" in before
    assert token.serial in before
    rules = screen.answers("New user PIN:", NEW)
    assert "at least 8 characters" in rules
    screen.answers("once more:", NEW)
    code, said = screen.ends()
    assert code == 0
    assert "has a new user PIN" in said
    assert opens(program, NEW)


def test_nothing_that_is_typed_is_shown(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    screen = terminal(program, "pin", "change")
    screen.answers("User PIN:", USER_PIN)
    screen.answers("New user PIN:", NEW)
    screen.answers("once more:", NEW)
    assert screen.ends().code == 0
    assert "User PIN" in screen.everything
    assert USER_PIN not in screen.everything
    assert NEW not in screen.everything


def test_a_weak_pin_is_told_with_every_rule_and_asked_for_again(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    screen = terminal(program, "unblock")
    screen.answers("SO PIN:", SO_PIN)
    screen.answers("New user PIN:", "abc")
    told = screen.answers("New user PIN:", NEW)
    for rule in ("refused", "8 characters", "digit", "upper-case"):
        assert rule in told
    screen.answers("once more:", NEW)
    assert screen.ends().code == 0
    assert opens(program, NEW)


def test_weak_pins_are_asked_for_again_until_one_is_good_or_ctrl_c(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    """Who is sent away after some types the next one into the shell, where everybody reads it."""
    screen = terminal(program, "unblock")
    screen.answers("SO PIN:", SO_PIN)
    for _number in range(5):
        screen.answers("New user PIN:", "abc")
    assert "Ctrl-C ends" in screen.reads("New user PIN:").before
    assert not screen.echoes()
    screen.presses(CTRL_C)
    code, said = screen.ends()
    assert code == 130
    assert "No try was spent" in said
    assert opens(program, USER_PIN)


def test_a_wrong_repetition_starts_the_new_pin_over(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    screen = terminal(program, "unblock")
    screen.answers("SO PIN:", SO_PIN)
    screen.answers("New user PIN:", NEW)
    screen.answers("once more:", "Kettle-Moss-43")
    assert "entries differ" in screen.answers("New user PIN:", NEW)
    screen.answers("once more:", NEW)
    assert screen.ends().code == 0
    assert opens(program, NEW)


def test_wrong_repetitions_never_end_it(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    screen = terminal(program, "unblock")
    screen.answers("SO PIN:", SO_PIN)
    for _number in range(4):
        screen.answers("New user PIN:", NEW)
        screen.answers("once more:", "something else")
    screen.answers("New user PIN:", NEW)
    screen.answers("once more:", NEW)
    assert screen.ends().code == 0
    assert opens(program, NEW)


def test_an_empty_pin_is_never_tried(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    screen = terminal(program, "list", "--login")
    screen.answers("User PIN:", "")
    assert "Nothing was entered" in screen.answers("User PIN:", USER_PIN)
    assert screen.ends().code == 0


def test_a_pin_low_on_tries_is_told_before_it_is_asked_for(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    program.secret("wrong.pin", "Wrong-pin-1")
    assert program.run("list", "--pin-file", "wrong.pin").code == 5
    screen = terminal(program, "list", "--login")
    assert "at least one wrong try" in screen.answers("User PIN:", USER_PIN)
    assert screen.ends().code == 0


@pytest.mark.parametrize("word", ["", "n", "nope", "yess"])
def test_anything_but_a_clear_yes_deletes_nothing(
    program: Program, token: AddedToken, terminal: Terminal, word: str
) -> None:
    add_key(program)
    screen = terminal(program, "delete", "work")
    screen.answers("User PIN:", USER_PIN)
    plan = screen.answers("[y/N]", word)
    assert "work" in plan
    assert "cannot be brought back" in plan
    code, said = screen.ends()
    assert code == 1
    assert "Nothing was deleted" in said
    assert "work" in program.run("list").out


@pytest.mark.parametrize("word", ["y", "YES", "да"])
def test_a_clear_yes_deletes(
    program: Program, token: AddedToken, terminal: Terminal, word: str
) -> None:
    add_key(program)
    screen = terminal(program, "delete", "work")
    screen.answers("User PIN:", USER_PIN)
    screen.answers("[y/N]", word)
    code, said = screen.ends()
    assert code == 0
    assert "2 objects are gone" in said
    assert program.run("list", "--pin-file", "user.pin", "--json").document["containers"] == []


def test_a_wipe_wants_the_serial_number_typed(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    add_key(program)
    for typed, code in (("y", 1), (token.serial[:-1], 1), (token.serial.upper(), 0)):
        screen = terminal(program, "wipe")
        screen.answers("User PIN:", USER_PIN)
        screen.answers(f"serial number {token.serial}:", typed)
        assert screen.ends().code == code
        there = program.run("list", "--pin-file", "user.pin", "--json").document["containers"]
        assert bool(there) is bool(code)


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_ctrl_c_at_a_question_ends_at_once_and_gives_the_echo_back(
    program: Program, token: AddedToken, terminal: Terminal, key: str
) -> None:
    screen = terminal(program, "unblock")
    screen.reads("SO PIN:")
    assert not screen.echoes()
    screen.presses(key)
    screen.reads("Interrupted")
    assert screen.echoes()
    code, said = screen.ends()
    assert code == 130
    assert "No try was spent" in said
    assert "Traceback" not in said
    assert opens(program, USER_PIN)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_at_a_question_gives_the_echo_back(
    program: Program, token: AddedToken, terminal: Terminal, number: signal.Signals
) -> None:
    screen = terminal(program, "unblock")
    screen.reads("SO PIN:")
    assert not screen.echoes()
    screen.gets(number)
    screen.reads("Interrupted")
    assert screen.echoes()
    code, said = screen.ends()
    assert code == 130
    assert "No try was spent" in said


def test_a_program_that_is_suspended_at_a_question_lends_the_echo_out(
    program: Program, token: AddedToken
) -> None:
    """In a shell that leaves the terminal to the programs, as dash does."""
    with Screen.running(
        "/bin/sh", "-i", environment=program.environment, folder=program.home
    ) as screen:
        screen.types(f"{program.path} list --login --json > answer.json")
        screen.reads("User PIN:")
        assert not screen.echoes()
        screen.presses(CTRL_Z)
        screen.reads(re.compile("Stopped|Suspended"))
        assert screen.echoes()
        screen.types("fg")
        screen.reads("User PIN:")
        assert not screen.echoes()
        screen.types(USER_PIN)
        screen.types("echo $? is the code")
        screen.reads("0 is the code")
        assert screen.echoes()
    assert token.serial in (program.home / "answer.json").read_text()
    assert USER_PIN not in screen.everything


def test_ctrl_c_ends_a_module_that_hangs_at_once(
    program: Program,
    token: AddedToken,
    faulty: Path,
    faults: Callable[[str], None],
    terminal: Terminal,
) -> None:
    faults("C_FindObjects@1=hang")
    (program.home / "patient.toml").write_text("[deadlines]\ncall = 600\n")
    asked = ("list", "--config", "patient.toml", "--module", str(faulty), "--login")
    screen = terminal(program, *asked)
    screen.answers("User PIN:", USER_PIN)
    screen.reads("Reading the token")
    screen.presses(CTRL_C)
    code, said = screen.ends()
    assert code == 130
    assert "not known" in said
    assert "Traceback" not in said


def test_a_closed_window_leaves_no_operation_without_its_outcome(
    program: Program,
    token: AddedToken,
    faulty: Path,
    faults: Callable[[str], None],
    terminal: Terminal,
) -> None:
    faults("C_FindObjects@1=hang")
    screen = terminal(program, "list", "--module", faulty, "--login")
    screen.answers("User PIN:", USER_PIN)
    screen.reads("Reading the token")
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGHUP):
        screen.gets(number)
    screen.ends()

    summary = verify(program.audit)
    assert (summary.operations, summary.unfinished) == (1, ())


def test_a_pin_is_asked_for_on_the_terminal_while_the_answer_goes_to_a_file(
    program: Program, token: AddedToken
) -> None:
    line = f"{program.path} list --login --json > answer.json 2> notes.txt"
    with Screen.running(
        *("/bin/sh", "-c", line), environment=program.environment, folder=program.home
    ) as screen:
        screen.answers("User PIN:", USER_PIN)
        assert screen.ends().code == 0
    assert token.serial in (program.home / "answer.json").read_text()
