"""Numbers and days as addresses and forms have them; whatever else stands there is none."""

from __future__ import annotations

from datetime import date

_DIGITS = 18
"""Of a number that both databases have room for."""
_YEARS = range(2000, 2200)
"""Beyond them some days have no midnight that can be written."""


def number_in(text: str | None) -> int | None:
    """A number that a row can have; None for what is none."""
    if text and text.isascii() and text.isdecimal() and len(text) <= _DIGITS:
        return int(text)
    return None


def date_in(text: str | None) -> date | None:
    """A day as ``<input type=date>`` sends it; None for what is none."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.year in _YEARS else None
