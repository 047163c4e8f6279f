"""The short check: 20 bits of a hash, as two words, as digits, or as five hexadecimal ones."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from lockwright.records import dataclass

BITS = 20
HEX_DIGITS = BITS // 4
_HALF = BITS // 2
_REQUEST = b"lockwright check of a Request, version 1"
_RESPONSE = b"lockwright check of a Response, version 1"
_SEPARATORS = "-:.,"
_WORDS = Path(__file__).parent / "words"
_LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True)
class Check:
    """Twenty bits that both sides compare by ear; one wrong pair in 2**20 has the same."""

    value: int
    """0 to 2**20 - 1."""

    def words(self, language: str) -> str:
        """Two words.

        Args:
            language: ``en`` or ``ru``.
        """
        return " ".join(word_list(language)[number] for number in self._halves)

    @property
    def digits(self) -> str:
        """The numbers of the two words, 0000 to 1023, which are the same in every language."""
        return " ".join(f"{number:04}" for number in self._halves)

    @property
    def hex(self) -> str:
        """Five hexadecimal digits, as they stand behind a Response."""
        return f"{self.value:0{HEX_DIGITS}X}"

    def agrees(self, typed: str) -> bool:
        """Whether what a person typed is this check, as digits or as words of either language.

        Args:
            typed: case, spaces, dashes, colons, dots and commas in it do not matter.
        """
        said = typed.casefold().replace("ё", "е")
        for separator in _SEPARATORS:
            said = said.replace(separator, " ")
        whole = "".join(said.split())
        spelled = (self.digits, *map(self.words, _LANGUAGES))
        return whole in {form.replace(" ", "") for form in spelled}

    @property
    def _halves(self) -> tuple[int, int]:
        return divmod(self.value, 1 << _HALF)


def request_check(serial: str, request: bytes) -> Check:
    """The check over a Request and the token it is of.

    Args:
        serial: serial number of the token; white space and case in it do not matter.
        request: the Request as the token gave it.
    """
    return _check(_REQUEST, _plain(serial), request)


def response_check(serial: str, request: bytes, response: bytes | bytearray) -> Check:
    """The check over a Response, the Request it answers, and the token.

    Args:
        serial: serial number of the token; white space and case in it do not matter.
        request: the Request as the token gave it.
        response: the Response as bytes.
    """
    return _check(_RESPONSE, _plain(serial), request, response)


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The 1024 words of a language; a word's place is its number.

    Args:
        language: ``en`` or ``ru``.
    """
    return tuple((_WORDS / f"{language}.txt").read_text(encoding="utf-8").split())


def _check(purpose: bytes, *parts: bytes | bytearray) -> Check:
    """The first 20 bits of SHA-256 over the parts, the length of each before it."""
    digest = hashlib.sha256()
    for part in (purpose, *parts):
        digest.update(len(part).to_bytes(2, "big"))
        digest.update(part)
    return Check(int.from_bytes(digest.digest()[:3], "big") >> 24 - BITS)


def _plain(serial: str) -> bytes:
    return "".join(serial.split()).upper().encode()
