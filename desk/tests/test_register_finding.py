"""Clients by what somebody says of their name, tokens by their last digits, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lockwright_desk.helpdesk.register import find, find_clients, histories
from lockwright_desk.helpdesk.register.errors import (
    PageUnknown,
    SeveralTokens,
    UnknownClient,
    UnknownToken,
)
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.shown import Page
from lockwright_desk.signin.roles import NotAllowed
from lockwright_desk.store.tables.register import TokenState
from registers import (
    ADMINISTRATOR,
    DATABASES,
    LASER,
    NOBODY,
    OPERATOR,
    add_clients,
    add_tokens,
    register,
    taken,
)

PEOPLE = (
    "a.petrova,Анна Сергеевна Петрова",
    "petr1,Пётр Алексеевич Иванов",
    "petr2,Петр Ильич Чайковский",
    "ii,Иван Иванович Иванов",
    "mueller,Jürgen Müller-Lüdenscheidt",
    'romashka,"ООО ""Ромашка"""',
    "o'neil,Shaquille O'Neil",
)


@pytest.fixture(params=DATABASES, scope="module")
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Register]:
    """A register with some people, sixty others and their tokens."""
    cluster = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with register(tmp_path_factory.mktemp("register"), cluster) as made:
        add_clients(made, *PEOPLE, *(f"u{each:02},Юлия Номер{each:02}" for each in range(60)))
        add_tokens(
            made,
            *(f"0B53{each:012},u{each:02}" for each in range(60)),
            "4C54000351574C50,a.petrova",
            "00000000000ABCDE,",
        )
        yield made


def logins(kept: Register, text: str) -> set[str]:
    return {each.login for each in find.clients(kept.database, OPERATOR, text, size=500).rows}


FOUND: dict[str, set[str]] = {
    "Петрова": {"a.petrova"},
    "ПЕТРОВА анна": {"a.petrova"},
    "  анна   петр ": {"a.petrova"},
    "петр": {"a.petrova", "petr1", "petr2"},
    "пётр": {"a.petrova", "petr1", "petr2"},
    "е\N{COMBINING DIAERESIS}": set(),
    "петр иван": {"petr1"},
    "иван иван": {"ii", "petr1"},
    "иван иванов иванови": {"ii"},
    "muller": {"mueller"},
    "MÜLLER jü": {"mueller"},
    "lüdenscheidt-müller": {"mueller"},
    "ромашка": {"romashka"},
    "ооо «Ромашка»": {"romashka"},
    "neil": {"o'neil"},
    "o'n": {"o'neil"},
    "a.petrova": {"a.petrova"},
    "PETR2": {"petr2"},
    "етрова": set(),
    "%": set(),
    "_": set(),
    "петр%": {"a.petrova", "petr1", "petr2"},
    "\0петрова": {"a.petrova"},
    "петрова \ud800": {"a.petrova"},
    "\U0010ffff": set(),
    "петрова " * 1000: {"a.petrova"},
}
"""What somebody types, and the logins of those who are meant."""


def test_clients_are_found_by_the_beginnings_of_their_words(kept: Register) -> None:
    assert {text: logins(kept, text) for text in FOUND} == FOUND


ENDINGS: dict[str, list[str]] = {
    "4C50": ["4C54000351574C50"],
    "4c 50": ["4C54000351574C50"],
    "4С50": ["4C54000351574C50"],  # its С is a Cyrillic one
    "4C54-0003-5157-4C50": ["4C54000351574C50"],
    "000000000017": ["0B53000000000017"],
    "7": [f"0B53{each:012}" for each in (7, 17, 27, 37, 47, 57)],
    "0B53": [],
    "": [],
    "%": [],
    "\0": [],
    "\ud8004C50": ["4C54000351574C50"],
}
"""What somebody types, and the serial numbers that are meant."""


def test_tokens_are_found_by_their_last_digits(kept: Register) -> None:
    found = {
        digits: sorted(
            each.serial for each in find.tokens_ending(kept.database, OPERATOR, digits).rows
        )
        for digits in ENDINGS
    }

    assert found == ENDINGS


def test_one_text_finds_clients_and_tokens(kept: Register) -> None:
    both = find.anything(kept.database, OPERATOR, "U17")
    digits = find.anything(kept.database, OPERATOR, "0017")
    nothing = find.anything(kept.database, OPERATOR, "  ")

    assert [each.login for each in both.clients.rows] == ["u17"]
    (token,) = digits.tokens.rows
    assert token.holder is not None
    assert (token.serial, token.holder.login) == ("0B53000000000017", "u17")
    assert (nothing.clients.rows, nothing.tokens.rows) == ((), ())


Lister = Callable[[Register, str | None, int], Page[Any]]
LISTS: dict[str, Lister] = {
    "by name": lambda kept, after, size: find.clients(
        kept.database, OPERATOR, "", after=after, size=size
    ),
    "by a word": lambda kept, after, size: find.clients(
        kept.database, OPERATOR, "юл", after=after, size=size
    ),
    "by two": lambda kept, after, size: find.clients(
        kept.database, OPERATOR, "номер юлия", after=after, size=size
    ),
    "all tokens": lambda kept, after, size: find.tokens(
        kept.database, OPERATOR, after=after, size=size
    ),
    "by state": lambda kept, after, size: find.tokens_in(
        kept.database, OPERATOR, TokenState.ISSUED, after=after, size=size
    ),
    "by digits": lambda kept, after, size: find.tokens_ending(
        kept.database, OPERATOR, "0", after=after, size=size
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_pages_hold_everything_once_and_in_order(kept: Register, name: str) -> None:
    whole = LISTS[name](kept, None, 500)
    assert whole.next is None
    for size in (7, 50):
        pages: list[Page[Any]] = []
        while not pages or pages[-1].next is not None:
            pages.append(LISTS[name](kept, pages[-1].next if pages else None, size))
        assert [each for page in pages for each in page.rows] == list(whole.rows)
        assert {len(page.rows) for page in pages[:-1]} <= {size}


def test_short_pages_of_frequent_words_hold_everything_once(
    kept: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no more than some rows are looked at for a page, one may even be empty."""
    for bound in (4, 60, 61):
        monkeypatch.setattr(find_clients, "_LOOKED_AT", bound)
        pages: list[Page[Any]] = []
        while not pages or pages[-1].next is not None:
            pages.append(LISTS["by two"](kept, pages[-1].next if pages else None, 7))
        found = [each.login for page in pages for each in page.rows]
        assert sorted(found) == [f"u{each:02}" for each in range(60)]


def test_a_client_with_two_such_words_stands_in_a_list_once(kept: Register) -> None:
    found = find.clients(kept.database, OPERATOR, "ив")

    assert sorted(each.login for each in found.rows) == ["ii", "petr1"]


NO_KEYS = ("", "x", "ÿ", "WzEsMSwxLDFd", "WyIiLCJcdWQ4MDAiLDFd", "W1tdLFtdXQ", "W" * 9000)


@pytest.mark.parametrize("name", ["by name", "by a word", "by digits", "all tokens"])
def test_a_key_of_no_page_is_refused(kept: Register, name: str) -> None:
    for key in NO_KEYS:
        with pytest.raises(PageUnknown):
            LISTS[name](kept, key, 10)


def test_a_key_of_another_search_is_refused(kept: Register) -> None:
    key = find.clients(kept.database, OPERATOR, "юл", size=5).next

    with pytest.raises(PageUnknown):
        find.clients(kept.database, OPERATOR, "петр", after=key)


def test_a_client_is_named_by_the_login_in_any_case(kept: Register) -> None:
    for login in ("a.petrova", "A.PETROVA"):
        assert find.client(kept.database, OPERATOR, login).name == "Анна Сергеевна Петрова"
    for login in ("", "a", "a petrova", "\0", "\ud800", "x" * 5000):
        with pytest.raises(UnknownClient):
            find.client(kept.database, OPERATOR, login)


def test_a_serial_number_of_no_token_is_told(kept: Register) -> None:
    for serial in ("", "4C50", "\0", "\ud800", "-"):
        with pytest.raises(UnknownToken):
            find.token_named(kept.database, OPERATOR, serial)


def test_tokens_of_one_number_are_told_apart_by_their_model(kept: Register) -> None:
    rows = [f"{LASER},F00D1", "jacarta,PRO,F00D1"]
    assert taken(kept, "adapter,model,serial", rows, "tokens").wrong == 0

    with pytest.raises(SeveralTokens, match="jacarta PRO F00D1"):
        find.token_named(kept.database, OPERATOR, "F00D1")
    assert find.token_named(kept.database, OPERATOR, "f00d-1", model="PRO").model == "PRO"


def test_nobody_sees_anything_without_the_right(kept: Register) -> None:
    database = kept.database
    for ask in (
        lambda: find.anything(database, NOBODY, "x"),
        lambda: find.clients(database, NOBODY),
        lambda: find.client(database, NOBODY, "ii"),
        lambda: find.client_by_id(database, NOBODY, 1),
        lambda: find.token(database, NOBODY, 1),
        lambda: find.token_named(database, NOBODY, "1"),
        lambda: find.tokens(database, NOBODY),
        lambda: find.tokens_in(database, NOBODY, TokenState.LOST),
        lambda: find.tokens_of(database, NOBODY, 1),
        lambda: find.tokens_with(database, NOBODY, 1),
        lambda: find.tokens_ending(database, NOBODY, "1"),
        lambda: histories.holders_of(database, NOBODY, 1),
        lambda: histories.held_by(database, NOBODY, 1),
        lambda: histories.changes_of(database, NOBODY, 1),
        lambda: histories.key_versions(database, OPERATOR),
    ):
        with pytest.raises(NotAllowed):
            ask()
    assert histories.key_versions(database, ADMINISTRATOR) == []
