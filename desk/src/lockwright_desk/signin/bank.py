"""Signing in at the bank's own sign-in, as somebody whom an administrator has added before."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from lockwright import log as logs
from lockwright.console.clean import clean

from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.clock import Clock
from lockwright_desk.configuration.signin import OidcSettings
from lockwright_desk.signin import begun, credentials
from lockwright_desk.signin.attempts import Attempts, Entered
from lockwright_desk.signin.begun import Kind
from lockwright_desk.signin.new_credentials import subject_name
from lockwright_desk.signin.oidc import RelyingParty
from lockwright_desk.signin.random_values import hash_of, new_value
from lockwright_desk.signin.refusals import ProviderRefused, SubjectNotKnown
from lockwright_desk.signin.sessions import Sessions, end_those_begun_with
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.signin import CredentialKind

log = logs.get("lockwright.desk.signin")


class BankSignIn:
    """Signs operators in at the bank's own sign-in.

    What somebody may do is the desk's to say: no role comes from the provider.

    Args:
        settings: the provider.
        back: where it sends people back to.
        database: the database.
        sessions: where sessions begin.
        attempts: where attempts are recorded and counted.
        audit: where it is recorded that the provider signs somebody out.
        now: the clock.
    """

    def __init__(  # each is a fact of its own
        self,
        settings: OidcSettings,
        back: str,
        database: Database,
        sessions: Sessions,
        attempts: Attempts,
        audit: Recorder,
        now: Clock,
    ) -> None:
        self._issuer = settings.issuer
        self._party = RelyingParty(settings, back)
        self._database = database
        self._sessions = sessions
        self._attempts = attempts
        self._audit = audit
        self._now = now

    def begin(self, visitor: Visitor) -> tuple[str, str]:
        """Where somebody goes, and the cookie by which their browser is known when it comes back.

        Raises:
            ProviderAway, ProviderRefused: there is no way there.
            TooManyBegun: too many were begun from there.
        """
        facts = {name: new_value() for name in ("state", "nonce", "verifier")}
        place = self._party.authorization(facts["state"], facts["nonce"], facts["verifier"])
        cookie = begun.begin(self._database, Kind.OIDC, facts, visitor.address, self._now())
        return place, cookie

    def sign_in(self, visitor: Visitor, cookie: str | None, said: Mapping[str, str]) -> Entered:
        """Sign in whoever comes back.

        Args:
            visitor: the browser.
            cookie: by which it is known.
            said: what it brings, the query of the address.

        Raises:
            SignInLate: this browser was not sent there, or too long ago, or has come back before.
            ProviderRefused: the provider has not said who they are.
            SubjectNotKnown: it has, and nobody here has that name.
            ProviderAway: it does not answer.
            TooManyFailures: too many attempts from there were wrong.
        """
        there = begun.is_there(self._database, cookie)
        with self._attempts.attempt(
            "desk_sign_in", visitor, hash_of(cookie or ""), there=there, means="oidc"
        ) as result:
            facts = begun.take(self._database, Kind.OIDC, cookie, self._now())
            if not hmac.compare_digest(facts["state"].encode(), said.get("state", "").encode()):
                raise ProviderRefused
            self._party.check_issuer(said.get("iss"))
            code = said.get("code")
            if "error" in said or not code:
                raise ProviderRefused
            subject = self._party.subject(code, facts["nonce"], facts["verifier"], self._now())
            now, name = self._now(), subject_name(self._issuer, subject)
            with self._database.changing() as connection:
                found = credentials.proved(connection, CredentialKind.OIDC, name, now)
                if found is None:
                    log.warning("nobody here is that subject", subject=clean(subject))
                    raise SubjectNotKnown
                session = self._sessions.begin(connection, found.id, visitor, now)
            result["operator"] = found.operator
        return Entered(session, found.operator)

    def sign_out(self, token: str) -> int:
        """End every session of somebody whom the provider has signed out.

        Args:
            token: the provider's word for it.

        Returns:
            How many sessions that were.

        Raises:
            ProviderRefused: it is not the provider's.
            ProviderAway: the provider does not answer.
        """
        subject = self._party.signed_out(token, self._now())
        name, ended = subject_name(self._issuer, subject), 0
        with self._audit.operation("desk_bank_sign_out", subject=subject) as result:
            with self._database.changing() as connection:
                found = credentials.find(connection, CredentialKind.OIDC, name)
                if found is not None:
                    ended = end_those_begun_with(connection, found.id, self._now())
            result["sessions"] = ended
        return ended
