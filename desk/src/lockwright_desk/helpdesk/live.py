"""Queues as they are now: whoever waits is told that a case changed, and reads the queue itself."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import CaseChange

CHANNEL = "lockwright_cases"
"""PostgreSQL's channel; the payload is a case's number."""
_LATE = 1000
"""How many changes are made while one of them is not committed yet."""


def tell(session: Session, number: str) -> None:
    """Tell whoever listens that a case changed, at the commit of this transaction.

    With SQLite nobody listens: ``state`` is looked at.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, number)))


def state(database: Database) -> tuple[int, int]:
    """What is another pair after each change of a case.

    Changes are numbered before they are committed, so one may come behind a later one: they are
    counted, too.
    """
    last = select(func.max(CaseChange.id)).scalar_subquery()
    chosen = select(func.max(CaseChange.id), func.count()).where(CaseChange.id > last - _LATE)
    with database.looking() as connection:
        newest, counted = connection.execute(chosen).one()
    return newest or 0, counted
