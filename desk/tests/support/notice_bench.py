"""Notices of a help desk: who sends them, and what became of one."""

from __future__ import annotations

from pathlib import Path

from help_desk import Bench
from lockwright_desk.configuration.helpdesk import NoticeSettings, SmtpSettings
from lockwright_desk.helpdesk.notices.sender import Ended, Sender
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Case, Notice
from sqlalchemy import select, update

NONE: dict[Ended, int] = {}
"""Nothing was due."""


def smtp(port: int, ca_file: Path | None) -> NoticeSettings:
    """A mail server of this computer."""
    settings = SmtpSettings(
        "localhost", port, tls=False, sender="desk@bank.example", ca_file=ca_file
    )
    return NoticeSettings(contact="8 800 000-00-00", smtp=settings)


def senders(bench: Bench, database: Database | None = None) -> Sender:
    """A sender of one replica."""
    return Sender(database or bench.database, bench.audit, bench.settings, lambda: bench.now)


def notice_of(bench: Bench, number: str) -> Notice:
    """The notice of a case."""
    with bench.database.reading() as session:
        chosen = select(Notice).join(Case, Case.id == Notice.case_id)
        return session.scalars(chosen.where(Case.number == number)).one()


def nothing_due(bench: Bench) -> None:
    """Give up what other tests have left."""
    with bench.database.writing() as session:
        session.execute(update(Notice).values(gave_up_at=bench.now))
