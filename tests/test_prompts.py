"""A person at a terminal: every question, the wrong answers, and Ctrl-C, on a pseudo-terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, AddedToken, SoftHSM

NEW = "Kettle-Moss-42"
Spawn = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    return made


@pytest.fixture
def token(program: Program, softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


@pytest.fixture
def spawn(program: Program) -> Iterator[Spawn]:
    """Starts the program on a terminal of its own."""
    running: list[pexpect.spawn[str]] = []

    def start(*arguments: str) -> pexpect.spawn[str]:
        child = pexpect.spawn(
            str(program.path),
            list(arguments),
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


def end(child: pexpect.spawn[str]) -> tuple[int | None, str]:
    """Wait for the end; the exit code, and what was shown since the last answer."""
    child.expect(pexpect.EOF)
    said = str(child.before)
    child.close()
    return child.exitstatus, said


def answer(child: pexpect.spawn[str], question: str, text: str) -> str:
    """Wait for a question and answer it; what was shown before it."""
    child.expect_exact(question)
    before = str(child.before)
    child.sendline(text)
    return before


def opens(program: Program, pin: str) -> bool:
    program.secret("try.pin", pin)
    return program.run("list", "--pin-file", "try.pin").code == 0


def add_key(program: Program) -> None:
    command = ("enroll", "--csr-out", "-", "--subject", "CN=work", "--key-type", "ec:p256")
    assert program.run(*command, "--pin-file", "user.pin").code == 0


def test_a_lost_pin_is_replaced_by_answering_the_questions(
    program: Program, token: AddedToken, spawn: Spawn
) -> None:
    child = spawn("unblock")
    before = answer(child, "SO PIN: ", SO_PIN)
    assert "Anna" in before
    assert token.serial in before
    rules = answer(child, "New user PIN: ", NEW)
    assert "at least 8 characters" in rules
    answer(child, "once more: ", NEW)
    code, said = end(child)
    assert code == 0
    assert "has a new user PIN" in said
    assert opens(program, NEW)


def test_nothing_that_is_typed_is_shown(
    program: Program, token: AddedToken, spawn: Spawn, tmp_path: Path
) -> None:
    child = spawn("pin", "change")
    shown = (tmp_path / "shown").open("w+")
    child.logfile_read = shown
    answer(child, "User PIN: ", USER_PIN)
    answer(child, "New user PIN: ", NEW)
    answer(child, "once more: ", NEW)
    assert end(child)[0] == 0
    shown.seek(0)
    text = shown.read()
    shown.close()
    assert "User PIN" in text
    assert USER_PIN not in text
    assert NEW not in text


def test_a_weak_pin_is_told_with_every_rule_and_asked_for_again(
    program: Program, token: AddedToken, spawn: Spawn
) -> None:
    child = spawn("unblock")
    answer(child, "SO PIN: ", SO_PIN)
    answer(child, "New user PIN: ", "abc")
    told = answer(child, "New user PIN: ", NEW)
    for rule in ("refused", "8 characters", "digit", "upper-case"):
        assert rule in told
    answer(child, "once more: ", NEW)
    assert end(child)[0] == 0
    assert opens(program, NEW)


def test_after_three_weak_pins_it_ends_and_nothing_was_spent(
    program: Program, token: AddedToken, spawn: Spawn
) -> None:
    child = spawn("unblock")
    answer(child, "SO PIN: ", SO_PIN)
    for _number in range(3):
        answer(child, "New user PIN: ", "abc")
    code, said = end(child)
    assert code == 6
    assert "No try was spent" in said
    assert opens(program, USER_PIN)


def test_a_wrong_repetition_starts_the_new_pin_over(
    program: Program, token: AddedToken, spawn: Spawn
) -> None:
    child = spawn("unblock")
    answer(child, "SO PIN: ", SO_PIN)
    answer(child, "New user PIN: ", NEW)
    answer(child, "once more: ", "Kettle-Moss-43")
    assert "not the same" in answer(child, "New user PIN: ", NEW)
    answer(child, "once more: ", NEW)
    assert end(child)[0] == 0
    assert opens(program, NEW)


def test_three_wrong_repetitions_end_it(program: Program, token: AddedToken, spawn: Spawn) -> None:
    child = spawn("unblock")
    answer(child, "SO PIN: ", SO_PIN)
    for _number in range(3):
        answer(child, "New user PIN: ", NEW)
        answer(child, "once more: ", "something else")
    code, said = end(child)
    assert code == 3
    assert "not the same" in said
    assert opens(program, USER_PIN)


def test_an_empty_pin_is_never_tried(program: Program, token: AddedToken, spawn: Spawn) -> None:
    child = spawn("list", "--login")
    answer(child, "User PIN: ", "")
    assert "Nothing was entered" in answer(child, "User PIN: ", USER_PIN)
    assert end(child)[0] == 0


def test_a_pin_low_on_tries_is_told_before_it_is_asked_for(
    program: Program, token: AddedToken, spawn: Spawn
) -> None:
    program.secret("wrong.pin", "Wrong-pin-1")
    assert program.run("list", "--pin-file", "wrong.pin").code == 5
    child = spawn("list", "--login")
    assert "at least one wrong try" in answer(child, "User PIN: ", USER_PIN)
    assert end(child)[0] == 0


@pytest.mark.parametrize("word", ["", "n", "nope", "yess"])
def test_anything_but_a_clear_yes_deletes_nothing(
    program: Program, token: AddedToken, spawn: Spawn, word: str
) -> None:
    add_key(program)
    child = spawn("delete", "work")
    answer(child, "User PIN: ", USER_PIN)
    plan = answer(child, "[y/N] ", word)
    assert "work" in plan
    assert "cannot be brought back" in plan
    code, said = end(child)
    assert code == 1
    assert "Nothing was deleted" in said
    assert "work" in program.run("list").out


@pytest.mark.parametrize("word", ["y", "YES", "да"])
def test_a_clear_yes_deletes(program: Program, token: AddedToken, spawn: Spawn, word: str) -> None:
    add_key(program)
    child = spawn("delete", "work")
    answer(child, "User PIN: ", USER_PIN)
    answer(child, "[y/N] ", word)
    code, said = end(child)
    assert code == 0
    assert "2 objects are gone" in said
    assert program.run("list", "--pin-file", "user.pin", "--json").document["containers"] == []


def test_a_wipe_wants_the_serial_number_typed(
    program: Program, token: AddedToken, spawn: Spawn
) -> None:
    add_key(program)
    for typed, code in (("y", 1), (token.serial[:-1], 1), (token.serial.upper(), 0)):
        child = spawn("wipe")
        answer(child, "User PIN: ", USER_PIN)
        answer(child, f"serial number {token.serial}: ", typed)
        assert end(child)[0] == code
        there = program.run("list", "--pin-file", "user.pin", "--json").document["containers"]
        assert bool(there) is bool(code)


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_at_a_question_ends_at_once_and_gives_the_echo_back(
    program: Program, token: AddedToken, spawn: Spawn, key: str
) -> None:
    child = spawn("unblock")
    child.expect_exact("SO PIN: ")
    assert not child.getecho()
    child.send(key)
    child.expect_exact("Interrupted")
    assert child.getecho()
    code, said = end(child)
    assert code == 130
    assert "No try was spent" in said
    assert "Traceback" not in said
    assert opens(program, USER_PIN)


def test_ctrl_c_ends_a_module_that_hangs_at_once(
    program: Program,
    token: AddedToken,
    faulty: Path,
    faults: Callable[[str], None],
    spawn: Spawn,
) -> None:
    faults("C_FindObjects@1=hang")
    child = spawn("list", "--module", str(faulty), "--login")
    answer(child, "User PIN: ", USER_PIN)
    child.expect_exact("Reading the token")
    child.send("\x03")
    child.timeout = 5
    code, said = end(child)
    assert code == 130
    assert "not known" in said
    assert "Traceback" not in said


def test_a_pin_is_asked_for_on_the_terminal_while_the_answer_goes_to_a_file(
    program: Program, token: AddedToken, spawn: Spawn
) -> None:
    child = pexpect.spawn(
        "/bin/sh",
        ["-c", f"{program.path} list --login --json > answer.json 2> notes.txt"],
        env=program.environment,
        cwd=str(program.home),
        encoding="utf-8",
        timeout=20,
    )
    answer(child, "User PIN: ", USER_PIN)
    assert end(child)[0] == 0
    assert token.serial in (program.home / "answer.json").read_text()
