"""One thing under the other, each by its name: what a terminal shows that is too narrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lockwright.console.text import Drawn, Text
from lockwright.console.wrapping import JOINED, breaks, cells, longest

GAP = 2
"""Cells between a name and its value, and between two columns."""
_SIDE = "dim"
_ROOM = 16
"""Cells that a value needs to stand beside its name."""

Field = tuple[str | Text, Text]
"""A name and its value, of which each line is a thing of its own."""


class Facts(Drawn):
    """Names and values of one thing; a value that has no room beside its name stands below it.

    Args:
        fields: the names and values.
    """

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields = list(fields)

    def drawn(self, width: int, *, ascii_only: bool) -> Iterator[Text]:
        """Its lines."""
        del ascii_only
        yield from block(self._fields, width)


def block(fields: Iterable[Field], width: int) -> Iterator[Text]:
    """The lines of one block; see ``Facts``."""
    named = [(Text(n, _SIDE) if isinstance(n, str) else n, value) for n, value in fields]
    names = max((cells(name.plain) for name, _value in named), default=0)
    room = width - names - GAP
    for name, value in named:
        lines = value.lines()
        if room >= max(_ROOM, *(longest(line.plain) for line in lines)):
            for number, piece in enumerate(wrapped(value, room)):
                first = Text() if number else name
                yield printed(Text.of(padded(first, names + GAP), piece))
            continue
        yield from map(printed, wrapped(name, width))
        for line in lines:
            indent = GAP if longest(line.plain) + GAP <= width else 0
            for piece in wrapped(line, width - indent):
                yield printed(Text.of(" " * indent, piece))


def wrapped(text: Text, width: int) -> list[Text]:
    """The lines of a cell in a column of a width, with their styles."""
    return [
        line.cut(start, end) for line in text.lines() for start, end in breaks(line.plain, width)
    ]


def padded(text: Text, width: int) -> Text:
    """A line with spaces behind it up to a width."""
    return Text.of(text, " " * max(width - cells(text.plain), 0))


def printed(line: Text) -> Text:
    """A line as it goes to the terminal."""
    return line.replaced(JOINED, " ").without_end()
