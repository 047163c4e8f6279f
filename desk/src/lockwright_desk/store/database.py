"""Transactions, the same with both databases: what is read for writing is locked until the end."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from lockwright.i18n import _
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lockwright_desk.errors import DatabaseAway, DatabaseUnusable
from lockwright_desk.store.alive import ask_after_a_pause
from lockwright_desk.store.migrate import NEWEST, revision, upgrade
from lockwright_desk.store.trouble import reason_from, told

THREADS = 16
"""Threads that work on requests, each with a connection that is kept open."""
_FOR_LISTS = 2
"""Connections beside them, for the revocation list."""

_READING = "lockwright_reading"
_WAIT_SECONDS = 10
"""How long anybody waits for a lock, for a connection, or for a database that says nothing."""
_PATIENCE = {
    "connect_timeout": _WAIT_SECONDS,
    "tcp_user_timeout": _WAIT_SECONDS * 1000,
    "options": f"-c lock_timeout={_WAIT_SECONDS}s",
}
"""The same for PostgreSQL (libpq's parameters); one that is in the URL stands."""


class Database:
    """The database.

    Args:
        url: for SQLAlchemy.
        threads: how many threads use it at the same time.

    Raises:
        DatabaseUnusable: the driver for it is not installed.
    """

    def __init__(self, url: str, threads: int = THREADS) -> None:
        try:
            self.engine = create_engine(
                url,
                connect_args=_patience(make_url(url)),
                pool_size=threads + _FOR_LISTS,
                max_overflow=0,
                pool_timeout=_WAIT_SECONDS,
                hide_parameters=True,  # an error must not show a person's data in the log
            )
        except ImportError:
            raise DatabaseUnusable(
                reason=_("its driver is missing: pip install 'lockwright-desk[postgresql]'")
            ) from None
        self._one_writer: Callable[[], AbstractContextManager[Any]] = nullcontext
        # Of PostgreSQL one statement is a transaction by itself: no BEGIN, no ROLLBACK.
        self._looking = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        ask_after_a_pause(self.engine)
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)
            self._looking = self.engine.execution_options(**{_READING: True})
            # SQLite lets one write; who waits in a queue here is not tried again at random there.
            self._one_writer = _Queue().turn

    def make(self) -> str | None:
        """Make the tables, or bring them up to this version.

        Returns:
            The version that they were of before; None if there were none.

        Raises:
            DatabaseUnusable: it does not answer.
        """
        with _unusable():
            return upgrade(self.engine)

    def check(self) -> None:
        """See that the tables are those of this version.

        Raises:
            DatabaseUnusable: they are not, or it does not answer.
        """
        reading = self.engine.execution_options(**{_READING: True})
        with _unusable(), reading.connect() as connection:
            found = revision(connection)
        if found != NEWEST:
            raise DatabaseUnusable(
                reason=_("its tables are of the version {found}, not {wanted}").format(
                    found=found or "-", wanted=NEWEST
                )
            )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads.

        Raises:
            DatabaseAway: the database is busy or gone.
        """
        with told(), Session(self.engine.execution_options(**{_READING: True})) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that only reads, and all of it as of one moment.

        Raises:
            DatabaseAway: the database is busy or gone.
        """
        with self.reading() as session:
            if self.engine.dialect.name == "postgresql":
                # SQLite's transaction is one by itself.
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed at the end, or undone by an exception.

        Raises:
            DatabaseAway: the database is busy or gone, and nothing was done; or the line broke
                at the very end, and whether it was done is not known.
        """
        with (
            told(),
            self._one_writer(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A single statement that only reads, at the least cost.

        Raises:
            DatabaseAway: the database is busy or gone.
        """
        with told(), self._looking.connect() as connection:
            yield connection

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """A transaction as ``writing`` is, of plain statements.

        Raises:
            DatabaseAway: as for ``writing``.
        """
        with told(), self._one_writer(), self.engine.begin() as connection:
            yield connection

    def write_over(self) -> None:
        """Have nothing stay in SQLite's log of what was erased, unless somebody reads just now.

        Then it is written over later, as PostgreSQL does it in its own time.
        """
        if self.is_postgresql:
            return
        with suppress(DatabaseAway), told(), self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @property
    def is_postgresql(self) -> bool:
        """Whether it is PostgreSQL, where several servers share it."""
        return self.engine.dialect.name == "postgresql"

    @property
    def connecting(self) -> tuple[list[Any], dict[str, Any]]:
        """What the driver is called with for one more connection: arguments, and named ones."""
        arguments, named = self.engine.dialect.create_connect_args(self.engine.url)
        return list(arguments), {**_patience(self.engine.url), **named}

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class _Queue:
    """One turn at a time, not waited for any longer than the database itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn.

        Raises:
            DatabaseAway: it did not come.
        """
        if not self._lock.acquire(timeout=_WAIT_SECONDS):
            raise DatabaseAway(reason=_("another change takes too long"))
        try:
            yield
        finally:
            self._lock.release()


def _patience(url: URL) -> Mapping[str, object]:
    if url.get_backend_name() == "sqlite":
        return {}
    return {name: value for name, value in _PATIENCE.items() if name not in url.query}


@contextmanager
def _unusable() -> Iterator[None]:
    """Whatever is wrong when the desk begins, the database is what has to be looked at."""
    try:
        yield
    except DBAPIError as error:
        reason = reason_from(error.orig)
    else:
        return
    raise DatabaseUnusable(reason=reason)


def _prepare_sqlite(engine: Engine) -> None:
    """Real transactions with SQLite: one that may write takes the lock at its beginning.

    Otherwise two transactions that have read the same could both go on to write.
    """

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        connection.execute(f"PRAGMA busy_timeout = {_WAIT_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # not every build has it so

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        reading = connection.get_execution_options().get(_READING)
        connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")
