"""From bytes to what is shown and read aloud."""

from __future__ import annotations

from lockwright.spoken.check import response_check

GROUP = 4
"""Characters in a group."""

_DIGITS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "ru": ("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
}
_LETTERS = {
    "en": ("Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot"),
    "ru": ("Альфа", "Браво", "Чарли", "Дельта", "Эхо", "Фокстрот"),
}
"""ICAO's alphabet (Annex 10, volume II, 5.2.1.3), which has one word for a Latin letter; Russian
names of Cyrillic letters would make of B another letter."""


def spell(data: bytes) -> str:
    """Hexadecimal digits in groups of four.

    Args:
        data: a Request, a Response, a fingerprint.
    """
    digits = data.hex().upper()
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))


def spell_fingerprint(digest: bytes) -> tuple[str, str]:
    """A fingerprint in two rows, so that it breaks at the same place wherever it is compared.

    Args:
        digest: SHA-256, 32 bytes.
    """
    half = len(digest) // 2
    return spell(digest[:half]), spell(digest[half:])


def spell_response(serial: str, request: bytes, response: bytes) -> str:
    """A Response with its check behind it, a group of five digits.

    Args:
        serial: serial number of the token.
        request: the Request as the token gave it.
        response: the Response as bytes.
    """
    return f"{spell(response)} {response_check(serial, request, response).hex}"


def words_of(language: str) -> dict[str, str]:
    """The word that spells each hexadecimal digit.

    Args:
        language: ``en`` or ``ru``.
    """
    return dict(zip("0123456789ABCDEF", _DIGITS[language] + _LETTERS[language], strict=True))
