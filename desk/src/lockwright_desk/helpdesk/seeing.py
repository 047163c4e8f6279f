"""A case as whoever asks may see it."""

from __future__ import annotations

from datetime import datetime

from lockwright.spoken import request_check
from sqlalchemy.orm import Session

from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.helpdesk.over_line.rows import on_line
from lockwright_desk.helpdesk.people import same
from lockwright_desk.helpdesk.states import FROM, Act
from lockwright_desk.helpdesk.views import CaseSeen, ClientOf, TokenOf
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.tables.cases import Case, CaseState, Way
from lockwright_desk.store.tables.register import Client, Token, TokenState

CALL_BACK = "call-back"
"""The means that needs a number on record."""
_ANYBODYS = {Act.CALL_OFF}
_DECISIONS = {Act.AGREE, Act.REFUSE}


def seen(
    session: Session, settings: HelpdeskSettings, case: Case, who: Who, now: datetime
) -> CaseSeen:
    """A case, with its token and its client.

    Args:
        session: a transaction.
        settings: what the bank wants of a case.
        case: the case.
        who: who looks at it.
        now: the time.
    """
    token = session.get_one(Token, case.token_id)
    client = session.get_one(Client, case.client_id)
    line = on_line(session, case, now) if case.way == Way.LINE else None
    return CaseSeen(
        number=case.number,
        revision=case.revision,
        way=Way(case.way),
        state=CaseState(case.state),
        token=TokenOf(
            id=token.id,
            adapter=token.adapter,
            model=token.model,
            serial=token.serial,
            label=token.label,
            state=TokenState(token.state),
        ),
        client=ClientOf(
            id=client.id,
            login=client.login,
            name=client.name,
            phone=client.phone,
            language=client.language,
            grade=client.grade,
        ),
        opened_at=case.opened_at,
        opened_by=case.opened_by,
        means=case.verified_by_means,
        verified_at=case.verified_at,
        request=case.request,
        check=None if case.request is None else request_check(token.serial, case.request),
        words_right=case.words_heard is not None,
        wrong_checks=case.wrong_checks,
        reason=case.reason,
        ticket=case.ticket,
        second=tuple((case.second_why or "").split()),
        decided_by=case.decided_by,
        decided_at=case.decided_at,
        decided_why=case.decided_why,
        answered_at=case.answered_at,
        closed_at=case.closed_at,
        may=frozenset(
            act
            for act in Act
            if _may(settings, case, client, who, act)
            and (act is not Act.SEND or (line is not None and line.waits))
        ),
        means_open=means_open(settings, client),
        line=line,
    )


def means_open(settings: HelpdeskSettings, client: Client) -> tuple[str, ...]:
    """By what a client can be verified: nobody is called back without a number on record."""
    return tuple(each for each in settings.means if each != CALL_BACK or client.phone)


def is_own(case: Case, client: Client, who: Who) -> bool:
    """Whether somebody opened a case, or is its client."""
    return same(case.opened_by, who.name) or same(client.login, who.name)


def _may(settings: HelpdeskSettings, case: Case, client: Client, who: Who, act: Act) -> bool:
    if case.state not in FROM[act]:
        return False
    if act in _DECISIONS:
        return who.may(Action.DECIDE) and not is_own(case, client, who)
    if not who.may(Action.WORK_ON_CASES):
        return False
    if act not in _ANYBODYS and not same(case.opened_by, who.name):
        return False
    if act is Act.HEAR_WORDS:
        return case.request is not None and case.wrong_checks < settings.word_tries
    if act is Act.TAKE_REQUEST:
        return case.wrong_checks < settings.word_tries
    return act is not Act.GIVE_GROUNDS or case.words_heard is not None
