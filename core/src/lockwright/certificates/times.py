"""Times of certificates (RFC 5280, 4.1.2.5), and of those that write them otherwise."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from lockwright.certificates.asn1 import Broken, Node

UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
_CENTURY = 50
"""A year of two digits from here on is of the last century (RFC 5280, 4.1.2.5.1)."""
_FIRST_GENERALIZED = 2050
_WRITTEN = {
    UTC_TIME: re.compile(rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?()(Z|[+-]\d{4})?"),
    GENERALIZED_TIME: re.compile(
        rb"(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)?)?([.,]\d{1,9})?(Z|[+-]\d{4})?"
    ),
}


def moment(found: Node) -> tuple[datetime, bool]:
    """A time, UTC, and whether it is written as RFC 5280 wants.

    Raises:
        Broken: it is none.
    """
    form = _WRITTEN.get(found.tag)
    matched = form and form.fullmatch(found.content)
    if not matched:
        raise Broken
    *numbers, fraction, zone = matched.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    if found.tag == UTC_TIME:
        year += 1900 if year >= _CENTURY else 2000
    try:
        when = datetime(year, month, day, hour, minute, second, tzinfo=_zone(zone))
        when = when.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Broken from error
    early = found.tag == GENERALIZED_TIME and year < _FIRST_GENERALIZED
    return when, None not in numbers and not fraction and zone == b"Z" and not early


def _zone(written: bytes | None) -> timezone:
    if written in {None, b"Z"}:
        return UTC
    text = (written or b"").decode()
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:]))
    return timezone(-offset if text[0] == "-" else offset)
