"""Rows of a JSON document, read one after the other: the whole of it is never in the memory."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NoReturn

from lockwright.i18n import _

from lockwright_desk.helpdesk.register.exchange import problems
from lockwright_desk.helpdesk.register.exchange.problems import Problem, RawRow

_CHUNK = 64 * 1024
_LONGEST = 1024 * 1024
"""Characters of one value; no row of ours comes near."""
_BLANK = " \t\r\n"


class _Broken(Exception):
    """It is not JSON; the text is the end of a sentence."""


def begins(stream: BinaryIO) -> bool:
    """Whether a file is JSON rather than CSV, by its first character."""
    stream.seek(0)
    head = stream.read(_CHUNK).removeprefix(codecs.BOM_UTF8).lstrip(_BLANK.encode())
    return head[:1] in {b"{", b"["}


def read(
    stream: BinaryIO, name: str, columns: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[RawRow | Problem]:
    """Read a file from its beginning, row by row.

    Args:
        stream: the file: a list of objects, or an object with the list.
        name: the list's name in the object.
        columns: the fields there can be.
        needed: those there must be.

    Yields:
        Rows, and what is wrong; after what makes the rest unreadable nothing.
    """
    number = 0
    try:
        for element in _Reader(stream).elements(name):
            number += 1
            if not isinstance(element, dict):
                yield problems.broken(number, _("it is no object"))
                return
            wrong = [
                *(problems.unknown(number, key, columns) for key in element if key not in columns),
                *(problems.missing(number, key) for key in needed if key not in element),
            ]
            yield from wrong
            if not wrong:
                yield RawRow(number, element)
    except _Broken as error:
        yield problems.broken(number + 1, str(error))


class _Reader:
    """Reads a document piece by piece.

    Args:
        stream: the file.
    """

    def __init__(self, stream: BinaryIO) -> None:
        stream.seek(0)
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
        self._text, self._place, self._all = "", 0, False

    def elements(self, name: str) -> Iterator[object]:
        """The elements of the list.

        Raises:
            _Broken: it is no such document.
        """
        if self._next() == "[":
            yield from self._list()
        elif self._next() == "{":
            found = False
            for key in self._keys():
                if key == name and not found and self._next() == "[":
                    found = True
                    yield from self._list()
                else:
                    self._value()
            if not found:
                raise _Broken(_("it has no list {name}").format(name=name))
        else:
            raise _Broken(_("it is neither a list nor an object"))
        if self._next():
            raise _Broken(_("something follows its end"))

    def _keys(self) -> Iterator[object]:
        """The keys of an object; its value is to be read before the next."""
        for _each in self._parts("}"):
            key = self._value()
            if self._next() != ":":
                raise _Broken(_("it is not JSON"))
            self._place += 1
            yield key

    def _list(self) -> Iterator[object]:
        for _each in self._parts("]"):
            yield self._value()

    def _parts(self, end: str) -> Iterator[None]:
        """Stand before each part of a list or an object, and behind its end."""
        self._place += 1
        if self._next() == end:
            self._place += 1
            return
        while True:
            yield
            mark = self._next()
            self._place += 1
            if mark == end:
                return
            if mark != ",":
                raise _Broken(_("it is not JSON"))

    def _next(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self._place < len(self._text) and self._text[self._place] in _BLANK:
                self._place += 1
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def _value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._place)
            except json.JSONDecodeError:
                if self._all:
                    raise _Broken(_("it is not JSON")) from None
            except ValueError:  # a number with thousands of digits
                raise _Broken(_("it is not JSON")) from None
            except RecursionError:
                raise _Broken(_("it is nested too deeply")) from None
            else:
                if end < len(self._text) or self._all:  # else a number might go on
                    self._place = end
                    return value
            if len(self._text) - self._place > _LONGEST:
                raise _Broken(_("it is not JSON"))
            self._more()

    def _more(self) -> bool:
        """Read on; whether there was more."""
        if self._all:
            return False
        data = self._stream.read(_CHUNK)
        self._all = not data
        try:
            text = self._decode.decode(data, final=self._all)
        except UnicodeDecodeError:
            raise _Broken(_("it is not UTF-8 text")) from None
        self._text, self._place = self._text[self._place :] + text, 0
        return not self._all


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Broken(_("a field is there twice"))
    return made


def _no_number(_name: str) -> NoReturn:
    raise _Broken(_("it is not JSON"))
