"""A client's rows: the client, and the words by which it is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.register.words import LAST, folded, login_searched, words_in
from lockwright_desk.store.tables.cases import Case, Notice
from lockwright_desk.store.tables.register import Client, ClientWord

FIELDS = ("login", "name", "phone", "email", "language", "grade")
"""What is known of a client; the first two are needed."""
NEEDED = FIELDS[:2]
_SORTED = 300
"""Characters of a name by which clients are sorted. Some letters are eighteen when they are folded
(U+FDFA), and an entry of an index of PostgreSQL has at most 2,704 bytes."""


def columns(values: Mapping[str, str]) -> dict[str, str | None]:
    """The columns of a client that go with some values.

    Args:
        values: values of ``FIELDS``, as ``values.CLIENT`` reads them; empty for nothing.
    """
    made: dict[str, str | None] = {field: value or None for field, value in values.items()}
    if "name" in values:
        made["name_searched"] = folded(values["name"])[:_SORTED]
    if "login" in values:
        made["login_searched"] = login_searched(values["login"])
    return made


def words(login: str, name: str) -> Iterable[str]:
    """The words by whose beginning a client is found."""
    return words_in(f"{name} {login}")


def add(session: Session, values: Mapping[str, str], now: datetime) -> Client:
    """Add a client."""
    row = Client(**columns(values), added_at=now)
    session.add(row)
    session.flush()
    session.add_all(ClientWord(client_id=row.id, word=word) for word in words(row.login, row.name))
    return row


def forget(session: Session, row: Client, now: datetime) -> None:
    """Take away whatever says who a client is; no login can be what stands there then.

    What a mail server said of a notice mostly has the address in it.
    """
    name = f"removed:{row.id}"
    row.login = row.login_searched = row.name = name
    row.name_searched = LAST  # behind everybody in lists
    row.phone = row.email = row.language = row.grade = None
    row.removed_at = now
    session.execute(delete(ClientWord).where(ClientWord.client_id == row.id))
    cases = select(Case.id).where(Case.client_id == row.id)
    session.execute(update(Notice).where(Notice.case_id.in_(cases)).values(trouble=None))


def change(session: Session, row: Client, values: Mapping[str, str]) -> None:
    """Change some values of a client, but never the login."""
    before = set(words(row.login, row.name))
    for column, value in columns(values).items():
        setattr(row, column, value)
    after = set(words(row.login, row.name))
    gone = ClientWord.word.in_(before - after)
    session.execute(delete(ClientWord).where(ClientWord.client_id == row.id, gone))
    session.add_all(ClientWord(client_id=row.id, word=word) for word in after - before)
