"""Every question that the register is asked, each of a page of ten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from filled import name_of, serial_of
from lockwright_desk.helpdesk.register import find, histories, pages
from lockwright_desk.helpdesk.register.words import folded, serial_searched, words_in
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.register import TokenState
from registers import ADMINISTRATOR

SIZE = 10
Question = Callable[[], object]


def questions(database: Database, count: int) -> Mapping[str, Question]:
    """The questions.

    Args:
        database: one that ``filled.fill`` has filled.
        count: how many tokens are in it.
    """
    who, middle, late = ADMINISTRATOR, max(count // 2, 1), max(count - 8, 1)
    family = name_of(middle).split()[0]
    (word,) = words_in(family)
    ask = partial(partial, size=SIZE)
    end = serial_searched(serial_of(middle))
    return {
        "clients by name": ask(find.clients, database, who),
        "clients by name, late": ask(
            find.clients, database, who, after=pages.key_of(folded("Нононов"), late)
        ),
        "clients, one word": ask(find.clients, database, who, family),
        "clients, one word, late": ask(
            find.clients, database, who, family, after=pages.key_of(word, word, middle)
        ),
        "clients, a letter": ask(find.clients, database, who, "а"),
        "clients, two words": ask(find.clients, database, who, f"анна {family}"),
        "clients, frequent words": ask(find.clients, database, who, "анна олег денис"),
        "client by login": partial(find.client, database, who, f"C{middle:07}"),
        "client by number": partial(find.client_by_id, database, who, middle),
        "token by number": partial(find.token, database, who, middle),
        "token by serial": partial(find.token_named, database, who, serial_of(middle)),
        "tokens": ask(find.tokens, database, who),
        "tokens, late": ask(find.tokens, database, who, after=pages.key_of(late)),
        "tokens, lost": ask(find.tokens_in, database, who, TokenState.LOST),
        "tokens, issued, late": ask(
            find.tokens_in, database, who, TokenState.ISSUED, after=pages.key_of(late)
        ),
        "tokens of a client": ask(find.tokens_of, database, who, middle),
        "tokens of nobody": ask(find.tokens_of, database, who, None),
        "tokens of a version": ask(find.tokens_with, database, who, 2),
        "tokens, four digits": ask(find.tokens_ending, database, who, serial_of(middle)[-4:]),
        "tokens, one digit, late": ask(
            find.tokens_ending, database, who, end[0], after=pages.key_of(end, middle)
        ),
        "anything": ask(find.anything, database, who, serial_of(middle)[-4:]),
        "holders of a token": ask(histories.holders_of, database, who, middle),
        "held by a client": ask(histories.held_by, database, who, middle),
        "changes of a token": ask(histories.changes_of, database, who, middle),
    }
