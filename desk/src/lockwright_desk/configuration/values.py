"""Values of a table that are one of a few words, or numbers between two others."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.config.table import Table, Wrong
from lockwright.i18n import _

LAST_PORT = 65535
"""The highest port of TCP (RFC 9293, 3.1: 16 bits)."""


def within(table: Table, key: str, usual: int, least: int, most: int) -> int:
    """A whole number.

    Args:
        table: the table.
        key: its key.
        usual: the number where the table says none.
        least: the smallest that it may say.
        most: the largest.

    Raises:
        Wrong: it says another one, or no number.
    """
    found = table.number(key, least)
    if found is not None and found > most:
        told = _("[{table}] {key} is more than {most}")
        raise Wrong(told.format(table=table.name, key=key, most=most))
    return usual if found is None else found


def one_of(table: Table, key: str, known: Sequence[str], usual: str | None = None) -> str:
    """A word.

    Args:
        table: the table.
        key: its key.
        known: the words that there are.
        usual: the word where the table says none; by default the first of them.

    Raises:
        Wrong: it says another one.
    """
    return some(table, key, (table.text(key) or usual or known[0],), known)[0]


def some_of(
    table: Table, key: str, known: Sequence[str], usual: tuple[str, ...]
) -> tuple[str, ...]:
    """A list of words.

    Args:
        table: the table.
        key: its key.
        known: the words that there are.
        usual: the list where the table says none.

    Raises:
        Wrong: it says another word.
    """
    return some(table, key, table.texts(key) or usual, known)


def some(table: Table, key: str, found: tuple[str, ...], known: Sequence[str]) -> tuple[str, ...]:
    """Words that were read, if they are among those that there are.

    Args:
        table: the table that they are from.
        key: their key in it.
        found: the words.
        known: the words that there are.

    Raises:
        Wrong: one is not.
    """
    for each in found:
        if each not in known:
            told = _("[{table}] {key} is {found}, not one of {known}")
            raise Wrong(told.format(table=table.name, key=key, found=each, known=", ".join(known)))
    return found
