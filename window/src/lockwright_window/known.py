"""What is known of the tokens that are connected: looked at again as they come and go."""

from __future__ import annotations

import threading
from contextlib import suppress

from lockwright.errors import LockwrightError, Stopped
from lockwright.models import Token, TokenKey
from lockwright.operations.arrivals import Changes
from lockwright.operations.detect import Detection
from lockwright.runner import Runner
from PySide6.QtCore import QObject, Signal, Slot

from lockwright_window.work import Task, Work

_PAUSE = 1.0
"""Seconds between two looks at the slot lists."""


class Known(QObject):
    """The tokens that are connected.

    Two things look: one asks for slot lists alone, and may always (``Runner.arrivals``); the other
    looks at the tokens themselves, when the first saw a change, and never while a Request waits.

    Args:
        work: does it.
    """

    changed = Signal()
    """The tokens are others than they were, or another way."""
    went = Signal(object)
    """Tokens were pulled out while a Request waits: a tuple of ``Place``."""
    failed = Signal(object)
    """Nothing could be looked at: the error."""
    _moved = Signal(object)
    _released = Signal()

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.detection: Detection | None = None
        """What was found last; None before the first look has ended."""
        self._work = work
        self._held = 0
        self._stale = False
        self._looking: Task[Detection] | None = None
        self._over = threading.Event()
        self._moved.connect(self._on_moved)
        self._released.connect(self._on_released)
        work.do(self._watch, lambda _none: None, self.failed.emit)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Every token, as it was found last."""
        return () if self.detection is None else self.detection.tokens

    def token(self, key: TokenKey) -> Token | None:
        """A token as it was found last.

        Args:
            key: which, also from before it moved to another slot.
        """
        return next((each for each in self.tokens if each.identity.is_it(key)), None)

    def look(self) -> None:
        """Look at the tokens again, once nothing waits for a Response."""
        if self._held or self._looking is not None:
            self._stale = True
            return
        self._stale = False
        self._looking = self._work.do(
            lambda runner: runner.detect(certificates=True), self._on_seen, self._on_unseen
        )

    def hold(self) -> None:
        """A Request waits: leave the tokens alone until ``release``."""
        self._held += 1

    def release(self) -> None:
        """Nothing waits any more; what changed meanwhile is looked at. Any thread may say so."""
        self._released.emit()

    def end(self) -> None:
        """Look no more."""
        self._over.set()

    def _watch(self, runner: Runner) -> None:
        """In a thread of its own, to the end of the program."""
        first = True
        with runner.arrivals() as arrivals, suppress(Stopped):  # it was closed: the program ends
            while not self._over.is_set():
                changes = arrivals.look()
                if changes or first:
                    self._moved.emit(changes)
                first = False
                self._over.wait(_PAUSE)

    @Slot()
    def _on_released(self) -> None:
        self._held -= 1
        self.look()

    @Slot(object)
    def _on_moved(self, changes: Changes) -> None:
        if self._held and changes.went:
            self.went.emit(changes.went)
        self.look()

    def _on_seen(self, detection: Detection) -> None:
        self._looking = None
        self.detection = detection
        self.changed.emit()
        if self._stale:
            self.look()

    def _on_unseen(self, error: Exception) -> None:
        self._looking = None
        if isinstance(error, Stopped) or self._stale:
            self.look()
            return
        if isinstance(error, LockwrightError):
            self.failed.emit(error)
