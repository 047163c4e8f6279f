"""What an audit trail says, read from its end: operations, each with how it ended.

A trail only grows, so a place in it stays a place. However long it is, one look reads a bounded
part of it, and says where to go on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from lockwright.audit.records import INTENT, OUTCOME
from lockwright.errors import AuditUnreadable, reason_of
from lockwright.files import regular

_BLOCK = 256 * 1024
"""Bytes read at once."""
_LOOKED_AT = 64 * _BLOCK
"""Bytes of the trail that one look reads at most."""
_AHEAD = 4 * _BLOCK
"""Bytes in which the end of an operation is looked for that began before a page's place."""
_WHO = ("operator", "by", "who", "login")
"""Facts that name a person, the first that is there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which operations; what is empty leaves nothing out."""

    hook: str = ""
    """Name of the operation."""
    text: str = ""
    """What its record has somewhere, in any case: a name, a serial number, a case."""
    since: datetime | None = None
    until: datetime | None = None
    """Up to then, itself left out."""

    def fits(self, line: bytes, record: Mapping[str, Any]) -> bool:
        """Whether a record is one of those; ``line`` is what it was read from."""
        time = str(record.get("time", ""))
        return (
            (not self.hook or record.get("hook") == self.hook)
            and (self.since is None or time >= _written(self.since))
            and (self.until is None or time < _written(self.until))
            and self.has(line)
        )

    def has(self, line: bytes) -> bool:
        """Whether the text is in a line."""
        return not self.text or self.text.casefold() in line.decode("utf-8", "replace").casefold()


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation."""

    seq: int
    """Number of the line on which it begins."""
    time: str
    """UTC, RFC 3339."""
    hook: str
    person: str
    """Who it was; the system's account where nobody else is named."""
    host: str
    facts: Mapping[str, object]
    """What it was about, and what came of it."""
    outcome: str | None
    """``ok``, the code of an error, or None where no end is on record."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a trail."""

    operations: tuple[Operation, ...]
    """The newest first."""
    before: int | None
    """Where to go on, in bytes; None at the beginning of the trail."""


def newest(file: Path, wanted: Wanted, *, before: int | None = None, most: int = 50) -> Part:
    """Operations from a place on, backwards.

    Args:
        file: the trail.
        wanted: which.
        before: ``Part.before`` of the part before; None for the end of the trail.
        most: how many.

    Raises:
        AuditUnreadable: it cannot be read.
    """
    try:
        with os.fdopen(regular.opened(file), "rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            start = size if before is None else min(max(0, before), size)
            return _Look(wanted, most).backwards(opened, start, size)
    except FileNotFoundError:
        return Part((), None)
    except OSError as error:
        raise AuditUnreadable(file=str(file), reason=reason_of(error)) from error


def lines(file: Path, wanted: Wanted) -> Iterator[bytes]:
    """The lines of the operations that fit, the oldest first, each as it stands in the trail.

    Raises:
        AuditUnreadable: it cannot be read.
    """
    chosen: set[object] = set()
    try:
        with os.fdopen(regular.opened(file), "rb") as opened:
            for line in opened:
                record = _record(line)
                if record is None or not line.endswith(b"\n"):
                    continue
                if wanted.fits(line, record):
                    chosen.add(record.get("id"))
                    yield line
                elif record.get("event") == OUTCOME and record.get("id") in chosen:
                    yield line
                if record.get("event") == OUTCOME:
                    chosen.discard(record.get("id"))
    except FileNotFoundError:
        return
    except OSError as error:
        raise AuditUnreadable(file=str(file), reason=reason_of(error)) from error


class _Look:
    """One look at a trail."""

    def __init__(self, wanted: Wanted, most: int) -> None:
        self._wanted = wanted
        self._most = most
        self._ends: dict[object, tuple[bytes, Mapping[str, Any]]] = {}
        self._found: list[Operation] = []

    def backwards(self, file: BinaryIO, start: int, size: int) -> Part:
        self._look_ahead(file, start, size)
        at = start
        for at, line in _lines_before(file, start):  # the last one is needed below
            record = _record(line)
            if record is not None:
                if record.get("event") == OUTCOME:
                    self._ends[record.get("id")] = line, record
                elif record.get("event") == INTENT and self._take(line, record):
                    return Part(tuple(self._found), None)
            if len(self._found) == self._most or start - at > _LOOKED_AT:
                return Part(tuple(self._found), at or None)
        return Part(tuple(self._found), None)

    def _take(self, line: bytes, record: Mapping[str, Any]) -> bool:
        """Take an operation that fits; whether all before it are too old."""
        since = self._wanted.since
        if since is not None and str(record.get("time", "")) < _written(since):
            return True
        end_line, end = self._ends.pop(record.get("id"), (b"", None))
        if self._wanted.fits(line + end_line, record):
            self._found.append(_operation(record, end))
        return False

    def _look_ahead(self, file: BinaryIO, start: int, size: int) -> None:
        """Ends of operations that began before the place."""
        if start == size:
            return
        file.seek(start)
        for line in file.read(_AHEAD).splitlines():
            record = _record(line)
            if record is not None and record.get("event") == OUTCOME:
                self._ends[record.get("id")] = line, record


def _lines_before(file: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """Each line that ends before a place, backwards, and where it begins."""
    at, rest = start, b""
    while at > 0:
        step = min(_BLOCK, at)
        at -= step
        file.seek(at)
        parts = (file.read(step) + rest).split(b"\n")
        rest = parts[0]
        place = at + len(rest) + 1
        places = []
        for part in parts[1:]:
            places.append((place, part))
            place += len(part) + 1
        yield from reversed(places)
    if rest:
        yield 0, rest


def _record(line: bytes) -> Mapping[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _operation(record: Mapping[str, Any], end: Mapping[str, Any] | None) -> Operation:
    who = record.get("who")
    process: Mapping[str, object] = who if isinstance(who, dict) else {}
    facts = {**_facts(record), **(_facts(end) if end else {})}
    person = next((facts[name] for name in _WHO if facts.get(name)), process.get("user", ""))
    outcome = None
    if end is not None:
        outcome = str(end.get("error") if end.get("outcome") == "error" else end.get("outcome"))
    seq = record.get("seq")
    return Operation(
        seq=seq if isinstance(seq, int) else 0,
        time=str(record.get("time", "")),
        hook=str(record.get("hook", "")),
        person=str(person),
        host=str(process.get("host", "")),
        facts=facts,
        outcome=outcome,
    )


def _facts(record: Mapping[str, Any]) -> Mapping[str, object]:
    facts = record.get("facts")
    return facts if isinstance(facts, dict) else {}


def _written(moment: datetime) -> str:
    """A time as the trail writes it, so that texts compare as times do."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
