"""How long a vendor's module may be silent, and how long others, and people, may take."""

from __future__ import annotations

from lockwright.records import dataclass


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds to wait for an answer."""

    inspect: float = 10
    """To load, and to show its tokens, as far as the module is silent; six times that in all."""
    call: float = 30
    """For an operation in which the module is silent: it has answered no call meanwhile."""
    whole: float = 3600
    """For an operation as a whole, however busy the module is."""
    remove: float = 1
    """Beside the time of a call, for each object that is removed and that nobody counts."""
    pad: float = 120
    """Beside the time of a call, for a person at a token's own PIN pad."""
    generate: float = 300
    """To make a key pair, which takes minutes on an old card."""
    ca: float = 60
    """For one exchange with a CA's server."""
    plugin: float = 900
    """For a plugin that wraps operations, before one and after it; it may ask a second person."""
    response: float = 900
    """For a person to bring the Response to a Request; then the Request is cancelled."""
