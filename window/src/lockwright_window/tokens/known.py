"""What is known of the tokens that are connected: looked at again as they come and go."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from lockwright.errors import RequestPending, Stopped
from lockwright.models import Certificate, Token, TokenIdentity, TokenKey
from lockwright.operations.arrivals import Changes, Place
from lockwright.operations.detect import Detection
from lockwright.runner import Runner
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from lockwright_window.tokens.look import Look
from lockwright_window.words.outlook import SOON
from lockwright_window.work import Task, Work

_PAUSE = 1.0
"""Seconds between two looks at the slot lists."""
_AGAIN = 500
"""Milliseconds until a token is looked at again that something else was done with."""
_FIRST = 15.0
"""Seconds that the first look may take until slot lists are asked for beside it."""


class Known(QObject):
    """The tokens that are connected.

    Two things look: one asks for slot lists alone, and may always (``Runner.arrivals``); the other
    looks at the tokens themselves, when the first saw a change, and never while a Request waits.
    The other one looks first: it is what a person waits for.

    Args:
        work: does it.
        look: looks, in a thread of its own; the first look may have been begun before.
    """

    changed = Signal()
    """The tokens are others than they were, or another way."""
    went = Signal(object)
    """Tokens were pulled out while a Request waits: a tuple of ``Place``."""
    failed = Signal(object)
    """Nothing could be looked at: the error."""
    _moved = Signal(object, bool)
    _released = Signal()

    def __init__(self, work: Work, look: Callable[[Runner], Look]) -> None:
        super().__init__()
        self.detection: Detection | None = None
        """What was found last; None before the first look has ended."""
        self.soon = SOON
        """Days before its end at which a certificate is to be renewed (``warn.days``)."""
        self._read: Mapping[TokenIdentity, tuple[Certificate, ...]] = {}
        self._work, self._look = work, look
        self._held = 0
        self._holding = threading.Lock()
        self._stale = False
        self._looking: Task[Look] | None = None
        self._first = threading.Event()
        self._over = threading.Event()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN)
        self._again.timeout.connect(self.look)
        self._moved.connect(self._on_moved)
        self._released.connect(self._on_released)
        work.rid.connect(self.look)
        self.look()
        work.do(self._watch, lambda _none: None, self._on_blind)

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

    def certificates(self, identity: TokenIdentity) -> tuple[Certificate, ...]:
        """The certificates that anyone may see on a token, as they were found last.

        Args:
            identity: the token.
        """
        return self._read.get(identity, ())

    @property
    def held(self) -> bool:
        """Whether a Request waits, so that no token may be read."""
        return self._held > 0

    @Slot()
    def look(self) -> None:
        """Look at the tokens again, once nothing waits for a Response."""
        if self._held or self._looking is not None:
            self._stale = True
            return
        self._stale = False
        self._looking = self._work.do(self._look, self._on_seen, self._on_unseen)

    def hold(self) -> None:
        """A Request waits: leave the tokens alone until ``release``, once for each of these.

        Any thread may say so: whoever makes a Request does, where it is certain to release.
        """
        with self._holding:
            self._held += 1

    def release(self) -> None:
        """Nothing waits any more; what changed meanwhile is looked at. Any thread may say so."""
        self._released.emit()

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self._first.set()

    def _watch(self, runner: Runner) -> None:
        """In a thread of its own, to the end of the program."""
        self._first.wait(_FIRST)
        with runner.arrivals() as arrivals, suppress(Stopped):  # it was closed: the program ends
            first = True
            while not self._over.is_set():
                changes = arrivals.look()
                if changes or first:
                    self._moved.emit(changes, first)
                first = False
                self._over.wait(_PAUSE)

    @Slot()
    def _on_released(self) -> None:
        if not self._held:
            raise RuntimeError("released more often than held")
        with self._holding:
            self._held -= 1
        self.look()

    @Slot(object, bool)
    def _on_moved(self, changes: Changes, first: bool) -> None:  # noqa: FBT001  # a signal's
        if self._held and changes.went:
            self.went.emit(changes.went)
        known = {Place(each.identity.module.path, each.identity.slot) for each in self.tokens}
        if not first or known != set(changes.came):  # as a rule the first look has found the same
            self.look()

    def _on_seen(self, seen: Look) -> None:
        self._looking = None
        self._first.set()
        problems = seen.detection.problems
        if any(isinstance(p.error, RequestPending) and p.waits is None for p in problems):
            self._again.start()  # what it has not seen of them is known from before
            return
        self.detection, self._read, self.soon = seen.detection, seen.read, seen.soon
        self.changed.emit()
        if self._stale:
            self.look()

    def _on_unseen(self, error: Exception) -> None:
        self._looking = None
        self._first.set()
        if isinstance(error, Stopped) or self._stale:
            self.look()
            return
        self.failed.emit(error)

    def _on_blind(self, error: Exception) -> None:
        if self.detection is None:
            self.failed.emit(error)
