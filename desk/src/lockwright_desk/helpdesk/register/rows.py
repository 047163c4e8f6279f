"""From rows of the tables to what is shown."""

from __future__ import annotations

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.register.errors import UnknownToken
from lockwright_desk.helpdesk.register.shown import ClientShown, TokenShown
from lockwright_desk.store.tables.register import Client, Custody, KeyVersion, Token, TokenState

TOKENS: Select[Token, Client, int] = (
    select(Token, Client, KeyVersion.number)
    .outerjoin(Client, Client.id == Token.client_id)
    .outerjoin(KeyVersion, KeyVersion.id == Token.key_version_id)
)
"""Tokens, each with its holder and the number of its key's version."""


def client_shown(row: Client) -> ClientShown:
    """A client."""
    return ClientShown(
        id=row.id,
        login=row.login,
        name=row.name,
        phone=row.phone,
        email=row.email,
        language=row.language,
        grade=row.grade,
        added_at=row.added_at,
        removed_at=row.removed_at,
    )


def token_shown(row: Token, holder: Client | None, version: int | None) -> TokenShown:
    """A token, its holder, and the number of its key's version."""
    return TokenShown(
        id=row.id,
        adapter=row.adapter,
        model=row.model,
        serial=row.serial,
        label=row.label,
        state=TokenState(row.state),
        state_since=row.state_since,
        revision=row.revision,
        holder=client_shown(holder) if holder else None,
        held_since=row.held_since,
        custody=Custody(row.custody) if row.custody else None,
        key_version=version,
    )


def of_a_row(row: Row[Token, Client, int]) -> TokenShown:
    """A row of ``TOKENS``."""
    token, holder, version = row
    return token_shown(token, holder, version)


def one_token(session: Session, token_id: int) -> TokenShown:
    """A token, in a transaction.

    Raises:
        UnknownToken: there is none.
    """
    row = session.execute(TOKENS.where(Token.id == token_id)).one_or_none()
    if row is None:
        raise UnknownToken(serial=f"#{token_id}")
    return of_a_row(row)
