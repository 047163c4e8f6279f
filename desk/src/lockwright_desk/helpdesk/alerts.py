"""What somebody should look at: in the database for people, in the audit trail for the SIEM."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from lockwright.i18n import N_
from sqlalchemy import select
from sqlalchemy.orm import Session

from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.helpdesk import live
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.refusals import UnknownAlert
from lockwright_desk.helpdesk.views import AlertSeen
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.tables.cases import Alert, Case


class AlertKind(StrEnum):
    """What happened."""

    LIMIT = "limit-reached"
    TWO_CASES = "two-cases"
    WRONG_WORDS = "wrong-checks"
    OUTSIDE_HOURS = "outside-hours"
    REQUEST_AGAIN = "request-again"
    NOTICE_FAILED = "notice-failed"
    TWO_LINES = "two-lines"


_NUMBERS = 2**53
"""Above the last number that any alert has, and that JSON holds."""
TEXTS = {
    AlertKind.LIMIT: N_("A limit of answers is reached."),
    AlertKind.TWO_CASES: N_("There are two open cases for one token."),
    AlertKind.WRONG_WORDS: N_("Wrong check words were heard several times in a row."),
    AlertKind.OUTSIDE_HOURS: N_("A Request was answered outside the hours of the help desk."),
    AlertKind.REQUEST_AGAIN: N_("A Request that another case has answered was to be answered."),
    AlertKind.NOTICE_FAILED: N_("A client could not be told of a case."),
    AlertKind.TWO_LINES: N_("Two windows wait on the line for one token."),
}


def add(
    session: Session,
    kind: AlertKind,
    now: datetime,
    case: Case,
    about: Mapping[str, object],
) -> bool:
    """Note an alert, unless this case has one of that kind.

    Returns:
        Whether it is a new one.
    """
    there = select(Alert.id).where(Alert.case_id == case.id, Alert.kind == kind).limit(1)
    if session.scalar(there) is not None:
        return False
    text = json.dumps(about, ensure_ascii=False)
    session.add(Alert(kind=kind, at=now, case_id=case.id, about=text))
    live.tell(session, case.number)
    return True


def add_of_none(
    session: Session, kind: AlertKind, now: datetime, about: Mapping[str, object]
) -> bool:
    """Note an alert that is of no case, unless the same waits to be looked at.

    Returns:
        Whether it is a new one.
    """
    text = json.dumps(about, ensure_ascii=False)
    same = (Alert.kind == kind, Alert.case_id.is_(None), Alert.about == text)
    there = select(Alert.id).where(*same, Alert.seen_at.is_(None)).limit(1)
    if session.scalar(there) is not None:
        return False
    session.add(Alert(kind=kind, at=now, case_id=None, about=text))
    return True


def record(audit: Recorder, alert: Mapping[str, object]) -> None:
    """Record in the audit trail what ``add`` has noted."""
    with audit.operation("desk_alert", **alert):
        pass


def alerts(parts: Parts, *, everything: bool, after: int | None, most: int) -> Sequence[AlertSeen]:
    """See ``HelpDesk.alerts``."""
    chosen = (
        select(Alert, Case.number)
        .outerjoin(Case, Case.id == Alert.case_id)
        .order_by(Alert.id.desc())
        .limit(most)
    )
    if not everything:
        chosen = chosen.where(Alert.seen_at.is_(None))
    if after is not None:
        chosen = chosen.where(Alert.id < min(max(after, 0), _NUMBERS))
    with parts.database.reading() as session:
        return [
            AlertSeen(
                id=row.id,
                kind=row.kind,
                at=row.at,
                case=number,
                facts=json.loads(row.about),
                seen_at=row.seen_at,
                seen_by=row.seen_by,
            )
            for row, number in session.execute(chosen)
        ]


def seen(parts: Parts, who: Who, alert: int) -> None:
    """See ``HelpDesk.seen``."""
    if not 0 < alert < _NUMBERS:
        raise UnknownAlert(id=str(alert))
    with (
        parts.audit.operation("desk_alert_seen", operator=who.name, alert=alert),
        parts.database.writing() as session,
    ):
        row = session.get(Alert, alert, with_for_update=True)
        if row is None:
            raise UnknownAlert(id=str(alert))
        if row.seen_at is None:
            row.seen_at, row.seen_by = parts.clock(), who.name
