"""How often the keeper has answered, in a file of its own, whatever the desk's database says."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lockwright.errors import TooManyAnswers, reason_of
from lockwright.files import durable

from lockwright_desk.configuration.keeper import KeeperLimits
from lockwright_desk.errors import DeskFileNotWritten
from lockwright_desk.helpdesk.custody.errors import KeeperLimit
from lockwright_desk.helpdesk.custody.port import KeyRecord

_HOUR, _DAY = 60 * 60, 24 * 60 * 60
_WAIT_SECONDS = 10
_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    request BLOB NOT NULL, token BLOB NOT NULL, at REAL NOT NULL, PRIMARY KEY (request, token)
) WITHOUT ROWID
"""
_INDEX = "CREATE INDEX IF NOT EXISTS answers_at ON answers (at)"


class Counts:
    """The count, for many threads; on disk before an answer is given.

    A Request that is asked again for the same token is counted once: its Response is the same. What
    led to no Response is not counted.

    Args:
        file: the SQLite file.
        limits: how often.
        now: seconds since the epoch.

    Raises:
        DeskFileNotWritten: it cannot be made.
    """

    def __init__(
        self, file: Path, limits: KeeperLimits, now: Callable[[], float] = time.time
    ) -> None:
        self._file = file
        self._limits = limits
        self._now = now
        self._turn = threading.Lock()
        with self._told():
            durable.make_folder(file.parent)
            os.close(durable.open_owned(file))
            self._database = sqlite3.connect(
                file, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.execute(_TABLE)
            self._database.execute(_INDEX)

    @contextmanager
    def counted(self, key: KeyRecord, request: bytes) -> Iterator[None]:
        """The block makes the Response to a Request; it is counted unless none comes of it.

        Raises:
            KeeperLimit, TooManyAnswers: a limit is reached.
            DeskFileNotWritten: it cannot be counted.
        """
        marks = _digest(request), _digest(f"{key.adapter}\0{key.model}\0{key.serial}".encode())
        with self._turn, self._told():
            new = self._entered(marks, key.serial)
        try:
            yield
        except BaseException:
            if new:
                with self._turn, self._told():
                    take = "DELETE FROM answers WHERE request = ? AND token = ?"
                    self._database.execute(take, marks)
            raise
        if not new:
            # Whoever entered it may have failed meanwhile, and taken it back.
            with self._turn, self._told():
                enter = "INSERT OR IGNORE INTO answers VALUES (?, ?, ?)"
                self._database.execute(enter, (*marks, self._now()))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _entered(self, marks: tuple[bytes, bytes], serial: str) -> bool:
        now = self._now()
        self._database.execute("BEGIN IMMEDIATE")
        try:
            self._database.execute("DELETE FROM answers WHERE at < ?", (now - _DAY,))
            known = "SELECT 1 FROM answers WHERE request = ? AND token = ?"
            new = self._database.execute(known, marks).fetchone() is None
            if new:
                self._check(now, marks[1], serial)
                self._database.execute("INSERT INTO answers VALUES (?, ?, ?)", (*marks, now))
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
        return new

    def _check(self, now: float, token: bytes, serial: str) -> None:
        limits = self._limits
        for most, seconds in ((limits.per_hour, _HOUR), (limits.per_day, _DAY)):
            number = self._number("at > ?", now - seconds)
            if number >= most:
                raise KeeperLimit(number=number, hours=seconds // _HOUR)
        number = self._number("token = ?", token)
        if number >= limits.per_token:
            raise TooManyAnswers(number=number, whom=serial)

    def _number(self, where: str, value: float | bytes) -> int:
        counted = f"SELECT count(*) FROM answers WHERE {where}"  # noqa: S608  # a text of ours
        return int(self._database.execute(counted, (value,)).fetchone()[0])

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            reason = reason_of(error)
        else:
            return
        raise DeskFileNotWritten(file=str(self._file), reason=reason)


def _digest(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()
