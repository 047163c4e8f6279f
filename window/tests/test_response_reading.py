"""What is said of a Response while it is typed, and of a Request when it is handed on; no Qt."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lockwright import Secret, i18n
from lockwright.operations.remote import Request
from lockwright_window.words.response import Reading, Sign, reading
from lockwright_window.words.spelled import copied, groups, scanned
from lockwright_window.words.time_left import TimeLeft

REQUEST = Request("0B53001435596976", bytes.fromhex("A892D75601617C5D"))
RESPONSE = "1951 EC3E F81B BABB 102EE"
"""The first test vector of ``docs/reference/spoken.md``."""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def of(typed: str, length: int | None = 8) -> Reading:
    return reading(list(typed), Secret(typed), REQUEST, length)


@pytest.mark.parametrize(
    "typed", [RESPONSE, RESPONSE.lower().replace(" ", ""), RESPONSE.replace("BABB", "ВАВВ")]
)
def test_a_response_with_its_check_is_known_to_be_heard_right(typed: str) -> None:
    assert (of(typed).sign, of(typed).ready, of(typed, None).sign) == (
        Sign.CHECKED,
        True,
        Sign.CHECKED,
    )


def test_a_vendors_response_is_whole_without_a_check() -> None:
    found = of("1951EC3EF81BBABB")
    assert (found.sign, found.ready) == (Sign.WHOLE, True)


@pytest.mark.parametrize("typed", ["", "1951", "1951 EC3E F81B BABB 102", "1951 EC3E F81B BABB 1"])
def test_what_is_not_whole_yet_is_no_mistake_and_cannot_be_given(typed: str) -> None:
    found = of(typed)
    assert found.sign in (Sign.EMPTY, Sign.GOES_ON)
    assert not found.ready


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1951 EC3E F81B BABB 102EF", "Its check does not fit"),
        ("1951 EC3E F81B BABB 102EE1", "It has 22 characters, but 16 or 21 are needed"),
        ("1951 GC3E", "Character 1 of group 2 is «G». Only the digits"),
        ("XYZU V", "Character 1 of group 1 is «X»"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(typed: str, told: str) -> None:
    found = of(typed)
    assert found.sign is Sign.WRONG
    assert told in found.sentence
    assert not found.ready


def test_every_wrong_place_is_marked_and_the_first_three_are_told() -> None:
    found = of("X1Y Z2U")
    assert found.wrong == {0, 2, 4, 6}
    assert found.sentence.casefold().count("character") == 3
    assert "1 more place" in found.sentence


def test_the_same_in_russian_and_the_request_in_words_of_either_language() -> None:
    assert [each.words for each in groups(REQUEST)][:2] == [
        "Alfa eight nine two",
        "Delta seven five six",
    ]
    i18n.use("ru")
    assert groups(REQUEST)[0].words == "Альфа восемь девять два"
    assert "Контрольные слова: лабиринт репортаж (0430 0729)" in copied(REQUEST)
    assert scanned(REQUEST) == "Request: A892 D756 0161 7C5D\nSerial number: 0B53001435596976"
    assert scanned(REQUEST).isascii()


@pytest.mark.parametrize(("whole", "left", "little"), [(900, 61, False), (900, 60, True)])
def test_a_person_is_warned_of_little_time(whole: float, left: float, little: bool) -> None:  # noqa: FBT001
    assert TimeLeft(whole).little(left) is little
    assert TimeLeft(8).little(2.0)
    assert TimeLeft(whole).words(61.0) == "Time left: 1:01"
