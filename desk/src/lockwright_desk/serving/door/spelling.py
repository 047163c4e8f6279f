"""Names of HTTP's headers as its RFCs spell them.

RFC 9110, 5.1 has them read in any case, and h11 sends what it is given, which from an ASGI
application is lower case. libest's client compares ``Content-Type``, ``Content-Length`` and
``WWW-Authenticate`` letter by letter.
"""

from __future__ import annotations

import h11

_BY_ITSELF = {b"www": b"WWW"}


class Spelling(h11.Connection):
    """HTTP/1.1 whose answers spell their headers so."""

    def send(self, event: h11.Event) -> bytes | None:  # type: ignore[override]  # it is overloaded
        """The bytes of a part of an answer."""
        if isinstance(event, h11.Response):
            event = h11.Response(
                status_code=event.status_code,
                headers=[(spelt(name), value) for name, value in event.headers],
                reason=event.reason,
            )
        return super().send(event)


def spelt(name: bytes) -> bytes:
    """A name, each of its words with a capital; ``www-authenticate`` is ``WWW-Authenticate``."""
    words = name.lower().split(b"-")
    return b"-".join(_BY_ITSELF.get(word, word.capitalize()) for word in words)
