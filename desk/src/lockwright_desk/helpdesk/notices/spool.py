"""Notices that wait: made in the transaction of what they tell of, taken by one sender at a time.

Each is sent at least once. Whoever takes one has it for some minutes; a sender that dies leaves it
to the next, and so a notice may be sent twice, under the same name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case as when
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lockwright_desk.configuration.helpdesk import NoticeSettings
from lockwright_desk.store.database import Database
from lockwright_desk.store.inserting import insert_of
from lockwright_desk.store.tables.cases import Case, CaseState, Notice
from lockwright_desk.store.tables.register import Client, Token

LEASE = timedelta(minutes=5)
"""How long a sender has a notice for itself; longer than it takes to send one."""
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)
_DOUBLINGS = 7
MOST_TRIES = 60
"""Then nobody can be told: after two days."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A notice that is to be sent now, and what it tells of."""

    id: int
    channel: str
    kind: CaseState
    """The state in which the case is."""
    tries: int
    """How often it was tried, this time among them."""
    number: str
    """The case's."""
    at: datetime
    """When it was answered, or else closed."""
    answered: bool
    """Whether a Response was given."""
    name: str
    login: str
    email: str | None
    phone: str | None
    language: str | None
    serial: str
    label: str


def prepare(session: Session, settings: NoticeSettings, case: Case, now: datetime) -> None:
    """Have the client told of a case, by every hook that there is.

    Of an answer they are told when its case is closed, or after a while if nobody closes it. Who
    was told already is not told again.

    Args:
        session: the transaction in which the case becomes what it is.
        settings: the hooks.
        case: the case.
        now: the time.
    """
    at = now + settings.unclosed if case.state == CaseState.ANSWERED else now
    insert = insert_of(session.get_bind().dialect)
    for channel in settings.channels:
        made = insert(Notice).values(
            case_id=case.id, channel=channel, kind=case.state, made_at=now, tries=0, next_at=at
        )
        session.execute(
            made.on_conflict_do_update(
                index_elements=[Notice.case_id, Notice.channel],
                set_={
                    "kind": case.state,
                    "made_at": now,
                    # Somebody may be sending it: then it is not sent beside that.
                    "next_at": when((Notice.tries == 0, now), else_=Notice.next_at),
                },
                where=Notice.sent_at.is_(None) & Notice.gave_up_at.is_(None),
            )
        )


def take(database: Database, settings: NoticeSettings, now: datetime) -> Taken | None:
    """Take the notice that is due first, and keep every other sender off it for a while.

    Args:
        database: where they are.
        settings: the hooks.
        now: the time.

    Returns:
        The notice; None where nothing is due.
    """
    # What is due later than anything can be was noted by a clock that was ahead.
    latest = now + max(_LONGEST_PAUSE, settings.unclosed) + LEASE
    due = (
        select(Notice)
        .where(
            Notice.sent_at.is_(None),
            Notice.gave_up_at.is_(None),
            Notice.channel.in_(settings.channels),
            or_(Notice.next_at <= now, Notice.next_at > latest),
        )
        .order_by(Notice.next_at)
        .limit(1)
    )
    with database.looking() as connection:
        if connection.execute(due).first() is None:
            return None  # with SQLite a transaction that writes keeps others waiting
    with database.writing() as session:
        row = session.scalar(due.with_for_update(skip_locked=True))
        if row is None:
            return None
        row.tries += 1
        row.next_at = now + LEASE
        return _told_of(session, row)


def sent(database: Database, notice: Taken, now: datetime) -> None:
    """Note that one was sent."""
    _settle(database, notice, sent_at=now, trouble=None)


def failed(
    database: Database, notice: Taken, now: datetime, trouble: str, *, for_good: bool
) -> bool:
    """Note that one could not be sent.

    Args:
        database: where it is.
        notice: the notice.
        now: the time.
        trouble: why.
        for_good: whether another try would end in the same way.

    Returns:
        Whether it is given up.
    """
    if for_good or notice.tries >= MOST_TRIES:
        _settle(database, notice, gave_up_at=now, trouble=trouble)
        return True
    _settle(database, notice, next_at=now + pause(notice.tries), trouble=trouble)
    return False


def pause(tries: int) -> timedelta:
    """How long to wait after a number of tries: twice as long each time, at most an hour."""
    return min(_FIRST_PAUSE * (1 << min(tries - 1, _DOUBLINGS)), _LONGEST_PAUSE)


def _settle(database: Database, notice: Taken, **columns: object) -> None:
    with database.changing() as connection:
        connection.execute(update(Notice).where(Notice.id == notice.id).values(**columns))


def _told_of(session: Session, row: Notice) -> Taken:
    case = session.get_one(Case, row.case_id)
    client, token = session.get_one(Client, case.client_id), session.get_one(Token, case.token_id)
    return Taken(
        id=row.id,
        channel=row.channel,
        kind=CaseState(row.kind),
        tries=row.tries,
        number=case.number,
        at=case.answered_at or case.closed_at or row.made_at,
        answered=case.answered_at is not None,
        name=client.name,
        login=client.login,
        email=client.email,
        phone=client.phone,
        language=client.language,
        serial=token.serial,
        label=token.label,
    )
