"""Wrong tries, counted in the database, so that all processes of a desk count as one.

A try counts for its login and its address together, and for the address. One that names a password
which the login does have counts for that password and its address, and is refused for nothing
else; so whoever only guesses keeps nobody out, not even behind the same address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, case, delete, or_, select
from sqlalchemy.orm import Session

from lockwright_desk.configuration.settings import LimitSettings
from lockwright_desk.enrolment.refusals import TooManyFailures
from lockwright_desk.http import addresses
from lockwright_desk.store.database import Database
from lockwright_desk.store.inserting import insert_of
from lockwright_desk.store.tables.enrolment import WrongTries

_PRUNED = 100
"""Rows that are removed at most with each wrong try; a try makes three."""


_KINDS = ("login", "address", "password")
COUNTED = (
    WrongTries.name.in_([bindparam(kind, type_=WrongTries.name.type) for kind in _KINDS])
    & (WrongTries.begun > bindparam("since"))
    & (WrongTries.begun <= bindparam("until"))
)
"""Which rows count for a try; the values are what ``Tries.named`` gives."""


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody says that they are a login."""

    login: str
    address: str
    password: str | None
    """Number of the login's password that is meant; None if it has none of that number."""


class Tries:
    """Counts wrong tries.

    Args:
        settings: the limits.
        database: where they are counted.
    """

    def __init__(self, settings: LimitSettings, database: Database) -> None:
        self._settings = settings
        self._database = database

    def named(self, tried: Try, now: datetime) -> dict[str, object]:
        """The values of ``COUNTED``: by which names a try counts, and since when."""
        window = self._settings.window
        names = {**dict.fromkeys(_KINDS), **_names(tried)}
        return {**names, "since": now - window, "until": now + window}

    def check(self, tried: Try, found: Sequence[tuple[str, datetime, int]], now: datetime) -> None:
        """See that a try may be judged at all.

        Args:
            tried: the try.
            found: name, begin and number of what ``COUNTED`` finds.
            now: the time.

        Raises:
            TooManyFailures: too many were wrong.
        """
        limits = self._limits(tried)
        for name, begun, wrong in found:
            if name in limits and wrong >= limits[name]:
                raise self._too_many(begun, now)

    def count(self, tried: Try, now: datetime) -> None:
        """Count a try that was wrong.

        However many are judged at the same time, no more than may be wrong are told so.

        Raises:
            TooManyFailures: it was one too many, and is not counted.
        """
        limits = self._limits(tried)
        with self._database.writing() as session:
            # In one order, so that no two processes wait for each other.
            for name in sorted({*_names(tried).values(), *limits}):
                wrong, begun = self._one_more(session, name, now)
                if name in limits and wrong > limits[name]:
                    raise self._too_many(begun, now)
            self._prune(session, now)

    def _limits(self, tried: Try) -> dict[str, int]:
        """What a try may be refused for, and from how many on."""
        names = _names(tried)
        if tried.password is not None:
            return {names["password"]: self._settings.login_failures}
        return {
            names["login"]: self._settings.login_failures,
            names["address"]: self._settings.address_failures,
        }

    def _one_more(self, session: Session, name: str, now: datetime) -> tuple[int, datetime]:
        over = self._over(now)
        bind = session.get_bind()
        insert = insert_of(bind.dialect)(WrongTries).values(name=name, begun=now, wrong=1)
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
        begun, window = WrongTries.begun, self._settings.window
        return or_(begun <= now - window, begun > now + window)

    def _too_many(self, begun: datetime, now: datetime) -> TooManyFailures:
        left = min(begun + self._settings.window - now, self._settings.window)
        return TooManyFailures(seconds=max(0, left // timedelta(seconds=1)) + 1)


def _names(tried: Try) -> dict[str, str]:
    """What a try counts as; hashed, so that the table tells nobody who was where."""
    place = addresses.place(tried.address)
    parts = {"login": tried.login, "address": "", "password": tried.password}
    return {
        kind: hashlib.sha256(f"{kind}\0{place}\0{part}".encode()).hexdigest()
        for kind, part in parts.items()
        if part is not None
    }
