"""A line that is being typed, kept here so that the clock before it can go on."""

from __future__ import annotations

from typing import Self

from lockwright.console.clean import clean
from lockwright.console.wrapping import cells
from lockwright.secret import Secret

_ENDS = frozenset(b"\r\n")
_BACKSPACE = frozenset(b"\x7f\x08")
_KILL, _END_OF_FILE, _ESCAPE, _WORD = 0x15, 0x04, 0x1B, 0x17
_LONGEST = 4096
_CONTINUES = range(0x80, 0xC0)
"""Bytes of a UTF-8 character but the first."""


class TypedLine:
    """What was typed so far, key by key. As a context manager it is wiped at the end."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._in_escape = 0

    def takes(self, key: int) -> bool:
        """Take one byte from the terminal.

        Arrows and other keys that send a sequence are left out: the line is edited at its end.

        Returns:
            Whether that was the end of the line.

        Raises:
            EOFError: the end of the input was typed instead of a line.
        """
        if self._in_escape:
            self._skip(key)
        elif key in _ENDS:
            return True
        elif key == _END_OF_FILE:
            if not self._line:
                raise EOFError
        elif key == _ESCAPE:
            self._in_escape = 1
        elif key in _BACKSPACE:
            self._drop_last()
        elif key == _KILL:
            self._drop(0)
        elif key == _WORD:
            self._drop(len(self._line.rstrip().rpartition(b" ")[0]))
        elif key >= ord(" ") and len(self._line) < _LONGEST:
            self._line.append(key)
        return False

    def end(self, room: int) -> str:
        """The end of it, as much as a number of cells can show."""
        text = clean(self._line.decode(errors="replace"))
        while cells(text) > room:
            text = text[1:]
        return text

    def secret(self) -> Secret:
        """It, whole."""
        return Secret(self._line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._drop(0)

    def _skip(self, key: int) -> None:
        """Past an escape sequence: ESC and a letter, or ESC [ or O, parameters, and a letter."""
        starts = self._in_escape == 1 and key in b"[O"
        goes_on = self._in_escape > 1 and key in range(0x20, 0x40)
        self._in_escape = 2 if starts or goes_on else 0

    def _drop_last(self) -> None:
        size = len(self._line)
        while size > 0 and self._line[size - 1] in _CONTINUES:
            size -= 1
        self._drop(max(size - 1, 0))

    def _drop(self, size: int) -> None:
        """Wipe all but the first bytes."""
        self._line[size:] = bytes(len(self._line) - size)
        del self._line[size:]
