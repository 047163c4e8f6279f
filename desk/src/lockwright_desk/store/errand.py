"""What only one process does at a time, where several share a database of PostgreSQL."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Connection, func, select


class Errand(IntEnum):
    """What it is; the numbers are those of PostgreSQL's advisory locks."""

    REVOKE = 0x6C770001
    LIST = 0x6C770002
    UPGRADE = 0x6C770003


def alone(connection: Connection, errand: Errand) -> None:
    """Wait until no other process is at it, and keep them out until the transaction ends.

    With SQLite a transaction that writes is alone already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(int(errand))))
