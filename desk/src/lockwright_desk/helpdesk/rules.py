"""When a second person has to agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from lockwright.i18n import N_, _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.store.tables.cases import Answered, Case, CaseChange
from lockwright_desk.store.tables.register import Client, Token, TokenState

_LATELY = timedelta(hours=24)
"""How long what became of one case of a token is held against the next."""


class Rule(StrEnum):
    """Why a second person has to agree."""

    GRADE = "grade"
    MONTH = "month"
    SUSPENDED = "suspended"
    NEW_HOLDER = "new-holder"
    OUTSIDE_HOURS = "outside-hours"
    LOT = "lot"
    REFUSED = "refused"


TEXTS = {
    Rule.GRADE: N_("the client is of a grade for which two persons answer"),
    Rule.MONTH: N_("the client had several unblocks in this month"),
    Rule.SUSPENDED: N_("the token is suspended"),
    Rule.NEW_HOLDER: N_("the token came into these hands not long ago"),
    Rule.OUTSIDE_HOURS: N_("it is outside the hours of the help desk"),
    Rule.LOT: N_("the case was drawn by lot"),
    Rule.REFUSED: N_("a second person refused an answer for this token not long ago"),
}


def asking(
    session: Session,
    settings: HelpdeskSettings,
    case: Case,
    token: Token,
    client: Client,
    now: datetime,
) -> tuple[Rule, ...]:
    """The rules that ask for a second person, as things are now."""
    return tuple(_asking(session, settings, case, token, client, now))


def told(rules: Iterable[str]) -> str:
    """Rules as a person reads them, in the language in use."""
    return "; ".join(_(TEXTS[Rule(each)]) for each in rules)


def _asking(
    session: Session,
    settings: HelpdeskSettings,
    case: Case,
    token: Token,
    client: Client,
    now: datetime,
) -> Iterator[Rule]:
    rules = settings.second
    if client.grade is not None and client.grade.casefold() in map(str.casefold, rules.grades):
        yield Rule.GRADE
    if rules.month is not None and _this_month(session, settings, client, now) >= rules.month:
        yield Rule.MONTH
    if rules.suspended and token.state == TokenState.SUSPENDED:
        yield Rule.SUSPENDED
    # One of which nobody knows since when it is in these hands may be so since yesterday.
    if rules.new_holder is not None and (
        token.held_since is None or token.held_since > now - rules.new_holder
    ):
        yield Rule.NEW_HOLDER
    if rules.outside_hours and not settings.hours.inside(now):
        yield Rule.OUTSIDE_HOURS
    if rules.every is not None and (
        int(case.number) % rules.every == 0 or _is_left(session, case, now)
    ):
        yield Rule.LOT
    if rules.refused and _was_refused(session, case, now):
        yield Rule.REFUSED


def _this_month(session: Session, settings: HelpdeskSettings, client: Client, now: datetime) -> int:
    """What a clock that was ahead has noted counts as well: it was not long ago."""
    counted = (
        select(func.count())
        .select_from(Answered)
        .where(Answered.client_id == client.id, Answered.at >= settings.hours.month(now))
    )
    return session.scalar(counted) or 0


def _is_left(session: Session, case: Case, now: datetime) -> bool:
    """Whether another case of the token was drawn and left: nobody draws until they like it."""
    reasons = select(Case.second_why).where(
        Case.token_id == case.token_id,
        Case.id != case.id,
        Case.opened_at > now - _LATELY,
        Case.answered_at.is_(None),
        Case.second_why.is_not(None),
    )
    return any(Rule.LOT in (each or "").split() for each in session.scalars(reasons))


def _was_refused(session: Session, case: Case, now: datetime) -> bool:
    """Whether somebody refused another case of the token: a new one does not get round them."""
    refused = (
        select(CaseChange.id)
        .join(Case, Case.id == CaseChange.case_id)
        .where(
            Case.token_id == case.token_id,
            Case.id != case.id,
            CaseChange.act == Act.REFUSE,
            CaseChange.at > now - _LATELY,
        )
        .limit(1)
    )
    return session.scalar(refused) is not None
