"""Queues as they are now: whoever waits is told that a case changed, and reads the queue itself."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import CaseChange

CHANNEL = "lockwright_cases"
"""PostgreSQL's channel; the payload is a case's number."""


def tell(session: Session, number: str) -> None:
    """Tell whoever listens that a case changed, at the commit of this transaction.

    With SQLite nobody listens: ``state`` is looked at.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, number)))


def state(database: Database) -> int:
    """A number that is another one after each change of a case."""
    with database.looking() as connection:
        return connection.scalar(select(func.max(CaseChange.id))) or 0
