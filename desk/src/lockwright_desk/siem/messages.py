"""A record as a message of syslog (RFC 5424): one line of UTF-8, short enough for every collector.

What is longer goes in parts. Each part says which it is, and holds a piece of the record as the
trail has it; the pieces one behind the other are the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lockwright.audit.records import Record, seq_of
from lockwright.audit.wanted import person_of

from lockwright_desk.configuration.siem import Body
from lockwright_desk.siem.bodies import (
    BODIES,
    Part,
    Severity,
    one_line,
    process_of,
    severity_of,
    text_of,
)
from lockwright_desk.siem.spool import Item

LONGEST = {Body.JSON: 8000, Body.CEF: 4000}
"""Bytes of a message: rsyslog 8.2302 cuts what has more than 8 KiB in several, and a string of CEF
has 4,000 characters."""
_PIECE = 1000
"""Bytes of a piece: with each of them escaped it still fits."""
_VALUE = 64
"""Characters of a value in the structured data."""
_AUDIT = 13
"""Facility "log audit" (RFC 5424, 6.2.1)."""
_NIL = "-"
_HOST, _PROCESS, _KIND = 255, 128, 32
"""Longest HOSTNAME, PROCID and MSGID (RFC 5424, 6)."""
_SEVERITIES = {Severity.ALARM: 2, Severity.FAILED: 4, Severity.DONE: 5, Severity.BEGUN: 6}
"""Critical, warning, notice, informational (RFC 5424, 6.2.1)."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_ESCAPED = re.compile(r'["\\\]]')


@dataclass(frozen=True, slots=True)
class Form:
    """How messages are written."""

    body: Body
    app_name: str
    enterprise: int
    """Private enterprise number in the name of the structured data."""


def messages(item: Item, form: Form) -> Iterator[bytes]:
    """The messages of a record, mostly one.

    Args:
        item: what is told.
        form: how.
    """
    whole = _message(item, form, None)
    if len(whole) <= LONGEST[form.body]:
        yield whole
        return
    pieces = list(_pieces(text_of(item)))
    for number, text in enumerate(pieces, 1):
        yield _message(item, form, Part(number, len(pieces), text))


def _message(item: Item, form: Form, piece: Part | None) -> bytes:
    record, trail = item.record, item.place.trail
    body = BODIES[form.body](item, piece)
    head = " ".join(
        (
            f"<{_AUDIT * 8 + _SEVERITIES[severity_of(record)]}>1",
            _time(record),
            _word(process_of(record).get("host"), _HOST),
            form.app_name,
            _word(process_of(record).get("pid"), _PROCESS),
            _word(record.get("hook") or record.get("event"), _KIND),
            _structured(record, form, trail, piece),
        )
    )
    return f"{head} {body}".encode("utf-8", "backslashreplace")


def _structured(record: Record, form: Form, trail: str, piece: Part | None) -> str:
    values: Mapping[str, object] = {
        "trail": trail[:16],
        "seq": seq_of(record),
        "event": record.get("event", ""),
        "id": record.get("id", ""),
        "outcome": record.get("error") or record.get("outcome", ""),
        "who": person_of(record),
        **({"part": piece.number, "parts": piece.count} if piece else {}),
    }
    said = (
        f'{name}="{_ESCAPED.sub(_escape, one_line(str(value)[:_VALUE]))}"'
        for name, value in values.items()
        if value != ""
    )
    return f"[lockwright@{form.enterprise} {' '.join(said)}]"


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _time(record: Record) -> str:
    time = str(record.get("time", ""))
    return time if _TIME.fullmatch(time) else _NIL


def _word(value: object, most: int) -> str:
    """Printable ASCII without spaces, as the head of a message has it."""
    text = "".join(each if "!" <= each <= "~" else "?" for each in str(value or ""))
    return text[:most] or _NIL


def _pieces(text: str) -> Iterator[str]:
    """Pieces of a text, none of them cut within a character."""
    piece: list[str] = []
    size = 0
    for each in text:
        weight = len(each.encode("utf-8", "backslashreplace"))
        if size + weight > _PIECE:
            yield "".join(piece)
            piece, size = [], 0
        piece.append(each)
        size += weight
    yield "".join(piece)
