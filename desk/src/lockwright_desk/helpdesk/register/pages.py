"""Keys of pages: where a list goes on, so that no page is slower than the first."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence

from lockwright_desk.helpdesk.register.errors import PageUnknown

SIZE = 50
"""Rows on a page, where nothing else is asked for."""
MOST = 500
"""The most that are asked for at once."""
_LONGEST = 4096
_LAST_NUMBER = 2**31 - 1
"""The last that PostgreSQL's column holds."""


def within(size: int) -> int:
    """How many rows a page gets that so many were asked for."""
    return min(max(size, 1), MOST)


def is_number(number: int) -> bool:
    """Whether a row can have that number."""
    return 0 <= number <= _LAST_NUMBER


def key_of(*parts: str | int) -> str:
    """The key of the page after a row, by what the row is sorted by."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(key: str, beginning: str = "") -> tuple[str, int]:
    """Behind which text and which number a page begins.

    Args:
        key: the key.
        beginning: how each text of the list begins.

    Raises:
        PageUnknown: it is no key of that list.
    """
    text, number = _parts(key, 2)
    return _text(text, beginning), _number(number)


def word_and_place(key: str) -> tuple[str, str, int]:
    """By which word a list is read, and behind which text and which number a page begins.

    Raises:
        PageUnknown: it is no key.
    """
    first, text, number = _parts(key, 3)
    word = _text(first)
    return word, _text(text, word), _number(number)


def number(key: str) -> int:
    """Behind which number a page begins.

    Raises:
        PageUnknown: it is no key.
    """
    return _number(_parts(key, 1)[0])


def _parts(key: str, count: int) -> Sequence[object]:
    try:
        if len(key) > _LONGEST:
            raise PageUnknown
        text = base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
        parts = json.loads(text.decode())
    except (binascii.Error, ValueError, RecursionError):
        raise PageUnknown from None
    if not isinstance(parts, list) or len(parts) != count:
        raise PageUnknown
    return parts


def _text(part: object, beginning: str = "") -> str:
    """A text that both databases take."""
    if not isinstance(part, str) or "\0" in part or not part.startswith(beginning):
        raise PageUnknown
    try:
        part.encode()
    except UnicodeEncodeError:
        raise PageUnknown from None
    return part


def _number(part: object) -> int:
    if not isinstance(part, int) or isinstance(part, bool) or not is_number(part):
        raise PageUnknown
    return part
