"""Cases as they are shown: one, its history, and queues of them, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, select, union_all

from lockwright_desk.helpdesk.change import plain
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.refusals import UnknownCase
from lockwright_desk.helpdesk.seeing import seen
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseSeen, Event, Filters, Listed, Page, spoken
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.tables.cases import Case, CaseChange, CaseState, Way
from lockwright_desk.store.tables.register import Client, Token

_SMALL, _LARGE = 2**31, 2**63
"""Above the last numbers that PostgreSQL's columns hold."""


def case(parts: Parts, who: Who, number: str) -> CaseSeen:
    """See ``HelpDesk.case``."""
    with parts.database.reading() as session:
        row = session.scalar(select(Case).where(Case.number == plain(number)))
        if row is None:
            raise UnknownCase(number=spoken(number))
        return seen(session, parts.settings, row, who, parts.clock())


def history(parts: Parts, number: str) -> Sequence[Event]:
    """See ``HelpDesk.history``."""
    of_case = select(Case.id).where(Case.number == plain(number))
    with parts.database.reading() as session:
        found = session.scalar(of_case)
        if found is None:
            raise UnknownCase(number=spoken(number))
        rows = select(CaseChange).where(CaseChange.case_id == found).order_by(CaseChange.id)
        return [
            Event(row.at, row.by, Act(row.act), CaseState(row.state), json.loads(row.facts))
            for row in session.scalars(rows)
        ]


def queue(parts: Parts, filters: Filters, *, after: int | None, most: int) -> Page:
    """See ``HelpDesk.queue``."""
    small = (filters.token_id, filters.client_id)
    if not _fits(after, _LARGE) or not all(_fits(number, _SMALL) for number in small):
        return Page((), None)  # no row has such a number, and PostgreSQL takes none
    order = Case.id if filters.oldest_first else Case.id.desc()
    chosen = (
        select(Case, Client.name, Client.login, Token.adapter, Token.serial)
        .join(Client, Client.id == Case.client_id)
        .join(Token, Token.id == Case.token_id)
        .where(Case.id.in_(_numbers(filters, after, most + 1)))
        .order_by(order)
        .limit(most + 1)
    )
    with parts.database.reading() as session:
        rows = session.execute(chosen).all()
    listed = tuple(
        Listed(
            id=each.id,
            number=each.number,
            revision=each.revision,
            state=CaseState(each.state),
            way=Way(each.way),
            opened_at=each.opened_at,
            opened_by=each.opened_by,
            client=name,
            login=login,
            adapter=adapter,
            serial=serial,
            second=tuple((each.second_why or "").split()),
            ticket=each.ticket,
        )
        for each, name, login, adapter, serial in rows[:most]
    )
    return Page(listed, listed[-1].id if len(rows) > most else None)


def _fits(number: int | None, above: int) -> bool:
    return number is None or 0 <= number < above


def _numbers(filters: Filters, after: int | None, most: int) -> Any:
    """The first cases of each state: in the order of numbers an index has one state, not several.

    Asked for all of them at once, either database walks through a million closed cases to find the
    few that are open.
    """
    states = [None] if filters.states is None else sorted(filters.states)
    parts = []
    for state in states:
        part = select(Case.id).where(*_where(filters))
        if state is not None:
            part = part.where(Case.state == state)
        if after is not None:
            part = part.where(Case.id > after if filters.oldest_first else Case.id < after)
        part = part.order_by(Case.id if filters.oldest_first else Case.id.desc()).limit(most)
        parts.append(select(part.subquery().c.id))
    if not parts:
        return select(Case.id).where(false())
    return parts[0] if len(parts) == 1 else union_all(*parts)


def _where(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.way is not None:
        yield Case.way == filters.way
    if filters.token_id is not None:
        yield Case.token_id == filters.token_id
    if filters.client_id is not None:
        yield Case.client_id == filters.client_id
    if filters.opened_by is not None:
        yield Case.opened_by == _name(filters.opened_by)
    if filters.not_opened_by is not None:
        yield Case.opened_by != _name(filters.not_opened_by)
    if filters.since is not None:
        yield Case.opened_at >= filters.since
    if filters.until is not None:
        yield Case.opened_at < filters.until


def _name(text: str) -> str:
    """A name as it was typed; PostgreSQL takes no zero in a text."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
