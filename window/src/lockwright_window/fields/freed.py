"""Memory that Python freed and did not overwrite, after a PIN was judged as text."""

from __future__ import annotations

_SMALL = range(15, 400, 16)
"""Sizes that fill each of the sizes that Python keeps small things in, in steps of 16 bytes."""
_OF_EACH = 64


def overwrite_freed() -> None:
    """Have zeros written over what texts of a PIN's length lay in until just now.

    Python hands out first what was freed last, so as many small things as were freed take their
    place. That is how CPython 3.11 is seen to behave, and nothing that it promises.
    """
    [bytes(size) for size in _SMALL for _ in range(_OF_EACH)]  # all at a time, or they share one
