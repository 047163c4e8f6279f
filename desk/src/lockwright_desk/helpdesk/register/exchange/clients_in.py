"""Clients taken in from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lockwright.i18n import _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.register import client_rows, values
from lockwright_desk.helpdesk.register.exchange.kinds import Settled, text_of
from lockwright_desk.helpdesk.register.exchange.problems import Problem, RawRow, RowFault
from lockwright_desk.helpdesk.register.words import login_searched
from lockwright_desk.store import adding
from lockwright_desk.store.among import among
from lockwright_desk.store.tables.register import Client, ClientWord


@dataclass(frozen=True, slots=True)
class ClientWish:
    """A client as a row has it."""

    row: int
    values: Mapping[str, str]
    """What the row says, also that there is nothing; what it does not say is left alone."""


class Clients:
    """Clients."""

    name = "clients"
    columns = client_rows.FIELDS
    needed = client_rows.NEEDED

    def __init__(self) -> None:
        self._there: dict[str, Client] = {}

    def read(self, raw: RawRow) -> tuple[ClientWish | None, Sequence[Problem]]:
        """See ``Kind``."""
        read, wrong = {}, []
        for column in raw.values:
            try:
                read[column] = values.CLIENT[column](text_of(raw, column))
            except values.Faulty as fault:
                wrong.append(Problem(raw.number, column, fault.fault, fault.reason))
        return (None, wrong) if wrong else (ClientWish(raw.number, read), ())

    def key(self, wish: ClientWish) -> object:
        """See ``Kind``."""
        return login_searched(wish.values["login"])

    def settle(
        self, session: Session, wishes: Sequence[ClientWish], *, update: bool, lock: bool = False
    ) -> Settled[ClientWish]:
        """See ``Kind``."""
        self._there = _there(session, wishes, lock=lock)
        settled: Settled[ClientWish] = Settled()
        for wish in wishes:
            row = self._there.get(login_searched(wish.values["login"]))
            if row is None:
                settled.add.append(wish)
            elif row.login != wish.values["login"]:
                said = _("there is a client with the login {login}").format(login=row.login)
                settled.problems.append(Problem(wish.row, "login", RowFault.LOGIN_TAKEN, said))
            elif not (other := _differing(row, wish)):
                settled.same += 1
            elif update:
                settled.change.append(wish)
            else:
                said = _("the register has something else")
                settled.problems += [
                    Problem(wish.row, column, RowFault.DIFFERS, said) for column in other
                ]
        return settled

    def write(
        self, session: Session, settled: Settled[ClientWish], *, by: str, now: datetime
    ) -> None:
        """See ``Kind``."""
        del by  # who did it stands in the audit trail
        nothing = dict.fromkeys(client_rows.FIELDS, "")
        rows = [
            {**client_rows.columns(nothing | dict(wish.values)), "added_at": now}
            for wish in settled.add
        ]
        numbers = adding.add_numbered(session, Client, rows)
        words = [
            {"client_id": number, "word": word}
            for number, wish in zip(numbers, settled.add, strict=True)
            for word in client_rows.words(wish.values["login"], wish.values["name"])
        ]
        adding.add(session, ClientWord, words)
        for wish in settled.change:
            given = {name: value for name, value in wish.values.items() if name != "login"}
            client_rows.change(session, self._there[login_searched(wish.values["login"])], given)


def _there(session: Session, wishes: Sequence[ClientWish], *, lock: bool) -> dict[str, Client]:
    """The clients that have one of these logins."""
    logins = [login_searched(wish.values["login"]) for wish in wishes]
    chosen = select(Client).where(among(session, Client.login_searched, logins))
    found = session.scalars(chosen.order_by(Client.id).with_for_update() if lock else chosen)
    return {row.login_searched: row for row in found}


def _differing(row: Client, wish: ClientWish) -> list[str]:
    return [name for name, value in wish.values.items() if (getattr(row, name) or "") != value]
