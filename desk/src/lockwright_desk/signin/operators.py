"""The operators: added, listed, given roles, suspended and restored by an administrator."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import is_normalized

from lockwright.console.clean import clean
from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from lockwright_desk.errors import OperatorThere, OperatorUnusable, UnknownOperator
from lockwright_desk.signin.new_credentials import NewCredential, insert_one
from lockwright_desk.signin.roles import Action, Role, Who, roles_in, roles_text
from lockwright_desk.signin.sessions import end_those_of
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.base import NAME
from lockwright_desk.store.tables.signin import Credential, Operator

_NAME = re.compile(r"[^\W_][\w.@-]{0,63}")
"""No colon: whoever acts at the console is written with one (``signin.console``). A dot or a dash
at the beginning would be a folder of an address, or an option of a command."""
_TWINS = str.maketrans("авекмнорстухіѕј", "abekmhopctyxisj")
"""Small Cyrillic letters that look like Latin ones, some as capitals (UTS 39)."""
_HANDLE = 32
"""Bytes; at most 64, and nothing of the person (WebAuthn 2, 14.6.1)."""
_LONGEST_SHOWN = 4 * NAME


@dataclass(frozen=True, slots=True)
class OperatorShown:
    """An operator in a list."""

    name: str
    shown: str
    roles: frozenset[Role]
    credentials: int
    """How many certificates, passkeys and names at the bank's sign-in the operator has."""
    added_at: datetime
    added_by: str
    suspended_at: datetime | None
    """None for one who may sign in."""


def add(  # each is a fact of its own
    database: Database,
    who: Who,
    name: str,
    shown: str,
    roles: Iterable[Role],
    now: datetime,
    having: Sequence[NewCredential] = (),
) -> OperatorShown:
    """Add somebody, with what that person signs in with, or without: all of it or nothing.

    Args:
        database: the database.
        who: the administrator.
        name: the account, 1 to 64 letters, digits, dots, dashes, underscores and at signs, the
            first a letter or a digit; it may not look like another.
        shown: the person's name; empty for the account's.
        roles: what the person is to be; at least one.
        now: the time.
        having: certificates, and names at the bank's own sign-in.

    Raises:
        NotAllowed: not by them.
        CredentialThere: somebody signs in with one of them already, or did.
        OperatorUnusable: such a name cannot be had, or no role was given.
        OperatorThere: somebody has it.
    """
    who.require(Action.CHANGE_OPERATORS)
    given = frozenset(roles)
    shown = shown.strip() or name
    if not _NAME.fullmatch(name) or not is_normalized("NFC", name):
        raise OperatorUnusable(name=name)
    if clean(shown) != shown or len(shown) > _LONGEST_SHOWN:
        raise OperatorUnusable(name=name)
    values = {
        "name": name,
        "shown": shown,
        "roles": roles_text(_some(name, given)),
        "handle": secrets.token_hex(_HANDLE),
        "added_at": now,
        "added_by": who.name,
        "suspended_at": None,
    }
    with database.changing() as connection:
        # In a record Anna and anna would be taken for one, also where an a is a Cyrillic one.
        if _looks(name) in set(map(_looks, connection.scalars(_NAMES))):
            raise OperatorThere(name=name)
        try:
            number = connection.scalars(
                insert(Operator).values(values).returning(Operator.id)
            ).one()
        except IntegrityError:
            raise OperatorThere(name=name) from None
        for each in having:
            insert_one(connection, number, each, now)
    return OperatorShown(name, shown, given, len(having), now, who.name, None)


def every(database: Database, who: Who) -> Sequence[OperatorShown]:
    """All of them, by name.

    Raises:
        NotAllowed: not for them.
    """
    who.require(Action.CHANGE_OPERATORS)
    with database.looking() as connection:
        return [_shown(row) for row in connection.execute(_EVERY.order_by(Operator.name))]


def one(database: Database, who: Who, name: str) -> OperatorShown:
    """One of them.

    Raises:
        NotAllowed: not for them.
        UnknownOperator: there is nobody of that name.
    """
    who.require(Action.CHANGE_OPERATORS)
    with database.looking() as connection:
        return _one(connection, name)


def suspend(database: Database, who: Who, name: str, now: datetime) -> OperatorShown:
    """Let somebody in no more: every session of theirs is over at once.

    Raises:
        NotAllowed: not by them.
        UnknownOperator: there is nobody of that name.
    """
    who.require(Action.CHANGE_OPERATORS)
    with database.changing() as connection:
        # Suspended already: the first time stands.
        when = func.coalesce(Operator.suspended_at, now)
        connection.execute(update(Operator).where(_NAMED).values(suspended_at=when), {"who": name})
        end_those_of(connection, name, now)
        return _one(connection, name)


def restore(database: Database, who: Who, name: str) -> OperatorShown:
    """Let somebody in again, who then signs in anew.

    Raises:
        NotAllowed: not by them.
        UnknownOperator: there is nobody of that name.
    """
    who.require(Action.CHANGE_OPERATORS)
    with database.changing() as connection:
        connection.execute(update(Operator).where(_NAMED).values(suspended_at=None), {"who": name})
        return _one(connection, name)


def set_roles(database: Database, who: Who, name: str, roles: Iterable[Role]) -> OperatorShown:
    """Give somebody these roles and no others; they hold with the next request.

    Raises:
        NotAllowed: not by them.
        OperatorUnusable: no role was given; who is to have none is suspended.
        UnknownOperator: there is nobody of that name.
    """
    who.require(Action.CHANGE_OPERATORS)
    text = roles_text(_some(name, frozenset(roles)))
    with database.changing() as connection:
        connection.execute(update(Operator).where(_NAMED).values(roles=text), {"who": name})
        return _one(connection, name)


def number_of(connection: Connection, name: str) -> int:
    """The row of an operator, locked against whoever changes it or signs in at the same time.

    Raises:
        UnknownOperator: there is nobody of that name.
    """
    chosen = select(Operator.id).where(Operator.name == name).with_for_update(key_share=True)
    found = connection.scalar(chosen)
    if found is None:
        raise UnknownOperator(name=name)
    return found


def _looks(name: str) -> str:
    """A name as the eye has it."""
    return name.casefold().translate(_TWINS)


def _some(name: str, roles: frozenset[Role]) -> frozenset[Role]:
    if not roles:
        raise OperatorUnusable(name=name)
    return roles


def _one(connection: Connection, name: str) -> OperatorShown:
    found = connection.execute(_EVERY.where(Operator.name == name)).one_or_none()
    if found is None:
        raise UnknownOperator(name=name)
    return _shown(found)


def _shown(row: Row[*tuple[Any, ...]]) -> OperatorShown:
    return OperatorShown(
        name=row.name,
        shown=row.shown,
        roles=roles_in(row.roles),
        credentials=row.credentials,
        added_at=row.added_at,
        added_by=row.added_by,
        suspended_at=row.suspended_at,
    )


_NAMES = select(Operator.name)
_NAMED = Operator.name == bindparam("who")
_CREDENTIALS = (
    select(func.count())
    .where(Credential.operator_id == Operator.id, Credential.revoked_at.is_(None))
    .correlate(Operator)
    .scalar_subquery()
    .label("credentials")
)
_EVERY = select(
    Operator.name,
    Operator.shown,
    Operator.roles,
    Operator.added_at,
    Operator.added_by,
    Operator.suspended_at,
    _CREDENTIALS,
)
