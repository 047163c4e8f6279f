"""A module's process is begun at once for a command that looks for tokens, and for nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright.cli import early
from lockwright.cli.app import root
from lockwright.cli.program import PROGRAM
from lockwright.cli.stray_pins import refuse_stray_pins

VALUES = ("x", "ru", "xx", "-", "7")
WORDS = (
    *{name for command in early.COMMANDS for name in command.split()},
    *{option for options in early.COMMANDS.values() for option in options},
    *("--help", "-h", "--version", "--pin", "--way", "help", "enroll", "--", "--json=1"),
    *("--lang=ru", "--lang=xx", "--module=/m.so", "--token=", *VALUES),
)


class Understood(Exception):
    """The command line was understood, and its command begins."""


def understood(words: Sequence[str]) -> bool:
    """Whether a command begins, as click has it."""

    def begins(_options: object) -> None:
        raise Understood

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PROGRAM, "_run", begins)
        try:
            refuse_stray_pins(words)
            root.main(list(words), prog_name="lockwright", standalone_mode=False)
        except Understood:
            return True
        except click.ClickException:
            return False
    return False


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
def test_what_begins_a_process_is_understood(words: list[str]) -> None:
    assert not early.looks_for_tokens(words) or understood(words)


@pytest.mark.parametrize("command", sorted(early.COMMANDS))
def test_an_option_begins_a_process_only_where_its_command_knows_it(command: str) -> None:
    names = command.split()
    for option, takes in early.COMMANDS[command].items():
        for value in (("ru",) if option == "--lang" else ("x", names[-1])) if takes else (None,):
            given = (option,) if value is None else (option, value)
            for place in range(len(names) + 1):
                words = (*names[:place], *given, *names[place:])
                assert not early.looks_for_tokens(words) or understood(words)
                assert not early.looks_for_tokens((*words, names[-1]))


@pytest.mark.parametrize("command", sorted(early.COMMANDS))
def test_each_option_begins_a_process_with_its_command(command: str) -> None:
    for option, takes in early.COMMANDS[command].items():
        value = ("ru" if option == "--lang" else "x",) if takes is early.VALUE else ()
        for words in ((option, *value, *command.split()), (*command.split(), option, *value)):
            if understood(words):
                assert early.looks_for_tokens(words)
        assert understood((*command.split(), option, *value))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--help",
        "--version",
        "help tokens",
        "tokens --help",
        "tokens -h",
        "tokens x",
        "tokens --bogus",
        "tokens --lang xx",
        "tokens --module",
        "tokens --json=yes",
        "list --pin 1234",
        "pin",
        "completion bash",
        "plugins",
    ],
)
def test_no_process_is_begun_for(line: str) -> None:
    assert not early.looks_for_tokens(line.split())
