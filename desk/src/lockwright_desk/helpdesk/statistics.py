"""How many unblocks there were, of what and why, and how long a call took.

What is counted is bounded by days, and each count is answered by an index over the time of answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from lockwright_desk.helpdesk.states import Act
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Answered, Case, CaseChange, CaseState
from lockwright_desk.store.tables.register import Token

MOST_DAYS = 184
_REASONS = 10
"""How many reasons are told apart; they are free text."""
_TIMED = 2000
"""How many of the newest cases the median is taken of."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of something."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of some days."""

    first: date
    last: date
    total: int
    days: Sequence[tuple[date, int]]
    """Each day, also one without unblocks."""
    vendors: Sequence[Counted]
    """By adapter, the most first."""
    reasons: Sequence[Counted]
    """By reason, the most first; the last one, without a name, is all the others."""
    median: timedelta | None
    """From the Request to the end of a case that worked; None where there is none."""
    timed: int
    """Of how many cases that is."""


def statistics(database: Database, who: Who, first: date, last: date, zone: ZoneInfo) -> Statistics:
    """Figures of the days from one to another.

    Args:
        database: where they are.
        who: who asks.
        first: the first day.
        last: the last day, itself included; at most ``MOST_DAYS`` after the first.
        zone: where days begin.

    Raises:
        NotAllowed: who asks may not.
        ValueError: the days are in the wrong order, or too many.
    """
    who.require(Action.SEE_STATISTICS)
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise ValueError("days in the wrong order, or too many")
    begin, end = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    with database.looking() as connection:
        days = _days(connection, first, last, zone)
        vendors = _vendors(connection, begin, end)
        reasons = _reasons(connection, begin, end)
        spans = _spans(connection, begin, end)
    return Statistics(
        first=first,
        last=last,
        total=sum(count for _day, count in days),
        days=days,
        vendors=vendors,
        reasons=reasons,
        median=timedelta(seconds=median(spans)) if spans else None,
        timed=len(spans),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _days(
    connection: Connection, first: date, last: date, zone: ZoneInfo
) -> Sequence[tuple[date, int]]:
    """A count for each day: no function of either database knows where the bank's days begin."""
    found = []
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        within = (
            Answered.at >= _midnight(day, zone),
            Answered.at < _midnight(day + timedelta(days=1), zone),
        )
        count = connection.scalar(select(func.count()).select_from(Answered).where(*within))
        found.append((day, count or 0))
    return found


def _vendors(connection: Connection, begin: datetime, end: datetime) -> Sequence[Counted]:
    rows = connection.execute(
        select(Token.adapter, func.count())
        .join(Answered, Answered.token_id == Token.id)
        .where(Answered.at >= begin, Answered.at < end)
        .group_by(Token.adapter)
    )
    counted: Counter[str] = Counter()
    for adapter, many in rows:
        counted[adapter] = many
    return _most_first(counted, None)


def _reasons(connection: Connection, begin: datetime, end: datetime) -> Sequence[Counted]:
    count = func.count().label("count")
    rows = connection.execute(
        select(Case.reason, count)
        .join(Answered, Answered.case_id == Case.id)
        .where(Answered.at >= begin, Answered.at < end)
        .group_by(Case.reason)
        .order_by(count.desc())
    )
    counted: Counter[str] = Counter()
    for reason, many in rows:
        counted[reason or ""] += many
    return _most_first(counted, _REASONS)


def _most_first(counted: Counter[str], most: int | None) -> Sequence[Counted]:
    others = counted.pop("", 0)
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    if most is not None:
        others += sum(count for _name, count in ranked[most:])
        ranked = ranked[:most]
    found = [Counted(name, count) for name, count in ranked]
    return [*found, Counted("", others)] if others else found


def _spans(connection: Connection, begin: datetime, end: datetime) -> Sequence[float]:
    """Seconds from the first Request of a case to its end, of the newest that worked."""
    newest = (
        select(Case.id, Case.closed_at)
        .join(Answered, Answered.case_id == Case.id)
        .where(
            Answered.at >= begin,
            Answered.at < end,
            Case.state == CaseState.WORKED,
            Case.closed_at.is_not(None),
        )
        .order_by(Answered.at.desc())
        .limit(_TIMED)
        .subquery()
    )
    taken = (
        select(CaseChange.case_id, func.min(CaseChange.at).label("at"))
        .where(
            CaseChange.case_id.in_(select(newest.c.id)),
            CaseChange.act == Act.TAKE_REQUEST,
        )
        .group_by(CaseChange.case_id)
        .subquery()
    )
    rows = connection.execute(
        select(taken.c.at, newest.c.closed_at).join(newest, newest.c.id == taken.c.case_id)
    )
    return [max(0.0, (closed - at).total_seconds()) for at, closed in rows]
