"""Codes that people read, say and type: Crockford's base32 (no I, L, O, U) in groups of four."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_GROUP = 4
_READ_AS = str.maketrans("OIL", "011")
_BETWEEN = str.maketrans("", "", " -")


def drawn(length: int) -> str:
    """A random one, five bits a character."""
    return "".join(secrets.choice(ALPHABET) for _each in range(length))


def grouped(text: str) -> str:
    """Text in groups of four."""
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def read(entered: str) -> str | None:
    """What was entered, in the letters that there are; None if there are others in it.

    Case, spaces and dashes do not matter, and O, I, L are read as 0, 1, 1.
    """
    plain = entered.translate(_BETWEEN).upper().translate(_READ_AS)
    return plain if set(plain) <= set(ALPHABET) else None
