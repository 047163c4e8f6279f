"""The ledger of answered Requests: each is answered once, whichever process is asked.

A SQLite file: a transaction is on disk before the Response is shown, two processes that answer
at once are kept apart by the database, and a crash leaves either the whole entry or none. It holds
the SHA-256 of a Request and a slow, salted hash that tells a key from others, never a Response.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from hashlib import sha256
from itertools import dropwhile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lockwright.errors import LedgerUnusable, RequestAnswered, TooManyAnswers, reason_of
from lockwright.files import durable
from lockwright.i18n import _
from lockwright.records import dataclass

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

DAY = 24 * 60 * 60
"""Seconds over which answers are counted."""
_PATIENCE = 10.0
"""Seconds to wait for another process to end its transaction."""
_TABLES = (
    """CREATE TABLE IF NOT EXISTS answered (
        request TEXT PRIMARY KEY,
        serial TEXT NOT NULL,
        operator TEXT NOT NULL,
        time INTEGER NOT NULL,
        account TEXT NOT NULL DEFAULT '',
        key TEXT NOT NULL DEFAULT '',
        token TEXT
    )""",
    "CREATE TABLE IF NOT EXISTS salt (value BLOB NOT NULL)",
)
_ADDED = {
    "account": "TEXT NOT NULL DEFAULT ''",
    "key": "TEXT NOT NULL DEFAULT ''",
    "token": "TEXT",
}
"""Columns that the table of an earlier version has not."""
_ADD = "ALTER TABLE answered ADD COLUMN {column} {kind}"
_COUNTED = ("token", "key", "account")
"""What answers are counted by, each with an index of its own: a ledger grows for years."""
_INDEX = "CREATE INDEX IF NOT EXISTS answered_by_{column} ON answered ({column}, time)"
_NAME_TOKENS = "UPDATE answered SET token = same_token(serial) WHERE token IS NULL"
"""For what an earlier version has entered; it may go on to do so beside this one."""
_FIND = "SELECT 1 FROM answered WHERE request = ?"
_ENTER = (
    "INSERT INTO answered (request, serial, operator, time, account, key, token)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_COUNT = "SELECT COUNT(*) FROM answered WHERE {column} = ? AND time > ?"


def _all_alike(_one: bytes, _other: bytes) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Limits:
    """How many Requests may be answered in 24 hours; None for any number."""

    per_serial: int | None = 5
    """For one token: its owner hardly forgets the PIN more often."""
    per_key: int | None = 5
    """With one administrator key, whatever serial number is given for it. A bank whose tokens share
    a key needs more."""
    per_operator: int | None = None
    """By one operator, who is an account of the system, whatever name is given beside it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A Request that is to be answered, as limits count it."""

    request: bytes
    """The Request."""
    serial: str
    """Serial number of the token."""
    account: str
    """The account of the system that answers."""
    operator: str = ""
    """Who that is, as was said."""
    key: str = ""
    """The mark of the administrator key; empty while it is not known yet."""
    salt: bytes = b""
    """What that mark was made with; empty where there is none."""


class Ledger:
    """The Requests that were answered.

    Args:
        path: the file; it and its folder are made when first needed, for their owner only.
        limits: how many may be answered in 24 hours.
    """

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.path = path
        self.limits = limits or Limits()

    def check(self, answer: Answer) -> None:
        """Make sure that a Request may be answered.

        Raises:
            RequestAnswered: it was answered before, for whatever token.
            TooManyAnswers: a limit is reached.
            LedgerUnusable: nobody can say.
        """
        self._have(partial(self._check, answer=answer))

    def enter(self, answer: Answer) -> None:
        """Note that a Request is answered, and wait until the disk has it.

        Raises:
            RequestAnswered: another process was faster.
            TooManyAnswers: a limit was reached meanwhile.
            LedgerUnusable: it cannot be noted.
        """
        self._have(partial(self._enter, answer=answer))

    def salt(self, fresh: bytes, alike: Callable[[bytes, bytes], bool] = _all_alike) -> bytes:
        """What marks of keys are salted with in this ledger.

        Args:
            fresh: one for a ledger that has none, or one that is not alike and was not used for so
                long that no mark under it is counted any more.
            alike: whether marks under two salts are made in the same way.

        Raises:
            LedgerUnusable: it cannot be had.
        """
        return self._have(partial(_salt, fresh=fresh, alike=alike))

    def _have(self, done: Callable[[sqlite3.Connection], T]) -> T:
        """What comes of something that is done in a transaction; on disk then."""
        with self._transaction() as database:
            return done(database)

    def _enter(self, database: sqlite3.Connection, answer: Answer) -> None:
        self._check(database, answer)
        if answer.salt and answer.salt != _salt_of(database):
            raise LedgerUnusable(file=str(self.path), reason=_("it is another one now"))
        mark, now = _mark(answer.request), int(time.time())
        who, token = (answer.account, answer.key), _same_token(answer.serial)
        database.execute(_ENTER, (mark, answer.serial, answer.operator, now, *who, token))

    def _check(self, database: sqlite3.Connection, answer: Answer) -> None:
        if database.execute(_FIND, (_mark(answer.request),)).fetchone() is not None:
            raise RequestAnswered
        since = int(time.time()) - DAY
        token = _same_token(answer.serial)
        account = answer.account
        for most, column, said, counted, whom in (
            (self.limits.per_serial, "token", answer.serial, token, answer.serial),
            (self.limits.per_key, "key", answer.key, answer.key, _("this administrator key")),
            (self.limits.per_operator, "account", account, account, account),
        ):
            if most is None or not said:
                continue
            [number] = database.execute(_COUNT.format(column=column), (counted, since)).fetchone()
            if number >= most:
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
                database.create_function("same_token", 1, _same_token, deterministic=True)
                database.execute("BEGIN IMMEDIATE")
                _make_tables(database)
                yield database
                database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            reason = reason_of(error)
        else:
            return
        raise LedgerUnusable(file=str(self.path), reason=reason)

    def _make(self) -> None:
        os.close(durable.open_owned(self.path))


def _make_tables(database: sqlite3.Connection) -> None:
    """Make what is missing; in the table of an earlier version the operator was the account."""
    for table in _TABLES:
        database.execute(table)
    there = {row[1] for row in database.execute("PRAGMA table_info(answered)")}
    for column, kind in _ADDED.items():
        if column not in there:
            database.execute(_ADD.format(column=column, kind=kind))
            if column == "account":
                database.execute("UPDATE answered SET account = operator")
    for column in _COUNTED:
        database.execute(_INDEX.format(column=column))
    database.execute(_NAME_TOKENS)


def _salt(
    database: sqlite3.Connection, fresh: bytes, alike: Callable[[bytes, bytes], bool]
) -> bytes:
    found = _salt_of(database)
    if found is not None and (alike(found, fresh) or _is_used(database)):
        return found
    database.execute("DELETE FROM salt")
    database.execute("INSERT INTO salt VALUES (?)", (fresh,))
    return fresh


def _salt_of(database: sqlite3.Connection) -> bytes | None:
    found = database.execute("SELECT value FROM salt").fetchone()
    return None if found is None else bytes(found[0])


def _is_used(database: sqlite3.Connection) -> bool:
    """Whether a mark may be counted that was entered before."""
    last = database.execute("SELECT time FROM answered ORDER BY rowid DESC LIMIT 1").fetchone()
    return last is not None and last[0] > int(time.time()) - DAY


def _same_token(serial: str) -> str:
    """What the spellings of one serial number have in common, whoever its vendor is.

    It is blind to case, to leading zeros and to all that is neither letter nor digit. Two tokens
    that it takes for one are counted as one, which is the safe mistake.
    """
    letters = (char.upper() for char in serial if char.isalnum())
    return "".join(dropwhile("0".__eq__, letters))


def _mark(request: bytes) -> str:
    return sha256(request).hexdigest()
