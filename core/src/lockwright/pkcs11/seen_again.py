"""Tokens that are not to be seen for a moment: SoftHSM shows none while another process logs in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

_PAUSES = (0.02, 0.1, 0.3)
"""Seconds until it is looked again."""


def seen_again(look: Callable[[], Sequence[T]]) -> Sequence[T]:
    """What is found, looked for anew a few times as long as that is nothing.

    Args:
        look: finds it.
    """
    found = look()
    for pause in _PAUSES:
        if found:
            break
        time.sleep(pause)
        found = look()
    return found
