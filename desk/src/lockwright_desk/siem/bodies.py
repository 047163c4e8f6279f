"""What a message says of a record: JSON as the trail has it, or CEF.

CEF is ArcSight's Common Event Format (Implementing ArcSight Common Event Format, version 26): a
head of seven fields with ``|`` between them, then ``key=value``.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from lockwright.audit.records import HEADLESS, OUTCOME, TORN, Record, seq_of
from lockwright.audit.wanted import person_of

from lockwright_desk import __version__
from lockwright_desk.configuration.siem import Body
from lockwright_desk.siem.spool import ALARM, Item

_BREAKS = {"Cc", "Zl", "Zp"}
"""Categories of characters at which somebody may end a line."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a record that is too long for one message."""

    number: int
    """From 1 on."""
    count: int
    """How many there are."""
    text: str
    """Its piece of the line of the trail."""


class Severity(IntEnum):
    """How bad it is, as CEF counts it, from 0 to 10."""

    BEGUN = 1
    DONE = 3
    FAILED = 6
    ALARM = 9


def as_json(item: Item, part: Part | None) -> str:
    """The line of the trail, by whose SHA-256 the next one knows it."""
    if part is None:
        return one_line(text_of(item))
    about = {
        "trail": item.place.trail[:16],
        "seq": seq_of(item.record),
        "part": part.number,
        "parts": part.count,
        "text": part.text,
    }
    return one_line(json.dumps(about, ensure_ascii=False, separators=(",", ":")))


def as_cef(item: Item, part: Part | None) -> str:
    """A head, then what is known in CEF's own words, then the rest."""
    record = item.record
    kind = str(record.get("hook") or record.get("event", ""))
    severity = str(int(severity_of(record)))
    head = ("lockwright", "lockwright-desk", __version__, kind, kind, severity)
    said = " ".join(
        f"{key}={_value(value)}" for key, value in _extension(item, part) if value != ""
    )
    return f"CEF:0|{'|'.join(map(_field, head))}|{said}"


BODIES: Mapping[Body, Callable[[Item, Part | None], str]] = {Body.JSON: as_json, Body.CEF: as_cef}


def text_of(item: Item) -> str:
    """The line of the trail as text, whatever somebody wrote into it."""
    return item.line.decode("utf-8", "backslashreplace")


def process_of(record: Record) -> Mapping[str, object]:
    """The account, computer and process of a record."""
    who = record.get("who")
    return who if isinstance(who, dict) else {}


def severity_of(record: Record) -> Severity:
    """How bad a record is."""
    event = str(record.get("event"))
    if event in {TORN, HEADLESS, ALARM}:
        return Severity.ALARM
    if event != OUTCOME:
        return Severity.BEGUN
    return Severity.DONE if record.get("outcome") == "ok" else Severity.FAILED


def _extension(item: Item, part: Part | None) -> Iterator[tuple[str, object]]:
    record, process = item.record, process_of(item.record)
    yield "rt", _milliseconds(record)
    yield "externalId", f"{item.place.trail[:16]}-{seq_of(record)}"
    yield "dvchost", process.get("host", "")
    yield "dvcpid", process.get("pid", "")
    yield "suser", person_of(record)
    yield "outcome", record.get("outcome", "")
    yield "reason", record.get("error") or ""
    strings: list[tuple[str, object]] = [
        ("operation", record.get("id", "-")),
        ("event", record.get("event", "-")),
    ]
    numbers: list[tuple[str, object]] = [("sequence", seq_of(record))]
    if part is None:
        facts = json.dumps(record.get("facts", {}), ensure_ascii=False, separators=(",", ":"))
        strings += [("facts", facts), ("previous", record.get("previous", "-"))]
    else:
        strings += [("piece", part.text)]
        numbers += [("part", part.number), ("parts", part.count)]
    yield from _labelled("cs", strings)
    yield from _labelled("cn", numbers)


def _labelled(prefix: str, values: Sequence[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    for number, (label, value) in enumerate(values, 1):
        yield f"{prefix}{number}Label", label
        yield f"{prefix}{number}", value


def _milliseconds(record: Record) -> int | str:
    """Milliseconds since 1970, as ``rt`` may be written."""
    try:
        return round(datetime.fromisoformat(str(record.get("time"))).timestamp() * 1000)
    except (ValueError, OverflowError):
        return ""


def one_line(text: str, besides: str = "") -> str:
    """Text in which each character that may end a line is escaped as JSON has it.

    Args:
        text: the text.
        besides: characters that stay.
    """
    return "".join(
        f"\\u{ord(each):04x}"
        if unicodedata.category(each) in _BREAKS and each not in besides
        else each
        for each in text
    )


def _field(text: str) -> str:
    """A field of the head: backslash and bar are escaped."""
    return one_line(text).replace("\\", "\\\\").replace("|", "\\|")


def _value(value: object) -> str:
    """A value: backslash and equals sign are escaped, and what ends a line."""
    text = one_line(str(value), "\r\n").replace("\\", "\\\\").replace("=", "\\=")
    return text.replace("\r", "\\r").replace("\n", "\\n")
