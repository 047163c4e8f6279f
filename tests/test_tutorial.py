"""The tutorial works as it is written: its commands in a real shell, its answers typed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.pseudo_terminal import Screen

PAGE = Path(__file__).parent.parent / "docs" / "tutorial" / "first-token.md"
SO_PIN, WEAK_PIN, NEW_PIN = "Administrator-77", "Qwerty12", "Kettle-Moss-42"
READY = re.compile(r"READY-(\d+)>")
ASKS_NEW = "New user PIN:"


def commands() -> list[str]:
    """The page's commands from the first token on, in order."""
    text = PAGE.read_text(encoding="utf-8").partition("## A token")[2]
    found = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in found for line in block.replace("\\\n", " ").splitlines()]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Screen]:
    environment = os.environ | {
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PS1": "READY-$?>",
        "TERM": "dumb",
    }
    plain = ("--norc", "--noprofile", "--noediting")
    with Screen.running(
        "bash", *plain, environment=environment, folder=tmp_path, size=(40, 160)
    ) as shown:
        shown.reads(READY)
        yield shown


def follow(shell: Screen, line: str) -> tuple[int, str]:
    """Type a command, answer what it asks as the page says, and see how it ends."""
    told = ""
    shell.types(line)
    answers = {
        "SO PIN:": [SO_PIN],
        ASKS_NEW: [WEAK_PIN, NEW_PIN],
        "The same once more:": [NEW_PIN],
        "User PIN:": [NEW_PIN],
        "[y/N]": ["y"],
    }
    while (shown := shell.reads(READY, *answers)).which > 0:
        told += shown.before
        shell.types(list(answers.values())[shown.which - 1].pop(0))
    return int(shown.match[1]), told + shown.before


def test_tutorial_leads_to_a_working_token_when_followed(shell: Screen) -> None:
    told = {line: follow(shell, line) for line in commands()}

    failed = {line: said for line, (code, said) in told.items() if code}
    assert failed == {}
    assert "Nothing has expired." in told["lockwright delete --expired --dry-run"][1]
    assert "guessed first" in told["lockwright unblock"][1]
    (made,) = (said for line, (_code, said) in told.items() if "--csr-out" in line)
    assert re.search(r"Making the key pair and request: \d+\.\d s", made)
    assert "complete" in told["lockwright list --login"][1]
    assert "gone" in told['lockwright delete "Anna Petrova"'][1]
    assert "is intact" in told["lockwright audit verify"][1]
