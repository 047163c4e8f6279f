"""Connections that may be dead by now are asked before they are used, and only those.

SQLAlchemy's ``pool_pre_ping`` asks each time, which is a round to the server for every transaction.
"""

from __future__ import annotations

import time

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

_PAUSE = 1.0
"""Seconds for which a connection that has just answered is believed. One that dies within them
costs whoever uses it next an answer to ask again."""
_LAST = "lockwright_last"


def ask_after_a_pause(engine: Engine) -> None:
    """Ask each connection of an engine whether it is alive, where it was not used for a while."""

    @event.listens_for(engine, "checkin")
    def _back(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_LAST] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _out(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        last = entry.info.get(_LAST)
        if last is not None and time.monotonic() - last > _PAUSE and not _alive(connection):
            raise DisconnectionError

    def _alive(connection: DBAPIConnection) -> bool:
        try:
            return engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            return False
