"""A database that is busy or gone: told apart from a fault of ours, and with its reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from lockwright.errors import reason_of
from lockwright.i18n import _
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from lockwright_desk.errors import DatabaseAway

_FIRST_BYTE = 0xFF
_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
"""What SQLite says of locks, disks and files, and not of statements (sqlite.org/rescode.html)."""

_POSTGRESQL_AWAY = {
    "25006",  # read_only_sql_transaction: a standby, or one that is being moved
    "25P03",  # idle_in_transaction_session_timeout
    "25P04",  # transaction_timeout
}
"""What psycopg calls internal, and is none of a statement's fault (PostgreSQL, appendix A)."""


@contextmanager
def told() -> Iterator[None]:
    """A block that uses the database.

    Raises:
        DatabaseAway: it is busy or gone; what the block did is undone.
    """
    try:
        yield
    except NoConnection:
        reason = _("all its connections are in use")
    except DBAPIError as error:
        if not _is_away(error):
            raise
        reason = reason_from(error.orig)
    else:
        return
    raise DatabaseAway(reason=reason)


def reason_from(error: BaseException | None) -> str:
    """Why the database did not do it; PostgreSQL says so in a language of its own."""
    if isinstance(error, sqlite3.Error):
        return reason_of(error)
    return str(error).strip().partition("\n")[0].rstrip(".")


def _is_away(error: DBAPIError) -> bool:
    """PostgreSQL's driver sorts them by itself: locks, limits and lines are operational."""
    if isinstance(error.orig, sqlite3.Error):
        code: int = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & _FIRST_BYTE in _SQLITE_AWAY
    away = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    return away or getattr(error.orig, "sqlstate", None) in _POSTGRESQL_AWAY
