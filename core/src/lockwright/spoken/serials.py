"""A serial number as a person typed it, in the one form in which its vendor writes it."""

from __future__ import annotations

import unicodedata

from lockwright.errors import SerialMalformed
from lockwright.i18n import _, ngettext
from lockwright.models import SerialForm

_BLANKS = frozenset(" \t\r\n")
_SEPARATORS = frozenset("-:._/")
_LONGEST = 16
"""Bytes of ``CK_TOKEN_INFO.serialNumber`` (PKCS#11)."""


def read_serial(typed: str, form: SerialForm) -> str:
    """The serial number that was typed.

    Blanks do not matter. Where the vendor's letters are known, neither does their case, nor what
    people set groups apart with; otherwise both are left as they are.

    Args:
        typed: what was typed.
        form: how the vendor writes them.

    Raises:
        SerialMalformed: it holds a letter that none has, such as a Cyrillic one that only looks
            like it, or one that cannot be seen; or it is too long, or empty.
    """
    read = "".join(_letter(char, form) for char in typed)
    if not read:
        raise SerialMalformed(reason=_("it is empty"))
    if len(read) > _LONGEST:
        text = ngettext(
            "it has {count} character, but at most {most} fit on a token",
            "it has {count} characters, but at most {most} fit on a token",
            len(read),
        )
        raise SerialMalformed(reason=text.format(count=len(read), most=_LONGEST))
    return read


def _letter(char: str, form: SerialForm) -> str:
    """The letter of a serial number that a character stands for; nothing for what sets apart."""
    if char in form.letters:
        return char
    other = char.swapcase()
    if char.isascii() and other in form.letters:
        return other
    if char in _BLANKS or char in _SEPARATORS:
        return ""
    name = unicodedata.name(char, "")
    shown = f"«{char}» " if char.isprintable() else ""
    text = _("no serial number of these tokens has the character {char}")
    raise SerialMalformed(reason=text.format(char=f"{shown}U+{ord(char):04X} {name}".rstrip()))
