"""Sign-in codes: what an administrator gives a new operator, to enrol one passkey with.

Twenty characters, a hundred random bits; the database has only the hash. A code is good for one
passkey, for a day or as the configuration says, and a new one makes those before it worthless.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from lockwright.secret import Secret
from sqlalchemy import Connection, bindparam, insert, select, update

from lockwright_desk import codes
from lockwright_desk.signin.operators import number_of
from lockwright_desk.signin.refusals import CodeWrong
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.signin import Operator, SignInCode

_LENGTH = 20


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code, this once as text."""

    text: Secret
    """In groups, as the operator types it."""
    operator: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CodeOf:
    """Whose code it is that was entered."""

    hash: str
    """By which it is kept."""
    operator_id: int
    operator: str
    shown: str
    handle: bytes


def make(database: Database, who: Who, operator: str, lasts: timedelta, now: datetime) -> NewCode:
    """Make one; those of the operator that were not used are worth nothing any more.

    Raises:
        NotAllowed: not by them.
        UnknownOperator: there is nobody of that name.
    """
    who.require(Action.CHANGE_OPERATORS)
    plain, expires = codes.drawn(_LENGTH), now + lasts
    with database.changing() as connection:
        number = number_of(connection, operator)
        connection.execute(_OVER, {"whose": number, "now": now})
        connection.execute(
            insert(SignInCode).values(
                hash=_kept(plain),
                operator_id=number,
                made_at=now,
                made_by=who.name,
                expires_at=expires,
                used_at=None,
            )
        )
    return NewCode(Secret(codes.grouped(plain)), operator, expires)


def whose(connection: Connection, entered: str, now: datetime) -> CodeOf:
    """Whose code was entered.

    Raises:
        CodeWrong: nobody's, or not any more.
    """
    plain = codes.read(entered)
    if plain is None or len(plain) != _LENGTH:
        raise CodeWrong
    kept = _kept(plain)
    row = connection.execute(_GOOD, {"sha256": kept, "now": now}).one_or_none()
    if row is None:
        raise CodeWrong
    return CodeOf(kept, row.id, row.name, row.shown, bytes.fromhex(row.handle))


def use(connection: Connection, kept: str, now: datetime) -> CodeOf:
    """Use a code up, in the transaction that keeps what it was used for.

    Of two at the same time one is refused.

    Raises:
        CodeWrong: it was used, is too old, or a newer one was made.
    """
    # The operator first, as where one is made: the two never wait for each other.
    locked = _GOOD.with_for_update(of=Operator, key_share=True)
    row = connection.execute(locked, {"sha256": kept, "now": now}).one_or_none()
    if row is None or connection.execute(_USE, {"sha256": kept, "now": now}).rowcount != 1:
        raise CodeWrong
    return CodeOf(kept, row.id, row.name, row.shown, bytes.fromhex(row.handle))


def _kept(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()


_GOOD = (
    select(Operator.id, Operator.name, Operator.shown, Operator.handle)
    .join(SignInCode, SignInCode.operator_id == Operator.id)
    .where(
        SignInCode.hash == bindparam("sha256"),
        SignInCode.used_at.is_(None),
        SignInCode.expires_at > bindparam("now"),
        Operator.suspended_at.is_(None),
    )
)
_USE = (
    update(SignInCode)
    .where(SignInCode.hash == bindparam("sha256"), SignInCode.used_at.is_(None))
    .values(used_at=bindparam("now"))
)
_OVER = (
    update(SignInCode)
    .where(SignInCode.operator_id == bindparam("whose"), SignInCode.used_at.is_(None))
    .values(used_at=bindparam("now"))
)
