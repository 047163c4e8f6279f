"""Tokens, page by page, each page a range of one index."""

from __future__ import annotations

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.register import pages
from lockwright_desk.helpdesk.register.rows import TOKENS, of_a_row
from lockwright_desk.helpdesk.register.shown import Page, TokenShown
from lockwright_desk.helpdesk.register.words import LAST
from lockwright_desk.store.tables.register import Token


def by_number(
    session: Session, where: ColumnElement[bool] | None, after: str | None, size: int
) -> Page[TokenShown]:
    """Tokens in the order in which they were registered."""
    size = pages.within(size)
    chosen = TOKENS if where is None else TOKENS.where(where)
    if after is not None:
        chosen = chosen.where(Token.id > pages.number(after))
    rows = session.execute(chosen.order_by(Token.id).limit(size + 1)).all()
    found = [of_a_row(row) for row in rows[:size]]
    return Page(found, pages.key_of(found[-1].id) if len(rows) > size else None)


def ending(session: Session, end: str, after: str | None, size: int) -> Page[TokenShown]:
    """Tokens by ``serial_end``, sorted by it.

    Args:
        session: a transaction.
        end: how it begins, as ``words.serial_searched`` makes it.
        after: key of the page; None for the first.
        size: how many, at most.
    """
    if not end:
        return Page((), None)
    size = pages.within(size)
    start = (
        Token.serial_end >= end
        if after is None
        else tuple_(Token.serial_end, Token.id) > pages.place(after, end)
    )
    chosen = TOKENS.where(start, Token.serial_end <= end + LAST)
    rows = session.execute(chosen.order_by(Token.serial_end, Token.id).limit(size + 1)).all()
    last = rows[size - 1].Token if len(rows) > size else None
    return Page(
        [of_a_row(row) for row in rows[:size]],
        pages.key_of(last.serial_end, last.id) if last else None,
    )
