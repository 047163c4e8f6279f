"""Whether somebody is who they say: a login and a one-time password, judged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from lockwright.secret import Secret
from sqlalchemy import bindparam, literal, select

from lockwright_desk.enrolment import otp
from lockwright_desk.enrolment.otp_key import NAME, OtpKey
from lockwright_desk.enrolment.refusals import CredentialsWrong
from lockwright_desk.enrolment.tries import COUNTED, Tries, Try
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import PASSWORD_ID, Key, Password
from lockwright_desk.store.tables.tries import WrongTries

_KNOWN = (Password.id, Password.login, Password.profile, Password.subject, Password.hash)
_NAMED = (Password.id == bindparam("number")) & (Password.login == bindparam("whose"))
_NOBODYS = otp.Known(id="0" * PASSWORD_ID, login="-", profile="-", subject="CN=-", hash="")
_TRIES = (WrongTries.name, WrongTries.begun, WrongTries.wrong)
_LOOK_UP = select(*_KNOWN, *_TRIES, Key.mark).select_from(
    select(literal(1).label("one"))
    .subquery()
    .outerjoin(Password.__table__, _NAMED)
    .outerjoin(WrongTries.__table__, COUNTED)
    .outerjoin(Key.__table__, Key.name == NAME)
)
"""A row for each count of wrong tries, or one without; in each the password, if there is one, and
the mark of the key that passwords are kept under now."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A login and what was entered as its one-time password."""

    login: str
    password: Secret


@dataclass(frozen=True, slots=True)
class Claim:
    """Credentials, the password that they name, and whether they may be judged."""

    secret: Secret
    """What was entered as its secret part."""
    known: otp.Known | None
    """The password; None if there is none."""
    tried: Try
    """What it counts as if it is wrong."""


@contextmanager
def claimed(  # each is a fact of its own
    database: Database,
    key: OtpKey,
    tries: Tries,
    credentials: Credentials,
    address: str,
    now: datetime,
) -> Iterator[Claim]:
    """Read credentials, and look up the password that they name; the secret is wiped at the end.

    Raises:
        TooManyFailures: they are not even judged.
        OtpKeyReplaced: they cannot be.
    """
    number, secret = otp.read(credentials.password) or ("", Secret(b""))
    with credentials.password, secret:
        meant = Try(credentials.login, address, number or None)
        password, tried = _looked_up(database, key, tries, meant, now)
        yield Claim(secret, password, tried)


def prove(key: OtpKey, tries: Tries, claim: Claim, now: datetime) -> otp.Known:
    """Judge a claim; it takes as long where there is no such password.

    Returns:
        The password.

    Raises:
        CredentialsWrong: login or password is wrong.
        TooManyFailures: so it is, and for one time too many.
    """
    proved = otp.proves(key, claim.known or _NOBODYS, claim.secret)
    if claim.known is None or not proved:
        tries.count(claim.tried, now)
        raise CredentialsWrong
    return claim.known


def _looked_up(
    database: Database, key: OtpKey, tries: Tries, meant: Try, now: datetime
) -> tuple[otp.Known | None, Try]:
    """What is known of a password and of wrong tries, in one statement.

    Raises:
        TooManyFailures: there were too many.
        OtpKeyReplaced: passwords are kept under another key now.
    """
    with database.looking() as connection:
        values = {"number": meant.password, "whose": meant.login, **tries.named(meant, now)}
        rows = connection.execute(_LOOK_UP, values).all()
    first = rows[0]
    key.check(first.mark)
    password = (
        otp.Known(first.id, first.login, first.profile, first.subject, first.hash)
        if first.id is not None
        else None
    )
    tried = meant if password else replace(meant, password=None)
    tries.check(tried, [(row.name, row.begun, row.wrong) for row in rows if row.name], now)
    return password, tried
