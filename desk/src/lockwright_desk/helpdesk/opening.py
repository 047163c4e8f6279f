"""A case is opened: somebody called about a token."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from lockwright.i18n import _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk import alerts
from lockwright_desk.helpdesk.alerts import AlertKind
from lockwright_desk.helpdesk.change import NUMBER, note
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.people import same
from lockwright_desk.helpdesk.refusals import OwnCase, UnknownToken
from lockwright_desk.helpdesk.seeing import seen
from lockwright_desk.helpdesk.states import OPEN, Act
from lockwright_desk.helpdesk.views import CaseSeen
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.inserting import insert_of
from lockwright_desk.store.tables.cases import Case, CaseState, Way
from lockwright_desk.store.tables.register import Client, Token, TokenState

_NUMBERS = 2**31
"""Above the last that PostgreSQL's column holds."""
_ANSWERED = {TokenState.ISSUED, TokenState.SUSPENDED}
"""States of a token that is unblocked; for one that is suspended two persons can be needed."""


def open_case(
    parts: Parts,
    who: Who,
    token_id: int,
    way: Way,
    attach: Callable[[Session, Case], None] = lambda _session, _case: None,
) -> CaseSeen:
    """See ``HelpDesk.open``.

    Args:
        parts: what the help desk works with.
        who: the operator.
        token_id: the token.
        way: how the Request comes.
        attach: puts with the case what it came with, in the same transaction.
    """
    if not 0 < token_id < _NUMBERS:
        raise UnknownToken(reason=_("the register has no such token"))
    now = parts.clock()
    told: dict[str, object] | None = None
    with parts.audit.operation("desk_case_open", operator=who.name, token=token_id) as recorded:
        with parts.database.writing() as session:
            token = _token(session, token_id)
            client = session.get_one(Client, token.client_id)
            if same(client.login, who.name):
                raise OwnCase
            others = _open_cases(session, token)
            case = _new(
                session,
                token_id=token.id,
                client_id=client.id,
                way=way,
                opened_at=now,
                opened_by=who.name,
            )
            attach(session, case)
            facts: dict[str, object] = {"serial": token.serial, "way": way.value}
            if others and alerts.add(
                session, AlertKind.TWO_CASES, now, case, about := {"others": others}
            ):
                told = {"kind": AlertKind.TWO_CASES.value, "case": case.number, **about}
            note(session, case, who, Act.OPEN, now, facts)
            shown = seen(session, parts.settings, case, who, now)
        recorded.update(facts, case=case.number, adapter=token.adapter, login=client.login)
    if told is not None:
        alerts.record(parts.audit, told)
    return shown


def why_not(token: Token) -> str | None:
    """Why no Request of a token is answered, in the language in use; None if it is."""
    if token.state not in _ANSWERED:
        return _("it is lost or retired")
    if token.client_id is None:
        return _("nobody holds it")
    if token.custody is None:
        return _("the bank has no administrator key for it")
    return None


def _token(session: Session, token_id: int) -> Token:
    """A token, locked: of two cases that are opened at once the second sees the first."""
    chosen = select(Token).where(Token.id == token_id).with_for_update(key_share=True)
    token = session.scalar(chosen)
    if token is None:
        raise UnknownToken(reason=_("the register has no such token"))
    if reason := why_not(token):
        raise UnknownToken(reason=reason)
    return token


def _open_cases(session: Session, token: Token) -> list[str]:
    chosen = select(Case.number).where(Case.token_id == token.id, Case.state.in_(sorted(OPEN)))
    return list(session.scalars(chosen.order_by(Case.id)))


def _new(session: Session, **columns: object) -> Case:
    """A case under a number that no other has; a number misheard is hardly another case's."""
    insert = insert_of(session.get_bind().dialect)
    while True:
        number = f"{secrets.randbelow(10**NUMBER):0{NUMBER}}"
        made = (
            insert(Case)
            .values(number=number, state=CaseState.OPEN, revision=1, wrong_checks=0, **columns)
            .on_conflict_do_nothing(index_elements=[Case.number])
            .returning(Case.id)
        )
        if (found := session.scalar(made)) is not None:
            return session.get_one(Case, found)
