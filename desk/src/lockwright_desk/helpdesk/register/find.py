"""What the register is asked: each question is answered by an index, page by page.

A page's key is a text that the page before it gave, to be handed back as it is.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from lockwright_desk.helpdesk.register import find_clients, find_tokens, pages
from lockwright_desk.helpdesk.register.errors import SeveralTokens, UnknownClient, UnknownToken
from lockwright_desk.helpdesk.register.rows import TOKENS, client_shown, of_a_row, one_token
from lockwright_desk.helpdesk.register.shown import ClientShown, Found, Page, TokenShown
from lockwright_desk.helpdesk.register.words import login_searched, serial_searched
from lockwright_desk.logins import login_in
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.register import Client, Token, TokenState

_ALIKE = 20
"""Tokens of one serial number that are told apart."""
_LONGEST = 200
"""Characters of a text that is looked for."""


def anything(database: Database, who: Who, text: str, *, size: int = pages.SIZE) -> Found:
    """Clients and tokens that a text may mean; the first page of each.

    Args:
        database: where they are.
        who: who asks.
        text: words of a name, a login, a serial number or its last digits.
        size: how many of each, at most.

    Raises:
        NotAllowed: who asks may not.
    """
    return Found(
        clients(database, who, text, size=size) if text.strip() else Page((), None),
        tokens_ending(database, who, text, size=size),
    )


def clients(
    database: Database,
    who: Who,
    text: str = "",
    *,
    after: str | None = None,
    size: int = pages.SIZE,
) -> Page[ClientShown]:
    """Clients by the beginnings of words of their name and login, in any order and case.

    With words that very many clients have, a page may be shorter than was asked for although there
    is another one.

    Args:
        database: where they are.
        who: who asks.
        text: the words; empty for all clients, in the order of their names.
        after: key of the page; None for the first.
        size: how many, at most.

    Raises:
        NotAllowed: who asks may not.
        PageUnknown: it is no key of this list.
    """
    who.require(Action.FIND)
    with database.reading() as session:
        if not text.strip():
            return find_clients.by_name(session, after, size)
        return find_clients.by_words(session, text[:_LONGEST], after, size)


def client(database: Database, who: Who, login: str) -> ClientShown:
    """A client by the login, in any case.

    Raises:
        NotAllowed: who asks may not.
        UnknownClient: there is none.
    """
    who.require(Action.FIND)
    if (known := login_in(login)) is not None:
        asked = select(Client).where(Client.login_searched == login_searched(known))
        with database.reading() as session:
            if (row := session.scalar(asked)) is not None:
                return client_shown(row)
    raise UnknownClient(login=login)


def client_by_id(database: Database, who: Who, client_id: int) -> ClientShown:
    """A client by ``ClientShown.id``.

    Raises:
        NotAllowed: who asks may not.
        UnknownClient: there is none.
    """
    who.require(Action.FIND)
    with database.reading() as session:
        row = session.get(Client, client_id) if pages.is_number(client_id) else None
        if row is None:
            raise UnknownClient(login=f"#{client_id}")
        return client_shown(row)


def token(database: Database, who: Who, token_id: int) -> TokenShown:
    """A token by ``TokenShown.id``.

    Raises:
        NotAllowed: who asks may not.
        UnknownToken: there is none.
    """
    who.require(Action.FIND)
    if not pages.is_number(token_id):
        raise UnknownToken(serial=f"#{token_id}")
    with database.reading() as session:
        return one_token(session, token_id)


def token_named(
    database: Database,
    who: Who,
    serial: str,
    *,
    adapter: str | None = None,
    model: str | None = None,
) -> TokenShown:
    """A token by its whole serial number, in any case and with or without groups.

    Args:
        database: where it is.
        who: who asks.
        serial: its serial number.
        adapter: its adapter, where several tokens have that number.
        model: its model, where several tokens have that number.

    Raises:
        NotAllowed: who asks may not.
        UnknownToken: there is none.
        SeveralTokens: there are several.
    """
    who.require(Action.FIND)
    end = serial_searched(serial)
    if not end:
        raise UnknownToken(serial=serial)
    chosen = TOKENS.where(Token.serial_end == end).order_by(Token.id).limit(_ALIKE)
    with database.reading() as session:
        alike = [of_a_row(row) for row in session.execute(chosen)]
    found = [
        each for each in alike if adapter in {None, each.adapter} and model in {None, each.model}
    ]
    exact = [each for each in found if each.serial == serial]
    if len(exact or found) > 1:
        names = tuple(f"{each.adapter} {each.model} {each.serial}" for each in exact or found)
        raise SeveralTokens(serial=serial, tokens=names)
    if not found:
        raise UnknownToken(serial=serial)
    return (exact or found)[0]


def tokens(
    database: Database, who: Who, *, after: str | None = None, size: int = pages.SIZE
) -> Page[TokenShown]:
    """All tokens, in the order in which they were registered.

    Raises:
        NotAllowed: who asks may not.
        PageUnknown: it is no key of this list.
    """
    return _by_number(database, who, None, after, size)


def tokens_in(
    database: Database,
    who: Who,
    state: TokenState,
    *,
    after: str | None = None,
    size: int = pages.SIZE,
) -> Page[TokenShown]:
    """Tokens in a state; see ``tokens``."""
    return _by_number(database, who, Token.state == state, after, size)


def tokens_of(
    database: Database,
    who: Who,
    client_id: int | None,
    *,
    after: str | None = None,
    size: int = pages.SIZE,
) -> Page[TokenShown]:
    """Tokens that a client holds, for None those that nobody holds; see ``tokens``."""
    return _by_number(database, who, Token.client_id == client_id, after, size)


def tokens_with(
    database: Database,
    who: Who,
    key_version_id: int,
    *,
    after: str | None = None,
    size: int = pages.SIZE,
) -> Page[TokenShown]:
    """Tokens whose key hangs on ``KeyVersionShown.id``; see ``tokens``."""
    return _by_number(database, who, Token.key_version_id == key_version_id, after, size)


def tokens_ending(
    database: Database,
    who: Who,
    digits: str,
    *,
    after: str | None = None,
    size: int = pages.SIZE,
) -> Page[TokenShown]:
    """Tokens by the last digits of their serial number, or by all of it.

    Args:
        database: where they are.
        who: who asks.
        digits: the digits, in any case, with blanks or without.
        after: key of the page; None for the first.
        size: how many, at most.

    Raises:
        NotAllowed: who asks may not.
        PageUnknown: it is no key of this list.
    """
    who.require(Action.FIND)
    with database.reading() as session:
        return find_tokens.ending(session, serial_searched(digits[:_LONGEST]), after, size)


def _by_number(
    database: Database, who: Who, where: ColumnElement[bool] | None, after: str | None, size: int
) -> Page[TokenShown]:
    who.require(Action.FIND)
    with database.reading() as session:
        return find_tokens.by_number(session, where, after, size)
