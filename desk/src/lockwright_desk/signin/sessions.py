"""Sessions: who is signed in, for how long, and bound to what.

The browser has a cookie of 256 random bits, the database only its hash. Whether a session still
holds is asked anew with each request, in one statement: an operator who is suspended, or whose
certificate or passkey is taken back, is out with the next one, at every replica.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from lockwright_desk.configuration.signin import SignInSettings
from lockwright_desk.signin.random_values import hash_of, new_value
from lockwright_desk.signin.refusals import SignInNeeded
from lockwright_desk.signin.roles import Action, Who, roles_in
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Certificate
from lockwright_desk.store.tables.signin import Credential, CredentialKind, Operator, SignedIn

COOKIE = "__Host-lockwright"
"""Name of the cookie: for this host alone, all of it, over TLS only (RFC 6265bis, 4.1.3.2)."""
SHORT = 12
"""Characters of a session's hash by which people speak of it."""

_SEEN_AGAIN = timedelta(seconds=20)
"""What was seen so lately is not written again."""
_KEPT = timedelta(days=90)
"""How long a session that is over is still listed."""
_PRUNED = 100
_CLOCKS_DIFFER = timedelta(minutes=1)
"""By how much the clocks of two replicas may: who signs in at one is at another at once."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in."""

    who: Who
    id: str
    """By which people speak of it: the beginning of its hash."""
    kind: CredentialKind
    """By what it was signed in."""
    forms: str
    """What each form of its pages says, to show that it is one (``signin.forgery``)."""
    begun_at: datetime
    ends_at: datetime
    """When it ends whatever is done."""


@dataclass(frozen=True, slots=True)
class SessionShown:
    """A session in a list."""

    id: str
    operator: str
    kind: CredentialKind
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None


class Sessions:
    """The sessions of a desk.

    Args:
        settings: how long they last.
        database: where they are kept.
    """

    def __init__(self, settings: SignInSettings, database: Database) -> None:
        self._settings = settings
        self._database = database

    def begin(
        self, connection: Connection, credential: int, visitor: Visitor, now: datetime
    ) -> str:
        """Begin one for whoever has proved a credential.

        Args:
            connection: the transaction in which it was proved.
            credential: number of the credential.
            visitor: the browser.
            now: the time.

        Returns:
            The value of the cookie, which nobody can read from the database.
        """
        value = new_value()
        found = connection.execute(_OF_CREDENTIAL, {"credential": credential}).one()
        connection.execute(
            insert(SignedIn).values(
                hash=hash_of(value),
                operator_id=found.operator_id,
                credential_id=credential,
                begun_at=now,
                seen_at=now,
                ends_at=now + self._settings.longest,
                bound_to=_bound_to(CredentialKind(found.kind), visitor),
            )
        )
        over = select(SignedIn.hash).where(SignedIn.ends_at < now - _KEPT).limit(_PRUNED)
        connection.execute(delete(SignedIn).where(SignedIn.hash.in_(over)))
        return value

    def who_of(
        self, cookie: str | None, visitor: Visitor, now: datetime, *, by_itself: bool = False
    ) -> Session:
        """Who sent a request.

        Args:
            cookie: what its cookie says; None if it has none.
            visitor: the browser that sent it.
            now: the time.
            by_itself: whether the page asked, and not the person: that keeps nobody signed in.

        Raises:
            SignInNeeded: nobody who is signed in, or not any more.
        """
        if not cookie:
            raise SignInNeeded
        with self._database.looking() as connection:
            found = connection.execute(_OF_COOKIE, {"sha256": hash_of(cookie)}).one_or_none()
        if found is None or found.suspended_at or found.revoked_at or found.ended_at:
            raise SignInNeeded
        kind = CredentialKind(found.kind)
        # A clock that was put back lengthens nothing.
        early = now < found.begun_at - _CLOCKS_DIFFER
        if early or now >= min(found.ends_at, found.seen_at + self._settings.idle):
            raise SignInNeeded
        if not hmac.compare_digest(found.bound_to, _bound_to(kind, visitor)):
            raise SignInNeeded
        if not by_itself and now - found.seen_at >= _SEEN_AGAIN:
            with self._database.changing() as connection:
                connection.execute(_SEEN, {"sha256": found.hash, "now": now})
        return Session(
            who=Who(found.name, roles_in(found.roles), found.shown),
            id=found.hash[:SHORT],
            kind=kind,
            forms=forms_of(cookie),
            begun_at=found.begun_at,
            ends_at=found.ends_at,
        )

    def end(self, cookie: str, now: datetime) -> None:
        """Sign out: the cookie is worth nothing any more, wherever there is a copy of it."""
        with self._database.changing() as connection:
            connection.execute(_END, {"sha256": hash_of(cookie), "now": now})

    def end_all(self, who: Who, operator: str, now: datetime) -> int:
        """Sign somebody out everywhere.

        Returns:
            How many sessions that were.

        Raises:
            NotAllowed: not by them.
        """
        who.require(Action.CHANGE_OPERATORS)
        with self._database.changing() as connection:
            return end_those_of(connection, operator, now)

    def every(self, who: Who, now: datetime) -> Sequence[SessionShown]:
        """Those that are not over, the newest first.

        Raises:
            NotAllowed: not for them.
        """
        who.require(Action.CHANGE_OPERATORS)
        with self._database.looking() as connection:
            rows = connection.execute(_EVERY, {"now": now, "since": now - self._settings.idle})
            return [
                SessionShown(
                    id=row.hash[:SHORT],
                    operator=row.name,
                    kind=CredentialKind(row.kind),
                    begun_at=row.begun_at,
                    seen_at=row.seen_at,
                    ends_at=row.ends_at,
                    ended_at=row.ended_at,
                )
                for row in rows
            ]


def end_those_of(connection: Connection, operator: str, now: datetime) -> int:
    """End every session of an operator; how many there were."""
    whose = select(Operator.id).where(Operator.name == operator).scalar_subquery()
    ended = update(SignedIn).where(SignedIn.operator_id == whose, SignedIn.ended_at.is_(None))
    return connection.execute(ended.values(ended_at=now)).rowcount


def end_those_begun_with(connection: Connection, credential: int, now: datetime) -> int:
    """End every session that was begun with a credential; how many there were."""
    begun = SignedIn.credential_id == credential
    ended = update(SignedIn).where(begun, SignedIn.ended_at.is_(None)).values(ended_at=now)
    return connection.execute(ended).rowcount


def forms_of(cookie: str) -> str:
    """What the forms of a session say: only who has its cookie can work it out."""
    return hmac.digest(cookie.encode(), b"lockwright-desk forms", "sha256").hex()


def _bound_to(kind: CredentialKind, visitor: Visitor) -> str:
    """What the session is bound to: its certificate, or what the browser calls itself.

    The first holds a thief off, who has not the key; the second one who is careless.
    """
    if kind is CredentialKind.CERTIFICATE:
        text = f"certificate\0{visitor.fingerprint or ''}"
    else:
        text = f"browser\0{visitor.agent}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


_OF_CREDENTIAL = select(Credential.operator_id, Credential.kind).where(
    Credential.id == bindparam("credential")
)
_JOINED = (
    select(
        SignedIn.__table__,
        Operator.name,
        Operator.shown,
        Operator.roles,
        Operator.suspended_at,
        Credential.kind,
        func.coalesce(Credential.revoked_at, Certificate.revoked_at).label("revoked_at"),
    )
    .join(Operator, Operator.id == SignedIn.operator_id)
    .join(Credential, Credential.id == SignedIn.credential_id)
    .outerjoin(Certificate, Certificate.fingerprint == Credential.name)
)
"""A certificate that was issued here may have been revoked here."""
_OF_COOKIE = _JOINED.where(SignedIn.hash == bindparam("sha256"))
_EVERY = _JOINED.where(
    SignedIn.ended_at.is_(None),
    SignedIn.ends_at > bindparam("now"),
    SignedIn.seen_at > bindparam("since"),
    Operator.suspended_at.is_(None),
    Credential.revoked_at.is_(None),
    Certificate.revoked_at.is_(None),
).order_by(SignedIn.begun_at.desc())
_SEEN = (
    update(SignedIn).where(SignedIn.hash == bindparam("sha256")).values(seen_at=bindparam("now"))
)
_END = (
    update(SignedIn)
    .where(SignedIn.hash == bindparam("sha256"), SignedIn.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
