"""When a CA wants a certificate renewed."""

from __future__ import annotations

from datetime import datetime

from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class RenewalInfo:
    """What a CA says of the renewal of one certificate (RFC 9773, 4.2)."""

    start: datetime
    """Start of the window in which it wants the certificate renewed, UTC."""
    end: datetime
    """End of that window, UTC; after its start."""
    again: datetime
    """When to ask again, UTC; not earlier."""
    url: str = ""
    """A page for people that says why; empty if there is none."""
