"""One table of the configuration file, read key by key with its type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeGuard

from lockwright.i18n import N_, _
from lockwright.models.settings import Setting

_TEXT = N_("a text in quotes")
_TEXTS = N_("a list of texts")
_FLAG = N_("true or false")
_SECONDS = N_("seconds, more than 0 and at most a week")
_MOST = 2**63
_WEEK = 7 * 24 * 60 * 60
"""What no system call is too small for, unlike a number that stands for ever."""
_TABLE = N_("a table")
_SETTING = N_("a text, a whole number, true or false, or a list of texts")


class Wrong(Exception):
    """Something in the file has no meaning; the text says what and where."""


class Table:
    """A table whose every key must be asked for, so that a misspelt one is noticed.

    Args:
        name: its name in the file; empty for the file itself.
        content: its content.
    """

    def __init__(self, name: str, content: Mapping[str, object]) -> None:
        self._name = self.name = name
        self._content = dict(content)
        self._asked: list[str] = []

    def table(self, key: str) -> Table:
        """A table inside this one, empty if it is not there."""
        value = self._take(key)
        if value is None:
            return Table(self._inside(key), {})
        if not isinstance(value, dict):
            raise self._wrong(key, _(_TABLE))
        return Table(self._inside(key), value)

    def tables(self) -> dict[str, Table]:
        """All of this table's content, which is tables."""
        return {key: self.table(key) for key in list(self._content)}

    @property
    def names(self) -> tuple[str, ...]:
        """Keys that were not asked for yet."""
        return tuple(self._content)

    def text(self, key: str) -> str | None:
        """A text that is not empty."""
        value = self._take(key)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self._wrong(key, _(_TEXT))

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts, none of them empty."""
        value = self._take(key)
        if value is None:
            return None
        if not _are_texts(value) or not all(value):
            raise self._wrong(key, _(_TEXTS))
        return tuple(value)

    def flag(self, key: str, default: bool) -> bool:  # noqa: FBT001  # a default like any other
        """True or false."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(key, _(_FLAG))
        return value

    def number(self, key: str, least: int) -> int | None:
        """A whole number."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self._wrong(key, _("a whole number, {least} or more").format(least=least))
        return value

    def seconds(self, key: str, default: float) -> float:
        """A time."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(key, _(_SECONDS))
        if not 0 < value <= _WEEK:
            raise self._wrong(key, _(_SECONDS))
        return value

    def settings(self, known: Iterable[str] | None = None) -> dict[str, Setting]:
        """What is left of the table, for its owner.

        Args:
            known: the keys that may be there; None for any.
        """
        if known is None:
            return {key: self._setting(key) for key in list(self._content)}
        there = [key for key in known if key in self._content]
        self._asked += known
        return {key: self._setting(key) for key in there}

    def done(self) -> None:
        """Every key has been asked for.

        Raises:
            Wrong: one has not, so it means nothing.
        """
        for key in self._content:
            known = ", ".join(sorted(set(self._asked)))
            if self._name:
                text = _("[{table}] {key} is unknown; known are {known}")
            else:
                text = _("[{key}] is unknown; known are {known}")
            raise Wrong(text.format(table=self._name, key=key, known=known))

    def _take(self, key: str) -> object:
        self._asked.append(key)
        return self._content.pop(key, None)

    def _setting(self, key: str) -> Setting:
        value = self._take(key)
        if isinstance(value, str) or (isinstance(value, int) and -_MOST < value < _MOST):
            return value
        if _are_texts(value):
            return list(value)
        raise self._wrong(key, _(_SETTING))

    def _inside(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def _wrong(self, key: str, expected: str) -> Wrong:
        if not self._name:
            return Wrong(_("{key} must be {expected}").format(key=key, expected=expected))
        text = _("[{table}] {key} must be {expected}")
        return Wrong(text.format(table=self._name, key=key, expected=expected))


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
