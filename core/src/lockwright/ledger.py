"""The ledger of answered Requests: each is answered once, whichever process is asked.

A SQLite file: a transaction is on disk before the Response is shown, two processes that answer
at once are kept apart by the database, and a crash leaves either the whole entry or none. It holds
the SHA-256 of a Request, never a Response or anything of a key.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.errors import LedgerUnusable, RequestAnswered, TooManyAnswers, reason_of
from lockwright.files import durable

if TYPE_CHECKING:
    import sqlite3

DAY = 24 * 60 * 60
"""Seconds over which answers are counted."""
_PATIENCE = 10.0
"""Seconds to wait for another process to end its transaction."""
_TABLE = """
CREATE TABLE IF NOT EXISTS answered (
    request TEXT PRIMARY KEY,
    serial TEXT NOT NULL COLLATE NOCASE,
    operator TEXT NOT NULL,
    time INTEGER NOT NULL
)
"""
_COUNT = "SELECT COUNT(*) FROM answered WHERE {column} = ? AND time > ?"
_COUNT_SERIAL, _COUNT_OPERATOR = (_COUNT.format(column=name) for name in ("serial", "operator"))


@dataclass(frozen=True, slots=True)
class Limits:
    """How many Requests may be answered in 24 hours; None for any number."""

    per_serial: int | None = 5
    """For one token: its owner hardly forgets the PIN more often."""
    per_operator: int | None = None
    """By one operator."""


class Ledger:
    """The Requests that were answered.

    Args:
        path: the file; it and its folder are made when first needed, for their owner only.
        limits: how many may be answered in 24 hours.
    """

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.path = path
        self.limits = limits or Limits()

    def check(self, request: bytes, serial: str, operator: str) -> None:
        """Make sure that a Request may be answered.

        Raises:
            RequestAnswered: it was answered before, for whatever token.
            TooManyAnswers: a limit is reached.
            LedgerUnusable: nobody can say.
        """
        with self._transaction() as database:
            self._check(database, request, serial, operator)

    def enter(self, request: bytes, serial: str, operator: str) -> None:
        """Note that a Request is answered, and wait until the disk has it.

        Args:
            request: the Request.
            serial: serial number of the token.
            operator: who answers.

        Raises:
            RequestAnswered: another process was faster.
            TooManyAnswers: a limit was reached meanwhile.
            LedgerUnusable: it cannot be noted.
        """
        with self._transaction() as database:
            self._check(database, request, serial, operator)
            entry = (_mark(request), serial, operator, int(time.time()))
            database.execute("INSERT INTO answered VALUES (?, ?, ?, ?)", entry)

    def _check(
        self, database: sqlite3.Connection, request: bytes, serial: str, operator: str
    ) -> None:
        found = database.execute("SELECT 1 FROM answered WHERE request = ?", (_mark(request),))
        if found.fetchone() is not None:
            raise RequestAnswered
        since = int(time.time()) - DAY
        for most, count, whom in (
            (self.limits.per_serial, _COUNT_SERIAL, serial),
            (self.limits.per_operator, _COUNT_OPERATOR, operator),
        ):
            [number] = database.execute(count, (whom, since)).fetchone()
            if most is not None and number >= most:
                raise TooManyAnswers(number=number, whom=whom)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """The database, locked against every other process; on disk when this ends."""
        import sqlite3  # noqa: PLC0415  # only the bank's side needs it

        try:
            self._make()
            with closing(
                sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
            ) as database:
                database.execute("PRAGMA synchronous = EXTRA")
                database.execute("BEGIN IMMEDIATE")
                database.execute(_TABLE)
                yield database
                database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            reason = reason_of(error)
        else:
            return
        raise LedgerUnusable(file=str(self.path), reason=reason)

    def _make(self) -> None:
        os.close(durable.open_owned(self.path))


def _mark(request: bytes) -> str:
    return sha256(request).hexdigest()
