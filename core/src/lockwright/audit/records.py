"""Lines of the audit file and the head beside it: their bytes and what they say."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lockwright.files import regular

NOTHING_BEFORE = "0" * 64
"""``previous`` of the first line."""
INTENT, OUTCOME = "intent", "outcome"
TORN = "torn"
"""Event of a line that closes one whose writing was cut short."""
HEADLESS = "headless"
"""Event of a line written where the head file was gone, or was none any more."""

_LONGEST_HEAD = 4096
"""Bytes of a head that are read; one of ours has a hundred."""

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of a line: what the next one builds on."""

    seq: int
    """Number of the line, from 1; 0 before the first."""
    hash: str
    """SHA-256 of its bytes without the line feed, lower-case hex."""


START = Head(0, NOTHING_BEFORE)
_INEXACT = 2**53
"""From here on a double has not every whole number."""


def canonical(record: Record) -> bytes:
    """A record as RFC 8785 has it, so that equal records are equal bytes; no line feed in it."""
    import rfc8785  # noqa: PLC0415  # only what writes or checks the trail needs it

    encoded: bytes = rfc8785.dumps(_plain(record))  # type: ignore[arg-type]  # plain by now
    return encoded


def parse(line: bytes) -> Record | None:
    """The record in a line, or None if it holds none; it need not be canonical."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and seq_of(record) else None


def seq_of(record: Record) -> int:
    """Number of a record, 0 if it has none."""
    seq = record.get("seq")
    return seq if isinstance(seq, int) and not isinstance(seq, bool) and seq > 0 else 0


def head_path(path: Path) -> Path:
    """Where the head of an audit file is."""
    return path.with_name(f"{path.name}.head")


def read_head(path: Path) -> Head | None:
    """The head of an audit file; None if there is none, or what is there is no head.

    Raises:
        OSError: there is one that cannot be read, which says nothing about it.
    """
    try:
        record = parse(regular.beginning(head_path(path), _LONGEST_HEAD))
    except FileNotFoundError:
        return None
    value = record and record.get("hash")
    return Head(seq_of(record), value) if record and isinstance(value, str) else None


def _plain(value: object) -> object:
    """A value as JSON has it; text that is not Unicode keeps its bytes as escapes.

    A number that not every reader of JSON has exactly (RFC 7493, 2.2) is written as text: what
    somebody asked for is recorded, whatever it was.
    """
    match value:
        case str():
            return value.encode(errors="backslashreplace").decode()
        case int() if abs(value) >= _INEXACT:
            return str(value)
        case float() if not math.isfinite(value):
            return str(value)
        case Mapping():
            return {str(_plain(str(key))): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
