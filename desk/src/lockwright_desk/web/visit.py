"""One request of somebody who is signed in, as a page sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.signin.sessions import Session
from lockwright_desk.signin.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and what."""

    session: Session
    visitor: Visitor
    cookie: str
    """The value of the session's cookie."""
    address: str
    """Path and query, to come back to."""
    path: Mapping[str, str]
    """Parts of the path."""
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def who(self) -> Who:
        """Who asks."""
        return self.session.who

    def may(self, action: str) -> bool:
        """Whether a page offers that at all; what is done asks again."""
        return self.who.may(Action(action))
