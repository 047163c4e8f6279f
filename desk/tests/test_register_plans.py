"""Whatever the register is asked, an index answers: no page reads a whole table, or sorts one.

How long that takes with a hundred thousand tokens and a million answers: ``make registry-growth``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from filled import fill
from lockwright_desk.helpdesk.register import find, histories
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.store.tables.register import Client, Token
from plans import asked, faults
from register_questions import questions
from registers import ADMINISTRATOR, DATABASES, register, taken
from sqlalchemy import select

COUNT = 2000


@pytest.fixture(params=DATABASES, scope="module")
def full(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Register]:
    """A register with two thousand tokens, and as many answers."""
    cluster = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with register(tmp_path_factory.mktemp("register"), cluster) as made:
        fill(made.database, COUNT, COUNT)
        yield made


def test_every_question_is_answered_by_an_index(full: Register) -> None:
    found = {
        name: [
            fault
            for statement in asked(full.database, question)
            for fault in faults(full.database, statement)
        ]
        for name, question in questions(full.database, COUNT).items()
    }

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_question_is_asked(full: Register) -> None:
    """One that is added to the register is added to the questions, too."""
    there = {
        name
        for module in (find, histories)
        for name, each in vars(module).items()
        if callable(each) and getattr(each, "__module__", "") == module.__name__
    }
    asked_for = {each.func.__name__ for each in questions(full.database, COUNT).values()}  # type: ignore[attr-defined]  # a partial

    assert {name for name in there if not name.startswith("_")} - asked_for == {"key_versions"}


def test_what_no_index_answers_is_seen(full: Register) -> None:
    """A look that finds nothing has to be able to."""
    for wrong in (
        select(Client).where(Client.name.like("%а%")).limit(10),
        select(Token).where(Token.label == "x").limit(10),
        select(Token).where(Token.id > 3).order_by(Token.label).limit(10),
    ):
        with full.database.reading() as session:
            statements = asked(full.database, partial(session.execute, wrong))
        assert [fault for each in statements for fault in faults(full.database, each)]


def test_a_page_of_frequent_words_looks_at_a_bounded_number_of_rows(full: Register) -> None:
    statements = asked(
        full.database, lambda: find.clients(full.database, ADMINISTRATOR, "анна оле денис")
    )

    assert len(statements) < 20


def test_a_file_is_compared_by_an_index(full: Register) -> None:
    row = "jacarta,JaCarta Laser,F00D,,c0000001"
    statements = asked(
        full.database,
        lambda: taken(full, "adapter,model,serial,state,login", [row], "tokens", dry_run=True),
    )

    assert [fault for each in statements for fault in faults(full.database, each)] == []
