"""Request and Response of a remote unblock."""

from __future__ import annotations

from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class Challenge:
    """A Request that a token made and still holds open."""

    serial: str
    """Serial number of the token."""
    data: bytes
    """The Request as the token gave it."""
    response_length: int | None
    """Length of the Response in bytes; None where the token does not say."""
