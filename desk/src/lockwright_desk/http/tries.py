"""Wrong tries, counted in the database, so that all processes of a desk count as one.

What counts as one another, a login and an address or an address alone, is the caller's to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Dialect, bindparam, case, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lockwright_desk.http import addresses
from lockwright_desk.http.refusals import TooManyFailures
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.tries import WrongTries

_PRUNED = 100
"""Rows that are removed at most with each wrong try; a try makes three."""


def name_of(kind: str, address: str, part: str = "") -> str:
    """What tries count as; hashed, so that the table tells nobody who was where.

    Args:
        kind: of what they are tries.
        address: where they come from.
        part: what else they have in common.
    """
    place = addresses.place(address)
    return hashlib.sha256(f"{kind}\0{place}\0{part}".encode("utf-8", "replace")).hexdigest()


class WrongTriesCounted:
    """Counts wrong tries.

    Args:
        window: the time in which they are counted.
        database: where.
    """

    def __init__(self, window: timedelta, database: Database) -> None:
        self._window = window
        self._database = database

    def span(self, now: datetime) -> dict[str, object]:
        """The values ``since`` and ``until`` of what counts now."""
        return {"since": now - self._window, "until": now + self._window}

    def check(
        self,
        limits: Mapping[str, int],
        found: Iterable[tuple[str, datetime, int]],
        now: datetime,
    ) -> None:
        """See that a try may be judged at all.

        Args:
            limits: what it may be refused for, and from how many on.
            found: name, begin and number of what counts now.
            now: the time.

        Raises:
            TooManyFailures: too many were wrong.
        """
        for name, begun, wrong in found:
            if name in limits and wrong >= limits[name]:
                raise self._too_many(begun, now)

    def look(self, limits: Mapping[str, int], now: datetime) -> None:
        """The same, of what is looked up here.

        Raises:
            TooManyFailures: too many were wrong.
        """
        with self._database.looking() as connection:
            rows = connection.execute(_FOUND, {"names": list(limits), **self.span(now)}).all()
        self.check(limits, [(row.name, row.begun, row.wrong) for row in rows], now)

    def count(self, names: Iterable[str], limits: Mapping[str, int], now: datetime) -> None:
        """Count a try that was wrong.

        However many are judged at the same time, no more than may be wrong are told so.

        Args:
            names: what it counts as.
            limits: what it may be refused for, and from how many on.
            now: the time.

        Raises:
            TooManyFailures: it was one too many, and is not counted.
        """
        with self._database.writing() as session:
            # In one order, so that no two processes wait for each other.
            for name in sorted({*names, *limits}):
                wrong, begun = self._one_more(session, name, now)
                if name in limits and wrong > limits[name]:
                    raise self._too_many(begun, now)
            self._prune(session, now)

    def _one_more(self, session: Session, name: str, now: datetime) -> tuple[int, datetime]:
        over = self._over(now)
        bind = session.get_bind()
        insert = _insert(bind.dialect)(WrongTries).values(name=name, begun=now, wrong=1)
        counted = insert.on_conflict_do_update(
            index_elements=[WrongTries.name],
            set_={
                "wrong": case((over, 1), else_=WrongTries.wrong + 1),
                "begun": case((over, now), else_=WrongTries.begun),
            },
        ).returning(WrongTries.wrong, WrongTries.begun)
        wrong, begun = session.execute(counted).one()
        return wrong, begun

    def _prune(self, session: Session, now: datetime) -> None:
        """Remove what is over, but for what another process has in hand."""
        over = (
            select(WrongTries.name)
            .where(self._over(now))
            .limit(_PRUNED)
            .with_for_update(skip_locked=True)
        )
        session.execute(delete(WrongTries).where(WrongTries.name.in_(over)))

    def _over(self, now: datetime) -> ColumnElement[bool]:
        """What counts no more; what begins later than that is of a clock that was wrong."""
        begun, window = WrongTries.begun, self._window
        return or_(begun <= now - window, begun > now + window)

    def _too_many(self, begun: datetime, now: datetime) -> TooManyFailures:
        left = min(begun + self._window - now, self._window)
        return TooManyFailures(seconds=max(0, left // timedelta(seconds=1)) + 1)


def _insert(dialect: Dialect) -> type[postgresql.Insert | sqlite.Insert]:
    """Both databases have the same words for it, SQLAlchemy a class for each."""
    return postgresql.Insert if dialect.name == "postgresql" else sqlite.Insert


_FOUND = select(WrongTries.name, WrongTries.begun, WrongTries.wrong).where(
    WrongTries.name.in_(bindparam("names", expanding=True)),
    WrongTries.begun > bindparam("since"),
    WrongTries.begun <= bindparam("until"),
)
