"""A Request on the line as the database has it, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.states import CLOSED
from lockwright_desk.store.tables.cases import Case, CaseState
from lockwright_desk.store.tables.line import Line

NUMBER = 6
"""Digits of a number on the line."""
SILENT = timedelta(seconds=75)
"""After so long without a question the client's window may be gone; it asks each 25 s."""


class Stands(StrEnum):
    """How a Request on the line stands."""

    WAITING = "waiting"
    """Nobody has it."""
    TAKEN = "taken"
    """It has a case."""
    ANSWERED = "answered"
    """The sealed Response is here."""
    RECEIVED = "received"
    """The client has it."""
    CALLED_OFF = "called-off"
    """By the client."""
    CLOSED = "closed"
    """By the bank, without a Response."""
    OVER = "over"
    """Its time is over."""


WAITS = frozenset({Stands.WAITING, Stands.TAKEN, Stands.ANSWERED})
"""Somebody waits for its Response."""


@dataclass(frozen=True, slots=True)
class OnLine:
    """The line of a case, as an operator sees it."""

    number: str
    stands: Stands
    silent: bool
    """Whether the client's window has not been heard for a while."""

    @property
    def waits(self) -> bool:
        """Whether a Response would come to the client's window."""
        return self.stands in WAITS

    @property
    def spoken(self) -> str:
        """Its number as it is read aloud: ``482-719``."""
        return spoken(self.number)


def spoken(number: str) -> str:
    """A number on the line as it is read aloud: ``482-719``."""
    half = NUMBER // 2
    return f"{number[:half]}-{number[half:]}"


def stands(line: Line, state: str | None, now: datetime) -> Stands:
    """How it stands.

    Args:
        line: the row.
        state: of its case; None where it has none.
        now: the time.
    """
    if line.ended_why is not None:
        return Stands(line.ended_why)
    if now >= line.ends_at:
        return Stands.OVER
    if state is None:
        return Stands.WAITING
    closed = CaseState(state) in CLOSED and state != CaseState.WORKED
    if closed or state == CaseState.DENIED:
        return Stands.CLOSED
    return Stands.TAKEN if line.sealed is None else Stands.ANSWERED


def of_case(session: Session, case: Case) -> Line | None:
    """The line that a case came over; None for one that was dictated."""
    return session.scalar(select(Line).where(Line.case_id == case.id))


def seen(line: Line, state: str | None, now: datetime) -> OnLine:
    """It, as an operator sees it."""
    found = stands(line, state, now)
    return OnLine(line.number, found, found in WAITS and now - line.heard_at > SILENT)


def on_line(session: Session, case: Case, now: datetime) -> OnLine | None:
    """The line that a case came over; None for one that was dictated."""
    line = of_case(session, case)
    return None if line is None else seen(line, case.state, now)
