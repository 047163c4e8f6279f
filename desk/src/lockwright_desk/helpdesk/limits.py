"""How many Requests are answered: counted under locks, so that a limit holds exactly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lockwright.i18n import N_
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.store.tables.cases import Answered
from lockwright_desk.store.tables.register import Client, Token

_DAY = timedelta(hours=24)
_LOCKS = 0x6C77
"""The first of two numbers of PostgreSQL's advisory locks; ``Errand`` has the single ones."""


@dataclass(frozen=True, slots=True)
class Counted:
    """An answer that is about to be given, as limits count it."""

    token_id: int
    client_id: int
    operator: str
    key: str
    """As ``Answered.key`` has it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit, and what counts for it."""

    which: str
    """What a person is told, an English text to be translated."""
    most: int
    of: ColumnElement[bool]
    since: datetime


def lock_rows(session: Session, client: Client, token: Token) -> None:
    """Lock a client and a token, and read them as they are now, until the transaction ends.

    Always in this order. With SQLite a transaction that writes is alone already.
    """
    for row in (client, token):
        session.refresh(row, with_for_update={"key_share": True})


def lock_names(session: Session, settings: HelpdeskSettings, counted: Counted) -> None:
    """Keep those out who count for the same limit of a key or an operator, where there is one."""
    if session.get_bind().dialect.name != "postgresql":
        return
    limits, names = settings.limits, []
    if limits.key_day is not None or limits.key_month is not None:
        names.append(f"key {counted.key}")
    if limits.operator_day is not None or limits.operator_month is not None:
        names.append(f"operator {counted.operator}")
    for number in sorted(map(_number, names)):
        session.execute(select(func.pg_advisory_xact_lock(_LOCKS, number)))


def lock_name(session: Session, name: str) -> None:
    """Keep others out who ask for the same name, until the transaction ends.

    With SQLite a transaction that writes is alone already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCKS, _number(name))))


def reached(
    session: Session, settings: HelpdeskSettings, counted: Counted, now: datetime
) -> Limit | None:
    """The first limit that one more answer would go beyond.

    What a clock that was ahead has noted counts as well, so no limit is got round by setting a
    clock back.
    """
    for limit in _limits(settings, counted, now):
        count = (
            select(func.count()).select_from(Answered).where(limit.of, Answered.at > limit.since)
        )
        if (session.scalar(count) or 0) >= limit.most:
            return limit
    return None


def _limits(settings: HelpdeskSettings, counted: Counted, now: datetime) -> Iterator[Limit]:
    limits, day = settings.limits, now - _DAY
    month = settings.hours.month(now) - timedelta.resolution
    token, client = Answered.token_id == counted.token_id, Answered.client_id == counted.client_id
    operator, key = Answered.operator == counted.operator, Answered.key == counted.key
    for which, most, of, since in (
        (N_("for this token in 24 hours"), limits.token_day, token, day),
        (N_("for this client in 24 hours"), limits.client_day, client, day),
        (N_("by this operator in 24 hours"), limits.operator_day, operator, day),
        (N_("with this administrator key in 24 hours"), limits.key_day, key, day),
        (N_("for this token in this month"), limits.token_month, token, month),
        (N_("for this client in this month"), limits.client_month, client, month),
        (N_("by this operator in this month"), limits.operator_month, operator, month),
        (N_("with this administrator key in this month"), limits.key_month, key, month),
    ):
        if most is not None:
            yield Limit(which, most, of, since)


def _number(name: str) -> int:
    """A number of 32 bits with a sign, as PostgreSQL takes it."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)
