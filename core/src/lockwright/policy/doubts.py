"""What in a new PIN was perhaps not meant: a space at its edge, a letter of the other alphabet.

Such a PIN is a good one, but its owner may not be able to type it again.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from lockwright.records import dataclass
from lockwright.secret import Secret

_ALIKE = dict(zip("АВЕЗКМНОРСТУХЅІЈасеорхуѕіјбк", "ABE3KMHOPCTYXSIJaceopxysij6k", strict=True))
"""Cyrillic letters that look like Latin letters or digits."""
_WORD = re.compile(r"[^\W\d_]+")
_ALIKE_BACK = {latin: letter for letter, latin in _ALIKE.items() if latin.isalpha()}


class Doubt(StrEnum):
    """What may not have been meant."""

    SPACE_FIRST = "space-first"
    SPACE_LAST = "space-last"
    CYRILLIC = "cyrillic"
    """Cyrillic letters that look like Latin ones, in a word that no other letter makes Cyrillic."""
    LATIN = "latin"
    """Latin letters that look like Cyrillic ones, in a Cyrillic word."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One such thing."""

    doubt: Doubt
    """What it is."""
    letters: tuple[str, ...] = ()
    """Which letters, each once, in no order of the PIN's."""


def doubts(pin: Secret) -> tuple[Doubtful, ...]:
    """What in a PIN was perhaps not meant.

    Args:
        pin: text in UTF-8; anything else has no doubts.
    """
    try:
        text = pin.reveal_text()
    except UnicodeDecodeError:
        return ()
    found = []
    if text[:1].isspace():
        found.append(Doubtful(Doubt.SPACE_FIRST))
    if text[-1:].isspace() and len(text) > 1:
        found.append(Doubtful(Doubt.SPACE_LAST))
    words = [_of_a_word(word) for word in _WORD.findall(text)]
    for doubt in (Doubt.CYRILLIC, Doubt.LATIN):
        letters = {letter for found_in, each in words if found_in is doubt for letter in each}
        found += [Doubtful(doubt, tuple(sorted(letters)))] if letters else []
    return tuple(found)


def _of_a_word(word: str) -> tuple[Doubt | None, set[str]]:
    """The letters of a word that may be of the other alphabet than the rest of it."""
    cyrillic = {letter for letter in word if _is_of(letter, "CYRILLIC")}
    latin = {letter for letter in word if _is_of(letter, "LATIN")}
    alike, clear = cyrillic & _ALIKE.keys(), cyrillic - _ALIKE.keys()
    if clear and latin and latin <= _ALIKE_BACK.keys():
        return Doubt.LATIN, latin
    if alike and (latin or not clear):
        return Doubt.CYRILLIC, alike
    return None, set()


def _is_of(letter: str, alphabet: str) -> bool:
    return unicodedata.name(letter, "").startswith(alphabet)
