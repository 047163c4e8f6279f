"""The time, in one place, so that a test can be years ahead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
