"""The author's tutorial, block by block, in its order: what is typed, written, and shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "tutorial" / "your-first-adapter.md"
_BLOCK = re.compile(r"^```(?P<language>[\w-]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?P<how>Write|Let|Append to) `(?P<name>[^`]+)`(?: be)?:\s*$")


class Kind(Enum):
    """What a reader does with a block."""

    TYPED = "typed"
    TYPED_ELSEWHERE = "typed in the second terminal"
    WRITTEN = "written to a file"
    APPENDED = "appended to a file"
    SHOWN = "compared with what is shown"


@dataclass(frozen=True)
class Block:
    """One block of the page."""

    kind: Kind
    text: str
    file: str = ""

    @property
    def lines(self) -> list[str]:
        """The lines that are typed."""
        return self.text.replace("\\\n", " ").splitlines()

    @property
    def shown(self) -> re.Pattern[str]:
        """What is shown: these lines in this order, ``...`` for anything, one blank for several."""
        words = " ".join(self.text.split())
        return re.compile(".*?".join(re.escape(part.strip()) for part in words.split("...")))


def blocks() -> Iterator[Block]:
    """Every block of the page that a reader does something with.

    Raises:
        ValueError: what is to be done with a block is not said before it.
    """
    text = PAGE.read_text("utf-8")
    for found in _BLOCK.finditer(text):
        if found["language"] == "console":  # the system's packages, which are there
            continue
        yield _block(found["language"], found["text"], text[: found.start()].rstrip())


def _block(language: str, text: str, before: str) -> Block:
    said = " ".join(before.rpartition("```")[2].split())
    if language == "sh":
        elsewhere = "in a second terminal" in said
        return Block(Kind.TYPED_ELSEWHERE if elsewhere else Kind.TYPED, text)
    if language == "text":
        return Block(Kind.SHOWN, text)
    place = _FILE.search(said)
    if place is None:
        raise ValueError(f"nothing before this block names its file: {text[:60]}")
    return Block(
        Kind.APPENDED if place["how"] == "Append to" else Kind.WRITTEN, text, place["name"]
    )
