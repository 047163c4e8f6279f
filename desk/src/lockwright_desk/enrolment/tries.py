"""What a wrong try at enrolment counts as.

A try counts for its login and its address together, and for the address. One that names a password
which the login does have counts for that password and its address, and is refused for nothing
else; so whoever only guesses keeps nobody out, not even behind the same address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam

from lockwright_desk.configuration.settings import LimitSettings
from lockwright_desk.http.tries import WrongTriesCounted, name_of
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.tries import WrongTries

_KINDS = ("login", "address", "password")

COUNTED = (
    WrongTries.name.in_([bindparam(kind, type_=WrongTries.name.type) for kind in _KINDS])
    & (WrongTries.begun > bindparam("since"))
    & (WrongTries.begun <= bindparam("until"))
)
"""Which rows count for a try; the values are what ``Tries.named`` gives."""


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody says that they are a login."""

    login: str
    address: str
    password: str | None
    """Number of the login's password that is meant; None if it has none of that number."""


class Tries:
    """Counts wrong tries.

    Args:
        settings: the limits.
        database: where they are counted.
    """

    def __init__(self, settings: LimitSettings, database: Database) -> None:
        self._settings = settings
        self._counted = WrongTriesCounted(settings.window, database)

    def named(self, tried: Try, now: datetime) -> dict[str, object]:
        """The values of ``COUNTED``: by which names a try counts, and since when."""
        return {**dict.fromkeys(_KINDS), **_names(tried), **self._counted.span(now)}

    def check(self, tried: Try, found: Sequence[tuple[str, datetime, int]], now: datetime) -> None:
        """See that a try may be judged at all.

        Args:
            tried: the try.
            found: name, begin and number of what ``COUNTED`` finds.
            now: the time.

        Raises:
            TooManyFailures: too many were wrong.
        """
        self._counted.check(self._limits(tried), found, now)

    def count(self, tried: Try, now: datetime) -> None:
        """Count a try that was wrong.

        However many are judged at the same time, no more than may be wrong are told so.

        Raises:
            TooManyFailures: it was one too many, and is not counted.
        """
        self._counted.count(_names(tried).values(), self._limits(tried), now)

    def _limits(self, tried: Try) -> dict[str, int]:
        """What a try may be refused for, and from how many on."""
        names = _names(tried)
        if tried.password is not None:
            return {names["password"]: self._settings.login_failures}
        return {
            names["login"]: self._settings.login_failures,
            names["address"]: self._settings.address_failures,
        }


def _names(tried: Try) -> dict[str, str]:
    parts = {"login": tried.login, "address": "", "password": tried.password}
    return {
        kind: name_of(kind, tried.address, part) for kind, part in parts.items() if part is not None
    }
