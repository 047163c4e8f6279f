"""Queues as they are now: whoever waits is told that a case changed, and reads the queue itself."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lockwright_desk.errors import DatabaseAway
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Alert, CaseChange
from lockwright_desk.store.tables.line import Line

CHANNEL = "lockwright_cases"
"""PostgreSQL's channel; the payload is a case's number."""
SECONDS = 1.0
"""Between two looks where nobody can listen, and between two tries to listen again."""
ANYWAY_SECONDS = 30.0
"""After so long without news there may be some all the same: what was told while nobody listened
is gone."""
_LATE = 1000
"""How many changes are made while one of them is not committed yet."""


def tell(session: Session, number: str) -> None:
    """Tell whoever listens that a case changed, at the commit of this transaction.

    With SQLite nobody listens: ``state`` is looked at.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, number)))


def state(database: Database) -> tuple[int, ...]:
    """What is another after each change of a case, each alert and each Request over the line.

    Changes are numbered before they are committed, so one may come behind a later one: they are
    counted, too.
    """
    last = select(func.max(CaseChange.id)).scalar_subquery()
    chosen = select(
        func.max(CaseChange.id),
        func.count(),
        select(func.max(Alert.id)).scalar_subquery(),
        select(func.max(Line.id)).scalar_subquery(),
        select(func.count(Line.ended_at)).scalar_subquery(),
    ).where(CaseChange.id > last - _LATE)
    with database.looking() as connection:
        return tuple(number or 0 for number in connection.execute(chosen).one())


class Changes:
    """Changes of cases, for as many as wait in one event loop.

    ``async with Changes(database) as changes`` keeps one connection that listens; with SQLite it
    looks once a second.

    Args:
        database: the database.
        seconds: how long without news until there may be some all the same.
    """

    def __init__(self, database: Database, seconds: float = ANYWAY_SECONDS) -> None:
        self._database = database
        self._seconds = seconds
        self._number = 0
        self._told = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    @property
    def number(self) -> int:
        """How often something may have changed by now."""
        return self._number

    async def after(self, number: int) -> int:
        """Wait until something may have changed since ``number`` was what ``number`` is now.

        Whoever waits reads the queue itself: of two changes one may be told.
        """
        while self._number == number:
            await self._told.wait()
        return self._number

    def _tell(self) -> None:
        self._number += 1
        told, self._told = self._told, asyncio.Event()
        told.set()

    async def _watch(self) -> None:
        watch = self._listen if self._database.is_postgresql else self._look
        while True:
            with suppress(DatabaseAway):
                await watch()
            await asyncio.sleep(SECONDS)

    async def _listen(self) -> None:
        """Listen as long as the line lasts.

        Raises:
            DatabaseAway: it broke.
        """
        import psycopg  # noqa: PLC0415  # only PostgreSQL needs it

        arguments, named = self._database.connecting
        try:
            connection = await psycopg.AsyncConnection.connect(*arguments, **named, autocommit=True)
            async with connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                while True:
                    self._tell()  # now that somebody listens, and after each silence
                    async for _told in connection.notifies(timeout=self._seconds):
                        self._tell()
        except psycopg.Error as error:
            raise DatabaseAway(reason=str(error)) from error

    async def _look(self) -> None:
        found = None
        while True:
            now = await asyncio.to_thread(state, self._database)
            if now != found:
                found = now
                self._tell()
            await asyncio.sleep(SECONDS)
