"""One look for every table, at any width of the terminal.

Where a table is too wide, its widest column gives way first, of equal ones the last; none becomes
narrower than its longest word. If that is still too wide, each row is a block of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockwright.console.blocks import GAP, block, padded, printed, wrapped
from lockwright.console.text import Drawn, Text
from lockwright.console.wrapping import cells, longest
from lockwright.records import dataclass

_TITLE = "bold"
_NARROWEST = 12
"""Cells below which a column does not go, though its words would allow it."""
_NOTHING = frozenset({"", "-"})
"""What fills a cell of a table, and would be a line for nothing in a block."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row; without cells it is a heading, which stands across the columns."""

    cells: Sequence[Text]
    heading: Text
    branch: tuple[str, str]
    """What stands before the first line of its first cell, and before the other lines of it."""


class Grid(Drawn):
    """A table.

    Args:
        titles: the titles of its columns.
    """

    def __init__(self, *titles: str) -> None:
        self._titles = [Text(title, _TITLE) for title in titles]
        self._rows: list[_Row] = []

    def add_row(self, *row: str | Text, branch: tuple[str, str] = ("", "")) -> None:
        """Add a row; one whose first cell is empty goes on with the row above.

        Args:
            row: its cells, cleaned; each line of a cell is a thing of its own.
            branch: what stands before the first line of its first cell, and before the others.
        """
        self._rows.append(_Row([_text(cell) for cell in row], Text(), branch))

    def add_heading(self, text: Text) -> None:
        """Add a line that names what is below it."""
        self._rows.append(_Row((), text, ("", "")))

    def drawn(self, width: int, *, ascii_only: bool) -> Iterator[Text]:
        """Its lines."""
        widths = self._widths(width)
        if widths is None:
            yield from self._blocks(width)
            return
        yield from _lines(self._titles, widths, ("", ""))
        rule = "-" if ascii_only else "─"
        yield printed(Text(rule * (sum(widths) + GAP * (len(widths) - 1))))
        for row in self._rows:
            if row.cells:
                yield from _lines(row.cells, widths, row.branch)
            else:
                yield from map(printed, wrapped(row.heading, width))

    def _widths(self, most: int) -> list[int] | None:
        """The width of each column; None where they have no room beside each other."""
        widths, least = [], []
        for number, title in enumerate(self._titles):
            width, word = cells(title.plain), longest(title.plain)
            for row in self._rows:
                before = 0 if number else cells(row.branch[0])
                for line in row.cells[number].plain.split("\n") if row.cells else ():
                    width = max(width, before + cells(line))
                    word = max(word, before + longest(line))
            widths.append(width)
            least.append(max(word, min(width, _NARROWEST)))
        room = most - GAP * (len(widths) - 1)
        if sum(least) > room:
            return None
        while (excess := sum(widths) - room) > 0:
            free = [number for number, width in enumerate(widths) if width > least[number]]
            widest = max(free, key=lambda number: (widths[number], number))
            next_one = max((w for n, w in enumerate(widths) if n != widest), default=0)
            step = max(widths[widest] - next_one, 1)
            widths[widest] -= min(excess, step, widths[widest] - least[widest])
        return widths

    def _blocks(self, width: int) -> Iterator[Text]:
        names = [title.plain for title in self._titles]
        above: _Row | None = None
        for row in self._rows:
            goes_on = row.cells and not row.cells[0].plain
            if above is not None and above.cells and not goes_on:
                yield Text()
            if row.cells:
                fields = zip(names, row.cells, strict=True)
                yield from block(
                    (field for field in fields if field[1].plain not in _NOTHING), width
                )
            else:
                yield from map(printed, wrapped(row.heading, width))
            above = row


def _text(cell: str | Text) -> Text:
    return Text(cell) if isinstance(cell, str) else cell


def _lines(row: Sequence[Text], widths: Sequence[int], branch: tuple[str, str]) -> Iterator[Text]:
    """A row of a table, line by line."""
    before = cells(branch[0])
    columns = [
        wrapped(cell, width if number else width - before)
        for number, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    for number in range(max(map(len, columns))):
        line = Text(branch[1 if number else 0])
        for column, lines in enumerate(columns):
            cell = lines[number] if number < len(lines) else Text()
            line = Text.of(padded(line, sum(widths[:column]) + GAP * column), cell)
        yield printed(line)
