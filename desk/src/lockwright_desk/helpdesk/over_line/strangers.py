"""What the client's window asks: anybody may, so nothing is told but of what they sent themselves.

Whether a token is in the register is never said. What there is of a Request is told to whoever has
its secret, of which the database has a hash; a number, which is read out loud, opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk import alerts, limits, live
from lockwright_desk.helpdesk.alerts import AlertKind
from lockwright_desk.helpdesk.over_line.asked import Asked
from lockwright_desk.helpdesk.over_line.refusals import LineFull, LineUnknown
from lockwright_desk.helpdesk.over_line.rows import NUMBER, WAITS, Stands, stands
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.http import addresses
from lockwright_desk.store.inserting import insert_of
from lockwright_desk.store.tables.cases import Case
from lockwright_desk.store.tables.line import Line

_HOUR = timedelta(hours=1)
_KEPT = timedelta(hours=24)
"""For how long a row stays after its Request ended: limits count it, operators see it."""
_PRUNED = 100
_SECRET = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """A Request that was taken."""

    number: str
    secret: str
    seconds: int
    """How long it waits."""


@dataclass(frozen=True, slots=True)
class Look:
    """How it stands, as the client is told."""

    state: str
    """``waiting``, ``taken``, ``answered`` or ``ended``."""
    number: str
    by: str | None
    """Who answered."""
    sealed: bytes | None
    why: str | None
    """Why it ended, a value of ``Stands``."""


class Strangers:
    """The line's side towards clients.

    Args:
        parts: what the help desk works with.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def open(self, asked: Asked, address: str) -> Opened:
        """Take a Request.

        Args:
            asked: what came.
            address: where from.

        Raises:
            LineFull: of this token, from this address, or at all there were too many.
            DatabaseAway, AuditUnwritable: it was not taken.
        """
        parts, now = self._parts, self._parts.clock()
        place, secret = addresses.place(address), secrets.token_urlsafe(_SECRET)
        with parts.database.reading() as session:
            self._check(session, asked, place, now)  # who is refused fills no audit trail
        facts = {
            "adapter": asked.adapter,
            "serial": asked.serial,
            "address": place,
            "request_sha256": hashlib.sha256(asked.request).hexdigest(),
        }
        wait = min(parts.settings.line.lasts, timedelta(seconds=asked.seconds))
        alert: dict[str, object] | None = None
        with parts.audit.operation("desk_line_open", **facts) as recorded:
            with parts.database.writing() as session:
                limits.lock_name(session, "line")
                self._prune(session, now)
                self._check(session, asked, place, now)
                others = _waiting_for(session, asked, now)
                line = _new(session, asked, _hash(secret), place, now, now + wait)
                about: dict[str, object] = {"adapter": asked.adapter, "serial": asked.serial}
                if others and alerts.add_of_none(session, AlertKind.TWO_LINES, now, about):
                    alert = {"kind": AlertKind.TWO_LINES.value, **about}
                live.tell(session, line.number)
                number = line.number
            recorded["number"] = number
        if alert is not None:
            alerts.record(parts.audit, alert)
        return Opened(number, secret, wait // timedelta(seconds=1))

    def look(self, secret: str, *, noted: bool) -> Look:
        """How a Request stands.

        Args:
            secret: what ``open`` gave.
            noted: whether it is noted that the client's window was heard.

        Raises:
            LineUnknown: nothing is known under that secret.
        """
        now = self._parts.clock()
        chosen = (
            select(Line, Case.state)
            .outerjoin(Case, Case.id == Line.case_id)
            .where(Line.hash == _hash(secret))
        )
        with self._parts.database.reading() as session:
            row = session.execute(chosen).one_or_none()
            if row is None:
                raise LineUnknown
            line, state = row
            found = stands(line, state, now)
            look = Look(
                state=found.value if found in WAITS else "ended",
                number=line.number,
                by=line.answered_by if found is Stands.ANSWERED else None,
                sealed=line.sealed if found is Stands.ANSWERED else None,
                why=None if found in WAITS else found.value,
            )
            number = line.id
        if noted and found in WAITS:
            with self._parts.database.writing() as session:
                session.execute(update(Line).where(Line.id == number).values(heard_at=now))
        return look

    def received(self, secret: str) -> None:
        """The client has the Response; it is kept no longer.

        Raises:
            LineUnknown: nothing is known under that secret, or there is no Response yet.
        """
        self._end(secret, Stands.RECEIVED, Line.sealed.is_not(None))

    def call_off(self, secret: str) -> None:
        """The client's window waits no more.

        Raises:
            LineUnknown: nothing is known under that secret.
        """
        self._end(secret, Stands.CALLED_OFF)

    def _end(self, secret: str, why: Stands, *also: ColumnElement[bool]) -> None:
        parts, mark = self._parts, _hash(secret)
        with parts.database.reading() as session:
            number = session.scalar(select(Line.number).where(Line.hash == mark, *also))
        if number is None:
            raise LineUnknown
        hook = f"desk_line_{why.value.replace('-', '_')}"
        with (
            parts.audit.operation(hook, number=number),
            parts.database.writing() as session,
        ):
            session.execute(
                update(Line)
                .where(Line.hash == mark, Line.ended_why.is_(None), *also)
                .values(ended_at=parts.clock(), ended_why=why.value, sealed=None)
            )
            live.tell(session, number)

    def _check(self, session: Session, asked: Asked, place: str, now: datetime) -> None:
        """Limits; what a clock that was ahead has noted counts as well.

        Raises:
            LineFull: one is reached.
        """
        settings, since = self._parts.settings.line, now - _HOUR
        of_token = (Line.adapter == asked.adapter, Line.serial == asked.serial)
        waiting = (Line.ended_why.is_(None), Line.ends_at > now)
        for most, conditions in (
            (settings.address_hour, (Line.address == place, Line.came_at > since)),
            (settings.serial_hour, (*of_token, Line.came_at > since)),
            (settings.waiting, waiting),
        ):
            if _count(session, *conditions) >= most:
                raise LineFull(seconds=_HOUR // timedelta(seconds=1) // 10)

    def _prune(self, session: Session, now: datetime) -> None:
        """End what nobody answered in time, and remove what ended long ago."""
        late = (Line.ended_why.is_(None), Line.ends_at <= now)
        session.execute(
            update(Line).where(*late).values(ended_at=now, ended_why=Stands.OVER.value, sealed=None)
        )
        old = select(Line.id).where(Line.ends_at < now - _KEPT)
        session.execute(delete(Line).where(Line.id.in_(old.limit(_PRUNED))))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Line).where(*where)) or 0


def _waiting_for(session: Session, asked: Asked, now: datetime) -> int:
    return _count(
        session,
        Line.adapter == asked.adapter,
        Line.serial == asked.serial,
        Line.ended_why.is_(None),
        Line.ends_at > now,
    )


def _new(
    session: Session, asked: Asked, mark: str, place: str, now: datetime, ends: datetime
) -> Line:
    """A row under a number that no other has."""
    insert = insert_of(session.get_bind().dialect)
    while True:
        made = (
            insert(Line)
            .values(
                number=f"{secrets.randbelow(10**NUMBER):0{NUMBER}}",
                hash=mark,
                adapter=asked.adapter,
                model=asked.model,
                serial=asked.serial,
                request=asked.request,
                public_key=asked.key,
                address=place,
                came_at=now,
                heard_at=now,
                ends_at=ends,
            )
            .on_conflict_do_nothing(index_elements=[Line.number])
            .returning(Line.id)
        )
        if (found := session.scalar(made)) is not None:
            return session.get_one(Line, found)
