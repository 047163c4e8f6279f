"""One-time passwords in the database: made, listed, revoked, and found for their owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lockwright.certificates.subjects import exact
from lockwright.secret import Secret
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lockwright_desk.codes import grouped
from lockwright_desk.configuration.profiles import Profile
from lockwright_desk.enrolment import otp
from lockwright_desk.enrolment.otp_key import OtpKey
from lockwright_desk.errors import LoginUnusable, UnknownPassword
from lockwright_desk.logins import login_in
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Password, Request

_DRAWS = 5


class PasswordState(StrEnum):
    """What can be done with a one-time password."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class PasswordShown:
    """A one-time password in a list: all but its secret."""

    id: str
    login: str
    profile: str
    subject: str
    state: PasswordState
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A one-time password, this once with its secret."""

    about: PasswordShown
    text: Secret
    """The whole of it, in groups, as the person enters it."""


def make(  # each is a fact of its own
    database: Database,
    profile: Profile,
    login: str,
    values: Mapping[str, str],
    *,
    key: OtpKey,
    operator: str,
    now: datetime,
) -> NewPassword:
    """Make a one-time password.

    Args:
        database: where it is kept.
        profile: what it is for.
        login: whose it is.
        values: the fields of the profile's subject.
        key: the desk's key for one-time passwords.
        operator: who makes it.
        now: the time.

    Raises:
        LoginUnusable, SubjectIncomplete: it cannot be made like this.
    """
    name = login_in(login)
    if name is None:
        raise LoginUnusable(login=login)
    subject = exact(profile.subject_of(name, values))
    for _each in range(_DRAWS):
        number, secret = otp.draw()
        row = Password(
            id=number,
            login=name,
            profile=profile.name,
            subject=subject,
            created_at=now,
            created_by=operator,
            expires_at=now + profile.password_validity,
        )
        row.hash = otp.kept_of(key, row, secret)
        try:
            with database.writing() as session:
                session.add(row)
        except IntegrityError:  # the number is taken, one time in 2**40
            continue
        return NewPassword(_shown(row, None, now), otp.shown(number, secret))
    raise RuntimeError("no free number was drawn")


def every(database: Database, now: datetime) -> Sequence[PasswordShown]:
    """All passwords, the newest first."""
    with database.reading() as session:
        rows = session.execute(
            select(Password, Request.id)
            .outerjoin(Request, Request.password_id == Password.id)
            .order_by(Password.created_at.desc(), Password.id)
        )
        return [_shown(password, used, now) for password, used in rows]


def revoke(database: Database, number: str, now: datetime) -> PasswordShown:
    """Take a password back; one that was taken back before stays so.

    Args:
        database: where it is kept.
        number: its number, as ``otp.number_in`` reads it.
        now: the time.

    Raises:
        UnknownPassword: there is none.
    """
    with database.writing() as session:
        row = locked(session, number)
        if row is None:
            raise UnknownPassword(id=grouped(number))
        row.revoked_at = row.revoked_at or now
        used = session.scalar(select(Request.id).where(Request.password_id == row.id))
        return _shown(row, used, now)


def locked(session: Session, number: str) -> Password | None:
    """The password with a number, which nobody else changes or uses until the end."""
    return session.scalar(select(Password).where(Password.id == number).with_for_update())


def _shown(row: Password, used: int | None, now: datetime) -> PasswordShown:
    if row.revoked_at is not None:
        state = PasswordState.REVOKED
    elif used is not None:
        state = PasswordState.USED
    else:
        state = PasswordState.OPEN if now < row.expires_at else PasswordState.EXPIRED
    return PasswordShown(
        id=row.id,
        login=row.login,
        profile=row.profile,
        subject=row.subject,
        state=state,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
