"""Long names are broken or cut, and nothing else is touched. Qt is not needed for that."""

from __future__ import annotations

import pytest
from lockwright_window.words.long import MOST, breakable, cut


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The certificate of Anna is valid for 3 more days.",
        "/home/anna/certificates/2026/of-the-office/a.p12 " * 3,
        "a1" * 32,
        "https://ca.bank.example/.well-known/est/simpleenroll",
    ],
)
def test_what_has_room_is_as_it_was(text: str) -> None:
    assert breakable(text) == text


@pytest.mark.parametrize("letter", ["W", "я", "\U0001f600", "e\u0301"])
def test_a_word_without_end_has_places_to_be_broken_and_loses_nothing(letter: str) -> None:
    told = f"The token {letter * 3000} is there."
    broken = breakable(told)
    assert broken.replace("\u200b", "") == told
    assert max(map(len, broken.replace("\u200b", " ").split())) <= 40


def test_a_long_name_is_cut_with_dots() -> None:
    assert cut("Anna") == "Anna"
    assert cut("W" * 3000) == "W" * (MOST - 1) + "…"
