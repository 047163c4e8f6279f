"""Lines of an audit file by their numbers, without reading all before them."""

from __future__ import annotations

import os
from typing import BinaryIO

from lockwright.audit.records import parse, seq_of
from lockwright.records import dataclass

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """A record's line."""

    seq: int
    """Number of the record."""
    start: int
    """Where it begins in the file, in bytes."""
    content: bytes
    """The line, without its line feed."""

    @property
    def end(self) -> int:
        """Where the next line begins."""
        return self.start + len(self.content) + 1


def find(file: BinaryIO, seq: int) -> Line | None:
    """The line of a record, by halves: numbers only grow in a trail that is whole.

    Args:
        file: the trail.
        seq: number of the record.

    Returns:
        The line; None where there is none of that number. In a trail that is not whole it may be
        another one of that number, or none: its hash tells.
    """
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        found = _at_or_after(file, middle, high)
        if found is None or found.seq > seq:
            high = middle
        elif found.seq == seq:
            return found
        else:
            low = found.end
    return None


def count_before(file: BinaryIO, end: int) -> int:
    """How many lines there are before a place."""
    file.seek(0)
    lines, left = 0, end
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        lines += piece.count(b"\n")
        left -= len(piece)
    return lines


def _at_or_after(file: BinaryIO, place: int, end: int) -> Line | None:
    """The first record that begins at a place or behind it, and before an end.

    What is no record, since its writing was cut short, is passed over.
    """
    file.seek(max(place - 1, 0))
    if place > 0:
        file.readline()  # the rest of a line that began before
    while (start := file.tell()) < end:
        line = file.readline()
        record = parse(line)
        if record is not None:
            return Line(seq_of(record), start, line.removesuffix(b"\n"))
        if not line:
            return None
    return None
