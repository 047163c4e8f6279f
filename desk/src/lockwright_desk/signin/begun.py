"""What was begun and is to be brought to its end, once, by the same browser, within minutes.

A challenge for a passkey, or the state of a visit to the bank's own sign-in. It is in the database,
so that any replica can bring it to its end, and taken out by the statement that reads it, so that
none of two at the same time does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, delete, func, insert, select

from lockwright_desk.http import addresses
from lockwright_desk.signin.random_values import hash_of, new_value
from lockwright_desk.signin.refusals import SignInLate, TooManyBegun
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.signin import BegunSignIn

COOKIE = "__Host-lockwright-begun"
LASTS = timedelta(minutes=5)
"""The time that browsers are advised to give a person (WebAuthn 2, 15.1)."""

_MOST = 300
"""How many may be begun from one address and not ended."""
_PRUNED = 100


class Kind(StrEnum):
    """What was begun."""

    ENROL = "enrol"
    PASSKEY = "passkey"
    OIDC = "oidc"


def begin(
    database: Database, kind: Kind, facts: Mapping[str, str], address: str, now: datetime
) -> str:
    """Begin something.

    Args:
        database: the database.
        kind: what it is.
        facts: what its end is held against.
        address: where the browser is.
        now: the time.

    Returns:
        The value of the cookie by which the browser is known again.

    Raises:
        TooManyBegun: from there too many were.
    """
    value, place = new_value(), _place(address)
    with database.changing() as connection:
        over = select(BegunSignIn.hash).where(BegunSignIn.expires_at <= now).limit(_PRUNED)
        connection.execute(
            delete(BegunSignIn).where(BegunSignIn.hash.in_(over.with_for_update(skip_locked=True)))
        )
        if connection.scalar(_COUNT, {"from": place, "now": now}) >= _MOST:  # type: ignore[operator]  # a count
            raise TooManyBegun
        connection.execute(
            insert(BegunSignIn).values(
                hash=hash_of(value),
                kind=kind.value,
                place=place,
                facts=json.dumps(facts),
                expires_at=now + LASTS,
            )
        )
    return value


def take(database: Database, kind: Kind, cookie: str | None, now: datetime) -> Mapping[str, str]:
    """Take what a browser has begun: whatever comes of it, it is begun no more.

    Returns:
        The facts.

    Raises:
        SignInLate: it has begun nothing, or too long ago, or it was ended before.
    """
    if not cookie:
        raise SignInLate
    with database.changing() as connection:
        row = connection.execute(_TAKE, {"sha256": hash_of(cookie)}).one_or_none()
    if row is None or row.kind != kind.value or row.expires_at <= now:
        raise SignInLate
    facts: dict[str, str] = json.loads(row.facts)
    return facts


def is_there(database: Database, cookie: str | None) -> bool:
    """Whether a browser has begun anything."""
    with database.looking() as connection:
        return connection.execute(_THERE, {"sha256": hash_of(cookie or "")}).first() is not None


def _place(address: str) -> str:
    return hashlib.sha256(addresses.place(address).encode()).hexdigest()


_COUNT = (
    select(func.count())
    .select_from(BegunSignIn)
    .where(BegunSignIn.place == bindparam("from"), BegunSignIn.expires_at > bindparam("now"))
)
_THERE = select(BegunSignIn.kind).where(BegunSignIn.hash == bindparam("sha256"))
_TAKE = (
    delete(BegunSignIn)
    .where(BegunSignIn.hash == bindparam("sha256"))
    .returning(BegunSignIn.kind, BegunSignIn.facts, BegunSignIn.expires_at)
)
