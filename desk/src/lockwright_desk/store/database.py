"""Transactions, the same with both databases: what is read for writing is locked until the end."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from lockwright.errors import reason_of
from lockwright.i18n import _
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from lockwright_desk.errors import DatabaseUnusable
from lockwright_desk.store.migrate import NEWEST, revision, upgrade

CONNECTIONS = 16
"""Connections kept open, one for each thread that works on requests."""

_READING = "lockwright_reading"
_WAIT_SECONDS = 30


class Database:
    """The database.

    Args:
        url: for SQLAlchemy.

    Raises:
        DatabaseUnusable: the driver for it is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            self.engine = create_engine(
                url,
                pool_size=CONNECTIONS,
                max_overflow=0,
                pool_pre_ping=True,
                hide_parameters=True,  # an error must not show a person's data in the log
            )
        except ImportError:
            raise DatabaseUnusable(
                reason=_("its driver is missing: pip install 'lockwright-desk[postgresql]'")
            ) from None
        self._one_writer: Any = nullcontext()
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)
            # SQLite lets one write; who waits in a queue here is not tried again at random there.
            self._one_writer = threading.Lock()

    def make(self) -> None:
        """Make the tables, or bring them up to this version.

        Raises:
            DatabaseUnusable: it does not answer.
        """
        with _told():
            upgrade(self.engine)

    def check(self) -> None:
        """See that the tables are those of this version.

        Raises:
            DatabaseUnusable: they are not, or it does not answer.
        """
        with _told(), self.engine.connect() as connection:
            found = revision(connection)
        if found != NEWEST:
            raise DatabaseUnusable(
                reason=_("its tables are of the version {found}, not {wanted}").format(
                    found=found or "-", wanted=NEWEST
                )
            )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads."""
        with Session(self.engine.execution_options(**{_READING: True})) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed at the end, or undone by an exception."""
        with (
            self._one_writer,
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


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

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        reading = connection.get_execution_options().get(_READING)
        connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OperationalError, DBAPIError) as error:
        reason = _reason(error.orig)
    else:
        return
    raise DatabaseUnusable(reason=reason)


def _reason(error: BaseException | None) -> str:
    """Why the database did not do it; PostgreSQL says so in a language of its own."""
    if isinstance(error, sqlite3.Error):
        return reason_of(error)
    return str(error).strip().partition("\n")[0].rstrip(".")
