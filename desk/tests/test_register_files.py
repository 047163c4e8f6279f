"""The register taken in from files as people really have them, as a whole or not at all."""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright_desk.configuration.adapters import AdapterSettings
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.helpdesk.register.exchange import csv_rows, giving_out, json_rows
from lockwright_desk.helpdesk.register.exchange.clients_in import Clients
from lockwright_desk.helpdesk.register.exchange.csv_rows import ENCODINGS
from lockwright_desk.helpdesk.register.exchange.problems import Problem, RowFault
from lockwright_desk.helpdesk.register.exchange.taking_in import take_in
from lockwright_desk.helpdesk.register.register import Register
from lockwright_desk.helpdesk.register.values import Fault
from lockwright_desk.signin.roles import NotAllowed
from registers import (
    ADMINISTRATOR,
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

TITLES = "login,name,phone"
TOKENS = "adapter,model,serial,label,state,state_since,login,held_since"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A register with two people and two tokens; tests look at it only."""
    with register(tmp_path_factory.mktemp("register"), None) as made:
        add_clients(made, "anna,Анна Петрова,+7 495 1", "ivan,Иван Иванов,")
        add_tokens(made, "0B5301,anna", "0B5302,")
        yield made


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ("login,name\nx,X\ny,\n", [(3, "name", "empty")]),
        ("login,name\nx y,X\n,Y\n", [(2, "login", "login"), (3, "login", "empty")]),
        ("login,name\nx,X\nX,Y\nx,X\n", [(3, None, "twice"), (4, None, "twice")]),
        ("login,name\nx,X,Y\n", [(2, None, "cells")]),
        ("login,surname\nx,X\n", [(1, "surname", "column-unknown"), (1, "name", "column-missing")]),
        ("login,name,Name\nx,X,X\n", [(1, "name", "column-twice")]),
        ("", [(1, "login", "column-missing"), (1, "name", "column-missing")]),
        ("\n\n", [(1, "login", "column-missing"), (1, "name", "column-missing")]),
        ('login,name\nx,"A\nB"\ny,\n', [(2, "name", "character"), (3, "name", "empty")]),
        ('login,name\nx,"A\ny,B\n', [(2, None, "broken")]),
        ('login,name\nx,"A"B\n', [(2, None, "broken")]),
        ("login,name\nx," + "A" * 300 + "\n", [(2, "name", "too-long")]),
        ("login,name\nx," + "A" * 200_000 + "\n", [(2, None, "broken")]),
        ("login,name\nx," + "A" * 2_000_000, [(2, None, "broken")]),
        ("login,name\nx,A\0B\n", [(2, "name", "character")]),
        ("login,name\nx,A\N{RIGHT-TO-LEFT OVERRIDE}B\n", [(2, "name", "character")]),
        ('login,name,phone\nx,X,"7,49512E+10"\n', [(2, "phone", "spreadsheet")]),
        ("login,name,phone\nx,X,none\n", [(2, "phone", "phone")]),
        ("login,name,email\nx,X,x\n", [(2, "email", "email")]),
        ("login,name,language\nx,X,de\n", [(2, "language", "language")]),
        ("login,name\nANNA,Анна Петрова\n", [(2, "login", "login-taken")]),
        ("login,name,phone\nanna,Анна,12345\n", [(2, n, "differs") for n in ("name", "phone")]),
        ("[", [(1, None, "broken")]),
        ("{}", [(1, None, "broken")]),
        ('{"clients": {}}', [(1, None, "broken")]),
        ('{"clients": []} x', [(1, None, "broken")]),
        ('{"clients": [{"login": "x", "name": "X"}', [(2, None, "broken")]),
        ('[{"login": "x", "name": "X"}, 1]', [(2, None, "broken")]),
        ('[{"login": "x", "name": 1}]', [(1, "name", "not-text")]),
        ('[{"login": "x", "name": "\\ud800"}]', [(1, "name", "character")]),
        ('[{"login": "x", "name": "\\u0000"}]', [(1, "name", "character")]),
        ('[{"login": "x", "login": "y", "name": "X"}]', [(1, None, "broken")]),
        ('[{"login": "x"}]', [(1, "name", "column-missing")]),
        ('[{"login": "x", "name": "X", "pin": "1"}]', [(1, "pin", "column-unknown")]),
        ('[{"login": "x", "name": NaN}]', [(1, None, "broken")]),
        ("[" * 100_000, [(1, None, "broken")]),
        ("[" + "1" * 10_000 + "]", [(1, None, "broken")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_row_and_column(
    kept: Register, data: str, problems: list[tuple[int, str | None, str]]
) -> None:
    before = names(kept)

    report = taken_file(kept, data.encode("utf-8", "surrogatepass"), "clients")

    assert wrong(report) == problems
    assert (report.written, names(kept)) == (False, before)
    assert all(each.text and not each.text.endswith(".") for each in report.problems)


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (f"{LASER},0B5309,,,,,", []),
        ("none,PRO,1,,,,,", [(2, "adapter", "adapter")]),
        (f"{LASER},0В5309,,,,,", [(2, "serial", "serial")]),  # its В is a Cyrillic one
        (f"{LASER},12345678901234567,,,,,", [(2, "serial", "serial")]),
        (f"{LASER},1.23457E+15,,,,,", [(2, "serial", "spreadsheet")]),
        (f"{LASER},,,,,,", [(2, "serial", "empty")]),
        (f"{LASER},1,,broken,,,", [(2, "state", "state")]),
        (f"{LASER},1,,,,nobody,", [(2, "login", "client-unknown")]),
        (f"{LASER},1,,,,ANNA,", []),
        (f"{LASER},1,,,31.01.2026 10:00,,", [(2, "state_since", "time")]),
        (f"{LASER},1,,,2026-01-31T10:00:00,,", [(2, "state_since", "time")]),
        (f"{LASER},1,,,2999-01-31T10:00:00Z,,", [(2, "state_since", "time")]),
        (f"{LASER},1,,,0001-01-01T00:00:00+23:59,,", [(2, "state_since", "time")]),
        (f"{LASER},1,,,,,2026-01-31T10:00:00Z", [(2, "held_since", "holder")]),
        (f"{LASER},1,,retired,,anna,", [(2, "login", "holder")]),
        (f"{LASER},0b53-01,,,,anna,", []),
        (f"{LASER},0B5301,,,,ivan,", [(2, "login", "differs")]),
        (f"{LASER},0B5301,New,lost,,,", [(2, n, "differs") for n in ("label", "state", "login")]),
        ("x" * 65 + ",PRO,1,,,,,", [(2, "adapter", "too-long")]),
        ("jacarta," + "x" * 17 + ",1,,,,,", [(2, "model", "too-long")]),
    ],
)
def test_what_is_wrong_with_a_token_is_named(
    kept: Register, row: str, problems: list[tuple[int, str | None, str]]
) -> None:
    assert wrong(taken(kept, TOKENS, [row], "tokens", dry_run=True)) == problems


RUSSIAN = "login;name;phone\r\nz;Зоя Белова;123\r\n"
AS_JSON = json.dumps([{"login": "z", "name": "Зоя Белова", "phone": None}])


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (RUSSIAN.encode(), None),
        (RUSSIAN.encode("utf-8-sig"), None),
        (RUSSIAN.encode("utf-8-sig"), "utf-8"),
        (RUSSIAN.encode("cp1251"), "cp1251"),
        (RUSSIAN.encode("utf-16"), None),
        (codecs.BOM_UTF16_BE + RUSSIAN.encode("utf-16-be"), None),
        (RUSSIAN.replace(";", "\t").encode("utf-16"), "utf-16"),
        (("sep=;\r\n" + RUSSIAN).encode(), None),
        (("sep=|\r\n" + RUSSIAN.replace(";", "|")).encode(), None),
        (RUSSIAN.replace("\r\n", "\n").encode(), None),
        (RUSSIAN.replace("\r\n", "\r\n;;\r\n\r\n", 1).encode(), None),
        (RUSSIAN.replace("login;", " LOGIN ;").encode(), None),
        (RUSSIAN.replace("Зоя Белова", '"  Зоя\N{NO-BREAK SPACE} Белова "').encode(), None),
        (RUSSIAN.replace("123", "'+123").encode(), None),
        (RUSSIAN.rstrip().encode(), None),
        (codecs.BOM_UTF8 + b" " + AS_JSON.encode(), None),
    ],
)  # fmt: skip
def test_a_file_is_read_as_spreadsheets_write_it(
    kept: Register, data: bytes, encoding: str | None
) -> None:
    report = take_in(
        kept, ADMINISTRATOR, Clients(), io.BytesIO(data), encoding=encoding, dry_run=True
    )

    assert (report.problems, report.rows, report.added) == ([], 1, 1)


@pytest.mark.parametrize(
    ("data", "encoding", "row", "advice"),
    [
        (RUSSIAN.encode("cp1251"), None, 2, "--encoding cp1251"),
        (RUSSIAN.encode(), "cp1251", 2, "leave out --encoding"),
        (RUSSIAN.encode("utf-8-sig"), "cp1251", 1, "leave out --encoding"),
        (b"login;name\nx;X\ny;\xff\n", None, 3, "--encoding cp1251"),
        (b"login;name\ny;\x98\n", "cp1251", 2, "not text in cp1251"),
        (b"login;name\nx;X\n", "utf-16", 1, "not UTF-16"),
    ],
)
def test_a_file_in_another_encoding_is_refused_with_advice(
    kept: Register, data: bytes, encoding: str | None, row: int, advice: str
) -> None:
    report = take_in(kept, ADMINISTRATOR, Clients(), io.BytesIO(data), encoding=encoding)

    (problem,) = report.problems
    assert (problem.row, problem.code) == (row, "encoding")
    assert advice in problem.text


def test_an_adapter_that_is_not_allowed_is_none(kept: Register) -> None:
    some = replace(kept, rules=rules_of(AdapterSettings(allow=("softhsm",))))

    report = taken(some, "adapter,model,serial", [f"{LASER},0B5399"], "tokens")

    assert [each.text for each in report.problems] == [
        "there is no such adapter; there are: softhsm"
    ]


def test_problems_without_end_are_counted_and_the_first_are_named(kept: Register) -> None:
    report = taken(kept, TITLES, [f"u{each},," for each in range(1500)], "clients")

    assert (report.wrong, len(report.problems)) == (1500, 1000)
    assert wrong(report)[:2] == [(2, "name", "empty"), (3, "name", "empty")]


def test_only_an_administrator_takes_in_and_gives_out(kept: Register) -> None:
    data = io.BytesIO(b"login,name\nx,X\n")
    for dry_run in (True, False):
        with pytest.raises(NotAllowed):
            take_in(kept, OPERATOR, Clients(), data, dry_run=dry_run)
    with pytest.raises(NotAllowed), giving_out.clients(kept, OPERATOR):
        pass
    with pytest.raises(NotAllowed), giving_out.tokens(kept, OPERATOR):
        pass
    assert "x" not in names(kept)


BEGINNINGS = (b"", b"login,name\nx,", b"sep=;\nlogin;name\n", b'[{"login":"x",', b"\xff\xfel\0o\0")


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=30), st.sampled_from([None, *ENCODINGS]))
def test_whatever_is_in_a_file_is_read_or_named(
    beginning: bytes, rest: bytes, encoding: str | None
) -> None:
    stream, kind = io.BytesIO(beginning + rest), Clients()
    if json_rows.begins(stream):
        rows = json_rows.read(stream, kind.name, kind.columns, kind.needed)
    else:
        rows = csv_rows.read(stream, encoding, kind.columns, kind.needed)

    for row in rows:
        assert isinstance(row, Problem) or isinstance(kind.read(row), tuple)


def test_every_column_and_code_is_in_the_reference() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "register-files.md"
    sections = page.read_text(encoding="utf-8").split("\n## ")
    found = {
        section.partition("\n")[0]: re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)
        for section in sections
    }

    assert found["Clients"] == list(giving_out.COLUMNS["clients"])
    assert found["Tokens"] == list(giving_out.COLUMNS["tokens"])
    assert sorted(found["Codes"]) == sorted([*Fault, *RowFault])
