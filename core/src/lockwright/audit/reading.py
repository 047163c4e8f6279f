"""What an audit trail says, read from its end: operations, each with how it ended.

A trail only grows, so a place in it stays a place. However long it is, one look reads a bounded
part of it, and says where to go on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lockwright.audit.records import INTENT, OUTCOME, Record, parse, seq_of
from lockwright.audit.wanted import Operation, Wanted, operation
from lockwright.errors import AuditUnreadable, reason_of
from lockwright.files import regular
from lockwright.records import dataclass

_BLOCK = 256 * 1024
"""Bytes read at once."""
_LOOKED_AT = 64 * _BLOCK
"""Bytes of the trail that one look reads at most."""
_AHEAD = 4 * _BLOCK
"""Bytes in which the end of an operation is looked for that began before a page's place."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a trail."""

    operations: tuple[Operation, ...]
    """The newest first."""
    before: int | None
    """Where to go on, in bytes; None at the beginning of the trail."""


def newest(file: Path, wanted: Wanted, *, before: int | None = None, most: int = 50) -> Part:
    """Operations from a place on, backwards.

    Args:
        file: the trail.
        wanted: which.
        before: ``Part.before`` of the part before; None for the end of the trail.
        most: how many.

    Raises:
        AuditUnreadable: it cannot be read.
    """
    try:
        with os.fdopen(regular.opened(file), "rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            start = size if before is None else min(max(0, before), size)
            return _Look(wanted, most).backwards(opened, start, size)
    except FileNotFoundError:
        return Part((), None)
    except OSError as error:
        raise AuditUnreadable(file=str(file), reason=reason_of(error)) from error


def newest_of_all(file: Path, wanted: Wanted, most: int) -> Part:
    """The newest operations that fit, however far back they are.

    Args:
        file: the trail.
        wanted: which.
        most: how many.

    Raises:
        AuditUnreadable: it cannot be read.
    """
    found: list[Operation] = []
    before: int | None = None
    while True:
        part = newest(file, wanted, before=before, most=most - len(found))
        found += part.operations
        before = part.before
        if before is None or len(found) >= most:
            return Part(tuple(found), before)


def lines(file: Path, wanted: Wanted) -> Iterator[bytes]:
    """The lines of the operations that fit, the oldest first, each as it stands in the trail.

    The trail is read twice: whether an operation fits is known at its end.

    Raises:
        AuditUnreadable: it cannot be read.
    """
    try:
        with os.fdopen(regular.opened(file), "rb") as opened:
            chosen = _chosen(opened, wanted)
            end = opened.tell()
            opened.seek(0)
            while opened.tell() < end:
                line = opened.readline()
                record = parse(line)
                if record is not None and line.endswith(b"\n") and _key(record) in chosen:
                    yield line
    except FileNotFoundError:
        return
    except OSError as error:
        raise AuditUnreadable(file=str(file), reason=reason_of(error)) from error


def _chosen(file: BinaryIO, wanted: Wanted) -> set[object]:
    """Keys of the operations that fit."""
    chosen: set[object] = set()
    begun: dict[object, tuple[bytes, Record]] = {}

    def take(lines: bytes, record: Record, end: Record | None) -> None:
        if wanted.fits(lines, operation(record, end)):
            chosen.add(_key(record))

    for line in file:
        record = parse(line)
        if record is None or not line.endswith(b"\n"):
            continue
        if record.get("event") == INTENT:
            begun[_key(record)] = line, record
        elif before := begun.pop(_key(record), None):
            take(before[0] + line, before[1], record)
        else:
            take(line, record, None)
    for line, record in begun.values():
        take(line, record, None)
    return chosen


def _key(record: Record) -> object:
    """By what the records of an operation belong together."""
    name = record.get("id")
    return name if name and isinstance(name, str) else seq_of(record)


class _Look:
    """One look at a trail."""

    def __init__(self, wanted: Wanted, most: int) -> None:
        self._wanted = wanted
        self._most = most
        self._ends: dict[object, tuple[bytes, Record]] = {}
        self._found: list[Operation] = []

    def backwards(self, file: BinaryIO, start: int, size: int) -> Part:
        self._look_ahead(file, start, size)
        at = start
        for at, line in _lines_before(file, start):  # the last one is needed below
            record = parse(line)
            if record is not None:
                if record.get("event") == OUTCOME:
                    self._ends[_key(record)] = line, record
                elif self._take(line, record):
                    return Part(tuple(self._found), None)
            if len(self._found) == self._most or start - at > _LOOKED_AT:
                return Part(tuple(self._found), at or None)
        return Part(tuple(self._found), None)

    def _take(self, line: bytes, record: Record) -> bool:
        """Take an operation that fits; whether all before it are too old."""
        if self._wanted.is_before(str(record.get("time", ""))):
            return True
        end_line, end = self._ends.pop(_key(record), (b"", None))
        found = operation(record, end)
        if self._wanted.fits(line + end_line, found):
            self._found.append(found)
        return False

    def _look_ahead(self, file: BinaryIO, start: int, size: int) -> None:
        """Ends of operations that began before the place."""
        if start == size:
            return
        file.seek(start)
        for line in file.read(_AHEAD).splitlines():
            record = parse(line)
            if record is not None and record.get("event") == OUTCOME:
                self._ends[_key(record)] = line, record


def _lines_before(file: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """Each line that ends before a place, backwards, and where it begins."""
    at, rest = start, b""
    while at > 0:
        step = min(_BLOCK, at)
        at -= step
        file.seek(at)
        parts = (file.read(step) + rest).split(b"\n")
        rest = parts[0]
        place = at + len(rest) + 1
        places = []
        for part in parts[1:]:
            places.append((place, part))
            place += len(part) + 1
        yield from reversed(places)
    if rest:
        yield 0, rest
