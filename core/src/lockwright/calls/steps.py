"""Foreign steps in a thread of their own, which can be waited for with a deadline."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import Self

from lockwright.records import dataclass

_TICK = 0.2
"""Seconds between two looks for Ctrl-C, which cannot end a longer wait on Windows."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a step ended."""

    value: object = None
    """What it returned."""
    error: BaseException | None = None
    """What it raised; None if it returned."""


class Steps:
    """A thread that does one step after another; what hangs in it is left alone.

    Args:
        seconds: how long a step may take.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._asked: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[Ended] = queue.SimpleQueue()
        context = copy_context()
        threading.Thread(target=context.run, args=(self._work,), daemon=True).start()

    def take(self, step: Callable[[], object]) -> Ended:
        """Take a step and wait until it has ended.

        Raises:
            TimeoutError: it does not end in time.
        """
        until = time.monotonic() + self._seconds
        self._asked.put(step)
        while True:
            left = max(0.0, until - time.monotonic())
            with suppress(queue.Empty):
                return self._ended.get(timeout=min(left, _TICK))
            if not left:
                raise TimeoutError

    def _work(self) -> None:
        while (step := self._asked.get()) is not None:
            try:
                ended = Ended(step())
            except BaseException as error:  # noqa: BLE001  # foreign code: anything may come
                ended = Ended(error=error)
            self._ended.put(ended)
            del step, ended  # they may hold a PIN, and this thread waits now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._asked.put(None)
