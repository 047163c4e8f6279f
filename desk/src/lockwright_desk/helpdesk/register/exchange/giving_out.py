"""The register given out row by row, as of one moment, in the form that is taken in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lockwright_desk.helpdesk.register import client_rows
from lockwright_desk.helpdesk.register.exchange import token_row
from lockwright_desk.helpdesk.register.exchange.cells import guarded
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.tables.register import Client, Token

_BATCH = 1000
Document = Mapping[str, str | None]


@contextmanager
def clients(register: Register, who: Who) -> Iterator[Iterator[Document]]:
    """Every client who was not removed, by number.

    Raises:
        NotAllowed: who asks may not: it is the whole register, not one client.
    """
    with _reading(register, who, "desk_clients_export") as session:
        yield (
            {name: getattr(row, name) for name in client_rows.FIELDS}
            for row, *_none in _rows(
                session, select(Client).where(Client.removed_at.is_(None)), Client.id
            )
        )


@contextmanager
def tokens(register: Register, who: Who) -> Iterator[Iterator[Document]]:
    """Every token, by number; nothing of its administrator key. See ``clients``."""
    chosen = select(Token, Client.login).outerjoin(Client, Client.id == Token.client_id)
    with _reading(register, who, "desk_tokens_export") as session:
        yield (_token(row, login) for row, login in _rows(session, chosen, Token.id))


def as_json(name: str, rows: Iterator[Document]) -> Iterator[str]:
    """Rows as a JSON document, a row a line, in ASCII."""
    yield f'{{"{name}": ['
    before = "\n"
    for row in rows:
        yield f"{before}{json.dumps(row)}"
        before = ",\n"
    yield "\n]}\n"


def as_csv(columns: tuple[str, ...], rows: Iterator[Document], delimiter: str) -> Iterator[str]:
    """Rows as CSV (RFC 4180), titles first; no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row[column] or "") for column in columns])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


@contextmanager
def _reading(register: Register, who: Who, hook: str) -> Iterator[Session]:
    with register.audit.operation(hook, operator=who.name):
        who.require(Action.CHANGE_REGISTER)
        with register.database.snapshot() as session:
            yield session


def _rows(
    session: Session, chosen: Select[*tuple[Any, ...]], number: InstrumentedAttribute[int]
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Rows, some at a time."""
    after = 0
    while True:
        some = session.execute(chosen.where(number > after).order_by(number).limit(_BATCH)).all()
        yield from some
        if len(some) < _BATCH:
            return
        after = some[-1][0].id
        session.expunge_all()


def _token(row: Token, login: str | None) -> Document:
    return {
        "adapter": row.adapter,
        "model": row.model,
        "serial": row.serial,
        "label": row.label,
        "state": row.state,
        "state_since": _moment(row.state_since),
        "login": login,
        "held_since": _moment(row.held_since),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


COLUMNS = {"clients": client_rows.FIELDS, "tokens": token_row.COLUMNS}
"""The columns of each list."""
