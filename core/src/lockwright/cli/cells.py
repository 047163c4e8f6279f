"""Cells of tables: what was cleaned, in lines of which the first stands out."""

from __future__ import annotations

from datetime import datetime

from lockwright.cli import phrases
from lockwright.console.clean import clean
from lockwright.console.text import Text
from lockwright.models import Certificate

BAD, LOW, SIDE = "red", "yellow", "dim"
"""Styles of what is bad, of what will be soon, and of what is beside the point."""


def cell(text: str) -> Text:
    """A cell of one line."""
    return Text(clean(text))


def lines(first: str, *more: str, style: str = "") -> Text:
    """A cell of several lines, those below the first beside the point; empty ones are left out.

    Args:
        first: the first line.
        more: the others.
        style: of the first.
    """
    below = "\n".join(clean(line) for line in more if line)
    return Text.of((clean(first), style), "\n" if below else "", (below, SIDE))


def validity(found: Certificate | None, now: datetime, warn_days: int) -> Text:
    """When a certificate ends, and how long that is from now."""
    if found is None:
        return Text("-")
    left = found.days_left(now)
    style = BAD if found.expired(now) else LOW if left is None or left < warn_days else ""
    return Text.of(
        (phrases.date(found.not_after) or "-", style), "\n", (phrases.days(found, now), style)
    )
