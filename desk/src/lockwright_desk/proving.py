"""Whether somebody is who they say: a login and a one-time password, judged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from lockwright.secret import Secret

from lockwright_desk import otp, passwords
from lockwright_desk.otp_key import OtpKey
from lockwright_desk.refusals import CredentialsWrong
from lockwright_desk.store.database import Database
from lockwright_desk.store.schema import Password
from lockwright_desk.tries import Tries, Try


@dataclass(frozen=True, slots=True)
class Credentials:
    """A login and what was entered as its one-time password."""

    login: str
    password: Secret


@dataclass(frozen=True, slots=True)
class Claim:
    """Credentials, the password that they name, and whether they may be judged."""

    number: str
    """Number of the password."""
    secret: Secret
    """What was entered as its secret part."""
    row: Password | None
    """The password as it was found; None if there is none."""
    tried: Try
    """What it counts as if it is wrong."""


@contextmanager
def claimed(
    database: Database, tries: Tries, credentials: Credentials, address: str, now: datetime
) -> Iterator[Claim]:
    """Read credentials, and look up the password that they name; the secret is wiped at the end.

    Raises:
        TooManyFailures: they are not even judged.
    """
    login = credentials.login
    number, secret = otp.read(credentials.password) or ("", Secret(b""))
    with credentials.password, secret:
        with database.reading() as session:
            row = passwords.found(session, login, number)
            tried = Try(login, address, None if row is None else row.id)
            tries.check(session, tried, now)
        yield Claim(number, secret, row, tried)


def prove(key: OtpKey, tries: Tries, claim: Claim, now: datetime) -> None:
    """Judge a claim.

    Raises:
        CredentialsWrong: login or password is wrong.
        TooManyFailures: so it is, and for one time too many.
    """
    if claim.row is None or not otp.proves(key, claim.row, claim.secret):
        tries.count(claim.tried, now)
        raise CredentialsWrong
