"""A token's state and its holder, changed in a transaction; each change is kept beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from lockwright_desk.store.tables.register import Holder, Token, TokenChange, TokenState


def turn(
    session: Session, row: Token, state: TokenState, *, by: str, now: datetime, reason: str | None
) -> None:
    """Give a token another state; one that is retired is nobody's any more."""
    if state is TokenState.RETIRED and row.client_id is not None:
        give(session, row, None, by=by, now=now)
    row.state, row.state_since = state, now
    session.add(TokenChange(token_id=row.id, at=now, by=by, state=state, reason=reason))


def give(session: Session, row: Token, client_id: int | None, *, by: str, now: datetime) -> None:
    """Give a token to a client, or back to the bank for None."""
    over = update(Holder).where(Holder.token_id == row.id, Holder.until.is_(None))
    session.execute(over.values(until=now))
    if client_id is not None:
        session.add(Holder(token_id=row.id, client_id=client_id, since=now, by=by))
    row.client_id, row.held_since = client_id, now if client_id is not None else None
