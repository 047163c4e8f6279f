"""Clients by the beginnings of their words: of each page a bounded number of rows is looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from lockwright_desk.helpdesk.register import pages
from lockwright_desk.helpdesk.register.errors import PageUnknown
from lockwright_desk.helpdesk.register.rows import client_shown
from lockwright_desk.helpdesk.register.shown import ClientShown, Page
from lockwright_desk.helpdesk.register.words import LAST, words_in
from lockwright_desk.store.tables.register import Client, ClientWord

_WORDS = 8
"""Words that are looked for; further ones are not needed to tell a client from others."""
_COUNTED = 300
"""Clients with a word, up to which it is found out which word is the rarest."""
_LOOKED_AT = 2000
"""Rows that are looked at for one page; one with several frequent words may then be short."""


def by_name(session: Session, after: str | None, size: int) -> Page[ClientShown]:
    """All clients in the order of their names."""
    size = pages.within(size)
    chosen = select(Client).order_by(Client.name_searched, Client.id).limit(size + 1)
    if after is not None:
        chosen = chosen.where(tuple_(Client.name_searched, Client.id) > pages.place(after))
    rows = session.scalars(chosen).all()
    last = rows[size - 1] if len(rows) > size else None
    return Page(
        [client_shown(row) for row in rows[:size]],
        pages.key_of(last.name_searched, last.id) if last else None,
    )


def by_words(session: Session, text: str, after: str | None, size: int) -> Page[ClientShown]:
    """Clients, each word of a text being the beginning of another word of theirs."""
    words = sorted(words_in(text), key=len, reverse=True)[:_WORDS]
    if not words:
        return Page((), None)
    if after is None:
        return _page(session, words, _rarest(session, words), None, pages.within(size))
    word, matched, number = pages.word_and_place(after)
    if word not in words:
        raise PageUnknown
    return _page(session, words, word, (matched, number), pages.within(size))


def _page(
    session: Session,
    words: Sequence[str],
    word: str,
    place: tuple[str, int] | None,
    size: int,
) -> Page[ClientShown]:
    """Go through the clients that have one of the words, and take those that have the others."""
    found: list[ClientShown] = []
    others, step = [each for each in words if each != word], size + 1
    end, over = _end(session, word, place) if others else (None, True)
    last = place
    while True:
        rows = session.execute(_having(word, others, place, end).limit(step)).all()
        for matched, row in rows:
            place = (matched, row.id)
            theirs = words_in(f"{row.name} {row.login}")
            # One with two such words stands here twice, and is taken the first time.
            again = any(each < matched and each.startswith(word) for each in theirs)
            if again or not _fits(words, theirs):
                continue
            if len(found) == size:
                return Page(found, pages.key_of(word, *(last or place)))
            found.append(client_shown(row))
            last = place
        if len(rows) < step:
            return Page(found, None if over or end is None else pages.key_of(word, *end))


def _having(
    word: str,
    others: Sequence[str],
    place: tuple[str, int] | None,
    end: tuple[str, int] | None,
) -> Select[str, Client]:
    """Clients with a word behind a place and up to another, who have the others, too."""
    one = aliased(ClientWord)
    chosen = (
        select(ClientWord.word, Client)
        .join(Client, Client.id == ClientWord.client_id)
        .where(_from(word, place))
        .order_by(ClientWord.word, ClientWord.client_id)
    )
    if end is not None:
        chosen = chosen.where(tuple_(ClientWord.word, ClientWord.client_id) <= end)
    for other in others:
        # As a value it is looked up client by client; of an EXISTS PostgreSQL might make a join
        # with everybody who has that word.
        with_it = select(one.client_id).where(
            one.client_id == ClientWord.client_id, one.word >= other, one.word <= other + LAST
        )
        chosen = chosen.where(with_it.limit(1).scalar_subquery().is_not(None))
    return chosen


def _end(
    session: Session, word: str, place: tuple[str, int] | None
) -> tuple[tuple[str, int] | None, bool]:
    """Up to where is looked for one page, and whether that is all there is."""
    row = session.execute(
        select(ClientWord.word, ClientWord.client_id)
        .where(_from(word, place))
        .order_by(ClientWord.word, ClientWord.client_id)
        .offset(_LOOKED_AT - 1)
        .limit(1)
    ).one_or_none()
    return (None, True) if row is None else ((row[0], row[1]), False)


def _from(word: str, place: tuple[str, int] | None) -> ColumnElement[bool]:
    """Words with a beginning, behind a place: one range of the index."""
    row = tuple_(ClientWord.word, ClientWord.client_id)
    start = ClientWord.word >= word if place is None else row > place
    return start & (ClientWord.word <= word + LAST)


def _rarest(session: Session, words: Sequence[str]) -> str:
    """The word that the fewest clients have."""
    if len(words) == 1:
        return words[0]
    counts = {}
    for word in words:
        some = select(ClientWord.client_id).where(_from(word, None)).limit(_COUNTED).subquery()
        counts[word] = session.scalar(select(func.count()).select_from(some)) or 0
    return min(words, key=lambda word: counts[word])


def _fits(words: Sequence[str], theirs: Collection[str]) -> bool:
    """Whether each word, the longest first, is the beginning of one of theirs of its own."""
    left = set(theirs)
    for word in words:
        one = next((each for each in left if each.startswith(word)), None)
        if one is None:
            return False
        left.remove(one)
    return True
