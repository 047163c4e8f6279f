"""What is looked for, in one form: whoever types it composes and writes it as they like."""

from __future__ import annotations

import re
import unicodedata

from lockwright_desk.store.tables.register import WORD

_WORDS = re.compile(r"[^\W_]+")
_TWINS = str.maketrans("авекмнорстух", "abekmhopctyx")
"""Small Cyrillic letters whose capitals look like Latin ones; no vendor's serial number has any."""
LAST = "\U0010ffff"
"""Sorts behind every letter, in the order of code points."""


def folded(text: str) -> str:
    """A text in one case and without marks: ``Ё`` is found by ``е``, ``Müller`` by ``muller``.

    Args:
        text: a name, or a part of one.
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in parts if unicodedata.category(each) != "Mn")
    return plain.casefold()


def words_in(text: str) -> frozenset[str]:
    """The words of a text as they are looked for; what is no letter or digit sets them apart."""
    return frozenset(word[:WORD] for word in _WORDS.findall(folded(text)))


def login_searched(login: str) -> str:
    """A login in one case; accents tell two logins apart."""
    return unicodedata.normalize("NFC", login.casefold())


def serial_searched(serial: str) -> str:
    """A serial number, or its end, as it is looked for: backwards, its letters and digits alone."""
    plain = "".join(_WORDS.findall(serial.casefold())).translate(_TWINS)
    return plain[::-1]
