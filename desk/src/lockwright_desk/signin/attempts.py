"""Attempts to sign in: each is recorded, and whoever guesses is slowed down.

An attempt with something that is there, a passkey, a certificate, a code, counts for that and its
address, and is refused for nothing else; so whoever only guesses keeps nobody out, not even behind
the same address.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.clock import Clock
from lockwright_desk.configuration.settings import LimitSettings
from lockwright_desk.http.tries import WrongTriesCounted, name_of
from lockwright_desk.signin.refusals import NotSignedIn
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database

_KIND = "sign-in"


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who has just signed in."""

    cookie: str
    """The value of the session's cookie."""
    operator: str


class Attempts:
    """Attempts to sign in.

    Args:
        limits: how many may be wrong.
        database: where they are counted.
        audit: where they are recorded.
        now: the clock.
    """

    def __init__(
        self, limits: LimitSettings, database: Database, audit: Recorder, now: Clock
    ) -> None:
        self._limits = limits
        self._counted = WrongTriesCounted(limits.window, database)
        self._audit = audit
        self._now = now

    @contextmanager
    def attempt(
        self, hook: str, visitor: Visitor, claimed: str, *, there: bool, **facts: str
    ) -> Iterator[dict[str, object]]:
        """An attempt: what is refused in the block counts as wrong.

        Args:
            hook: what the audit trail calls it.
            visitor: the browser.
            claimed: what it says to have; empty if that cannot be said.
            there: whether that is there, and might be the visitor's.
            facts: what else is recorded; no secret.

        Raises:
            TooManyFailures: too many were wrong, so it is not even judged.
            NotSignedIn: as the block does.
        """
        if there:
            name, most = name_of(_KIND, visitor.address, claimed), self._limits.login_failures
        else:
            name, most = name_of(_KIND, visitor.address), self._limits.address_failures
        allowed = {name: most}
        self._counted.look(allowed, self._now())
        with self._audit.operation(hook, address=visitor.address, **facts) as result:
            try:
                yield result
            except NotSignedIn:
                self._counted.count((), allowed, self._now())
                raise
