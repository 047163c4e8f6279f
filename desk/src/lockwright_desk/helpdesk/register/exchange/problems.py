"""What is wrong with a row of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lockwright.i18n import _

from lockwright_desk.helpdesk.register.values import Fault


class RowFault(StrEnum):
    """What is wrong with a row as a whole, or beside the register; the names stay as they are."""

    ENCODING = "encoding"
    """The file is in another encoding."""
    BROKEN = "broken"
    """From here on the file cannot be read."""
    CELLS = "cells"
    """It has more cells than there are columns."""
    COLUMN_MISSING = "column-missing"
    COLUMN_UNKNOWN = "column-unknown"
    COLUMN_TWICE = "column-twice"
    TWICE = "twice"
    """It stands in the file before."""
    DIFFERS = "differs"
    """The register has something else, and nothing was said of changing it."""
    LOGIN_TAKEN = "login-taken"
    """Another client's login differs by its case alone."""
    CLIENT_UNKNOWN = "client-unknown"
    STATE_CHANGE = "state-change"
    """From its state the token cannot get into that one."""
    HOLDER = "holder"
    """In its state the token does not go there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a file."""

    row: int
    """Number of the row as a spreadsheet counts it, the titles being row 1; in JSON the how
    manieth it is. A row with a line break in it is one row."""
    column: str | None
    """The column; None for the whole row."""
    code: Fault | RowFault
    text: str
    """What is wrong, the end of a sentence, in the language in use."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in a file."""

    number: int
    values: Mapping[str, object]
    """Its values by column; what is not said is not there."""


def unknown(row: int, column: str, known: tuple[str, ...]) -> Problem:
    """A column that means nothing."""
    said = _("there is no such column; there are: {known}").format(known=", ".join(known))
    return Problem(row, column, RowFault.COLUMN_UNKNOWN, said)


def missing(row: int, column: str) -> Problem:
    """A column that is needed."""
    return Problem(row, column, RowFault.COLUMN_MISSING, _("the column is missing"))


def broken(row: int, reason: str) -> Problem:
    """The file cannot be read any further."""
    said = _("it cannot be read from here on: {reason}").format(reason=reason)
    return Problem(row, None, RowFault.BROKEN, said)
