"""What the help desk shows of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lockwright.spoken import Check

from lockwright_desk.helpdesk.over_line.rows import OnLine
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.store.tables.cases import CaseState, Way
from lockwright_desk.store.tables.register import TokenState

_DIGITS = 8


def spoken(number: str) -> str:
    """A case's number as it is read aloud: ``4827-1930``; what is none, as it is."""
    return f"{number[:4]}-{number[4:]}" if len(number) == _DIGITS and number.isdigit() else number


@dataclass(frozen=True, slots=True)
class CaseAt:
    """A case as somebody saw it; what they do is done to this one, or not at all."""

    number: str
    """Eight digits; what sets them apart does not matter."""
    revision: int


@dataclass(frozen=True, slots=True)
class TokenOf:
    """The token of a case."""

    id: int
    adapter: str
    model: str
    serial: str
    label: str
    state: TokenState


@dataclass(frozen=True, slots=True)
class ClientOf:
    """The client of a case."""

    id: int
    login: str
    name: str
    phone: str | None
    language: str | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A case, as whoever asked may see it."""

    number: str
    revision: int
    way: Way
    state: CaseState
    token: TokenOf
    client: ClientOf
    opened_at: datetime
    opened_by: str
    means: str | None
    """How the caller was verified, a name of the configuration."""
    verified_at: datetime | None
    request: bytes | None
    check: Check | None
    """What the client's window shows beside this Request, if the token is this one."""
    words_right: bool
    """Whether the client said the words."""
    wrong_checks: int
    """How often other words were heard since."""
    reason: str | None
    ticket: str | None
    second: tuple[str, ...]
    """Names of ``Rule`` that ask for a second person."""
    decided_by: str | None
    decided_at: datetime | None
    decided_why: str | None
    answered_at: datetime | None
    closed_at: datetime | None
    may: frozenset[Act]
    """What whoever asked may do with it as it is."""
    means_open: tuple[str, ...]
    """By what this client can be verified."""
    line: OnLine | None
    """The client's window that waits, where the Request came over the line."""

    @property
    def at(self) -> CaseAt:
        """The case as it is seen here."""
        return CaseAt(self.number, self.revision)

    @property
    def spoken(self) -> str:
        """Its number as it is read aloud: ``4827-1930``."""
        return spoken(self.number)


@dataclass(frozen=True, slots=True)
class Taken:
    """A Request that was read."""

    case: CaseSeen
    notes: tuple[str, ...]
    """What was read otherwise than it was typed, sentences in the language in use."""


@dataclass(frozen=True, slots=True)
class Event:
    """What was done in a case."""

    at: datetime
    by: str
    act: Act
    state: CaseState
    """The state since then."""
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a queue."""

    id: int
    """Where the next page begins."""
    number: str
    revision: int
    state: CaseState
    way: Way
    opened_at: datetime
    opened_by: str
    client: str
    """Name of the client."""
    login: str
    adapter: str
    serial: str
    second: tuple[str, ...]
    ticket: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a queue."""

    cases: tuple[Listed, ...]
    after: int | None
    """What to ask the next page with; None where there is none."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases of the queue are shown; what is None leaves nothing out."""

    states: frozenset[CaseState] | None = None
    way: Way | None = None
    token_id: int | None = None
    client_id: int | None = None
    opened_by: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    not_opened_by: str | None = None
    """For whoever approves: without their own."""
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class AlertSeen:
    """Something that somebody should look at."""

    id: int
    kind: str
    """A value of ``AlertKind``."""
    at: datetime
    case: str | None
    """Number of the case."""
    facts: Mapping[str, object]
    seen_at: datetime | None
    seen_by: str | None

    @property
    def told(self) -> Mapping[str, str]:
        """The facts as a person reads them; their names are the audit trail's."""
        return {name: _told(value) for name, value in self.facts.items()}


def _told(fact: object) -> str:
    """A list is one of cases."""
    return ", ".join(spoken(str(each)) for each in fact) if isinstance(fact, list) else str(fact)
