"""The word lists are what their README says: easy to tell apart, and never changed by accident."""

from __future__ import annotations

import hashlib
import re
from itertools import combinations

import pytest
from lockwright.i18n import LANGUAGES
from lockwright.spoken.check import word_list

LIKE_SOUNDS = {
    "en": ("ph f", "ck k", "wh w", "kn n", "wr r", "gh", "z s", "y i", "q k", "x ks"),
    "ru": ("ь", "ъ", "б п", "в ф", "г к", "д т", "ж ш", "щ ш", "з с", "о а", "я а", "е и", "э и",
           "ы и", "й и", "ю у"),
}  # fmt: skip
"""Letters that are mistaken for each other on a telephone: the first is taken for the second."""
FEWEST_LETTERS_APART = {"en": 2, "ru": 3}
SHA256 = {
    "en": "86e37a4b83034021f12dca1e10429266f38c9af559cb3ce67074aca3df11b726",
    "ru": "ce1dd7c79372caee1ec059bb26b31ce4d248fa7192c4acb02a610b3dc1b8d0bc",
}


def sound(word: str, language: str) -> str:
    for pair in LIKE_SOUNDS[language]:
        heard, _space, as_ = pair.partition(" ")
        word = word.replace(heard, as_)
    return re.sub(r"(.)\1", r"\1", word)


def distance(one: str, other: str) -> int:
    """Letters to change, add or leave out to turn one word into the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, against in enumerate(other, 1):
            change = before + (letter != against)
            before, row[place] = row[place], min(change, row[place] + 1, row[place - 1] + 1)
    return row[-1]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_a_list_has_a_word_for_each_half_of_a_check(language: str) -> None:
    words = word_list(language)

    assert len(set(words)) == len(words) == 1024
    assert list(words) == sorted(words)
    assert all(word.isalpha() and word.islower() and 4 <= len(word) <= 8 for word in words)


def test_no_list_changes_when_checks_are_in_use(language: str) -> None:
    content = "\n".join(word_list(language)).encode()

    assert hashlib.sha256(content).hexdigest() == SHA256[language]


def test_the_first_four_letters_tell_a_word(language: str) -> None:
    assert len({word[:4] for word in word_list(language)}) == 1024


def test_two_words_are_apart_when_they_are_read(language: str) -> None:
    fewest = FEWEST_LETTERS_APART[language]
    letters = {word: set(word) for word in word_list(language)}
    near = [
        (one, other)
        for one, other in combinations(letters, 2)
        # A change alters the letters by two at most; the rest need not be measured.
        if len(letters[one] ^ letters[other]) < 2 * fewest and distance(one, other) < fewest
    ]

    assert near == []


def test_two_words_are_apart_when_they_are_heard(language: str) -> None:
    heard: dict[str, list[str]] = {}
    for word in word_list(language):
        heard.setdefault(sound(word, language), []).append(word)

    assert [words for words in heard.values() if len(words) > 1] == []


def test_the_lists_share_no_word() -> None:
    """A word that is typed belongs to one list only."""
    assert set(word_list("en")).isdisjoint(word_list("ru"))
