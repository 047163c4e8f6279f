"""All that is odd, on terminals of every width: no id is broken, and no line too long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from corpus import ENTRIES
from corpus_token import Makers
from lockwright.console.wrapping import cells
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Screen, Terminal
from lockwright_testkit.widths import told_whole


@pytest.fixture
def full(makers: Makers, tmp_path: Path) -> Program:
    """The program with all soft entries of the corpus on one token, and its PIN in a file."""
    token = makers.softhsm()
    for entry in ENTRIES:
        if entry.token is Makers.softhsm:
            entry.fill(token)
    made = Program(tmp_path)
    made.secret("user.pin", token.pin)
    return made


def ids(content: dict[str, Any]) -> set[str]:
    return {each["id"] for each in (*content["containers"], *content["objects"])} - {""}


def test_what_is_odd_is_told_whole(full: Program, terminal: Terminal) -> None:
    pin = ("--pin-file", "user.pin")
    listed = full.run("list", *pin, "--json").document
    plan = full.run("delete", "--expired", "--dry-run", *pin, "--json").document["plan"]
    assert min(len(ids(listed)), len(ids(plan))) > 1

    for command, content in (
        (("list", *pin), listed),
        (("list", "--verbose", *pin), listed),
        (("delete", "--expired", "--dry-run", *pin), plan),
    ):
        look(full, terminal, command, ids(content))


def look(program: Program, terminal: Terminal, command: tuple[str, ...], copied: set[str]) -> None:
    def start(language: str, size: tuple[int, int]) -> Screen:
        return terminal(program, *command, "--lang", language, size=size)

    told_whole(start, copied, cells)
