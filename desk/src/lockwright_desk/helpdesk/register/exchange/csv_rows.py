"""Rows of a CSV file (RFC 4180), also as a Russian Excel writes it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from lockwright.i18n import _, ngettext

from lockwright_desk.helpdesk.register.exchange import problems
from lockwright_desk.helpdesk.register.exchange.cells import unguarded
from lockwright_desk.helpdesk.register.exchange.problems import Problem, RawRow, RowFault

ENCODINGS = ("utf-8", "cp1251", "utf-16")
"""What a file can be in; with a byte order mark it says so itself."""
_DELIMITERS = ",;\t"
_SEPARATOR = re.compile(r'"?sep=([,;|\t])"?')
"""The line by which Excel is told what separates cells."""
_LONGEST = 1024 * 1024
"""Characters of a line; no row of ours comes near."""


class _Undecodable(Exception):
    """A line in another encoding; the text is the end of a sentence."""


def read(
    stream: BinaryIO, encoding: str | None, columns: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[RawRow | Problem]:
    """Read a file from its beginning, row by row.

    Args:
        stream: the file.
        encoding: one of ``ENCODINGS``; None for UTF-8, unless a byte order mark says otherwise.
        columns: the columns there can be.
        needed: those there must be.

    Yields:
        Rows, and what is wrong; after what makes the rest unreadable nothing.
    """
    number = 0
    lines = _lines(stream, encoding)
    try:
        first = next(lines, "")
        if match := _SEPARATOR.fullmatch(first.rstrip("\r\n")):
            number, delimiter, first = 1, match[1], next(lines, "")
        else:
            delimiter = max(_DELIMITERS, key=first.count)
        rows = csv.reader(_begun(first, lines), delimiter=delimiter, strict=True)
        number += 1
        titles = [title.strip().casefold() for title in next(rows, [])]
        wrong = list(_wrong_titles(number, titles, columns, needed))
        yield from wrong
        if wrong:
            return
        while True:
            number += 1
            if (cells := next(rows, None)) is None:
                return
            if len(cells) > len(titles):
                yield _too_many(number, len(cells), len(titles))
            elif any(cell.strip() for cell in cells):
                # A spreadsheet leaves out empty cells at the end of a row.
                filled = [*map(unguarded, cells), *[""] * (len(titles) - len(cells))]
                yield RawRow(number, dict(zip(titles, filled, strict=True)))
    except _Undecodable as error:
        yield Problem(max(number, 1), None, RowFault.ENCODING, str(error))
    except csv.Error as error:
        yield problems.broken(max(number, 1), _reason(error))


def _lines(stream: BinaryIO, encoding: str | None) -> Iterator[str]:
    """Its lines, each decoded by itself, so that the one that cannot be is known."""
    stream.seek(0)
    mark = stream.read(3)
    stream.seek(0)
    if encoding == "utf-16" or (
        encoding is None and mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    ):
        yield from _utf16(stream)
        return
    if mark == codecs.BOM_UTF8:
        stream.seek(len(mark))
    while line := stream.readline(_LONGEST + 1):
        if len(line) > _LONGEST:
            raise csv.Error("line contains too much")
        yield _decoded(line, encoding or "utf-8", marked=mark == codecs.BOM_UTF8)


def _utf16(stream: BinaryIO) -> Iterator[str]:
    text = io.TextIOWrapper(stream, "utf-16", newline="")
    try:
        while line := text.readline(_LONGEST):
            yield line
    except UnicodeError:
        raise _Undecodable(_("it is not UTF-16 text")) from None
    finally:
        text.detach()


def _decoded(line: bytes, encoding: str, *, marked: bool) -> str:
    if encoding == "cp1251" and (marked or (not line.isascii() and _is_utf8(line))):
        raise _Undecodable(_("it is UTF-8 text; leave out --encoding"))
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            said = _("it is not text in {encoding}").format(encoding=encoding)
        else:
            said = _(
                "it is not UTF-8 text; save it as «CSV UTF-8», or say what it is in, such as:"
                " --encoding cp1251"
            )
        raise _Undecodable(said) from None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _begun(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _wrong_titles(
    row: int, titles: Sequence[str], columns: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[Problem]:
    for title in dict.fromkeys(titles):
        if title not in columns:
            yield problems.unknown(row, title, columns)
        elif titles.count(title) > 1:
            said = _("the column is there twice")
            yield Problem(row, title, RowFault.COLUMN_TWICE, said)
    for title in needed:
        if title not in titles:
            yield problems.missing(row, title)


def _too_many(row: int, count: int, most: int) -> Problem:
    said = ngettext(
        "the row has {count} cell, and there are {most} columns",
        "the row has {count} cells, and there are {most} columns",
        count,
    )
    return Problem(row, None, RowFault.CELLS, said.format(count=count, most=most))


def _reason(error: csv.Error) -> str:
    """Why the library gave up, in words of ours: most often a quote."""
    if "larger than field limit" in str(error) or "too much" in str(error):
        return _("a cell is too long; perhaps a quote was never closed")
    if "end of data" in str(error):
        return _("a quote was never closed")
    return _("its quotes or line ends are not those of CSV")
