"""A list of administrator keys, read row by row without a copy that nobody wipes.

A row is ``serial,key`` or ``adapter,model,serial,key``, with ``;`` or a tab in place of the comma
just as well. A first row that ends with the word ``key`` names the columns. The key is the last
column, so that one in text form may have commas; it may stand in double quotes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lockwright.console.secret_files import from_private
from lockwright.errors import KeyUnusable
from lockwright.i18n import N_
from lockwright.secret import Secret

_MOST = 64 << 20
"""Bytes of a list: a million rows."""
_NAMES = {2: ("serial", "key"), 4: ("adapter", "model", "serial", "key")}
_BOM = b"\xef\xbb\xbf"
_SEPARATORS = (b",", b";", b"\t")
_QUOTE = b'"'


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A row."""

    line: int
    """Number of its line, from 1."""
    adapter: str | None
    """None where the list does not say it."""
    model: str | None
    serial: str
    key: Secret
    """The key as it is written; whoever reads the row wipes it."""


def rows(file: str, columns: int) -> Iterator[KeyRow | tuple[int, KeyUnusable]]:
    """The rows of a list; for one that is none its number and what is wrong.

    Args:
        file: the list; only its owner may be able to read it.
        columns: how many a row has where the first one does not name them, 2 or 4.

    Raises:
        SecretFileMissing: it cannot be read, or is longer than any.
        SecretFileExposed: others can read it.
    """
    with from_private(file, _MOST) as content:
        names: tuple[str, ...] | None = None
        for number, line in enumerate(_lines(content.buffer), start=1):
            with Secret(line) as text:
                line[:] = bytes(len(line))
                if not text.buffer.strip():
                    continue
                if names is None:
                    names = _header(text.buffer)
                    if names is not None:
                        continue
                    names = _NAMES[columns]
                yield _row(number, names, text.buffer)


def _lines(content: bytearray) -> Iterator[bytearray]:
    start = len(_BOM) if content.startswith(_BOM) else 0
    while start < len(content):
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        yield content[start : end - 1 if content[end - 1 : end] == b"\r" else end]
        start = end + 1


def _header(line: bytearray) -> tuple[str, ...] | None:
    words = tuple(
        part.strip(b" \"'").decode("ascii", "replace").lower()
        for part in line.replace(b";", b",").replace(b"\t", b",").split(b",")
    )
    return words if words[-1] == "key" and set(words) <= set(_NAMES[4]) else None


def _split(line: bytearray, columns: int) -> list[bytearray] | None:
    """The columns of a row, parted by the separator that comes first; None where it has fewer."""
    found = [place for place in map(line.find, _SEPARATORS) if place >= 0]
    if not found:
        return None
    place = min(found)
    parts = line.split(line[place : place + 1], columns - 1)
    return parts if len(parts) == columns else None


def _row(number: int, names: tuple[str, ...], line: bytearray) -> KeyRow | tuple[int, KeyUnusable]:
    parts = _split(line, len(names))
    if parts is None:
        return number, KeyUnusable(reason=N_("the row has not all columns"))
    key = Secret(_bare(parts[-1]))
    parts[-1][:] = bytes(len(parts[-1]))
    try:
        told = {
            name: part.strip(b" \"'").decode()
            for name, part in zip(names[:-1], parts[:-1], strict=True)
        }
    except UnicodeDecodeError:
        key.wipe()
        return number, KeyUnusable(reason=N_("the row is not UTF-8 text"))
    return KeyRow(number, told.get("adapter"), told.get("model"), told.get("serial", ""), key)


def _bare(key: bytearray) -> bytearray:
    """A key without the quotes around it."""
    inside = key.strip(b" ")
    if len(inside) > 1 and inside[:1] == inside[-1:] == _QUOTE:
        return inside[1:-1].replace(2 * _QUOTE, _QUOTE)
    return inside
