"""Threads are begun in a thread, so that the window's never waits for one to run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

_TICK = 0.01


class Threads:
    """Runs each call in a thread of its own.

    ``Thread.start`` waits until the new thread has the interpreter, which others may have first:
    50 ms and more were seen where a worker read a full token.
    """

    def __init__(self) -> None:
        self._wanted: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._left: set[Callable[[], object]] = set()
        """What has not ended; one operation on it is never disturbed by another thread."""
        self._going: set[threading.Thread] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    def begin(self, call: Callable[[], object]) -> None:
        """Have something called; whoever asks never waits. After ``ended`` it does nothing."""

        def run() -> None:
            try:
                call()
            finally:
                self._left.discard(run)

        self._left.add(run)
        self._wanted.put(run)

    def ended(self, until: float) -> bool:
        """Wait until every call has ended, also what is begun meanwhile; nothing is begun then.

        Args:
            until: when to give up, on the clock of ``time.monotonic``.

        Returns:
            Whether every one has, and its thread, too.
        """
        while self._left and time.monotonic() < until:
            time.sleep(_TICK)
        self._wanted.put(None)
        for each in tuple(self._going):
            each.join(max(0.0, until - time.monotonic()))
        return not self._left and not any(each.is_alive() for each in self._going)

    def _serve(self) -> None:
        while (wanted := self._wanted.get()) is not None:
            thread = threading.Thread(target=wanted, daemon=True)
            thread.start()
            self._going = {each for each in self._going if each.is_alive()} | {thread}
