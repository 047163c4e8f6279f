"""The signals that end a program, taken for a while and given back to whoever handled them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

_ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGHUP", "SIGTERM", "SIGQUIT")
    if hasattr(signal, name)
)


@contextmanager
def taken(handler: Callable[[int, FrameType | None], None]) -> Iterator[Mapping[int, Any]]:
    """Who handled the signals that end a program before; in the block ``handler`` does.

    What this process was started to ignore it ignores. In a thread that is not the main one nothing
    is taken, since Python handles no signals there.

    Args:
        handler: as for ``signal.signal``.
    """
    before: dict[int, Any] = {}
    try:
        if threading.current_thread() is threading.main_thread():
            for number in _ENDING:
                handled = signal.getsignal(number)
                if handled not in {signal.SIG_IGN, None}:
                    before[number] = handled
                    signal.signal(number, handler)
        yield before
    finally:
        for number, handled in before.items():
            signal.signal(number, handled)
