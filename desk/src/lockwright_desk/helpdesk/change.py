"""One change of a case: locked, compared with what was seen, recorded, and told to the queues."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from lockwright.errors import LockwrightError
from lockwright.i18n import _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk import alerts, live
from lockwright_desk.helpdesk.alerts import AlertKind
from lockwright_desk.helpdesk.named import STATES
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.people import same
from lockwright_desk.helpdesk.refusals import CaseElsewhere, NotYourCase, StaleCase, UnknownCase
from lockwright_desk.helpdesk.seeing import seen
from lockwright_desk.helpdesk.states import FROM, Act
from lockwright_desk.helpdesk.views import CaseAt, CaseSeen, spoken
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.tables.cases import Case, CaseChange, CaseState
from lockwright_desk.store.tables.register import Client, Token

NUMBER = 8
"""Digits of a case's number."""


@dataclass(slots=True)
class Change:
    """A case that is being changed, in the transaction that does it."""

    session: Session
    case: Case
    token: Token
    client: Client
    who: Who
    act: Act
    now: datetime
    facts: dict[str, object] = field(default_factory=dict)
    """What its history and the audit trail say of it; nothing secret."""
    refusal: LockwrightError | None = None
    """What is raised once the change is stored, for a change is all that came of it."""
    alerts: list[dict[str, object]] = field(default_factory=list)
    changes_it: bool = True
    """Whether the case becomes another revision."""
    shown: CaseSeen | None = None
    """The case as it was stored."""

    @property
    def seen(self) -> CaseSeen:
        """The case as it was stored, once it was."""
        if self.shown is None:
            raise RuntimeError("the change is not stored yet")
        return self.shown

    def alert(self, kind: AlertKind, **about: object) -> None:
        """Raise an alert about this case; each kind once."""
        if alerts.add(self.session, kind, self.now, self.case, about):
            self.alerts.append({"kind": kind.value, "case": self.case.number, **about})

    def leave(self, refusal: LockwrightError) -> None:
        """Nothing comes of it but its alerts."""
        self.changes_it = False
        self.refusal = refusal


@contextmanager
def changing(
    parts: Parts, who: Who, at: CaseAt, act: Act, *, anybody: bool = False
) -> Iterator[Change]:
    """A change that is recorded in the audit trail; see ``storing``."""
    hook = f"desk_case_{act.replace('-', '_')}"
    with (
        parts.audit.operation(hook, operator=who.name, case=plain(at.number)) as recorded,
        storing(parts, who, at, act, anybody=anybody) as change,
    ):
        yield change
        recorded.update(change.facts, state=change.case.state)


@contextmanager
def storing(
    parts: Parts, who: Who, at: CaseAt, act: Act, *, anybody: bool = False
) -> Iterator[Change]:
    """A change of a case, stored at the end.

    Args:
        parts: what the help desk works with.
        who: who does it.
        at: the case as they saw it.
        act: what is done.
        anybody: whether it is done by others than the operator whose case it is.

    Raises:
        UnknownCase, StaleCase, CaseElsewhere, NotYourCase: it is not to be done to this case.
        LockwrightError: the change's own refusal, behind what was stored with it.
    """
    now = parts.clock()
    with parts.database.writing() as session:
        case = _locked(session, at.number)
        if not anybody and not same(case.opened_by, who.name):
            raise NotYourCase(number=spoken(case.number), by=case.opened_by)
        _check(session, case, at, act)
        token = session.get_one(Token, case.token_id)
        client = session.get_one(Client, case.client_id)
        change = Change(session, case, token, client, who, act, now)
        yield change
        if change.changes_it:
            case.revision += 1
            note(session, case, who, act, now, change.facts)
        change.shown = seen(session, parts.settings, case, who, now)
    for each in change.alerts:
        alerts.record(parts.audit, each)
    if change.refusal is not None:
        raise change.refusal


def note(
    session: Session, case: Case, who: Who, act: Act, now: datetime, facts: dict[str, object]
) -> None:
    """Write a line of a case's history, and tell the queues at the end of the transaction."""
    session.add(
        CaseChange(
            case_id=case.id,
            at=now,
            by=who.name,
            act=act,
            state=case.state,
            facts=json.dumps(facts, ensure_ascii=False),
        )
    )
    live.tell(session, case.number)


def plain(number: str) -> str:
    """A case's number without what sets its digits apart."""
    return "".join(char for char in number if char.isascii() and char.isdigit())[: NUMBER + 1]


def _locked(session: Session, number: str) -> Case:
    chosen = select(Case).where(Case.number == plain(number)).with_for_update(key_share=True)
    case = session.scalar(chosen)
    if case is None:
        raise UnknownCase(number=spoken(number))
    return case


def _check(session: Session, case: Case, at: CaseAt, act: Act) -> None:
    again = act is Act.ANSWER and case.state == CaseState.ANSWERED
    if case.revision != at.revision and not again:
        last = (
            select(CaseChange.by)
            .where(CaseChange.case_id == case.id)
            .order_by(CaseChange.id.desc())
            .limit(1)
        )
        raise StaleCase(by=session.scalar(last) or case.opened_by, number=spoken(case.number))
    if case.state not in FROM[act]:
        raise CaseElsewhere(number=spoken(case.number), state=_(STATES[CaseState(case.state)]))
