"""What is on the token that is shown: read in a thread, and again when tokens came and went."""

from __future__ import annotations

from lockwright.models import Doing, Listing, Progress, Token, Watch
from lockwright.records import dataclass
from lockwright.runner import Runner
from PySide6.QtCore import QObject, Signal, Slot

from lockwright_window.tokens.known import Known
from lockwright_window.words.content import Node, tree
from lockwright_window.work import Task, Work


@dataclass(frozen=True, slots=True)
class Content:
    """What is on a token, made ready to be shown."""

    listing: Listing
    """The listing."""
    nodes: tuple[Node, ...]
    """Its rows."""


class Contents(QObject):
    """Reads a token, one at a time, and never while a Request waits.

    Args:
        work: does it.
        known: says what is connected, and whether a Request waits.
    """

    changed = Signal()
    """Something else is known of the content."""
    _moved = Signal(object)

    def __init__(self, work: Work, known: Known) -> None:
        super().__init__()
        self.content: Content | None = None
        """What is on it; None before it was read."""
        self.error: Exception | None = None
        """Why it cannot be read."""
        self.progress: Progress | None = None
        """How far reading has come; None while nothing is read."""
        self._work, self._known = work, known
        self._token: Token | None = None
        self._task: Task[Content] | None = None
        self._moved.connect(self._on_moved)

    def show(self, token: Token | None) -> None:
        """Read a token, unless it is the one that was read, with its private objects.

        Args:
            token: as it was found last; None for none.
        """
        before, self._token = self._token, token
        is_same = (
            token is not None and before is not None and token.identity.is_it(before.identity.key)
        )
        if not is_same:
            self.content = self.error = None
            self._give_up()
        if token is None or (is_same and self._is_private):
            return
        self._read(token)

    def forget(self) -> None:
        """Something was done with the token: what was read before it is no longer true."""
        if self._token is not None:
            self._read(self._token)

    def put(self, listing: Listing) -> None:
        """Somebody logged in and read it.

        Args:
            listing: with its private objects.
        """
        self._give_up()
        self.content = Content(listing, tree(listing, self._known.soon))
        self.error = None
        self.changed.emit()

    @property
    def _is_private(self) -> bool:
        return self.content is not None and self.content.listing.logged_in

    def _give_up(self) -> None:
        if self._task is not None:
            self._task.drop()
        self._task, self.progress = None, None

    def _read(self, token: Token) -> None:
        if self._known.held:
            return
        self._give_up()
        self.progress = Progress(Doing.READING, 0, 0)
        soon = self._known.soon
        watch = Watch(self._moved.emit)

        def read(runner: Runner) -> Content:
            with runner.watching(watch):
                listing = runner.list(token)
            return Content(listing, tree(listing, soon))

        self._task = self._work.do(read, self._on_read, self._on_failed)
        self.changed.emit()

    @Slot(object)
    def _on_moved(self, progress: Progress) -> None:
        if self._task is not None:
            self.progress = progress
            self.changed.emit()

    def _on_read(self, content: Content) -> None:
        self._task, self.progress = None, None
        if self.content is None or not _same(self.content.listing, content.listing):
            self.content = content
        self.error = None
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        self._task, self.progress = None, None
        self.error = error
        self.changed.emit()


def _same(one: Listing, other: Listing) -> bool:
    """Whether two listings show the same objects to the same eyes."""
    return (one.digest, one.logged_in, one.token) == (other.digest, other.logged_in, other.token)
