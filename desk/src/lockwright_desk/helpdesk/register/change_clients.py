"""Changes of a client: each asks who it is, and is recorded."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.i18n import _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.register import client_rows, values
from lockwright_desk.helpdesk.register.errors import ClientBusy, ClientExists, UnknownClient
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.rows import client_shown
from lockwright_desk.helpdesk.register.shown import ClientShown
from lockwright_desk.helpdesk.states import OPEN
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.tables.base import NAME
from lockwright_desk.store.tables.cases import Case, Notice
from lockwright_desk.store.tables.register import Client, Token


def add(register: Register, who: Who, given: Mapping[str, str]) -> ClientShown:
    """Add a client.

    Args:
        register: the register.
        who: who does it.
        given: the values of ``client_rows.FIELDS``; login and name are needed.

    Raises:
        NotAllowed: who does it may not.
        ValueRefused: a value cannot be used, or is missing.
        ClientExists: one has that login, in whatever case.
    """
    about = {"operator": who.name, "login": given.get("login", "")[:NAME]}
    with register.audit.operation("desk_client_add", **about):
        who.require(Action.CHANGE_REGISTER)
        read = _read(dict.fromkeys(client_rows.NEEDED, "") | dict(given))
        try:
            with register.database.writing() as session:
                return client_shown(client_rows.add(session, read, register.now()))
        except IntegrityError:  # no two have one login, whoever is faster
            raise ClientExists(login=read["login"]) from None


def change(
    register: Register, who: Who, client: ClientShown, given: Mapping[str, str]
) -> ClientShown:
    """Change what is known of a client; the login stays.

    Args:
        register: the register.
        who: who does it.
        client: the client.
        given: those of ``client_rows.FIELDS`` that change, an empty text for nothing.

    Raises:
        NotAllowed: who does it may not.
        ValueRefused: a value cannot be used.
        UnknownClient: the client is gone.
    """
    about = {"operator": who.name, "login": client.login, "fields": sorted(given)}
    with register.audit.operation("desk_client_change", **about):
        who.require(Action.CHANGE_REGISTER)
        read = _read({field: value for field, value in given.items() if field != "login"})
        with register.database.writing() as session:
            row = _locked(session, client)
            client_rows.change(session, row, read)
            return client_shown(row)


def remove(register: Register, who: Who, client: ClientShown) -> ClientShown:
    """Remove a client: what says who it was is erased, cases, answers and history stay.

    Args:
        register: the register.
        who: who does it.
        client: the client.

    Returns:
        What is left.

    Raises:
        NotAllowed: who does it may not.
        ClientBusy: the client holds tokens, has open cases, or is still to be told of one.
        UnknownClient: the client is gone.
    """
    about = {"operator": who.name, "login": client.login, "client": client.id}
    with register.audit.operation("desk_client_remove", **about):
        who.require(Action.CHANGE_REGISTER)
        with register.database.writing() as session:
            row = _locked(session, client)
            if (reason := _why_not(session, row.id)) is not None:
                raise ClientBusy(login=row.login, reason=reason)
            client_rows.forget(session, row, register.now())
            left = client_shown(row)
        register.database.write_over()
        return left


def _locked(session: Session, client: ClientShown) -> Client:
    """A client's row, which nobody else changes, and who gets no token meanwhile.

    Raises:
        UnknownClient: the client is gone.
    """
    row = session.get(Client, client.id, with_for_update=True)
    if row is None or row.removed_at is not None:
        raise UnknownClient(login=client.login)
    return row


def _why_not(session: Session, number: int) -> str | None:
    """What keeps a client from being removed, in the language in use."""
    waiting = Notice.sent_at.is_(None) & Notice.gave_up_at.is_(None)
    of_client = select(Case.id).where(Case.client_id == number)
    for reason, found in (
        (_("the client still holds tokens"), select(Token.id).where(Token.client_id == number)),
        (_("a case is not closed"), of_client.where(Case.state.in_(sorted(OPEN)))),
        (
            _("a notice of a case was not sent yet"),
            select(Notice.id).where(waiting, Notice.case_id.in_(of_client)),
        ),
    ):
        if session.scalar(found.limit(1)) is not None:
            return reason
    return None


def _read(given: Mapping[str, str]) -> dict[str, str]:
    return {
        field: values.given(field, value, values.CLIENT[field]) for field, value in given.items()
    }
