"""Pauses between questions to a CA that has not decided: never none, and longer each time."""

from __future__ import annotations

from collections.abc import Iterator

SHORTEST, LONGEST = 1, 30
"""Seconds between questions, where the CA names no time, or one that is over."""


def pauses() -> Iterator[int]:
    """Seconds to wait at least before the next question, and the one after it, and so on."""
    seconds = SHORTEST
    while True:
        yield seconds
        seconds = min(2 * seconds, LONGEST)
