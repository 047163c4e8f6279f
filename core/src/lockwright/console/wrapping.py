"""Lines that fit a terminal: broken between words, so that what is copied stays in one piece."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

JOINED = "\ue000"
"""Stands for a space where no line is broken; ``clean`` lets it through from nobody else."""
_WORD = re.compile(r"(?:[^ ,]|,(?![\w.]+=))+(?:,(?=[\w.]+=))*|,")
"""What stands between spaces, or between the attributes of a distinguished name."""
_WIDE = frozenset({"W", "F"})
_NO_CELL = frozenset({"Mn", "Me", "Cf"})
_JAMO = range(0x1160, 0x1200)
"""Korean vowels and finals, which stand in the cell of the consonant before them."""


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: two for a wide character, none for a mark."""
    return sum(map(_cells, text))


def whole(text: str) -> str:
    """A value that stays on one line although it has spaces, such as a serial number."""
    return text.replace(" ", JOINED)


def shown(text: str) -> str:
    """A piece of text with the spaces that ``whole`` has hidden."""
    return text.replace(JOINED, " ")


def wrap(text: str, width: int, hanging: int = 0) -> list[str]:
    """A line of text as lines that are no wider; see ``breaks``.

    Args:
        text: one line, as long as it is.
        width: cells that a line may take.
        hanging: cells by which all lines but the first are set in, where they have room for it.
    """
    lines = breaks(text, width)
    if not hanging or len(lines) == 1:
        return [shown(text[start:end]) for start, end in lines]
    rest = wrap(text[lines[1][0] :], width - hanging)
    room = [" " * hanging if cells(line) <= width - hanging else "" for line in rest]
    return [shown(text[: lines[0][1]]), *map(str.__add__, room, rest)]


def wrap_item(text: str, width: int) -> list[str]:
    """A paragraph as lines that are no wider; what is set in, as an item of a list, stays so."""
    words = text.lstrip(" ")
    return wrap(text, width, len(text) - len(words.removeprefix("- ")))


def breaks(text: str, width: int) -> list[tuple[int, int]]:
    """Where the lines of a text start and end.

    A word that is wider than a line stays whole all the same, on a line of its own: the terminal
    breaks it, and what is copied from there is in one piece. Only between wide characters, as
    Chinese is written with, may a line end inside of a word.

    Args:
        text: one line, as long as it is.
        width: cells that a line may take.
    """
    lines: list[tuple[int, int]] = []
    start = end = 0
    for first, last in _words(text):
        if lines and cells(text[start:last]) <= width:
            end = last
            lines[-1] = (start, end)
            continue
        pieces = [(first, last)] if cells(text[first:last]) <= width else _pieces(text, first, last)
        for begin, stop in pieces:
            if lines and begin > first and cells(text[start:stop]) <= width:
                end = stop
                lines[-1] = (start, end)
            else:
                start, end = begin, stop
                lines.append((start, end))
    return lines or [(0, 0)]


def longest(text: str) -> int:
    """Cells of the widest part of a line that is never broken."""
    pieces = (piece for word in _words(text) for piece in _pieces(text, *word))
    return max((cells(text[start:end]) for start, end in pieces), default=0)


def _cells(character: str) -> int:
    if unicodedata.category(character) in _NO_CELL or ord(character) in _JAMO:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each word; spaces before the first one belong to it.

    In the name of a person or a CA each attribute is a word, with the comma behind it.
    """
    begin = True
    for found in _WORD.finditer(text):
        yield (0 if begin else found.start()), found.end()
        begin = False


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a word that are never broken: each wide character is one, with its marks."""
    pieces: list[tuple[int, int]] = []
    previous = 1
    for place in range(start, end):
        size = _cells(text[place])
        if pieces and (size == 0 or size == previous == 1):
            pieces[-1] = (pieces[-1][0], place + 1)
        else:
            pieces.append((place, place + 1))
        previous = size or previous
    return pieces
