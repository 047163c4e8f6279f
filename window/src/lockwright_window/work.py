"""All work is done in threads of its own, so that the window's thread only ever shows things."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from lockwright.errors import Stopped
from lockwright.log import Log
from lockwright.runner import Runner
from PySide6.QtCore import QObject, Signal, Slot

T = TypeVar("T")

_LOG = Log("lockwright.window")


class Task(Generic[T]):
    """Something that was begun, and what the window's thread does about its end.

    Args:
        call: what is done, in a thread of its own.
        done: is told what came of it, in the window's thread.
        failed: is told why nothing came of it, in the window's thread.
        unwanted: gets rid of what came of it where nobody waits for it any more, in the task's own
            thread; None if that needs nothing.
    """

    def __init__(
        self,
        call: Callable[[Runner], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        unwanted: Callable[[T], None] | None,
    ) -> None:
        self.call, self.done, self.failed, self.unwanted = call, done, failed, unwanted
        self.outcome: T | None = None
        self.error: Exception | None = None
        self.over = False
        self._lock = threading.Lock()
        self._dropped = False

    def drop(self) -> None:
        """Nobody waits for it any more; it is not stopped by that."""
        with self._lock:
            self._dropped = True

    def run(self, runner: Runner) -> None:
        """Do it; called in the thread of the task."""
        try:
            self.outcome = self.call(runner)
        except Exception as error:  # noqa: BLE001  # the window tells of it, whatever it is
            self.error = error

    def tell(self) -> None:
        """Tell what came of it; called in the window's thread."""
        self.over = True
        if self._dropped:
            self.clear()
        elif self.error is not None:
            self.failed(self.error)
        else:
            self.done(self.outcome)  # type: ignore[arg-type]  # there is one where no error is

    def clear(self) -> None:
        """Get rid of what came of it."""
        if self.error is None and self.unwanted is not None:
            outcome, self.outcome = self.outcome, None
            _begun(lambda: self.unwanted(outcome))  # type: ignore[misc,arg-type]  # see above


class Work(QObject):
    """Has a Runner do things, each in a thread of its own.

    Args:
        make: makes the Runner, which loads plugins; it is called in a thread of its own at once.
            What it raises is what every task fails with.
    """

    _ended = Signal(object)

    def __init__(self, make: Callable[[], Runner]) -> None:
        super().__init__()
        self._ended.connect(self._tell)
        self._make = make
        self._runner: Runner | None = None
        self._failed: Exception | None = None
        self._made = threading.Event()
        self._running: set[Task[Any]] = set()
        _begun(self._begin)

    def do(
        self,
        call: Callable[[Runner], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        *,
        unwanted: Callable[[T], None] | None = None,
    ) -> Task[T]:
        """Begin something; see ``Task`` for the arguments.

        ``done`` and ``failed`` are called in the window's thread, never before this returns.
        """
        task = Task(call, done, failed, unwanted)
        self._running.add(task)
        _begun(lambda: self._run(task))
        return task

    @property
    def busy(self) -> bool:
        """Whether something is being done that somebody waits for."""
        return bool(self._running)

    def stop(self) -> None:
        """Stop whatever is done; each task then fails with ``Stopped``, within seconds."""
        if self._runner is not None:
            self._runner.stop()

    def end(self) -> None:
        """Stop whatever is done and give up what waits, for good; it takes seconds at most."""
        for task in self._running:
            task.drop()
        self._made.wait()
        if self._runner is not None:
            self._runner.close()

    def _begin(self) -> None:
        try:
            self._runner = self._make()
        except Exception as error:  # noqa: BLE001  # the window tells of it, whatever it is
            self._failed = error
        self._made.set()

    def _run(self, task: Task[T]) -> None:
        self._made.wait()
        if self._runner is None:
            task.error = self._failed
        else:
            task.run(self._runner)
        if task.error is not None and not isinstance(task.error, Stopped):
            _LOG.info("task failed", error=type(task.error).__name__)
        self._ended.emit(task)

    @Slot(object)
    def _tell(self, task: Task[object]) -> None:
        self._running.discard(task)
        task.tell()


def _begun(call: Callable[[], object]) -> None:
    threading.Thread(target=call, daemon=True).start()
