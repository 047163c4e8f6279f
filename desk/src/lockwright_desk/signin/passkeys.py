"""Signing in with a passkey (WebAuthn), and enrolling one with a sign-in code.

The authenticator finds the account by itself (a resident key) and verifies its user, by a PIN or a
finger; both are demanded of the browser, and the second is seen in what is signed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lockwright.console.clean import clean
from sqlalchemy import Row, bindparam, select, update

from lockwright_desk.clock import Clock
from lockwright_desk.configuration.signin import SignInSettings
from lockwright_desk.errors import CredentialThere
from lockwright_desk.signin import authenticator, begun, credentials, sign_in_codes
from lockwright_desk.signin.attempts import Attempts, Entered
from lockwright_desk.signin.authenticator import Answer, base64url
from lockwright_desk.signin.begun import Kind
from lockwright_desk.signin.new_credentials import LABEL, NewCredential, insert_one
from lockwright_desk.signin.random_values import hash_of
from lockwright_desk.signin.refusals import (
    CodeWrong,
    PasskeyCopied,
    PasskeyNotKnown,
    PasskeyRefused,
    PasskeyThere,
)
from lockwright_desk.signin.sessions import Sessions
from lockwright_desk.signin.sign_in_codes import CodeOf
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.signin import Credential, CredentialKind, Operator

_CHALLENGE = 32


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is to ask of an authenticator."""

    options: str
    """JSON, for ``PublicKeyCredential.parseCreationOptionsFromJSON`` and its like."""
    cookie: str
    """By which the browser is known when it has the answer (``begun.COOKIE``)."""


class Passkeys:
    """Signs operators in by their passkeys.

    Args:
        settings: whose passkeys they are.
        database: the database.
        sessions: where sessions begin.
        attempts: where attempts are recorded and counted.
        now: the clock.
    """

    def __init__(  # each is a fact of its own
        self,
        settings: SignInSettings,
        database: Database,
        sessions: Sessions,
        attempts: Attempts,
        now: Clock,
    ) -> None:
        self._settings = settings
        self._database = database
        self._sessions = sessions
        self._attempts = attempts
        self._now = now

    def begin_enrolment(self, visitor: Visitor, code: str) -> Asked:
        """Begin to enrol a passkey.

        Args:
            visitor: the browser.
            code: the sign-in code that was typed; it is used up by the passkey, not here.

        Raises:
            CodeWrong: it is none that holds.
            TooManyFailures, TooManyBegun: too many attempts came from there.
        """
        known, there = self._whose(code)
        with self._attempts.attempt(
            "desk_passkey_begin", visitor, known.hash if known else "", there=known is not None
        ) as result:
            if known is None:
                raise CodeWrong
            result["operator"] = known.operator
        challenge = secrets.token_bytes(_CHALLENGE)
        facts = {"challenge": base64url(challenge), "code": known.hash}
        started = begun.begin(self._database, Kind.ENROL, facts, visitor.address, self._now())
        options = authenticator.creation(
            self._settings, challenge, known.handle, (known.operator, known.shown), there
        )
        return Asked(options, started)

    def enrol(self, visitor: Visitor, cookie: str | None, answer: str, label: str) -> Entered:
        """Enrol the passkey that an authenticator has made, and sign its operator in.

        Args:
            visitor: the browser.
            cookie: by which it is known.
            answer: the authenticator's answer, as the browser has it in JSON.
            label: what the operator calls it; may be empty.

        Raises:
            SignInLate: this browser has not begun it, or too long ago.
            PasskeyRefused, PasskeySynced: the answer is not what was asked for.
            PasskeyThere: somebody has enrolled it.
            CodeWrong: the code was used meanwhile.
            TooManyFailures: too many attempts from there were wrong.
        """
        there = begun.is_there(self._database, cookie)
        with self._attempts.attempt(
            "desk_passkey_new", visitor, hash_of(cookie or ""), there=there
        ) as result:
            facts = self._begun(Kind.ENROL, cookie)
            made = authenticator.created(self._settings, facts["challenge"], answer)
            now = self._now()
            with self._database.changing() as connection:
                known = sign_in_codes.use(connection, facts["code"], now)
                new = NewCredential(
                    CredentialKind.PASSKEY,
                    made.name,
                    clean(label).strip()[:LABEL],
                    public_key=made.public_key,
                    sign_count=made.count,
                    used_at=now,
                )
                try:
                    number = insert_one(connection, known.operator_id, new, now)
                except CredentialThere:
                    raise PasskeyThere from None
                session = self._sessions.begin(connection, number, visitor, now)
            result.update(operator=known.operator, credential=number)
        return Entered(session, known.operator)

    def begin(self, visitor: Visitor) -> Asked:
        """Begin to sign in; nobody has said a name yet.

        Raises:
            TooManyBegun: too many were begun from there.
        """
        challenge = secrets.token_bytes(_CHALLENGE)
        facts = {"challenge": base64url(challenge)}
        started = begun.begin(self._database, Kind.PASSKEY, facts, visitor.address, self._now())
        return Asked(authenticator.request(self._settings, challenge), started)

    def sign_in(self, visitor: Visitor, cookie: str | None, answer: str) -> Entered:
        """Sign in whoever has the passkey.

        Args:
            visitor: the browser.
            cookie: by which it is known.
            answer: the authenticator's answer, as the browser has it in JSON.

        Raises:
            SignInLate: this browser has not begun it, or too long ago.
            PasskeyNotKnown: nobody signs in with it.
            PasskeyRefused: the answer is not what was asked for.
            PasskeyCopied: its counter went back.
            TooManyFailures: too many attempts from there were wrong.
        """
        read = authenticator.read(answer)
        name = read.name if read else ""
        there = credentials.is_there(self._database, CredentialKind.PASSKEY, name)
        said = {"means": "passkey", "passkey": name}
        with self._attempts.attempt("desk_sign_in", visitor, name, there=there, **said) as result:
            facts = self._begun(Kind.PASSKEY, cookie)
            if read is None:
                raise PasskeyRefused
            now = self._now()
            with self._database.changing() as connection:
                known = connection.execute(_KNOWN, {"called": read.name}).one_or_none()
                if known is None:
                    raise PasskeyNotKnown
                result["operator"] = known.operator
                count = self._proved(facts["challenge"], read, known)
                connection.execute(_USED, {"number": known.id, "count": count, "now": now})
                session = self._sessions.begin(connection, known.id, visitor, now)
        return Entered(session, known.operator)

    def _whose(self, code: str) -> tuple[CodeOf | None, Sequence[str]]:
        """Whose code it is, if it is one that holds, and the IDs of that operator's passkeys."""
        with self._database.looking() as connection:
            try:
                known = sign_in_codes.whose(connection, code, self._now())
            except CodeWrong:
                return None, ()
            return known, connection.scalars(_THERE, {"whose": known.operator_id}).all()

    def _proved(self, challenge: str, read: Answer, known: Row[*tuple[Any, ...]]) -> int:
        """What the passkey has counted to, if it is the account's and no copy."""
        if read.handle != bytes.fromhex(known.handle):
            raise PasskeyRefused
        count = authenticator.proved(self._settings, challenge, read, known.public_key)
        before: int = known.sign_count
        if (count or before) and count <= before:
            raise PasskeyCopied
        return count

    def _begun(self, kind: Kind, cookie: str | None) -> Mapping[str, str]:
        return begun.take(self._database, kind, cookie, self._now())


_THERE = select(Credential.name).where(
    Credential.operator_id == bindparam("whose"),
    Credential.kind == CredentialKind.PASSKEY.value,
    Credential.revoked_at.is_(None),
)
_KNOWN = (
    select(
        Credential.id,
        Credential.public_key,
        Credential.sign_count,
        Operator.handle,
        Operator.name.label("operator"),
    )
    .join(Operator, Operator.id == Credential.operator_id)
    .where(
        Credential.kind == CredentialKind.PASSKEY.value,
        Credential.name == bindparam("called"),
        Credential.revoked_at.is_(None),
        Operator.suspended_at.is_(None),
    )
    .with_for_update(of=[Credential, Operator], key_share=True)
)
"""Locked: of two answers with one count, the second is judged by what the first left; and nobody is
suspended in between."""
_USED = (
    update(Credential)
    .where(Credential.id == bindparam("number"))
    .values(used_at=bindparam("now"), sign_count=bindparam("count"))
)
