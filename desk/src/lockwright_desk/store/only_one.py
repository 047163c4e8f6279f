"""What only one process does, and the others wait for, beside the transactions that go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lockwright_desk.store.database import Database
from lockwright_desk.store.errand import Errand, alone


@contextmanager
def only_one(database: Database, errand: Errand) -> Iterator[None]:
    """Keep the other processes of PostgreSQL out; those of SQLite are not kept out by it."""
    if database.engine.dialect.name != "postgresql":
        yield
        return
    with database.reading() as session:
        alone(session.connection(), errand)
        yield
