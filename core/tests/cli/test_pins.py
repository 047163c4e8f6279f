"""Where PINs come from when nobody can be asked, and what is done with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, AddedToken

NEW = "Kettle-Moss-42"


def lines(*values: str) -> int:
    """A descriptor to read the lines from."""
    reader, writer = os.pipe()
    os.write(writer, "".join(f"{value}\n" for value in values).encode())
    os.close(writer)
    return reader


def opens(program: Program, pin: str) -> bool:
    program.secret("try.pin", pin)
    return program.run("list", "--pin-file", "try.pin").code == 0


def with_lines(program: Program, *arguments: str, values: tuple[str, ...]) -> Ended:
    """Run a command; ``FD`` in its arguments stands for a descriptor with the values."""
    descriptor = lines(*values)
    try:
        filled = [str(descriptor) if word == "FD" else word for word in arguments]
        return program.run(*filled, pass_fds=[descriptor])
    finally:
        os.close(descriptor)


def test_a_lost_pin_is_replaced_with_the_so_pin(program: Program, token: AddedToken) -> None:
    ended = program.run("unblock", "--so-pin-file", "so.pin", "--new-pin-file", "new.pin")
    assert ended.code == 0
    assert token.serial in ended.out
    assert "lockwright list" in ended.err
    assert opens(program, NEW)
    assert not opens(program, USER_PIN)


def test_the_answer_for_programs_names_way_and_state(program: Program, token: AddedToken) -> None:
    ended = program.run("unblock", "--so-pin-file", "so.pin", "--new-pin-file", "new.pin", "--json")
    assert ended.document == {
        "token": token.serial,
        "way": "so-pin",
        "pin": {"state": "ok", "tries_left": None, "unblocks_left": None},
    }
    assert ended.err == ""


def test_two_pins_come_through_one_descriptor_in_the_order_that_help_says(
    program: Program, token: AddedToken
) -> None:
    ended = with_lines(
        program, "unblock", "--so-pin-fd", "FD", "--new-pin-fd", "FD", values=(SO_PIN, NEW)
    )
    assert ended.code == 0, ended.err
    assert opens(program, NEW)


def test_the_owner_changes_the_pin(program: Program, token: AddedToken) -> None:
    ended = with_lines(
        program, "pin", "change", "--pin-fd", "FD", "--new-pin-fd", "FD", values=(USER_PIN, NEW)
    )
    assert ended.code == 0, ended.err
    assert opens(program, NEW)


def test_a_weak_new_pin_is_refused_with_every_rule_before_anything_is_asked(
    program: Program, token: AddedToken
) -> None:
    program.secret("weak.pin", "abc")
    ended = program.run("unblock", "--new-pin-file", "weak.pin")
    assert ended.code == 6
    for rule in ("8 characters", "digit", "upper-case"):
        assert rule in ended.err
    assert opens(program, USER_PIN)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_one_end_of_line_is_not_part_of_the_pin(
    program: Program, token: AddedToken, end: str
) -> None:
    program.home.joinpath("end.pin").write_bytes((USER_PIN + end).encode())
    program.home.joinpath("end.pin").chmod(0o600)
    assert program.run("list", "--pin-file", "end.pin").code == 0


@pytest.mark.parametrize("content", ["", "\n", "User-pin-1\nUser-pin-2\n", "User-pin-1\n\n"])
def test_a_file_without_exactly_one_line_is_refused_and_no_try_is_spent(
    program: Program, token: AddedToken, content: str
) -> None:
    program.secret("odd.pin", content)
    ended = program.run("list", "--pin-file", "odd.pin", "--json")
    assert ended.code == 3
    assert ended.error["code"] == "secret-file-missing"
    assert program.run("tokens", "--json").document["tokens"][0]["pin"]["state"] == "ok"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o601])
def test_a_file_that_others_can_touch_is_refused(
    program: Program, token: AddedToken, mode: int
) -> None:
    program.secret("open.pin", USER_PIN, mode=mode)
    ended = program.run("list", "--pin-file", "open.pin", "--json")
    assert (ended.code, ended.error["code"]) == (3, "secret-file-exposed")
    assert f"{mode:04o}" in ended.error["message"]
    assert "chmod 600" in ended.error["advice"]


def test_a_file_of_another_user_is_refused(program: Program, token: AddedToken) -> None:
    theirs = program.secret("theirs.pin", USER_PIN)
    if os.geteuid() == 0:
        os.chown(theirs, 12345, -1)
    else:
        theirs = Path("/etc/passwd")
    ended = program.run("list", "--pin-file", theirs, "--json")
    assert (ended.code, ended.error["code"]) == (3, "secret-file-exposed")
    assert "owned by user" in ended.error["message"]


def test_a_link_is_followed_to_a_file_that_is_private(program: Program, token: AddedToken) -> None:
    program.home.joinpath("link.pin").symlink_to("user.pin")
    assert program.run("list", "--pin-file", "link.pin").code == 0
    program.home.joinpath("user.pin").chmod(0o644)
    assert program.run("list", "--pin-file", "link.pin").code == 3


def test_a_file_that_is_none_is_refused_at_once(program: Program, token: AddedToken) -> None:
    os.mkfifo(program.home / "pipe.pin", 0o600)
    for name in ("missing.pin", "pipe.pin", str(program.home)):
        ended = program.run("list", "--pin-file", name, "--json")
        assert (ended.code, ended.error["code"]) == (3, "secret-file-missing"), name


def test_a_descriptor_that_is_not_open_is_refused(program: Program, token: AddedToken) -> None:
    for number in ("97", "-1", "99999999999999999999"):
        ended = program.run("list", "--pin-fd", number, "--json")
        assert (ended.code, ended.error["code"]) == (3, "secret-file-missing"), number


def test_a_descriptor_that_ends_too_soon_is_refused(program: Program, token: AddedToken) -> None:
    ended = with_lines(
        program, "pin", "change", "--pin-fd", "FD", "--new-pin-fd", "FD", values=(USER_PIN,)
    )
    assert ended.code == 3
    assert "empty" in ended.err
    assert opens(program, USER_PIN)


def test_without_a_terminal_it_says_which_option_gives_the_pin(
    program: Program, token: AddedToken
) -> None:
    ended = program.run("list", "--login")
    assert ended.code == 3
    assert "--pin-file" in ended.err
    assert "--so-pin-file" in program.run("unblock", "--new-pin-file", "new.pin").err


@pytest.mark.parametrize(
    "command",
    [
        ("list", "--pin", "Secret-pin-7"),
        ("list", "--pin=Secret-pin-7"),
        ("--pin", "Secret-pin-7", "list"),
        ("unblock", "--so-pin", "Secret-pin-7"),
        ("unblock", "--new-pin=Secret-pin-7"),
        ("unblock", "Secret-pin-7"),
        ("pin", "change", "Secret-pin-7", "Secret-pin-8"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_pin_on_the_command_line_is_refused_and_not_repeated(
    program: Program, command: tuple[str, ...], form: tuple[str, ...]
) -> None:
    ended = program.run(*command, *form)
    assert ended.code == 2
    assert "PIN" in ended.out + ended.err
    assert "Secret-pin" not in ended.out + ended.err


def test_a_right_new_pin_and_a_wrong_so_pin_change_nothing(
    program: Program, token: AddedToken
) -> None:
    wrong: Path = program.secret("wrong.pin", "wrong-so-1")
    ended = program.run("unblock", "--so-pin-file", wrong, "--new-pin-file", "new.pin")
    assert ended.code == 5
    assert "SO PIN" in ended.err
    assert opens(program, USER_PIN)
