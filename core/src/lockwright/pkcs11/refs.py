"""Refs: names by which objects are found again in another session (``TokenObject.ref``).

A ref is a digest of what an object is. Of several that are alike, each but the first has a number
behind it, ``#2``. No standard says that another session lists them in the same order, so a number
names none of them for long; a private key may have the mark of its public value instead.
"""

from __future__ import annotations

import hashlib

from lockwright.models import TokenObject

TWIN = "#"
"""Stands before the number of an object among those that are alike."""
OF = "@"
"""Stands before the mark of a private key's public value."""
_MARK = 16


def base_of(obj: TokenObject) -> str:
    """What an object is, without what tells its twins apart."""
    return base(obj.ref)


def base(ref: str) -> str:
    """The same, of a ref."""
    return ref.partition(TWIN)[0].partition(OF)[0]


def number_of(ref: str) -> str:
    """The number among those that are alike; that of the first one is not written."""
    return ref.partition(TWIN)[2] or "1"


def numbered(ref: str, number: int) -> str:
    """The ref of one of several that are alike; that of the first one has no number."""
    return ref if number == 1 else f"{ref}{TWIN}{number}"


def by_value(ref: str, value: bytes) -> str:
    """The ref of a private key by its public value, instead of a number.

    Args:
        ref: its ref, which it shares with its twins but for a number.
        value: the public value that a signature of it fits; empty if it fits none that is near.
    """
    return base(ref) + OF + mark(value)


def mark(value: bytes) -> str:
    """What stands for a public value in a ref."""
    return hashlib.sha256(value).hexdigest()[:_MARK]
