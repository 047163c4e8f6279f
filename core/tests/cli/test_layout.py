"""Tables at any width: what is copied stays in one piece, and no line is longer than it must be."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright.console.blocks import Facts
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.text import Drawn, Text
from lockwright.console.wrapping import cells, whole, wrap

WIDTHS = (40, 60, 80, 120, 200)
LETTERS = "AnnaПетроваЖщёCN=.-_@0123456789"
MARKS = "\u0301\u0306\u0308"

words = st.text(LETTERS, min_size=1, max_size=32)
marked = st.text(LETTERS + MARKS, min_size=1, max_size=20).map(lambda text: f"a{text}")
wide = st.text("日本語銀行の鍵한국어", min_size=1, max_size=32)
ids = st.binary(min_size=20, max_size=20).map(bytes.hex)
dates = st.dates().map(str)
prose = st.lists(st.one_of(words, marked, wide, ids, dates), max_size=6).map(" ".join)
copied = st.one_of(ids, dates, words)
rows = st.lists(st.tuples(prose, copied, prose, dates), min_size=1, max_size=5)


def is_wide(text: str) -> bool:
    return any(unicodedata.east_asian_width(character) in "WF" for character in text)


def shown(renderable: str | Drawn, width: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines on a terminal of a width."""
    with monkeypatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        screen = io.StringIO()
        Console(screen).print(renderable)
    return screen.getvalue().splitlines()


def check(lines: Sequence[str], texts: Sequence[str], width: int) -> None:
    """Every word is there in one piece, and a line is too long only where one word is."""
    there = {word for line in lines for word in line.split()}
    for word in " ".join(texts).split():
        assert is_wide(word) or word in there
    for line in lines:
        assert cells(line) <= width or (len(line.split()) == 1 and not line.startswith(" "))
        assert not line or not unicodedata.combining(line.strip()[:1] or "x")


@pytest.mark.parametrize("width", WIDTHS)
@given(content=rows)
def test_no_id_no_date_and_no_word_is_ever_broken(
    width: int, content: list[tuple[str, str, str, str]]
) -> None:
    table = Grid("Token", "Номер", "Certificate", "Действует до")
    texts = []
    for name, number, subject, date in content:
        table.add_row(Text(f"{name}\n{number}"), number, Text(f"{subject}\nby {subject}"), date)
        texts += [name, number, subject, date]
    with pytest.MonkeyPatch.context() as patch:
        check(shown(table, width, patch), texts, width)


@pytest.mark.parametrize("width", WIDTHS)
@given(values=st.lists(prose, min_size=1, max_size=6))
def test_what_is_known_of_one_thing_is_never_broken_either(width: int, values: list[str]) -> None:
    facts = Facts((name, Text(value)) for name, value in zip("abcdef", values, strict=False))
    with pytest.MonkeyPatch.context() as patch:
        check(shown(facts, width, patch), values, width)


@given(text=prose, width=st.integers(1, 100))
def test_a_wrapped_line_says_what_it_said(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


@given(text=st.lists(st.sampled_from(["日", "か\u3099", "a\u0301", " "])), width=st.integers(2, 10))
def test_wide_characters_are_broken_between_with_their_marks(text: list[str], width: int) -> None:
    for line in wrap("".join(text), width):
        assert not unicodedata.combining(line[:1] or " ")


def test_the_widest_column_gives_way_first(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Grid("Login", "Subject", "Date")
    table.add_row("anna petrova of the desk", "CN=Anna Petrova and many other words", "2036-11-26")

    assert shown(table, 64, monkeypatch)[2:] == [
        "anna petrova of the desk  CN=Anna Petrova and many    2036-11-26",
        "                          other words",
    ]


def test_a_narrow_terminal_gets_a_block_for_each_row(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Grid("Container", "Valid to")
    for letter in "ab":
        table.add_row(f"{letter} b\n{letter * 40}", "2036-11-26")

    assert shown(table, 51, monkeypatch) == [
        "Container  a b",
        "           " + "a" * 40,
        "Valid to   2036-11-26",
        "",
        "Container  b b",
        "           " + "b" * 40,
        "Valid to   2036-11-26",
    ]


def test_a_value_without_room_beside_its_name_stands_below_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = [("Id", Text("a" * 38)), ("Serial number", Text("b" * 40)), ("State", Text("fine"))]

    assert shown(Facts(fields), 40, monkeypatch) == [
        "Id",
        "  " + "a" * 38,
        "Serial number",
        "b" * 40,
        "State          fine",
    ]


def test_the_name_of_a_person_is_broken_between_its_attributes_if_it_must_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "CN=Anna Petrova,OU=Payments of the Bank,1.2.643.3.131.1.1=770000000000,C=RU"
    table = Grid("Subject", "Valid to")
    table.add_row(name, "2036-11-26")

    assert shown(table, 44, monkeypatch)[2:] == [
        "CN=Anna Petrova,OU=Payments of    2036-11-26",
        "the Bank,",
        "1.2.643.3.131.1.1=770000000000,",
        "C=RU",
    ]


def test_a_value_with_spaces_that_is_copied_stays_on_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = Grid("Token")
    table.add_row(Text(f"Anna {whole('0B53 0014 3559 6976')}"))

    assert "0B53 0014 3559 6976" in shown(table, 22, monkeypatch)


def test_a_row_that_goes_on_with_the_one_above_stays_in_its_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = Grid("Container", "Certificate")
    table.add_row("a" * 20, "b" * 20)
    table.add_row("", "c" * 20)

    assert shown(table, 40, monkeypatch) == [
        "Container    " + "a" * 20,
        "Certificate  " + "b" * 20,
        "Certificate  " + "c" * 20,
    ]


def test_a_block_leaves_out_what_there_is_none_of(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Grid("Object", "Id", "Certificate")
    table.add_row("a" * 20, "-", "c" * 20)

    assert shown(table, 80, monkeypatch)[2].split() == ["a" * 20, "-", "c" * 20]
    assert shown(table, 40, monkeypatch) == [
        "Object       " + "a" * 20,
        "Certificate  " + "c" * 20,
    ]


def test_in_a_pipe_a_table_is_as_wide_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    table = Grid("Token", "Subject")
    table.add_row("Anna", "x " * 200)
    pipe = io.StringIO()
    Console(pipe).print(table)

    assert len(pipe.getvalue().splitlines()) == 3
