"""Requests that wait for a person: listed, approved, denied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lockwright_desk.errors import RequestDecided, UnknownRequest
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Request, State


def every(database: Database, *, waiting: bool) -> Sequence[Request]:
    """Requests, the oldest first.

    Args:
        database: where they are kept.
        waiting: only those that wait for a decision.
    """
    chosen = select(Request).order_by(Request.id)
    if waiting:
        chosen = chosen.where(Request.state == State.WAITING)
    with database.reading() as session:
        return session.scalars(chosen).all()


def decide(
    database: Database,
    number: int,
    state: State,
    *,
    operator: str,
    now: datetime,
    reason: str | None = None,
) -> Request:
    """Approve or deny a request; the certificate is signed when its client asks again.

    Args:
        database: where it is kept.
        number: its number.
        state: ``APPROVED`` or ``DENIED``.
        operator: who decides.
        now: the time.
        reason: why it is denied, for the client to read.

    Raises:
        UnknownRequest: there is none.
        RequestDecided: it was decided before.
    """
    with database.writing() as session:
        row = session.get(Request, number, with_for_update=True)
        if row is None:
            raise UnknownRequest(id=number)
        if row.state != State.WAITING:
            raise RequestDecided(id=number, state=row.state)
        row.state, row.decided_at, row.decided_by, row.reason = state, now, operator, reason
        return row
