from __future__ import annotations

import re

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
RUSSIAN = {"LANG": "ru_RU.UTF-8"}


@pytest.mark.parametrize("command", [(), ("delete",), ("policy",), ("policy", "check")])
def test_help_is_russian_when_asked_for_anywhere(
    program: Program, command: tuple[str, ...]
) -> None:
    after = program.run(*command, "--help", "--lang", "ru")
    assert after.code == 0
    assert CYRILLIC.search(after.out)
    assert "Usage:" not in after.out
    assert "Show this message" not in after.out
    assert program.run("--lang=ru", *command, "--help").out == after.out
    assert program.run(*command, "--help", environment=RUSSIAN).out == after.out


def test_the_option_has_the_last_word_over_the_locale(program: Program) -> None:
    ended = program.run("--help", "--lang", "en", environment=RUSSIAN)
    assert not CYRILLIC.search(ended.out)
    assert "Usage:" in ended.out


def test_errors_and_what_click_says_are_russian(program: Program, token: AddedToken) -> None:
    for command in (("list", "--token", "ghost"), ("bogus",), ("list", "--bogus")):
        ended = program.run(*command, "--lang", "ru")
        assert CYRILLIC.search(ended.err), command
        assert "Error" not in ended.err, command


def test_codes_and_fields_stay_as_they_are_in_every_language(
    program: Program, token: AddedToken
) -> None:
    russian = program.run("list", "--token", "ghost", "--lang", "ru", "--json")
    english = program.run("list", "--token", "ghost", "--json")
    assert russian.error["code"] == english.error["code"] == "unknown-token"
    assert russian.error["facts"] == english.error["facts"]
    assert CYRILLIC.search(russian.error["message"])


def test_tables_are_russian(program: Program, token: AddedToken) -> None:
    ended = program.run("tokens", "--lang", "ru")
    assert "Токен" in ended.out
    assert "tries left" not in ended.out
