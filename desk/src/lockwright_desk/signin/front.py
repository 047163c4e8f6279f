"""Signing in, as the pages and the server see it: one object for each process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.i18n import _

from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.configuration.signin import OidcSettings, SignInSettings
from lockwright_desk.errors import DeskNotReady, NoSignIn
from lockwright_desk.signin.attempts import Attempts
from lockwright_desk.signin.certificates import Certificates
from lockwright_desk.signin.passkeys import Passkeys
from lockwright_desk.signin.sessions import Session, Sessions
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database

if TYPE_CHECKING:
    from lockwright_desk.signin.bank import BankSignIn

BACK = "/desk/sign-in/oidc/back"
"""Where the bank's own sign-in sends people back to; it has to know this address."""
SIGNED_OUT = "/desk/sign-in/oidc/signed-out"
"""Where it may say that somebody has signed out there."""


class Front:
    """Everything about who somebody is.

    Args:
        settings: the configuration.
        database: the database.
        audit: the audit trail.
        now: the clock.

    Raises:
        NoSignIn: the configuration says nothing of it.
        DeskNotReady: what the bank's own sign-in needs is not installed.
    """

    def __init__(
        self, settings: Settings, database: Database, audit: Recorder, now: clock.Clock = clock.now
    ) -> None:
        if settings.signin is None:
            raise NoSignIn
        self.configuration = settings
        self.settings: SignInSettings = settings.signin
        self.now = now
        self.sessions = Sessions(self.settings, database)
        attempts = Attempts(settings.limits, database, audit, now)
        self.certificates = Certificates(database, self.sessions, attempts, now)
        self.passkeys = Passkeys(self.settings, database, self.sessions, attempts, now)
        oidc = self.settings.oidc
        self.bank = (
            None
            if oidc is None
            else _bank(self.settings, oidc, database, self.sessions, attempts, audit, now)
        )
        """The bank's own sign-in; None where there is none."""
        self._audit = audit

    def who_of(self, cookie: str | None, visitor: Visitor, *, by_itself: bool = False) -> Session:
        """Who sent a request; see ``Sessions.who_of``.

        Raises:
            SignInNeeded: nobody who is signed in.
        """
        return self.sessions.who_of(cookie, visitor, self.now(), by_itself=by_itself)

    def sign_out(self, cookie: str, session: Session) -> None:
        """End a session that somebody is done with."""
        with self._audit.operation("desk_sign_out", who=session.who.name, session=session.id):
            self.sessions.end(cookie, self.now())


def _bank(  # each is a fact of its own
    settings: SignInSettings,
    oidc: OidcSettings,
    database: Database,
    sessions: Sessions,
    attempts: Attempts,
    audit: Recorder,
    now: clock.Clock,
) -> BankSignIn:
    try:
        from lockwright_desk.signin.bank import BankSignIn  # noqa: PLC0415  # of an extra
    except ImportError:
        reason = _("[signin.oidc] needs: pip install 'lockwright-desk[oidc]'")
        raise DeskNotReady(reason=reason) from None
    return BankSignIn(oidc, f"{settings.origin}{BACK}", database, sessions, attempts, audit, now)
