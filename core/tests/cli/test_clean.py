from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright.console.clean import clean


@given(st.text())
def test_what_is_left_only_shows(text: str) -> None:
    shown = clean(text)
    assert len(shown) == len(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("text", ["Анна Петрова", "[red]x[/red]", "CN=a\\,b", "日本 ñ €"])
def test_what_people_write_is_left_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("bad", ["\x1b", "\x9b", "\r", "\n", "\x00", "\u202e", "\u200b", "\u2028"])
def test_what_would_act_is_marked(bad: str) -> None:
    assert clean(f"a{bad}b") == "a\N{REPLACEMENT CHARACTER}b"
