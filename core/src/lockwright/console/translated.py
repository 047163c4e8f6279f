"""Help texts that are kept in English and read in the user's language."""

from __future__ import annotations

from lockwright.i18n import _


class Translated:
    """An attribute that is set to a msgid and gives the text in the language in use.

    click keeps a help text where it is defined, and that is before the language is known.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._place = f"_{name}_msgid"

    def __get__(self, holder: object, owner: type | None = None) -> str | None:
        text: str | None = getattr(holder, self._place, None)
        return _(text) if text else None

    def __set__(self, holder: object, text: str | None) -> None:
        setattr(holder, self._place, text)
