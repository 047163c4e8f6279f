"""`make afternoon`: the author's tutorial, word for word, from an empty folder to a wheel.

It prints how long the machine took, and how many lines the author wrote.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from difflib import ndiff
from pathlib import Path

import pytest
from clean_computer import environment, wheels
from lockwright_testkit.pseudo_terminal import Screen
from tutorial_page import Block, Kind, blocks

READY = re.compile(r"READY-(\d+)>")
REQUEST = re.compile(r"Request: ((?:[0-9A-F]{4} ){3}[0-9A-F]{4})")
RESPONSE = re.compile(r"The Response for the token \w+:\s+((?:[0-9A-F]+ ?)+)")
NEW_PIN = "Kettle-Moss-42"
PATIENCE = 600
MOST_LINES = 40
"""Lines that the author of an adapter for plain PKCS#11 may have to write."""


class Author:
    """Somebody who follows the page.

    Args:
        folder: an empty folder.
        shells: two terminals in it.
    """

    def __init__(self, folder: Path, *shells: Screen) -> None:
        self.folder = folder
        self.first, self.second = shells
        self.project = folder
        self.said = ""
        self.typed = 0
        self.written: dict[str, int] = {}

    def does(self, block: Block) -> None:
        match block.kind:
            case Kind.TYPED:
                self.said = " ".join(self._types(line) for line in block.lines)
            case Kind.TYPED_ELSEWHERE:
                self._answers_as_the_bank(block.lines)
            case Kind.SHOWN:
                assert block.shown.search(self.said), f"{block.text}\nis not in\n{self.said}"
            case _:
                self._writes(block)

    def _types(self, line: str) -> str:
        self.typed += 1
        self.first.types(line)
        told = ""
        answers = ("New user PIN:", "The same once more:")
        while (shown := self.first.reads(READY, "Response:", *answers)).which > 1:
            told += shown.before
            self.first.types(NEW_PIN)
        told += shown.before
        if shown.which == 0:
            assert shown.match[1] == "0", f"{line}\n{told}"
            if line.startswith("cd "):
                self.project /= line.removeprefix("cd ")
        return told

    def _answers_as_the_bank(self, lines: list[str]) -> None:
        """Read the Request out, have it answered, and type the Response."""
        asked = REQUEST.search(self.said)
        assert asked is not None, self.said
        *before, last = lines
        for line in before:
            self.second.types(line)
            assert self.second.reads(READY).match[1] == "0"
        self.second.types(last)
        self.second.answers("Request:", asked[1])
        self.second.answers("[y/N]", "y")
        told = self.second.reads(READY).before
        answered = RESPONSE.search(told)
        assert answered is not None, told
        self.first.types(answered[1])
        ended = self.first.reads(READY)
        assert ended.match[1] == "0", ended.before
        self.said = ended.before
        self.typed += len(lines)

    def _writes(self, block: Block) -> None:
        file = self.project / block.file
        before = file.read_text("utf-8") if file.exists() else ""
        after = before + block.text if block.kind is Kind.APPENDED else block.text
        file.write_text(after, "utf-8")
        new = [
            line[2:] for line in ndiff(before.splitlines(), after.splitlines()) if line[0] == "+"
        ]
        self.written[block.file] = sum(bool(line.strip()) for line in new)


@pytest.fixture
def author(tmp_path: Path) -> Iterator[Author]:
    for name in ("wheels", "home", "afternoon"):
        (tmp_path / name).mkdir()
    wheels(tmp_path / "wheels")
    clean = environment(tmp_path / "home", tmp_path / "wheels")
    plain = ("--norc", "--noprofile", "--noediting")
    with ExitStack() as stack:
        shells = [
            stack.enter_context(
                Screen.running(
                    *("bash", *plain),
                    environment=clean,
                    folder=tmp_path / "afternoon",
                    size=(60, 160),
                    patience=PATIENCE,
                )
            )
            for _each in range(2)
        ]
        for shell in shells:
            shell.reads(READY)
        yield Author(tmp_path / "afternoon", *shells)


@pytest.mark.timeout(1800)
def test_tutorial_leads_from_an_empty_folder_to_a_wheel(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    begun, green = time.monotonic(), 0.0
    lines_when_green = 0
    for block in blocks():
        author.does(block)
        if not green and "hooks of the contract" in author.said:
            green, lines_when_green = time.monotonic(), sum(author.written.values())
    ended = time.monotonic()

    made = (author.project / "src/lockwright_larch/larch.c", *author.project.glob("dist/*.whl"))
    assert len(made) == 2
    assert green
    assert lines_when_green <= MOST_LINES
    told = [
        f"an adapter for plain PKCS#11 is green after {_minutes(green - begun)}",
        f"  lines that the author wrote: {lines_when_green}",
        f"the whole page takes {_minutes(ended - begun)}",
        f"  commands typed: {author.typed}",
        *(f"  lines in {name}: {count}" for name, count in author.written.items()),
        f"  lines that the author wrote: {sum(author.written.values())}",
    ]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(told) + "\n")


@pytest.mark.timeout(1800)
def test_project_over_the_other_binding_is_green_by_what_its_ci_runs(author: Author) -> None:
    """Word for word, but for the system's packages, which are there."""
    new = (
        "lockwright-kit new 'Pine Cone' --module /opt/pine/pine.so --manufacturer 'Pine & Söhne'"
        " --model Cone --model 'Cone 2' --licence GPL-2.0-or-later --binding pykcs11"
    )
    for line in (
        "python3 -m venv .venv",
        ". .venv/bin/activate",
        "pip install --quiet lockwright-testkit",
        new,
        "cd lockwright-pine-cone",
    ):
        author.does(Block(Kind.TYPED, line))
    steps = (author.project / ".github/workflows/tests.yml").read_text("utf-8")
    runs = [line for line in re.findall(r"- run: (.*)", steps) if not line.startswith("sudo ")]
    for line in runs:
        author.does(Block(Kind.TYPED, line))
        assert "FAILS" not in author.said
    assert len(runs) == 3
    assert "Success: no issues found" in author.said


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} minutes of machine time"
