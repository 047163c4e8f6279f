"""A ledger that the threads of one process ask together: one transaction serves all that wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lockwright.audit.shield import Shield
from lockwright.errors import LockwrightError
from lockwright.files.together import Together
from lockwright.ledger import Ledger, Limits

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")
_Done = Callable[["sqlite3.Connection"], Any]


class SharedLedger(Ledger):
    """The Requests that were answered, each judged by itself after those that came before it.

    A signal waits until the transaction has ended, since it would end that of other threads, too.

    Args:
        path: the file.
        limits: how many may be answered in 24 hours.
    """

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        super().__init__(path, limits)
        self._together: Together[_Done, object] = Together(self._all)

    def _have(self, done: Callable[[sqlite3.Connection], T]) -> T:
        with Shield():
            come: Any = self._together.done(done)
        if isinstance(come, LockwrightError):
            raise come
        value: T = come
        return value

    def _all(self, several: Sequence[_Done]) -> Sequence[object]:
        with self._transaction() as database:
            return [_come(done, database) for done in several]


def _come(done: _Done, database: sqlite3.Connection) -> object:
    """What comes of one of them; what it is refused for is its own."""
    try:
        return done(database)
    except LockwrightError as error:
        return error
