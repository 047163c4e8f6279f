"""A register in a database of its own, who works with it, and what is in it."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.adapters import AdapterSettings
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.helpdesk.register import find
from lockwright_desk.helpdesk.register.exchange.clients_in import Clients
from lockwright_desk.helpdesk.register.exchange.taking_in import Report, take_in
from lockwright_desk.helpdesk.register.exchange.tokens_in import Tokens
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.signin.roles import Role, Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.url import absolute_url
from postgres_cluster import Cluster

DATABASES = ("sqlite", "postgresql")
RULES = rules_of(AdapterSettings())
ADMINISTRATOR = Who("boss", frozenset({Role.ADMINISTRATOR}))
OPERATOR = Who("olga", frozenset({Role.OPERATOR}))
NOBODY = Who("nobody", frozenset())
LASER = "jacarta,JaCarta Laser"
"""Adapter and model of a token."""


@contextmanager
def register(folder: Path, cluster: Cluster | None) -> Iterator[Register]:
    """A register with nothing in it.

    Args:
        folder: where SQLite and the audit trail are.
        cluster: a PostgreSQL; None for SQLite.
    """
    url = "sqlite:///desk.db"
    if cluster is not None:
        url = cluster.database(f"register_{uuid.uuid4().hex}")
    database = Database(absolute_url(url, folder))
    database.make()
    try:
        yield Register(database, Recorder(folder / "audit.jsonl"), RULES)
    finally:
        database.close()


def add_clients(register: Register, *rows: str) -> None:
    """Add clients, each ``login,name`` and a phone as far as wanted."""
    assert taken(register, "login,name,phone", rows, "clients").added == len(rows)


def add_tokens(register: Register, *rows: str) -> None:
    """Add tokens, each ``serial,login``."""
    made = [f"{LASER},{row}" for row in rows]
    report = taken(register, "adapter,model,serial,login", made, "tokens")
    assert report.added == len(rows), report.problems


def taken(
    register: Register,
    titles: str,
    rows: Iterable[str],
    kind: str,
    *,
    update: bool = False,
    dry_run: bool = False,
) -> Report:
    """Take rows in as CSV."""
    text = "\r\n".join([titles, *rows]) + "\r\n"
    return taken_file(register, text.encode(), kind, update=update, dry_run=dry_run)


def taken_file(
    register: Register,
    data: bytes,
    kind: str,
    *,
    encoding: str | None = None,
    update: bool = False,
    dry_run: bool = False,
) -> Report:
    """Take a file in as the administrator."""
    stream = io.BytesIO(data)
    if kind == "clients":
        return take_in(
            register,
            ADMINISTRATOR,
            Clients(),
            stream,
            encoding=encoding,
            update=update,
            dry_run=dry_run,
        )
    return take_in(
        register,
        ADMINISTRATOR,
        Tokens(register),
        stream,
        encoding=encoding,
        update=update,
        dry_run=dry_run,
    )


def wrong(report: Report) -> list[tuple[int, str | None, str]]:
    """Row, column and code of each problem."""
    return [(each.row, each.column, each.code.value) for each in report.problems]


def names(register: Register) -> dict[str, str]:
    """Names of clients by login, the first of them."""
    return {each.login: each.name for each in find.clients(register.database, OPERATOR).rows}
