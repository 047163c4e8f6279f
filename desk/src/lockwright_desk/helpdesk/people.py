"""Whether two names are one person's."""

from __future__ import annotations


def same(one: str, other: str) -> bool:
    """Whether two names of accounts are the same person's; case does not tell people apart."""
    return one.strip().casefold() == other.strip().casefold()
