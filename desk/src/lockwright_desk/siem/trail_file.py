"""One file of an audit trail as it is read to be sent: only what is in it for good."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from lockwright.audit.records import Record, parse, seq_of
from lockwright.files import regular
from lockwright.files.lock import locked_within

from lockwright_desk.siem.place import Place

_BLOCK = 256 * 1024
"""Bytes read at once, if a line is not longer."""
_MANY = 4 * _BLOCK
_SECONDS = 1.0
"""How long whoever writes is waited for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a file."""

    record: Record
    line: bytes
    """Its bytes, without the line feed."""
    place: Place
    """Behind it."""


class TrailFile:
    """A file, open; it stays the same one when somebody moves it away.

    Args:
        path: where it was.
        fd: its descriptor.
        start: the place before its first line.
        first: its first record.
    """

    def __init__(self, path: Path, fd: int, start: Place, first: Record) -> None:
        self.path = path
        self.start = start
        self.first = first
        self._fd = fd

    @classmethod
    def opened(cls, path: Path) -> Self | None:
        """Open a trail; None if there is none, or nothing is in it yet.

        Raises:
            OSError: it cannot be read; StillHeld while somebody holds its lock all the time.
        """
        try:
            fd = regular.opened(path)
        except FileNotFoundError:
            return None
        file = cls(path, fd, Place("", ""), {})
        try:
            size = file.size
            # So many bytes are never taken back: they are more than one that writes brings at once.
            for found in file.lines(file.start, size if size > _MANY else file.settled_size()):
                began = str(found.record.get("time", ""))
                file.start, file.first = Place(digest(found.line), began), found.record
                return file
        except OSError:
            file.close()
            raise
        file.close()
        return None

    def close(self) -> None:
        """Close it."""
        os.close(self._fd)

    @property
    def is_there(self) -> bool:
        """Whether it still has its name."""
        try:
            return os.path.samestat(os.fstat(self._fd), self.path.stat())
        except FileNotFoundError:
            return False

    @property
    def size(self) -> int:
        """Bytes in it."""
        return os.fstat(self._fd).st_size

    @property
    def last(self) -> int:
        """Number of its last record."""
        size = self.size
        for offset in (max(0, size - _BLOCK), 0):
            numbers = [line.place.seq for line in self.lines(Place("", "", offset), size)]
            if numbers:
                return numbers[-1]
        return 0

    def settled_size(self) -> int:
        """Bytes that nobody takes back: who writes does so under the lock, or leaves them.

        Raises:
            StillHeld: somebody holds the lock all the time.
        """
        with locked_within(self._fd, _SECONDS, shared=os.name == "posix"):
            return self.size

    def lines(self, place: Place, end: int) -> Iterator[Line]:
        """The records between a place and the bytes that are there for good.

        What is no record was cut short by a crash: the next record accounts for it.
        """
        at, block = place.offset, _BLOCK
        while at < end:
            data = self._read(min(block, end - at), at)
            cut = data.rfind(b"\n") + 1
            if cut == 0:
                if len(data) < block or not data:
                    return
                block *= 2  # a line longer than that
                continue
            for line in data[: cut - 1].split(b"\n"):
                at += len(line) + 1
                if (record := parse(line)) is not None:
                    behind = Place(place.trail, place.began, at, seq_of(record), digest(line))
                    yield Line(record, line, behind)

    def holds(self, place: Place) -> bool:
        """Whether the line before a place is the one that it was."""
        if place.offset == 0:
            return True
        if self.size < place.offset:
            return False
        start, step = place.offset - 1, 4096
        data = b""
        while start > 0 and b"\n" not in data:
            step = min(step, start)
            start -= step
            data = self._read(step, start) + data
            step *= 4
        line = data[data.rfind(b"\n") + 1 :]
        behind = self._read(1, place.offset - 1)
        return behind == b"\n" and digest(line) == place.hash

    def _read(self, count: int, at: int) -> bytes:
        os.lseek(self._fd, at, os.SEEK_SET)
        return os.read(self._fd, count)


def digest(line: bytes) -> str:
    """SHA-256 of a line, as the next one has it."""
    return hashlib.sha256(line).hexdigest()
