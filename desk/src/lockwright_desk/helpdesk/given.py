"""A Response on its way to the client: in groups, with the words that spell it, and its check."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from lockwright.secret import Secret
from lockwright.spoken import spell_response, words_of


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
