"""What became of tokens and who held them, the newest first; and versions of keys."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from lockwright_desk.helpdesk.register import pages
from lockwright_desk.helpdesk.register.rows import client_shown, token_shown
from lockwright_desk.helpdesk.register.shown import (
    ChangeShown,
    HolderShown,
    KeyVersionShown,
    Page,
)
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.register import (
    Client,
    Custody,
    Holder,
    KeyVersion,
    Token,
    TokenChange,
    TokenState,
)

COUNTED = 1000
"""Tokens of a version of a key, up to which they are counted."""


def holders_of(
    database: Database, who: Who, token_id: int, *, after: str | None = None, size: int = pages.SIZE
) -> Page[HolderShown]:
    """Who held a token.

    Raises:
        NotAllowed: who asks may not.
        PageUnknown: it is no key of this list.
    """
    return _held(database, who, Holder.token_id == token_id, after, size)


def held_by(
    database: Database,
    who: Who,
    client_id: int,
    *,
    after: str | None = None,
    size: int = pages.SIZE,
) -> Page[HolderShown]:
    """What a client held; see ``holders_of``."""
    return _held(database, who, Holder.client_id == client_id, after, size)


def changes_of(
    database: Database, who: Who, token_id: int, *, after: str | None = None, size: int = pages.SIZE
) -> Page[ChangeShown]:
    """What became of a token; see ``holders_of``."""
    who.require(Action.FIND)
    size = pages.within(size)
    chosen = select(TokenChange).where(TokenChange.token_id == token_id)
    if after is not None:
        chosen = chosen.where(TokenChange.id < pages.number(after))
    with database.reading() as session:
        rows = session.scalars(chosen.order_by(TokenChange.id.desc()).limit(size + 1)).all()
        found = [
            ChangeShown(row.at, row.by, TokenState(row.state), row.reason) for row in rows[:size]
        ]
        return Page(found, pages.key_of(rows[size - 1].id) if len(rows) > size else None)


def key_versions(database: Database, who: Who) -> Sequence[KeyVersionShown]:
    """Every version of a key, the newest of each custody first.

    Raises:
        NotAllowed: who asks may not.
    """
    who.require(Action.SEE_KEYS)
    found = []
    with database.reading() as session:
        order = (KeyVersion.custody, KeyVersion.number.desc())
        for row in session.scalars(select(KeyVersion).order_by(*order)):
            some = select(Token.id).where(Token.key_version_id == row.id).limit(COUNTED + 1)
            count = session.scalar(select(func.count()).select_from(some.subquery())) or 0
            found.append(
                KeyVersionShown(
                    id=row.id,
                    custody=Custody(row.custody),
                    number=row.number,
                    label=row.label,
                    made_at=row.made_at,
                    made_by=row.made_by,
                    tokens=min(count, COUNTED),
                    more=count > COUNTED,
                )
            )
    return found


def _held(
    database: Database, who: Who, where: ColumnElement[bool], after: str | None, size: int
) -> Page[HolderShown]:
    who.require(Action.FIND)
    size = pages.within(size)
    now = aliased(Client)
    chosen = (
        select(Holder, Client, Token, now, KeyVersion.number)
        .join(Client, Client.id == Holder.client_id)
        .join(Token, Token.id == Holder.token_id)
        .outerjoin(now, now.id == Token.client_id)
        .outerjoin(KeyVersion, KeyVersion.id == Token.key_version_id)
        .where(where)
    )
    if after is not None:
        chosen = chosen.where(Holder.id < pages.number(after))
    with database.reading() as session:
        rows = session.execute(chosen.order_by(Holder.id.desc()).limit(size + 1)).all()
        found = [
            HolderShown(
                token=token_shown(token, holder, version),
                client=client_shown(client),
                since=held.since,
                until=held.until,
                by=held.by,
            )
            for held, client, token, holder, version in rows[:size]
        ]
        return Page(found, pages.key_of(rows[size - 1][0].id) if len(rows) > size else None)
