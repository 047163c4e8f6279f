"""Tokens taken in from a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lockwright.i18n import _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lockwright_desk.helpdesk.register import holding
from lockwright_desk.helpdesk.register.change import STATES
from lockwright_desk.helpdesk.register.exchange import token_row
from lockwright_desk.helpdesk.register.exchange.kinds import Settled
from lockwright_desk.helpdesk.register.exchange.problems import Problem, RawRow, RowFault
from lockwright_desk.helpdesk.register.exchange.token_row import TokenWish
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.transitions import changes_hands, following
from lockwright_desk.helpdesk.register.words import login_searched, serial_searched
from lockwright_desk.store import adding
from lockwright_desk.store.among import among
from lockwright_desk.store.tables.register import Client, Holder, Token, TokenChange, TokenState


class Tokens:
    """Tokens.

    Args:
        register: says how serial numbers are written, and what time it is.
    """

    name = "tokens"
    columns = token_row.COLUMNS
    needed = token_row.NEEDED

    def __init__(self, register: Register) -> None:
        self._register = register
        self._clients: dict[str, int] = {}
        self._there: dict[tuple[str, str, str], Token] = {}

    def read(self, raw: RawRow) -> tuple[TokenWish | None, Sequence[Problem]]:
        """See ``Kind``."""
        return token_row.read(raw, self._register)

    def key(self, wish: TokenWish) -> object:
        """See ``Kind``."""
        return wish.name

    def settle(
        self, session: Session, wishes: Sequence[TokenWish], *, update: bool, lock: bool = False
    ) -> Settled[TokenWish]:
        """See ``Kind``."""
        self._there = _there(session, wishes, lock=lock)
        self._clients = _clients(session, wishes, lock=lock)
        settled: Settled[TokenWish] = Settled()
        for wish in wishes:
            row = self._there.get(wish.name)
            other = self._differing(row, wish) if row else []
            if problems := self._problems(row, wish, other, update=update):
                settled.problems += problems
            elif row is None:
                settled.add.append(wish)
            elif other:
                settled.change.append(wish)
            else:
                settled.same += 1
        return settled

    def write(
        self, session: Session, settled: Settled[TokenWish], *, by: str, now: datetime
    ) -> None:
        """See ``Kind``."""
        self._add(session, settled.add, by, now)
        for wish in settled.change:
            self._change(session, self._there[wish.name], wish, by, now)

    def _problems(
        self, row: Token | None, wish: TokenWish, other: Sequence[str], *, update: bool
    ) -> list[Problem]:
        if wish.login and login_searched(wish.login) not in self._clients:
            said = _("there is no client with the login {login}").format(login=wish.login)
            return [Problem(wish.row, "login", RowFault.CLIENT_UNKNOWN, said)]
        if row is not None and other and not update:
            said = _("the register has something else")
            return [Problem(wish.row, column, RowFault.DIFFERS, said) for column in other]
        problem = _unfit(wish) if row is None else _forbidden(TokenState(row.state), wish, other)
        return [problem] if problem else []

    def _add(self, session: Session, wishes: Sequence[TokenWish], by: str, now: datetime) -> None:
        rows = [self._columns(wish, now) for wish in wishes]
        numbered = list(zip(adding.add_numbered(session, Token, rows), rows, strict=True))
        changes = [
            {"token_id": number, "at": row["state_since"], "by": by, "state": row["state"]}
            for number, row in numbered
        ]
        holders = [
            {"token_id": number, "client_id": client, "since": row["held_since"], "by": by}
            for number, row in numbered
            if (client := row["client_id"]) is not None
        ]
        adding.add(session, TokenChange, changes)
        adding.add(session, Holder, holders)

    def _columns(self, wish: TokenWish, now: datetime) -> dict[str, object]:
        adapter, model, serial = wish.name
        return {
            "adapter": adapter,
            "model": model,
            "serial": serial,
            "serial_end": serial_searched(serial),
            "label": wish.label or "",
            "state": wish.state or TokenState.ISSUED,
            "state_since": wish.state_since or now,
            "revision": 1,
            "client_id": self._holder(wish),
            "held_since": (wish.held_since or now) if wish.login else None,
        }

    def _change(
        self, session: Session, row: Token, wish: TokenWish, by: str, now: datetime
    ) -> None:
        other = self._differing(row, wish)
        row.revision += 1
        if "label" in other:
            row.label = wish.label or ""
        if "state" in other and wish.state is not None:
            holding.turn(session, row, wish.state, by=by, now=now, reason=None)
        if "login" in other and wish.state is not TokenState.RETIRED:
            holding.give(session, row, self._holder(wish), by=by, now=now)

    def _differing(self, row: Token, wish: TokenWish) -> list[str]:
        """The columns in which the register differs; since when is taken for new tokens only."""
        differs = {
            "label": wish.label not in {None, row.label},
            "state": wish.state not in {None, row.state},
            "login": wish.login is not None and row.client_id != self._holder(wish),
        }
        return [column for column, there in differs.items() if there]

    def _holder(self, wish: TokenWish) -> int | None:
        return self._clients.get(login_searched(wish.login)) if wish.login else None


def _there(
    session: Session, wishes: Sequence[TokenWish], *, lock: bool
) -> dict[tuple[str, str, str], Token]:
    """The tokens that have one of these names."""
    ends = [serial_searched(wish.name[2]) for wish in wishes]
    chosen = select(Token).where(among(session, Token.serial_end, ends))
    found = session.scalars(chosen.order_by(Token.id).with_for_update() if lock else chosen)
    return {(row.adapter, row.model, row.serial): row for row in found}


def _clients(session: Session, wishes: Sequence[TokenWish], *, lock: bool) -> dict[str, int]:
    """The clients that are to hold one of these; with a lock nobody removes them meanwhile."""
    logins = {login_searched(wish.login) for wish in wishes if wish.login}
    if not logins:
        return {}
    chosen = select(Client.login_searched, Client.id)
    chosen = chosen.where(among(session, Client.login_searched, logins))
    if lock:
        chosen = chosen.order_by(Client.id).with_for_update(read=True)
    found = session.execute(chosen)
    return {row.login_searched: row.id for row in found}


def _unfit(wish: TokenWish) -> Problem | None:
    """What keeps a token from being added."""
    if wish.login and wish.state is TokenState.RETIRED:
        return _no_holder(wish, "login", TokenState.RETIRED)
    if wish.held_since and not wish.login:
        said = _("nobody holds it")
        return Problem(wish.row, "held_since", RowFault.HOLDER, said)
    return None


def _forbidden(before: TokenState, wish: TokenWish, other: Sequence[str]) -> Problem | None:
    """What keeps a token from being changed."""
    after = wish.state or before
    if "state" in other and after not in following(before):
        said = _("the token is {state}; it cannot be {wanted} from there")
        said = said.format(state=_(STATES[before]), wanted=_(STATES[after]))
        return Problem(wish.row, "state", RowFault.STATE_CHANGE, said)
    if "login" not in other or (after is TokenState.RETIRED and not wish.login):
        return None
    if not changes_hands(after, to_client=bool(wish.login)):
        return _no_holder(wish, "login", after)
    return None


def _no_holder(wish: TokenWish, column: str, state: TokenState) -> Problem:
    said = _("a token that is {state} does not change hands").format(state=_(STATES[state]))
    return Problem(wish.row, column, RowFault.HOLDER, said)
