"""The revocation list as it is now: one for each change, however many ask for it.

A list is made outside of the transaction that writes it down, so that enrolment goes on meanwhile;
of all who find that one is needed only one makes it, and the others look again and find it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from lockwright_desk.enrolment.authority.authority import EARLIER, Authority
from lockwright_desk.enrolment.crl.encoding import entries_of
from lockwright_desk.store.database import Database
from lockwright_desk.store.errand import Errand
from lockwright_desk.store.joined import joined
from lockwright_desk.store.only_one import only_one
from lockwright_desk.store.tables.enrolment import Certificate, RevocationList

NOT_KNOWN = -1
"""What a list has considered that is older than the order of revocations."""


@dataclass(frozen=True, slots=True)
class _Last:
    """The last list, but for the list itself."""

    number: int = 0
    made_at: datetime | None = None
    next_update: datetime | None = None
    revoked: int = NOT_KNOWN

    def is_true(self, newest: int, now: datetime) -> bool:
        """Whether it still says everything; it is replaced halfway to its end.

        One that begins later than now was made by a clock that was wrong, and nobody takes it.
        """
        if self.made_at is None or self.next_update is None or self.revoked != newest:
            return False
        half = (self.next_update - self.made_at) / 2
        return self.made_at - EARLIER <= now < self.made_at + half


class RevocationLists:
    """The lists of a desk.

    Args:
        database: where they and the revocations are kept.
        authority: the CA.
    """

    def __init__(self, database: Database, authority: Authority) -> None:
        self._database = database
        self._authority = authority
        self._making = threading.Lock()
        self._kept = (0, b"")

    def current(self, now: datetime) -> bytes:
        """The list as it is now; a new one is signed only where the last is not true.

        Returns:
            The list, DER.

        Raises:
            CannotSign: the token does not answer.
        """
        return self._found(now) or self._made(now, anew=False)

    def new(self, now: datetime) -> bytes:
        """Sign a new list.

        Returns:
            The list, DER.

        Raises:
            CannotSign: the token does not answer.
        """
        return self._made(now, anew=True)

    def _found(self, now: datetime) -> bytes | None:
        with self._database.reading() as session:
            last = _last(session)
            return self._der(session, last) if last.is_true(newest(session), now) else None

    def _made(self, now: datetime, *, anew: bool) -> bytes:
        while True:
            with self._making, only_one(self._database, Errand.LIST):
                der = None if anew else self._found(now)
                der = der or self._make(now)
            if der:
                return der

    def _make(self, now: datetime) -> bytes | None:
        """A new list; None if another process, which only SQLite lets in, was quicker."""
        with self._database.reading() as session:
            last, considered = _last(session), newest(session)
            entries = self._entries(session, last, considered, now)
        number = _next(last, now)
        der, end = self._authority.revocation_list(number, entries, now)
        with self._database.writing() as session:
            if _last(session).number != last.number:
                return None
            row = RevocationList(
                number=number, made_at=now, next_update=end, revoked=considered, der=der
            )
            session.add(row)
            session.execute(delete(RevocationList).where(RevocationList.number < number))
        self._kept = (number, der)
        return der

    def _entries(self, session: Session, last: _Last, considered: int, now: datetime) -> bytes:
        """Those of the last list and the new ones; all of them anew where some have to go."""
        entry, number = Certificate.crl_entry, Certificate.revocation
        # RFC 5280, 3.3: an entry stays until one list after the certificate's own end.
        until = now - self._authority.settings.crl_validity
        of_old = _gone(last, until)
        before = None
        if of_old is not None and session.scalar(select(number).where(*of_old).limit(1)) is None:
            before = self._der(session, last)
        wanted = [number.is_not(None), number <= considered, Certificate.not_after > until]
        if before is None:
            return joined(session, entry, number, *wanted)
        return entries_of(before) + joined(session, entry, number, *wanted, number > last.revoked)

    def _der(self, session: Session, last: _Last) -> bytes | None:
        number, der = self._kept
        if number == last.number:
            return der
        found = session.scalar(
            select(RevocationList.der).where(RevocationList.number == last.number)
        )
        if found is not None:
            self._kept = (last.number, found)
        return found


def _next(last: _Last, now: datetime) -> int:
    """The number of a new list: the moment in milliseconds, or the last and one if that is more.

    It has to be higher than every one before (RFC 5280, 5.2.3), also than those that a database
    which was restored from a backup does not know of.
    """
    return max(last.number + 1, int(now.timestamp() * 1000))


def newest(session: Session) -> int:
    """The last revocation; 0 if there was none."""
    last = select(Certificate.revocation).where(Certificate.revocation.is_not(None))
    return session.scalar(last.order_by(Certificate.revocation.desc()).limit(1)) or 0


def _last(session: Session) -> _Last:
    rows = RevocationList
    chosen = select(rows.number, rows.made_at, rows.next_update, rows.revoked)
    row = session.execute(chosen.order_by(rows.number.desc()).limit(1)).first()
    return _Last(*row) if row else _Last()


def _gone(last: _Last, until: datetime) -> list[ColumnElement[bool]] | None:
    """What is in the last list and in no new one; None if that is not known."""
    if last.revoked == NOT_KNOWN or last.made_at is None or last.next_update is None:
        return None
    since = last.made_at - (last.next_update - last.made_at)
    if since > until:  # the clock was put back: what went too early has to come again
        return None
    return [
        Certificate.revocation.is_not(None),
        Certificate.revocation <= last.revoked,
        Certificate.not_after > since,
        Certificate.not_after <= until,
    ]
