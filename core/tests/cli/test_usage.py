"""The global options, help, and what is said when a command line cannot be understood."""

from __future__ import annotations

import os
import subprocess

import pytest
from lockwright.cli.app import PLACES
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken, SoftHSM


def test_a_global_option_stands_before_or_after_the_command(
    program: Program, token: AddedToken, softhsm: SoftHSM
) -> None:
    softhsm.add_token("Boris")
    before = program.run("--json", "--token", token.serial, "list")
    after = program.run("list", "--token", token.serial, "--json")
    assert before.document == after.document
    assert before.document["token"] == token.serial


def test_a_global_option_stands_between_a_group_and_its_command(
    program: Program, token: AddedToken
) -> None:
    ended = program.run("policy", "--token", token.serial, "show", "--json")
    assert ended.document["token"] == token.serial


def test_modules_from_both_places_are_looked_at(program: Program) -> None:
    ended = program.run("--module", "/a.so", "tokens", "--module", "/b.so", "--json")
    assert [problem["subject"] for problem in ended.document["problems"]] == ["/a.so", "/b.so"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bogus",), "bogus"),
        (("lists",), "Did you mean"),
        (("list", "--bogus"), "--bogus"),
        (("--lang", "xx", "list"), "--lang"),
        (("completion", "tcsh"), "tcsh"),
        (("pin",), "command"),
    ],
)
def test_what_is_not_understood_ends_with_two_and_a_hint(
    program: Program, arguments: tuple[str, ...], said: str
) -> None:
    text = program.run(*arguments)
    assert (text.code, text.out) == (2, "")
    assert said in text.err
    assert "--help" in text.err
    json = program.run(*arguments, "--json")
    assert (json.code, json.err) == (2, "")
    assert json.error["code"] == "usage"


@pytest.mark.parametrize("name", sorted(PLACES))
def test_every_command_explains_itself(program: Program, name: str) -> None:
    ended = program.run(name, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert "--token SERIAL|URI" in ended.out
    assert "--json" in ended.out


def test_the_program_alone_shows_its_help_and_the_commands(program: Program) -> None:
    ended = program.run("--help")
    for name in PLACES:
        assert f"\n  {name} " in ended.out
    assert program.run().out == ended.out


def test_the_version_is_told(program: Program) -> None:
    assert program.run("--version").out.startswith("lockwright 0.")


def test_an_error_is_one_block_of_text_on_stderr(program: Program, token: AddedToken) -> None:
    ended = program.run("list", "--token", "ghost")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith("Error: ")
    assert "\n\n" not in ended.err
    assert token.serial in ended.err
    assert "lockwright tokens" in ended.err


def test_an_unexpected_error_is_one_sentence_and_a_traceback_only_when_asked(
    program: Program,
) -> None:
    program.home.joinpath("sitecustomize.py").write_text(
        "import lockwright.runner as r\n"
        "def fails(self, **_how):\n"
        "    treasure = 'Treasure-1'\n"
        "    raise ZeroDivisionError('on purpose')\n"
        "r.Runner.detect = fails\n"
    )
    changed = {"PYTHONPATH": str(program.home)}
    quiet = program.run("tokens", environment=changed)
    assert quiet.code == 1
    assert "ZeroDivisionError" in quiet.err
    assert "Traceback" not in quiet.err
    loud = program.run("tokens", "--verbose", environment=changed)
    assert "Traceback" in loud.err
    assert "on purpose" in loud.err
    assert program.run("tokens", "--json", environment=changed).error["code"] == "error"


@pytest.mark.parametrize("buffered", ["", "1"])
def test_nobody_reading_the_output_is_no_error_to_tell(
    program: Program, token: AddedToken, buffered: str
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        done = subprocess.run(
            [program.path, "tokens", "--json"],
            env=program.environment | {"PYTHONUNBUFFERED": buffered},
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(program: Program, shell: str) -> None:
    ended = program.run("completion", shell)
    assert ended.code == 0
    assert "_LOCKWRIGHT_COMPLETE" in ended.out


@pytest.mark.parametrize(
    ("words", "index", "found"),
    [
        ("lockwright un", "1", {"unblock"}),
        ("lockwright policy ", "2", {"show", "check", "set"}),
        ("lockwright delete --exp", "2", {"--expired"}),
        ("lockwright list --lo", "2", {"--login"}),
    ],
)
def test_a_shell_completes_commands_and_options(
    program: Program, words: str, index: str, found: set[str]
) -> None:
    ended = program.run(
        environment={
            "_LOCKWRIGHT_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": index,
        }
    )
    assert {line.partition(",")[2] for line in ended.out.splitlines()} == found
