"""What operators sign in with: certificates, passkeys, names at the bank's own sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from lockwright_desk.errors import UnknownCredential
from lockwright_desk.signin.new_credentials import NewCredential, insert_one
from lockwright_desk.signin.operators import number_of
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.signin.sessions import end_those_begun_with
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.signin import Credential, CredentialKind, Operator


@dataclass(frozen=True, slots=True)
class CredentialShown:
    """A credential in a list."""

    id: int
    operator: str
    kind: CredentialKind
    label: str
    """What it is called: the certificate's subject, or as the operator calls the passkey."""
    added_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """A credential that holds, and whose it is."""

    id: int
    operator: str


def every(database: Database, who: Who, operator: str | None = None) -> Sequence[CredentialShown]:
    """Credentials of one operator or of all, the newest last.

    Raises:
        NotAllowed: not for them.
    """
    who.require(Action.CHANGE_OPERATORS)
    chosen = _EVERY.order_by(Operator.name, Credential.id)
    if operator is not None:
        chosen = chosen.where(Operator.name == operator)
    with database.looking() as connection:
        return [_shown(row) for row in connection.execute(chosen)]


def add(database: Database, who: Who, operator: str, new: NewCredential, now: datetime) -> int:
    """Have an operator sign in with something more.

    Args:
        database: the database.
        who: the administrator.
        operator: the account.
        new: a certificate, or a name at the bank's own sign-in.
        now: the time.

    Returns:
        The credential's number.

    Raises:
        NotAllowed: not by them.
        UnknownOperator: there is nobody of that name.
        CredentialThere: somebody signs in with it already, or did.
    """
    who.require(Action.CHANGE_OPERATORS)
    with database.changing() as connection:
        return insert_one(connection, number_of(connection, operator), new, now)


def revoke(database: Database, who: Who, number: int, now: datetime) -> CredentialShown:
    """Take a credential back: every session that was begun with it is over at once.

    Raises:
        NotAllowed: not by them.
        UnknownCredential: there is none of that number.
    """
    who.require(Action.CHANGE_OPERATORS)
    with database.changing() as connection:
        gone = update(Credential).where(Credential.id == number, Credential.revoked_at.is_(None))
        connection.execute(gone.values(revoked_at=now))
        end_those_begun_with(connection, number, now)
        row = connection.execute(_EVERY.where(Credential.id == number)).one_or_none()
    if row is None:
        raise UnknownCredential(id=number)
    return _shown(row)


def is_there(database: Database, kind: CredentialKind, name: str) -> bool:
    """Whether somebody who may sign in has a credential that holds."""
    with database.looking() as connection:
        return find(connection, kind, name) is not None


def find(connection: Connection, kind: CredentialKind, name: str) -> Held | None:
    """A credential that holds, of somebody who may sign in; None if there is none.

    Args:
        connection: a transaction.
        kind: what it is.
        name: by which it is kept.
    """
    row = connection.execute(_LIVE, {"kind": kind.value, "called": name}).one_or_none()
    return None if row is None else Held(row.id, row.name)


def proved(connection: Connection, kind: CredentialKind, name: str, now: datetime) -> Held | None:
    """The same, of one that was proved; nobody suspends its operator until the transaction ends."""
    locked = _LIVE.with_for_update(of=Operator, key_share=True)
    row = connection.execute(locked, {"kind": kind.value, "called": name}).one_or_none()
    if row is None:
        return None
    connection.execute(_USED, {"number": row.id, "now": now})
    return Held(row.id, row.name)


def _shown(row: Row[*tuple[Any, ...]]) -> CredentialShown:
    return CredentialShown(
        id=row.id,
        operator=row.name,
        kind=CredentialKind(row.kind),
        label=row.label,
        added_at=row.added_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )


_EVERY = select(
    Credential.id,
    Credential.kind,
    Credential.label,
    Credential.added_at,
    Credential.used_at,
    Credential.revoked_at,
    Operator.name,
).join(Operator, Operator.id == Credential.operator_id)
_LIVE = (
    select(Credential.id, Operator.name)
    .join(Operator, Operator.id == Credential.operator_id)
    .where(
        Credential.kind == bindparam("kind"),
        Credential.name == bindparam("called"),
        Credential.revoked_at.is_(None),
        Operator.suspended_at.is_(None),
    )
)
_USED = (
    update(Credential).where(Credential.id == bindparam("number")).values(used_at=bindparam("now"))
)
