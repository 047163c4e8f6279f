"""The register given out and taken in as a whole, on both databases."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright_desk.helpdesk.register import find, histories
from lockwright_desk.helpdesk.register.errors import ChangedMeanwhile
from lockwright_desk.helpdesk.register.exchange import giving_out
from lockwright_desk.helpdesk.register.exchange.cells import guarded, unguarded
from lockwright_desk.helpdesk.register.exchange.taking_in import Report
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.store.tables.register import (
    Client,
    ClientWord,
    Holder,
    Token,
    TokenChange,
)
from registers import (
    ADMINISTRATOR,
    DATABASES,
    LASER,
    OPERATOR,
    add_clients,
    add_tokens,
    names,
    register,
    taken,
    taken_file,
    wrong,
)
from sqlalchemy import delete

TITLES = "login,name,phone"
STATES = "adapter,model,serial,state,login"


@pytest.fixture(params=DATABASES, scope="module")
def emptied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Register]:
    """A register that tests share, one after the other."""
    cluster = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with register(tmp_path_factory.mktemp("register"), cluster) as made:
        yield made


@pytest.fixture
def empty(emptied: Register) -> Register:
    """A register with nothing in it."""
    with emptied.database.writing() as session:
        for table in (TokenChange, Holder, Token, ClientWord, Client):
            session.execute(delete(table))
    return emptied


def given_out(register: Register, kind: str, form: str) -> bytes:
    export = giving_out.clients if kind == "clients" else giving_out.tokens
    with export(register, ADMINISTRATOR) as rows:
        parts = (
            giving_out.as_json(kind, rows)
            if form == "json"
            else giving_out.as_csv(giving_out.COLUMNS[kind], rows, ",;"[form == "excel"])
        )
        return "".join(parts).encode("utf-8-sig" if form == "excel" else "utf-8")


ODD_PEOPLE = [
    {"login": "=a", "name": "=HYPERLINK(1)", "phone": "+7 (495) 123-45-67", "grade": "@vip"},
    {"login": "'=b", "name": "'=b", "phone": "-1-2-3", "grade": "''+"},
    {"login": "ё@банк.рф", "name": 'ООО "Ёж; и, кот"', "email": "ё@банк.рф", "language": "ru"},
    {"login": "d", "name": "O'Neil", "phone": "8 800 доб. 12"},
]
ODD_TOKENS = [
    {"serial": "1", "label": "=1+1", "state": "lost", "login": "=A"},
    {"serial": "2", "label": "'", "state": "retired", "state_since": "2020-02-29T23:59:59.000001Z"},
    {"serial": "3", "login": "d", "held_since": "2021-01-01T00:00:00+14:00"},
    {"serial": "4", "state": "suspended"},
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A register whose values are what a spreadsheet and CSV stumble over."""
    adapter, model = LASER.split(",")
    tokens = [{"adapter": adapter, "model": model, **each} for each in ODD_TOKENS]
    with register(tmp_path_factory.mktemp("register"), None) as made:
        for kind, rows in (("clients", ODD_PEOPLE), ("tokens", tokens)):
            report = taken_file(made, json.dumps(rows).encode(), kind)
            assert (report.added, report.problems) == (4, [])
        yield made


@pytest.mark.parametrize("form", ["csv", "excel", "json"])
def test_what_is_given_out_is_taken_in_as_it_was(odd: Register, empty: Register, form: str) -> None:
    files = {kind: given_out(odd, kind, form) for kind in ("clients", "tokens")}

    for kind, data in files.items():
        assert taken_file(odd, data, kind).same == 4
        assert taken_file(empty, data, kind).added == 4

    assert {kind: given_out(empty, kind, form) for kind in files} == files
    assert taken_file(empty, files["tokens"], "tokens").same == 4


@pytest.mark.parametrize("kind", ["clients", "tokens"])
def test_no_cell_that_is_given_out_is_a_formula(odd: Register, kind: str) -> None:
    cells = [
        cell
        for row in csv.reader(io.StringIO(given_out(odd, kind, "csv").decode(), newline=""))
        for cell in row
    ]

    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}] == []
    assert "'=HYPERLINK(1)" in cells or kind == "tokens"


@given(st.text(alphabet="'=+-@\t\rax", max_size=6))
def test_an_apostrophe_is_put_in_front_and_taken_off_again(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_nothing_is_written_where_one_row_of_many_is_wrong(empty: Register) -> None:
    rows = [f"u{each},Имя {each},12345" for each in range(600)]

    report = taken(empty, TITLES, [*rows, "u7,Другой,"], "clients")

    assert wrong(report) == [(602, None, "twice")]
    assert names(empty) == {}
    assert taken(empty, TITLES, rows, "clients", dry_run=True).added == 600
    assert names(empty) == {}
    assert taken(empty, TITLES, rows, "clients").added == 600


def test_what_is_registered_is_changed_where_that_is_said(empty: Register) -> None:
    add_clients(empty, "anna,Анна Петрова,123", "ivan,Иван Иванов,123")
    add_tokens(empty, "1,anna", "2,anna", "3,anna", "4,")

    rows = ["anna,Анна Белова", "ivan,Иван Иванов"]
    people = taken(empty, "login,name", rows, "clients", update=True)
    rows = [f"{LASER},{each}" for each in ("1,,ivan", "2,suspended,", "3,retired,", "4,lost,ivan")]
    refused = taken(empty, STATES, rows, "tokens", update=True)
    tokens = taken(empty, STATES, rows[:3], "tokens", update=True)

    anna = find.client(empty.database, OPERATOR, "anna")
    assert (people.changed, people.same, anna.name, anna.phone) == (1, 1, "Анна Белова", "123")
    assert find.clients(empty.database, OPERATOR, "белова").rows == [anna]
    assert wrong(refused) == [(5, "login", "holder")]
    assert (tokens.changed, tokens.written) == (3, True)
    found = find.tokens(empty.database, OPERATOR).rows
    assert [(each.state, each.holder.login if each.holder else None) for each in found] == [
        ("issued", "ivan"),
        ("suspended", None),
        ("retired", None),
        ("issued", None),
    ]
    held = histories.holders_of(empty.database, OPERATOR, found[0].id).rows
    assert [(each.client.login, each.until is None) for each in held] == [
        ("ivan", True),
        ("anna", False),
    ]


def test_a_token_gets_into_no_state_that_the_table_does_not_say(empty: Register) -> None:
    assert taken(empty, STATES, [f"{LASER},1,retired,"], "tokens").added == 1

    report = taken(empty, STATES, [f"{LASER},1,issued,"], "tokens", update=True)

    assert wrong(report) == [(2, "state", "state-change")]


def test_a_column_that_is_left_out_changes_nothing(empty: Register) -> None:
    add_clients(empty, "anna,Анна Петрова,123")
    add_tokens(empty, "1,anna")

    assert taken(empty, "adapter,model,serial", [f"{LASER},1"], "tokens", update=True).same == 1
    assert taken(empty, "login,name", ["anna,Анна Петрова"], "clients", update=True).same == 1


def test_of_files_taken_in_at_once_each_is_there_as_a_whole(empty: Register) -> None:
    files = [[f"u{each},Файл {number},12345" for each in range(60)] for number in range(4)]
    start = Barrier(4)
    ended: list[Report | ChangedMeanwhile] = []

    def take(rows: list[str]) -> None:
        start.wait()
        try:
            ended.append(taken(empty, TITLES, rows, "clients"))
        except ChangedMeanwhile as error:
            ended.append(error)

    threads = [Thread(target=take, args=(rows,)) for rows in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (done,) = (each for each in ended if isinstance(each, Report) and each.written)
    assert done.added == 60
    others = [each for each in ended if each is not done]
    assert all(isinstance(each, ChangedMeanwhile) or each.wrong == 60 for each in others)
    assert len(set(names(empty).values())) == 1


def test_what_is_given_out_is_as_of_one_moment(
    empty: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many times the database is asked for more."""
    monkeypatch.setattr(giving_out, "_BATCH", 20)
    rows = [f"u{each:04},Имя,12345" for each in range(50)]
    assert taken(empty, TITLES, rows, "clients").added == 50

    with giving_out.clients(empty, ADMINISTRATOR) as each:
        found = [next(each)]
        changed = ["u0049,Другое имя,12345", "u9999,Новый,12345"]
        assert taken(empty, TITLES, changed, "clients", update=True).wrong == 0
        found += each

    assert [(row["login"], row["name"]) for row in found] == [
        (f"u{number:04}", "Имя") for number in range(50)
    ]
