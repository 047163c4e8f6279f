"""When a server wants to be asked again (``Retry-After``, RFC 9110, 10.2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def wait_in(
    headers: Mapping[str, str], usual: timedelta, *, shortest: timedelta, longest: timedelta
) -> timedelta:
    """How long a server wants to be left alone, within bounds.

    Args:
        headers: of its answer, their names in lower case.
        usual: what is taken where it does not say, or cannot be read.
        shortest: the least that is taken.
        longest: the most.
    """
    said = headers.get("retry-after", "").strip()
    try:
        if said.isascii() and said.isdigit():
            wait = timedelta(seconds=min(int(said), longest.total_seconds()))
        else:
            wait = _moment(said) - datetime.now(UTC)
    except (ValueError, OverflowError):
        wait = usual
    return min(max(wait, shortest), longest)


def _moment(text: str) -> datetime:
    """A date in one of HTTP's three forms, of which that of C's ``asctime`` names no zone."""
    found = parsedate_to_datetime(text)
    return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)
