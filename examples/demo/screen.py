"""What a reader sees: commands and their answers, in one column or in two beside each other."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from dataclasses import dataclass

_WIDE, _NARROWEST = 80, 40
WIDTH = max(_NARROWEST, min(96, shutil.get_terminal_size((96, 24)).columns))
INDENT = 3
_BESIDE = WIDTH >= _WIDE
"""Whether there is room for two columns beside each other; otherwise they are below each other."""
_GAP = " │ "
_HALF = (WIDTH - INDENT - len(_GAP)) // (2 if _BESIDE else 1)
BOLD, FAINT, CYAN = 1, 2, 36


@dataclass(frozen=True)
class Column:
    """A part of the screen that lines are written into."""

    left: str
    """What stands left of it."""
    width: int
    """How many characters a line has."""
    right: str = ""
    """What stands right of it."""

    def write(self, text: str, code: int | None = None) -> None:
        """Write a line; what is too long for the column goes on below."""
        further = " " * (len(text) - len(text.lstrip()) + 2)
        lines = textwrap.wrap(text, self.width, subsequent_indent=further, break_on_hyphens=False)
        for line in lines or [""]:
            padded = line.ljust(self.width) if self.right else line
            print(f"{self.left}{style(padded, code)}{self.right}".rstrip(), flush=True)

    def command(self, prompt: str, line: str) -> None:
        """Write a command as somebody types it."""
        parts = textwrap.wrap(
            f"{prompt}{line}", self.width - 2, subsequent_indent="    ", break_on_hyphens=False
        )
        for part in parts[:-1]:
            self.write(f"{part} \\", CYAN)
        self.write(parts[-1], CYAN)


WHOLE = Column(" " * INDENT, WIDTH - INDENT)
LEFT = Column(" " * INDENT, _HALF, _GAP if _BESIDE else "")
RIGHT = Column(" " * (INDENT + _HALF if _BESIDE else INDENT) + _GAP, _HALF)


def heads(left: str, right: str) -> None:
    """Begin two columns; below each other, the right one is set in behind a stroke."""
    if not _BESIDE:
        print(f"\n{LEFT.left}{style(left, BOLD)}\n{RIGHT.left}{style(right, BOLD)}", flush=True)
        return
    print(f"\n{' ' * INDENT}{style(left.ljust(_HALF), BOLD)}{_GAP}{style(right, BOLD)}")
    print(f"{' ' * INDENT}{'─' * _HALF}─┼─{'─' * _HALF}", flush=True)


def spoken(text: str, *, to_the_right: bool) -> None:
    """What one side says to the other between two columns."""
    if to_the_right:
        LEFT.write(f"{text} ".ljust(_HALF - 1, "─") + "→", FAINT)
    else:
        RIGHT.write("←" + f" {text}".rjust(_HALF - 1, "─"), FAINT)


def title(text: str) -> None:
    """Write what stands above a paragraph."""
    for line in textwrap.wrap(text, WIDTH, subsequent_indent=" " * INDENT):
        print(style(line, BOLD), flush=True)


def paragraph(text: str) -> None:
    """Write a paragraph."""
    margin = " " * INDENT
    filled = textwrap.fill(
        text, WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False
    )
    print(filled, flush=True)


def style(text: str, code: int | None) -> str:
    """The text in a colour or weight, on a terminal only."""
    plain = code is None or not sys.stdout.isatty() or "NO_COLOR" in os.environ
    return text if plain else f"\033[{code}m{text}\033[0m"


def found(pattern: str, text: str) -> str:
    """The part of a pattern that stands in parentheses, in what a program showed.

    Raises:
        SystemExit: it did not show it.
    """
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise SystemExit(f"nothing like {pattern} was shown:\n{text}")
    return match[1]
