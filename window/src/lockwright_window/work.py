"""All work is done in threads of its own, so that the window's thread only ever shows things."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from lockwright.errors import Stopped
from lockwright.log import Log
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtCore import QObject, Signal, Slot

from lockwright_window.threads import Threads

T = TypeVar("T")

_LOG = Log("lockwright.window")
_ENDING = 5.0
"""Seconds that the end of the program waits for what goes on: for a plugin, or a CA."""


def _nothing(_: object) -> Any:
    return None


class Task(Generic[T]):
    """Something that was begun, and what the window's thread does about its end.

    Args:
        call: what is done, in a thread of its own.
        done: is told what came of it, in the window's thread.
        failed: is told why nothing came of it, in the window's thread.
        unwanted: gets rid of what came of it where nobody waits for it any more, in a thread of its
            own; None if that needs nothing.
        secrets: what is wiped once it has ended, also where it was stopped before it had begun.
    """

    def __init__(
        self,
        call: Callable[[Runner], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        unwanted: Callable[[T], None] | None,
        secrets: Iterable[Secret] = (),
    ) -> None:
        self.call, self.done, self.failed, self.unwanted = call, done, failed, unwanted
        self.secrets = tuple(secrets)
        self.outcome: T | None = None
        self.error: Exception | None = None
        self.ended = False
        """It has come to its end, which nobody may have been told of."""
        self.over = False
        """It has come to its end, and that was told."""
        self.dropped = False

    def drop(self) -> None:
        """Nobody waits for it any more; it is not stopped by that."""
        self.dropped = True

    def forget(self) -> None:
        """Hold nothing of the window's any more; called in the window's thread once it is told.

        The thread of the task lets go of it later: a widget that it held last would end in there.
        """
        self.call = self.done = self.failed = _nothing

    def run(self, runner: Runner) -> None:
        """Do it; called in the thread of the task."""
        try:
            self.outcome = self.call(runner)
        except Exception as error:  # noqa: BLE001  # the window tells of it, whatever it is
            self.error = error
        except KeyboardInterrupt as stop:  # what ``Runner.stop`` sends, from outside of any door
            self.error = Stopped(cost=getattr(stop, "cost", None))

    def wipe(self) -> None:
        """Overwrite what is secret; called in the thread of the task, whatever came of it."""
        for each in self.secrets:
            each.wipe()

    def tell(self) -> None:
        """Tell what came of it; called in the window's thread."""
        self.over = True
        if self.error is not None:
            self.failed(self.error)
            return
        try:
            self.done(self.outcome)  # type: ignore[arg-type]  # there is one where no error is
        except Exception as error:  # noqa: BLE001  # a page that waits for ever says nothing
            sys.excepthook(type(error), error, error.__traceback__)
            self.failed(error)

    def rid(self) -> None:
        """Get rid of what came of it; it is called in a thread."""
        if self.error is None and self.unwanted is not None:
            try:
                self.unwanted(self.outcome)  # type: ignore[arg-type]  # as above
            except Exception as error:  # noqa: BLE001  # nobody is there to be told
                _LOG.info("what is not wanted stays", error=type(error).__name__)


class Work(QObject):
    """Has a Runner do things, each in a thread of its own.

    Args:
        make: makes the Runner, which loads plugins; it is called in a thread of its own at once.
            What it raises is what every task fails with.
    """

    rid = Signal()
    """What nobody waited for any more is got rid of: a Request is given up by now."""
    _ended = Signal(object)

    def __init__(self, make: Callable[[], Runner]) -> None:
        super().__init__()
        self._ended.connect(self._tell)
        self._make = make
        self._runner: Runner | None = None
        self._failed: Exception | None = None
        self._made = threading.Event()
        self._running: set[Task[Any]] = set()
        self._stops = 0
        self._threads = Threads()
        self._lock = threading.Lock()
        """Held where a thread tells of its end; whoever ends the program takes it first."""
        self._over = False
        self._threads.begin(self._make_runner)

    def do(
        self,
        call: Callable[[Runner], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        *,
        unwanted: Callable[[T], None] | None = None,
        secrets: Iterable[Secret] = (),
    ) -> Task[T]:
        """Begin something; see ``Task`` for the arguments.

        ``done`` and ``failed`` are called in the window's thread, never before this returns.
        """
        task = Task(call, done, failed, unwanted, secrets)
        self._running.add(task)
        stops = self._stops
        self._threads.begin(lambda: self._run(task, stops))
        return task

    def aside(self, call: Callable[[], object]) -> None:
        """Have something cleared up that nobody waits for, save the end of the program.

        Args:
            call: does it, in a thread of its own, and raises nothing. Any thread may ask for it.
        """
        self._threads.begin(call)

    @property
    def busy(self) -> bool:
        """Whether something is being done that somebody waits for."""
        return any(not task.dropped for task in self._running)

    def stop(self) -> None:
        """Stop whatever is done; each task then fails with ``Stopped``, within seconds."""
        self._stops += 1
        if self._runner is not None:
            self._runner.stop()

    def end(self) -> bool:
        """Stop whatever is done and give up what waits, for good; it takes seconds at most.

        Returns:
            Whether every thread has ended; no if a plugin or a CA does not answer.
        """
        until = time.monotonic() + _ENDING
        with self._lock:
            self._over = True
            untold = [task for task in self._running if task.ended]
        for task in untold:
            self._threads.begin(task.rid)
        self._threads.begin(self._close)
        return self._threads.ended(until)

    def _close(self) -> None:
        self._made.wait()
        if self._runner is not None:
            self._runner.close()

    def _make_runner(self) -> None:
        try:
            self._runner = self._make()
        except Exception as error:  # noqa: BLE001  # the window tells of it, whatever it is
            self._failed = error
        self._made.set()

    def _run(self, task: Task[T], stops: int) -> None:
        try:
            self._attempt(task, stops)
        finally:
            task.wipe()
        if task.error is not None and not isinstance(task.error, Stopped):
            _LOG.info("task failed", error=type(task.error).__name__)
        self._say(task)

    def _attempt(self, task: Task[T], stops: int) -> None:
        self._made.wait()
        if self._runner is None:
            task.error = self._failed
            return
        with self._runner.together():
            if self._stops != stops or self._over:  # before there was anything to be stopped
                task.error = Stopped()
            else:
                task.run(self._runner)

    def _say(self, task: Task[Any]) -> None:
        with self._lock:
            task.ended = True
            if not self._over:
                self._ended.emit(task)
                return
        task.rid()

    def _rid(self, task: Task[Any]) -> None:
        task.rid()
        with self._lock:
            if not self._over:
                self.rid.emit()

    @Slot(object)
    def _tell(self, task: Task[object]) -> None:
        self._running.discard(task)
        if task.dropped:
            task.over = True
            self._threads.begin(lambda: self._rid(task))
        else:
            task.tell()
        task.forget()
