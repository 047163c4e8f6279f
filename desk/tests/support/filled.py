"""A help desk's database as it is after years: clients, their tokens, cases and answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from lockwright_desk.helpdesk.register import client_rows
from lockwright_desk.helpdesk.register.words import serial_searched
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Answered, Case
from lockwright_desk.store.tables.register import (
    Client,
    ClientWord,
    Holder,
    KeyVersion,
    Token,
    TokenChange,
)
from sqlalchemy import Boolean, Connection, Integer, LargeBinary, Table, insert, text

BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_FIRST = ("Анна", "Мария", "Елена", "Ольга", "Иван", "Пётр", "Сергей", "Олег", "Юлия", "Денис")
_SYLLABLES = ("ба", "во", "ги", "ду", "же", "зи", "ко", "лу", "ме", "но")
_STATES = ("issued",) * 17 + ("suspended", "lost", "retired")
_BATCH = 20_000
Row = dict[str, Any]


def fill(database: Database, tokens: int, answers: int) -> None:
    """Fill empty tables.

    Args:
        database: the database.
        tokens: how many clients, each with a token.
        answers: how many answers, each with its case.
    """
    with database.engine.begin() as connection:
        for model, rows in (
            (Client, (_client(each) for each in range(1, tokens + 1))),
            (ClientWord, (row for each in range(1, tokens + 1) for row in _words(each))),
            (KeyVersion, map(_version, (1, 2))),
            (Token, (_token(each) for each in range(1, tokens + 1))),
            (Holder, (_holder(each) for each in range(1, tokens + 1) if _held(each))),
            (TokenChange, (_change(each) for each in range(1, tokens + 1))),
            (Case, (_case(each, tokens) for each in range(1, answers + 1))),
            (Answered, (_answer(each, tokens) for each in range(1, answers + 1))),
        ):
            table = model.__table__
            assert isinstance(table, Table)
            _insert(connection, table, rows)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def name_of(number: int) -> str:
    """The name of a client."""
    second = "".join(_SYLLABLES[int(digit)] for digit in f"{number % 977:03}").title()
    return f"{second}ев {_FIRST[number % 10]} {_FIRST[number // 10 % 10]}ович"


def serial_of(number: int) -> str:
    """The serial number of a token."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:16].upper()


def _client(number: int) -> Row:
    known = {"login": f"c{number:07}", "name": name_of(number), "phone": f"+7 495 {number:07}"}
    columns = client_rows.columns(dict.fromkeys(client_rows.FIELDS, "") | known)
    return {"id": number, **columns, "added_at": BEGAN}


def _words(number: int) -> Iterator[Row]:
    for word in client_rows.words(f"c{number:07}", name_of(number)):
        yield {"client_id": number, "word": word}


def _version(number: int) -> Row:
    return {
        "id": number,
        "custody": "wrapped",
        "number": number,
        "label": f"wrapping-{number}",
        "mark": "",
        "made_at": BEGAN,
        "made_by": "tests",
    }


def _held(number: int) -> bool:
    return _STATES[number % 20] != "retired" and number % 100 != 0


def _token(number: int) -> Row:
    serial, held = serial_of(number), _held(number)
    return {
        "id": number,
        "adapter": "jacarta",
        "model": "JaCarta Laser",
        "serial": serial,
        "serial_end": serial_searched(serial),
        "label": f"Token {number}",
        "state": _STATES[number % 20],
        "state_since": BEGAN,
        "revision": 1,
        "client_id": number if held else None,
        "held_since": BEGAN if held else None,
        "custody": "wrapped",
        "key_version_id": 1 + (number % 100 == 1),
    }


def _holder(number: int) -> Row:
    return {"id": number, "token_id": number, "client_id": number, "since": BEGAN, "by": "tests"}


def _change(number: int) -> Row:
    state = _STATES[number % 20]
    return {"id": number, "token_id": number, "at": BEGAN, "by": "tests", "state": state}


def _case(number: int, tokens: int) -> Row:
    at = BEGAN + timedelta(seconds=number * 180)
    known = {
        "id": number,
        "number": f"{number:08}",
        "token_id": number % tokens + 1,
        "client_id": number % tokens + 1,
        "way": "dictated",
        "state": "worked",
        "opened_at": at,
        "opened_by": f"operator{number % 50}",
        "answered_at": at,
        "closed_at": at,
    }
    return _needed(Case.__table__) | known


def _answer(number: int, tokens: int) -> Row:
    known = {
        "request_sha256": hashlib.sha256(f"request {number}".encode()).hexdigest(),
        "case_id": number,
        "token_id": number % tokens + 1,
        "client_id": number % tokens + 1,
        "operator": f"operator{number % 50}",
        "key_version_id": 1,
        "at": BEGAN + timedelta(seconds=number * 180),
    }
    return _needed(Answered.__table__) | known


def _needed(table: Any) -> Row:
    """Something for each column that must hold something."""
    row: Row = {}
    for column in table.columns:
        if not column.nullable and column.default is None:
            kinds = ((Boolean, False), (Integer, 0), (LargeBinary, b""))
            row[column.name] = next(
                (value for kind, value in kinds if isinstance(column.type, kind)), ""
            )
    return row


def _insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    if connection.dialect.name == "sqlite":
        rest = iter(rows)
        while some := list(islice(rest, _BATCH)):
            connection.execute(insert(table), some)
        return
    _copy(connection, table, iter(rows))


def _copy(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    """PostgreSQL's own way for very many rows."""
    first = next(rows, None)
    if first is None:
        return
    columns = ", ".join(f'"{name}"' for name in first)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        copy.write_row(list(first.values()))
        for row in rows:
            copy.write_row(list(row.values()))
    if "id" in first:
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"  # noqa: S608  # ours
                f" (SELECT max(id) FROM {table.name}))"
            )
        )
