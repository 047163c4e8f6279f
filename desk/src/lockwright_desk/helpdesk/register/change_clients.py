"""Changes of a client: each asks who it is, and is recorded."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from lockwright_desk.helpdesk.register import client_rows, values
from lockwright_desk.helpdesk.register.errors import ClientExists, UnknownClient
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.rows import client_shown
from lockwright_desk.helpdesk.register.shown import ClientShown
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.tables.base import NAME
from lockwright_desk.store.tables.register import Client


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
            row = session.get(Client, client.id, with_for_update=True)
            if row is None:
                raise UnknownClient(login=client.login)
            client_rows.change(session, row, read)
            return client_shown(row)


def _read(given: Mapping[str, str]) -> dict[str, str]:
    return {
        field: values.given(field, value, values.CLIENT[field]) for field, value in given.items()
    }
