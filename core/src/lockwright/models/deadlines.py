"""How long a vendor's module, and a person with a Response, may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds to wait for an answer."""

    inspect: float = 10
    """To load, and to show its tokens."""
    call: float = 30
    """For an operation."""
    remove: float = 1
    """Beside that, for each object that an operation removes; an hour in all at most."""
    pad: float = 120
    """Beside that, for a person at a token's own PIN pad."""
    generate: float = 300
    """To make a key pair, which takes minutes on an old card."""
    ca: float = 60
    """For one exchange with a CA's server."""
    plugin: float = 900
    """For a plugin that wraps operations, before one and after it; it may ask a second person."""
    response: float = 900
    """For a person to bring the Response to a Request; then the Request is cancelled."""
