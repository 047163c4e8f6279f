"""Logins: what one can be, for both halves of the desk."""

from __future__ import annotations

import re
import unicodedata

_LOGIN = re.compile(r"[^\s:]{1,64}")


def login_in(text: str) -> str | None:
    """A login, however its letters were composed (RFC 7617, 2.1); None if nobody can have it."""
    name = unicodedata.normalize("NFC", text)
    return name if _LOGIN.fullmatch(name) and name.isprintable() else None
