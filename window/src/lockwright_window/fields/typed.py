"""What is typed into a PIN field, in one buffer that never moves and is wiped. Without Qt."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from lockwright.secret import Secret

ROOM = 512
"""Bytes of UTF-8 that can be typed; no token takes a PIN of half that length."""
_ASCII = 0x80
_CYRILLIC = range(0x400, 0x530)


class Typed:
    """Text as UTF-8, by characters as a person sees them: a letter with its marks is one.

    Nothing here makes a copy of the whole text but ``secret``, so nothing else has to be wiped.
    Deleted bytes are overwritten.
    """

    def __init__(self) -> None:
        self._buffer = bytearray(ROOM)
        self._room = memoryview(self._buffer)  # and so it cannot grow, which would move it
        self._size = 0

    def __len__(self) -> int:
        """Characters in it."""
        return len(self._ends())

    @property
    def has_cyrillic(self) -> bool:
        """Whether any of it is a Cyrillic letter."""
        return any(ord(each[0]) in _CYRILLIC for each in self.characters())

    def begins(self, other: Typed) -> bool:
        """Whether it is the beginning of another one, or all of it."""
        return self._size <= other._size and self._room[: self._size] == other._room[: self._size]

    def characters(self) -> Iterator[str]:
        """Each character by itself."""
        start = 0
        for end in self._ends():
            yield str(self._room[start:end], "utf-8")
            start = end

    def insert(self, at: int, text: str) -> bool:
        """Put text in.

        Args:
            at: characters before it.
            text: as a rule one character.

        Returns:
            Whether there was room for it; if not, nothing was put in.
        """
        new = bytearray(text, "utf-8", "ignore")
        offset = self._offset(at)
        fits = self._size + len(new) <= ROOM
        if fits:
            self._room[offset + len(new) : self._size + len(new)] = self._room[offset : self._size]
            self._room[offset : offset + len(new)] = new
            self._size += len(new)
        new[:] = bytes(len(new))
        return fits

    def delete(self, start: int, end: int) -> None:
        """Take characters out.

        Args:
            start: characters before the first one.
            end: characters before the first one that stays again.
        """
        here, there = self._offset(start), self._offset(end)
        left = self._size - (there - here)
        self._room[here:left] = self._room[there : self._size]
        self._room[left : self._size] = bytes(self._size - left)
        self._size = left

    def secret(self) -> Secret:
        """A copy of it, which is whoever asked's to wipe."""
        copied = bytearray(self._size)
        copied[:] = self._room[: self._size]
        made = Secret(copied)
        copied[:] = bytes(len(copied))
        return made

    def wipe(self) -> None:
        """Overwrite it."""
        self._room[:] = bytes(ROOM)
        self._size = 0

    def _offset(self, characters: int) -> int:
        """Bytes before the character that comes after so many."""
        return [0, *self._ends()][characters]

    def _ends(self) -> list[int]:
        """Bytes up to the end of each character."""
        starts: list[int] = []
        for at in range(self._size):
            first = self._room[at]
            if first & 0xC0 == _ASCII:  # it goes on
                continue
            if first < _ASCII or not starts or not self._is_mark(at):
                starts.append(at)
        return [*starts[1:], self._size] if starts else []

    def _is_mark(self, at: int) -> bool:
        """Whether a mark begins here that stands on the letter before it."""
        size = 2 if self._room[at] < 0xE0 else 3 if self._room[at] < 0xF0 else 4  # noqa: PLR2004  # RFC 3629
        return unicodedata.combining(str(self._room[at : at + size], "utf-8")) != 0
