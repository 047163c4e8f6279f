"""What only one process does at a time, where several share a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lockwright_desk.store.database import Database


class Errand(IntEnum):
    """What it is; the numbers are those of PostgreSQL's advisory locks."""

    REVOKE = 0x6C770001
    LIST = 0x6C770002


def alone(session: Session, errand: Errand) -> None:
    """Wait until no other process is at it, and keep them out until the transaction ends.

    With SQLite a transaction that writes is alone already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(errand))))


@contextmanager
def only_one(database: Database, errand: Errand) -> Iterator[None]:
    """Keep the other processes of PostgreSQL out; of SQLite's there is one that serves."""
    if database.engine.dialect.name != "postgresql":
        yield
        return
    with database.reading() as session:
        alone(session, errand)
        yield
