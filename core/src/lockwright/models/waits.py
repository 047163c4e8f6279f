"""A token that waits for a Response in another program."""

from __future__ import annotations

from datetime import datetime

from lockwright.models.token import TokenIdentity
from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class Waits:
    """A Request that another program holds open."""

    token: TokenIdentity
    """The token, as that program saw it; of its module the path alone is known."""
    program: str
    """The program's name (the last part of ``argv[0]``)."""
    pid: int
    """Its process."""
    since: datetime
    """When it made the Request, UTC."""
    until: datetime
    """When it gives the Request up at the latest, UTC."""
