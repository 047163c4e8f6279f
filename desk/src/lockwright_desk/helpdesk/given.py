"""A Response on its way to the client: in groups, with the words that spell it, and its check."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from lockwright.secret import Secret
from lockwright.spoken import spell_response

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


@dataclass(frozen=True, slots=True)
class Group:
    """Characters that are read aloud together."""

    characters: str
    words: tuple[str, ...]
    """A word for each."""
    is_check: bool
    """Whether it is the check, the last one."""


@dataclass(frozen=True, slots=True)
class Given:
    """A Response; who has it wipes it, or leaves the block."""

    case: str
    """Number of the case."""
    serial: str
    request: bytes
    response: Secret
    again: bool
    """Whether this case had it before."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.wipe()

    def wipe(self) -> None:
        """Forget the Response."""
        self.response.wipe()

    def spelled(self) -> str:
        """The Response and its check as the client types it; a copy, which nobody wipes."""
        return spell_response(self.serial, self.request, self.response.reveal())

    def groups(self, language: str) -> tuple[Group, ...]:
        """The same, group by group.

        Args:
            language: ``en`` or ``ru``.
        """
        parts = self.spelled().split()
        return tuple(
            Group(part, tuple(map(words_of(language).__getitem__, part)), place == len(parts))
            for place, part in enumerate(parts, 1)
        )


def words_of(language: str) -> dict[str, str]:
    """The word that spells each hexadecimal digit.

    Args:
        language: ``en`` or ``ru``.
    """
    return dict(zip("0123456789ABCDEF", _DIGITS[language] + _LETTERS[language], strict=True))
