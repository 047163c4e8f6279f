"""Up to where an audit trail is at the collector, in a file that a crash leaves whole."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from lockwright.files import regular

from lockwright_desk import own_files

_LONGEST = 4096
"""Bytes that are read; a cursor has some hundreds."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a trail: behind one of its lines."""

    trail: str
    """SHA-256 of the trail's first record, hex: what it is known by, wherever it is moved."""
    began: str
    """Time of that record, as it has it."""
    offset: int = 0
    """Bytes before the place."""
    seq: int = 0
    """Number of the record before it; 0 at the beginning."""
    hash: str = ""
    """SHA-256 of that record's line, hex."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is kept from one run to the next."""

    place: Place | None = None
    """Up to here everything is at the collector; None before the first record."""
    confirmed_at: str = ""
    """When that was last known, UTC, RFC 3339."""
    trouble: str = ""
    """Why nothing can be sent, in a word; empty if all is well."""
    since: str = ""
    """When that began, UTC, RFC 3339."""


def load(file: Path) -> Cursor:
    """The cursor; an empty one if there is none, or what is there is none.

    Then the trail is sent from its beginning: twice rather than never.

    Raises:
        OSError: there is one that cannot be read.
    """
    try:
        found = json.loads(regular.beginning(file, _LONGEST))
        place = found.pop("place")
        return replace(Cursor(**found), place=None if place is None else Place(**place))
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return Cursor()


def store(file: Path, cursor: Cursor) -> None:
    """Keep a cursor.

    Raises:
        DeskFileNotWritten: the system refused it; the one before it stands.
    """
    own_files.replace(file, json.dumps(asdict(cursor)).encode() + b"\n")
