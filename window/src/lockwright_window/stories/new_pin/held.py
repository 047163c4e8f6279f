"""A Request that a token holds open, and the line over which it may be answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from lockwright.errors import LockwrightError
from lockwright.line.waiting import Answer, Waiting
from lockwright.operations.remote import RemoteUnblock
from lockwright.runner import Runner

from lockwright_window.work import Task

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


class Held:
    """A Request that waits; while it does, nobody looks at its token.

    Args:
        program: the program, whose ``known`` was told to hold.
        pending: the Request.
    """

    def __init__(self, program: Program, pending: RemoteUnblock) -> None:
        self.pending = pending
        self._program = program
        self._lock = threading.Lock()
        self._over = False
        self._waiting: Waiting | None = None
        self._opening: Task[Waiting | None] | None = None
        self._listening: Task[Answer] | None = None

    def open_line(
        self,
        opened: Callable[[Waiting], None],
        answered: Callable[[Answer], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Send it to the bank's help desk, where one is set, and wait for the Response there.

        Args:
            opened: is told that it is there, and its number.
            answered: is told the Response.
            failed: is told that none comes over the line, and why.
        """

        def listen(waiting: Waiting | None) -> None:
            self._opening = None
            if waiting is None:
                return
            self._waiting = waiting
            opened(waiting)
            self._listening = self._program.work.do(lambda _: waiting.answer(), answered, failed)

        def send(runner: Runner) -> Waiting | None:
            return runner.line.open(self.pending) if runner.line.is_set else None

        self._opening = self._program.work.do(send, listen, failed, unwanted=_close)

    def end(self) -> None:
        """Give it up, if it has not ended; the bank is told. Any thread may say so, more than once.

        It returns at once: a token and a desk may take their time.
        """
        with self._lock:
            if self._over:
                return
            self._over = True
        for task in (self._opening, self._listening):
            if task is not None:
                task.drop()
        self._program.work.aside(self._end)

    def _end(self) -> None:
        try:
            with suppress(LockwrightError):
                self.pending.cancel()
            _close(self._waiting)
        finally:
            self._program.known.release()


def _close(waiting: Waiting | None) -> None:
    if waiting is not None:
        waiting.close()
