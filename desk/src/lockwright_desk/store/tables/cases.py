"""Cases: from the call to the answer, and what followed it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lockwright_desk.store.tables.base import LONG, NAME, SHA256, Moment, Row

_WORD = 16
_DUE = text("sent_at IS NULL AND gave_up_at IS NULL")


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    """Somebody called; who it is has not been verified."""
    VERIFIED = "verified"
    """The caller was verified; the Request may be taken."""
    READY = "ready"
    """The Request, its words, reason and ticket are there; it may be answered."""
    WAITING = "waiting"
    """A second person is to agree."""
    AGREED = "agreed"
    """A second person has agreed; it may be answered."""
    DENIED = "denied"
    """A second person has refused."""
    ANSWERED = "answered"
    """The Response was given; whether it worked is not known."""
    WORKED = "worked"
    FAILED = "failed"
    CALLED_OFF = "called-off"


class Way(StrEnum):
    """How a Request came."""

    DICTATED = "dictated"
    LINE = "line"


class Case(Row):
    """A client called about a token."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_state", "state", "id"),)

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    number: Mapped[str] = mapped_column(String(_WORD), unique=True)
    """What it is called on the telephone: eight digits, drawn by lot."""
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"), index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"), index=True)
    way: Mapped[str] = mapped_column(String(_WORD))
    """A value of ``Way``."""
    state: Mapped[str] = mapped_column(String(_WORD))
    """A value of ``CaseState``."""
    revision: Mapped[int] = mapped_column()
    """One more with each change, so that two who change it at once are told."""
    opened_at: Mapped[datetime] = mapped_column(Moment, index=True)
    opened_by: Mapped[str] = mapped_column(String(NAME), index=True)
    """Name of the operator, who also does all that is not said to be another's."""
    verified_by_means: Mapped[str | None] = mapped_column(String(NAME))
    """How the caller was verified: a name of the configuration."""
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    request: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The Request."""
    words_heard: Mapped[str | None] = mapped_column(Text)
    """Check words as the client said them, once they are the right ones."""
    wrong_checks: Mapped[int] = mapped_column()
    """How often other words were heard since they last were the right ones."""
    reason: Mapped[str | None] = mapped_column(Text)
    ticket: Mapped[str | None] = mapped_column(Text)
    second_why: Mapped[str | None] = mapped_column(Text)
    """Rules that ask for a second person, a space between each; None where none does."""
    decided_by: Mapped[str | None] = mapped_column(String(NAME))
    """Name of the second person."""
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_why: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class CaseChange(Row):
    """What was done in a case, by whom: its history, and what tells queues that it changed."""

    __tablename__ = "case_changes"

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(NAME))
    act: Mapped[str] = mapped_column(String(_WORD))
    """A value of ``helpdesk.states.Act``."""
    state: Mapped[str] = mapped_column(String(_WORD))
    """The state since then."""
    facts: Mapped[str] = mapped_column(Text)
    """What there is to know of it, as JSON; nothing secret."""


class Answered(Row):
    """A Request that was answered, or is being answered; never the Response."""

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_token_id", "token_id", "at"),
        Index("ix_answers_client_id", "client_id", "at"),
        Index("ix_answers_operator", "operator", "at"),
        Index("ix_answers_key", "key", "at"),
    )

    request_sha256: Mapped[str] = mapped_column(String(SHA256), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"))
    operator: Mapped[str] = mapped_column(String(NAME))
    key_version_id: Mapped[int | None] = mapped_column(ForeignKey("key_versions.id"))
    key: Mapped[str] = mapped_column(String(SHA256))
    """SHA-256 of the custody and the label of the key of the HSM, by which answers are counted."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class Alert(Row):
    """Something that somebody should look at."""

    __tablename__ = "alerts"

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    kind: Mapped[str] = mapped_column(String(NAME))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    about: Mapped[str] = mapped_column(Text)
    """Facts as JSON; nothing secret."""
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_by: Mapped[str | None] = mapped_column(String(NAME))


class Notice(Row):
    """What a client is told on another channel."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_due", "next_at", sqlite_where=_DUE, postgresql_where=_DUE),
        UniqueConstraint("case_id", "channel", name="uq_notices_case_id"),
    )

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    channel: Mapped[str] = mapped_column(String(_WORD))
    """Name of the hook that sends it."""
    kind: Mapped[str] = mapped_column(String(NAME))
    """What it says: the state in which the case is."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column()
    next_at: Mapped[datetime] = mapped_column(Moment)
    """When it is tried next; while somebody sends it, when another may."""
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    gave_up_at: Mapped[datetime | None] = mapped_column(Moment)
    trouble: Mapped[str | None] = mapped_column(Text)
    """Why it was not sent at the last try."""
